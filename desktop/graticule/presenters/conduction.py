"""What is measured of AV conduction in the stretch in hand, and what it says to the code the reader chose."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graticule.domain.elements import Episode
from graticule.domain.progress import Progress
from graticule.domain.recording import Recording
from graticule.ecg.av_conduction import RED, Verdict, assess, criteria, measure
from graticule.ecg.av_gates import Criteria, Gate
from graticule.editing.tracks import CONDUCTION
from graticule.jobs import Handle
from graticule.presenters.open_case import OpenCase

WENCKEBACH, MOBITZ_2 = "avb2_mobitz1", "avb2_mobitz2"
MOST_LISTED = 14
MEASURE = "measure"   # a lane of its own: a drag must not wait for the beats of a long record


class ConductionDesk:
    """One measured stretch at a time. `ask` measures in a job and calls `arrived`; `now` waits for it."""

    def __init__(self, opened: OpenCase, recording: Recording, arrived: Callable[[], None]) -> None:
        self._opened, self._recording, self._arrived = opened, recording, arrived
        self._asked: tuple[int, int] | None = None
        self._job: Handle | None = None
        self.found: Criteria | None = None

    def ask(self, start: int, end: int) -> None:
        """Measure [start, end); nothing happens when that is measured or under way."""
        if self._asked == (start, end):
            return
        self.forget()
        self._asked = (start, end)
        type1 = self._type1_elsewhere(start, end)
        self._job = self._opened.runner.start(
            lambda progress: self._measured(progress, start, end, type1),
            done=lambda found: self._keep((start, end), found), failed=lambda error: None, lane=MEASURE)

    @property
    def waiting(self) -> bool:
        """A stretch is being measured."""
        return self._asked is not None and self.found is None

    def forget(self) -> None:
        """Nothing is in hand."""
        if self._job is not None:
            self._job.cancel()
        self._asked = self.found = self._job = None

    def now(self, start: int, end: int) -> Criteria:
        """The criteria of a stretch, measured on the spot unless they are there already."""
        if self._asked == (start, end) and self.found is not None:
            return self.found
        return criteria(measure(self._recording, start, end), type1_elsewhere=self._type1_elsewhere(start, end))

    def verdict(self, slug: str) -> Verdict | None:
        """What the stretch in hand says to a code; None before it is measured."""
        return assess(self.found, slug) if self.found is not None else None

    def evidence(self, track: str, slug: str, start: int, end: int, reason: str = "") -> dict[str, Any]:
        """What is kept with a label: measurements, the answer of every gate, the verdict, and the reader's reason against it.

        Only integers and words, since they end up in a hash. Empty for tracks that nothing here measures.
        """
        if track != CONDUCTION:
            return {}
        found = self.now(start, end)
        verdict = assess(found, slug)
        kept = {**found.as_json(), "from": start, "to": end, "verdict": verdict.colour, "verdict_text": verdict.text}
        if verdict.suggestion:
            kept["suggested"] = verdict.suggestion
        if reason:
            kept["reason"] = reason
        return kept

    def measured_again(self, episode: Episode) -> Mapping[str, Any]:
        """The criteria of an episode that was moved; the reason of an override stays with it."""
        reason = str(episode.criteria.get("reason", ""))
        return self.evidence(episode.track, episode.code.code, episode.start, episode.end, reason)

    def _measured(self, progress: Progress, start: int, end: int, type1: bool) -> Criteria:
        progress.step(0, 1)
        return criteria(measure(self._recording, start, end), type1_elsewhere=type1)

    def _keep(self, asked: tuple[int, int], found: Criteria) -> None:
        if asked == self._asked:
            self.found = found
            self._arrived()

    def _type1_elsewhere(self, start: int, end: int) -> bool:
        return any(episode.code.code == WENCKEBACH and not (start <= episode.start and episode.end <= end)
                   for episode in self._opened.workspace.labels.of(Episode))


def gates_for(found: Criteria, slug: str) -> tuple[Gate, ...]:
    """The questions that matter for a code, in the order in which they are asked; none for a code without gates."""
    return {MOBITZ_2: found.mobitz2, WENCKEBACH: found.wenckebach}.get(slug, ())


def listed(values: Sequence[int | None]) -> str:
    """ "760 · 758 · dropped · …": the first values as they follow each other."""
    words = ["dropped" if value is None else str(value) for value in values[:MOST_LISTED]]
    return " · ".join(words) + (f" · … ({len(values)})" if len(values) > MOST_LISTED else "")


def spread(values: Sequence[int]) -> str:
    """ "742–770 ms", "760 ms" when they are all one, "–" when there is none."""
    if not values:
        return "–"
    low, high = min(values), max(values)
    return f"{low} ms" if low == high else f"{low}–{high} ms"


def against(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.colour == RED
