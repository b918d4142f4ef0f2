"""File → From the archive: which archives there are, what a search found, what is chosen, and the retrieve itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from graticule.domain.archive import Failed, Fetched, Found, FoundSeries, FoundStudy, Node, Search, Sent, Wanted
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.jobs import Handle, Runner
from graticule.presenters.ports import Imported, Importer

# Own lanes: sending work to the central server does not wait for an archive, nor a search for a retrieve.
SEARCH, FETCH = "archive search", "archive"
_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})|(\d{1,2})\.(\d{1,2})\.(\d{4})")


class Archives(Protocol):
    """Archives as the desk needs them. All but the first three talk over the network: never on the main thread."""

    def nodes(self) -> list[Node]: ...

    def keep(self, nodes: Sequence[Node]) -> None: ...

    def put_secret(self, node: Node, secret: str) -> None: ...

    def test(self, node: Node, progress: Progress) -> None: ...

    def search(self, node: Node, search: Search, progress: Progress) -> Found: ...

    def series(self, node: Node, study: str, progress: Progress) -> list[FoundSeries]: ...

    def fetch(self, node: Node, wanted: Sequence[Wanted], progress: Progress) -> Fetched: ...

    def tidy(self, files: Sequence[Path]) -> None: ...

    def sendable(self) -> list[str]: ...

    def send_results(self, node: Node, case_id: str, formats: Sequence[str], progress: Progress) -> Sent: ...


@dataclass(frozen=True, slots=True)
class Brought:
    """The end of a retrieve: what the import said of every file, and what the archive did not send."""

    imported: tuple[Imported, ...]
    failed: tuple[Failed, ...]
    already: int


@dataclass(eq=False)
class ArchiveSearch:
    """`changed` is called after every change, on the main thread. names_hidden: the worklist hides what is shown here."""

    archives: Archives
    importer: Importer
    runner: Runner
    names_hidden: bool = True
    changed: Callable[[], None] = lambda: None
    node: Node | None = None
    found: Found | None = None
    trouble: GraticuleError | None = None
    said: str = ""
    busy: bool = False
    fetching: bool = False
    _series: dict[str, list[FoundSeries]] = field(default_factory=dict)
    _chosen: set[Wanted] = field(default_factory=set)
    _whole: set[str] = field(default_factory=set)
    _asked: set[str] = field(default_factory=set)
    _job: Handle | None = None
    _fetch_job: Handle | None = None

    def __post_init__(self) -> None:
        nodes = self.archives.nodes()
        self.node = nodes[0] if nodes else None

    # Archives

    def nodes(self) -> list[Node]:
        return self.archives.nodes()

    def choose_node(self, node: Node | None) -> None:
        """Another archive knows nothing of what this one found."""
        if self.node != node:
            self._forget()
            self.found, self.node, self.trouble, self.said = None, node, None, ""
            self.changed()

    def test(self, told: Callable[[GraticuleError | None], None]) -> None:
        """Whether the chosen archive answers: None, or why not."""
        node = self._node()
        self.runner.start(lambda progress: self.archives.test(node, progress), done=lambda nothing: told(None), failed=told,
                          lane=SEARCH)

    # Searching

    def search(self, search: Search) -> None:
        """Ask the archive. An empty search is refused: it would bring every patient of a hospital."""
        self.trouble, self.said = None, ""
        if search.empty:
            self.trouble = GraticuleError("Enter what to search for.", "A patient number, a name, a day or an accession number.")
            self.changed()
            return
        node = self._node()
        self._forget()
        self.found, self.busy = None, True
        self.changed()
        self._job = self.runner.start(lambda progress: self.archives.search(node, search, progress), done=self._found,
                                      failed=self._failed, lane=SEARCH)

    def stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self.busy = False
        self.changed()

    def expand(self, study: str) -> None:
        """Ask for the series of a study, once."""
        if study in self._asked:
            return
        self._asked.add(study)
        node = self._node()
        self.runner.start(lambda progress: self.archives.series(node, study, progress),
                          done=lambda series: self._expanded(study, series),
                          failed=lambda error: self._not_expanded(study, error), lane=SEARCH)

    def series(self, study: str) -> list[FoundSeries] | None:
        """None while nobody has asked or the answer is on its way."""
        return self._series.get(study)

    # Choosing

    def choose_study(self, study: str, chosen: bool) -> None:
        """All series of a study, whether they are listed yet or not."""
        self._chosen = {one for one in self._chosen if one.study != study}
        (self._whole.add if chosen else self._whole.discard)(study)
        self.changed()

    def choose_series(self, one: FoundSeries, chosen: bool) -> None:
        if one.study in self._whole:
            self._whole.discard(one.study)
            self._chosen |= {Wanted(other.study, other.uid) for other in self._series.get(one.study, ())}
        (self._chosen.add if chosen else self._chosen.discard)(Wanted(one.study, one.uid))
        listed = {Wanted(other.study, other.uid) for other in self._series.get(one.study, ())}
        if listed and listed <= self._chosen:
            self._chosen -= listed
            self._whole.add(one.study)
        self.changed()

    def chosen_part(self, study: str) -> int:
        """0: nothing of the study is chosen, 1: some series, 2: all."""
        return 2 if study in self._whole else 1 if any(one.study == study for one in self._chosen) else 0

    def is_chosen(self, one: FoundSeries) -> bool:
        return one.study in self._whole or Wanted(one.study, one.uid) in self._chosen

    @property
    def chosen(self) -> tuple[int, int]:
        """(whole studies, single series)."""
        return len(self._whole), len(self._chosen)

    # Retrieving

    def retrieve(self, done: Callable[[Brought], None], failed: Callable[[GraticuleError], None] = lambda error: None) -> None:
        """Fetch what is chosen and import it like a folder. What the store does not need is removed again."""
        node, whole, single = self._node(), sorted(self._whole), sorted(self._chosen, key=lambda one: one.series)
        if not whole and not single:
            return
        self.trouble, self.said, self.fetching = None, "", True

        def work(progress: Progress) -> Brought:
            wanted = [Wanted(one.study, one.uid) for study in whole for one in self.archives.series(node, study, progress)]
            fetched = self.archives.fetch(node, [*wanted, *single], progress)
            if fetched.trouble:
                raise GraticuleError(fetched.trouble, fetched.hint)
            imported = tuple(_each(self.importer, fetched.files, progress))
            self.archives.tidy(fetched.files)
            return Brought(imported, fetched.failed, fetched.already)

        def came(brought: Brought) -> None:
            self._forget()
            self.fetching = False
            self.changed()
            done(brought)

        def failed_too(error: GraticuleError) -> None:
            self._failed(error)
            failed(error)

        self._fetch_job = self.runner.start(work, done=came, failed=failed_too, lane=FETCH, title="Retrieving from the archive")
        self.changed()

    def look(self) -> None:
        """A retrieve that was cancelled elsewhere (in the window's progress card) is over here too."""
        job = self._fetch_job
        if self.fetching and job is not None and job.cancelled and job.finished:
            self.fetching = False
            self.said = "Stopped. What came so far is not fetched again."
            self.changed()

    def _found(self, found: Found) -> None:
        self.found, self.busy = found, False
        self.changed()

    def _failed(self, error: GraticuleError) -> None:
        self.trouble, self.busy, self.fetching = error, False, False
        self.changed()

    def _expanded(self, study: str, series: list[FoundSeries]) -> None:
        self._series[study] = series
        self.changed()

    def _not_expanded(self, study: str, error: GraticuleError) -> None:
        self._asked.discard(study)
        self._failed(error)

    def _forget(self) -> None:
        self._series, self._chosen, self._whole, self._asked = {}, set(), set(), set()

    def _node(self) -> Node:
        if self.node is None:
            raise GraticuleError("No archive is set up yet.", "Add one first.")
        return self.node


def _each(importer: Importer, files: Sequence[Path], progress: Progress) -> Iterable[Imported]:
    return importer(files, progress) if files else ()


def day_of(typed: str) -> str:
    """YYYYMMDD of “2024-03-31”, “31.3.2024” or “20240331”, "" of nothing; GraticuleError of anything else."""
    if not typed.strip():
        return ""
    match = _DAY.fullmatch(typed.strip())
    if match is None:
        raise GraticuleError(f"“{typed.strip()}” is not a day.", "Write it like 2024-03-31.")
    year, month, day = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
    return f"{year}{int(month):02d}{int(day):02d}"


def day_words(day: str) -> str:
    """“2024-03-31” of “20240331”; what is no day stays as the archive wrote it."""
    return f"{day[:4]}-{day[4:6]}-{day[6:8]}" if len(day) == 8 and day.isdigit() else day


def study_words(study: FoundStudy) -> tuple[str, str, str, str, str, str]:
    """Patient, number, day, kinds, description, how many images: what one line of the list shows."""
    born = f"{study.patient_name or '—'}  {'* ' + day_words(study.birth_day) if study.birth_day else ''}".strip()
    return (born, study.patient_id, day_words(study.day), " ".join(study.modalities), study.description or study.accession,
            str(study.images) if study.images >= 0 else "")


def series_words(series: FoundSeries) -> tuple[str, str, str, str, str, str]:
    number = f"{series.number}  " if series.number else ""
    words = "  ·  ".join(part for part in (series.description, series.body_part) if part)
    return (f"{number}{words}".strip() or "—", "", "", series.modality, "", str(series.images) if series.images >= 0 else "")
