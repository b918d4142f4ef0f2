"""A retrieve: what is here already is not fetched again, what was cut is gone on with, and every failure has its sentence."""

from collections.abc import Sequence
from pathlib import Path

from graticule.domain.archive import Archive, Failed, Fetched, FoundObject, Here, Wanted
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.pacs.shelf import Incoming, SeriesShelf

CAME_NOT = "The archive did not send this object and gave no reason."
AGAIN = "Retrieve again to go on: what is here is not fetched twice."


class Counting:
    """Progress over all series of a retrieve: each brings its own count."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self.total, self.before = progress, total, 0

    def step(self, done: int, total: int, text: str = "") -> None:
        self._progress.step(min(self.before + done, self.total) if self.total else self.before + done, self.total,
                            text or "Retrieving images")


def fetch(archive: Archive, wanted: Sequence[Wanted], incoming: Incoming, here: Here, progress: Progress) -> Fetched:
    """Bring every wanted series. Cancelled leaves complete files on the shelf, for the next try.

    A connection that fails ends the retrieve: what came before is in the result, with the sentence.
    """
    files: list[Path] = []
    failed: list[Failed] = []
    already = 0
    listed, trouble = _listed(archive, wanted, progress)
    counting = Counting(progress, sum(len(objects or ()) for _, objects in listed))
    for one, objects in listed:
        shelf = incoming.shelf(one)
        shelf.prepare()
        at_hand = _at_hand(shelf, objects, here)
        already += len(at_hand)
        try:
            failed += _bring(archive, one, objects, at_hand, shelf, counting)
        except GraticuleError as fault:
            trouble = fault
        files += {**at_hand, **shelf.here()}.values()
        counting.before += len(objects or ())
        if trouble is not None:
            break
    if trouble is None:
        return Fetched(tuple(files), already, tuple(failed))
    return Fetched(tuple(files), already, tuple(failed), trouble.message, f"{trouble.hint} {AGAIN}".strip())


def _listed(archive: Archive, wanted: Sequence[Wanted],
            progress: Progress) -> tuple[list[tuple[Wanted, list[FoundObject] | None]], GraticuleError | None]:
    listed = []
    for number, one in enumerate(wanted):
        progress.step(number, len(wanted), "Asking what the series hold")
        try:
            listed.append((one, archive.objects(one, progress)))
        except GraticuleError as fault:
            return listed, fault
    return listed, None


def _at_hand(shelf: SeriesShelf, objects: Sequence[FoundObject] | None, here: Here) -> dict[str, Path]:
    """Complete files of these objects, on the shelf or in cases of the store."""
    if objects is None:
        return {}
    shelved = shelf.here()
    elsewhere = here([one.uid for one in objects if one.uid not in shelved])
    return {**elsewhere, **{one.uid: shelved[one.uid] for one in objects if one.uid in shelved}}


def _bring(archive: Archive, wanted: Wanted, objects: Sequence[FoundObject] | None, at_hand: dict[str, Path],
           shelf: SeriesShelf, counting: Counting) -> list[Failed]:
    """Fetch what is missing; the whole series in one request when nothing of it is here."""
    if objects is None:
        return archive.bring(wanted, (), True, shelf, counting)
    missing = [one for one in objects if one.uid not in at_hand]
    if not missing:
        return []
    counting.step(len(at_hand), 0)
    told = archive.bring(wanted, missing, not at_hand, shelf, _After(counting, len(at_hand)))
    return _without_reason(missing, shelf, told)


def _without_reason(missing: Sequence[FoundObject], shelf: SeriesShelf, told: Sequence[Failed]) -> list[Failed]:
    """One sentence for every object that is not here now, whether or not the archive spoke of it."""
    sentences = {one.what: one.sentence for one in told}
    here = shelf.here()
    absent = [Failed(one.uid, sentences.pop(one.uid, CAME_NOT)) for one in missing if one.uid not in here]
    return [*absent, *(Failed(what, sentence) for what, sentence in sentences.items() if what not in here)]


class _After:
    def __init__(self, progress: Progress, before: int) -> None:
        self._progress, self._before = progress, before

    def step(self, done: int, total: int, text: str = "") -> None:
        self._progress.step(self._before + done, total, text)
