"""What is measured in the stretch in hand, what it says to the code the reader chose, and the marks it is measured from."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from graticule.domain.elements import Episode
from graticule.domain.progress import Progress
from graticule.domain.recording import Recording
from graticule.ecg.av_conduction import RED, Verdict, criteria, measure
from graticule.ecg.av_gates import ATRIAL, Context, Criteria
from graticule.ecg.conduction import Conduction
from graticule.ecg.gated import gates_for, has_gates, judged
from graticule.ecg.marks import Marks, conduction_of, reach_of
from graticule.ecg.rhythm_gates import rate_of
from graticule.editing.tracks import CONDUCTION, MARKS, QUALITY, RHYTHM, left_out
from graticule.jobs import Handle
from graticule.presenters.open_case import OpenCase

__all__ = ["ConductionDesk", "against", "gates_for", "listed", "spread"]

WENCKEBACH = "avb2_mobitz1"
MOST_LISTED = 14
MEASURE = "measure"   # a lane of its own: a drag must not wait for the beats of a long record
CONTEXT_S, WIDEST_RR_S = 10, 4
FUSIONS = "Ff"


class ConductionDesk:
    """One measured stretch at a time. `ask` measures in a job and calls `arrived`; `now` waits for it."""

    def __init__(self, opened: OpenCase, recording: Recording, arrived: Callable[[], None]) -> None:
        self._opened, self._recording, self._arrived = opened, recording, arrived
        self._asked: tuple[Any, ...] | None = None
        self._job: Handle | None = None
        self.found: Criteria | None = None

    def ask(self, start: int, end: int) -> None:
        """Measure [start, end); nothing happens when that is measured or under way, and no label changed what it rests on."""
        wanted = (start, end, *self._resting_on(start, end))
        if self._asked == wanted:
            return
        self.forget()
        self._asked = wanted
        work = self._work(start, end)
        self._job = self._opened.runner.start(
            lambda progress: _measured(progress, work), done=lambda found: self._keep(wanted, found),
            failed=lambda error: None, lane=MEASURE)

    @property
    def waiting(self) -> bool:
        """A stretch is being measured."""
        return self._asked is not None and self.found is None

    @property
    def stretch(self) -> tuple[int, int] | None:
        """[start, end) of what is in hand."""
        return (self._asked[0], self._asked[1]) if self._asked is not None else None

    def forget(self) -> None:
        """Nothing is in hand."""
        if self._job is not None:
            self._job.cancel()
        self._asked = self.found = self._job = None

    def now(self, start: int, end: int) -> Criteria:
        """The criteria of a stretch, measured on the spot unless they are there already."""
        if self._asked == (start, end, *self._resting_on(start, end)) and self.found is not None:
            return self.found
        return self._work(start, end)()

    def verdict(self, slug: str) -> Verdict | None:
        """What the stretch in hand says to a code; None before it is measured, and for a code nothing is asked of."""
        return judged(self.found, slug) if self.found is not None and has_gates(slug) else None

    def evidence(self, track: str, slug: str, start: int, end: int, reason: str = "") -> dict[str, Any]:
        """What is kept with a label: measurements, the answer of every gate, the verdict, and the reader's reason against it.

        Only integers and words, since they end up in a hash. Empty for codes that nothing here measures.
        """
        if track != CONDUCTION and not has_gates(slug):
            return {}
        found = self.now(start, end)
        verdict = judged(found, slug)
        figures = found.as_json() if track == CONDUCTION else _figures(found)
        kept = {**figures, "gates": {**figures["gates"], **{gate.name: gate.state for gate in gates_for(found, slug)}},
                "from": start, "to": end, "verdict": verdict.colour, "verdict_text": verdict.text}
        if verdict.suggestion:
            kept["suggested"] = verdict.suggestion
        if slug in ATRIAL and found.conduction.ratios:
            kept["conduction_ratio"] = ", ".join(dict.fromkeys(found.conduction.ratios))
        if reason:
            kept["reason"] = reason
        return kept

    def measured_again(self, episode: Episode) -> Mapping[str, Any]:
        """The criteria of an episode that was moved; the reason of an override, and the reader's words, stay with it."""
        said = {name: episode.criteria[name] for name in ("cause", "comment") if name in episode.criteria}
        reason = str(episode.criteria.get("reason", ""))
        return {**self.evidence(episode.track, episode.code.code, episode.start, episode.end, reason), **said}

    # Marks

    def marks(self) -> Marks | None:
        """The P and QRS marks of the stretch in hand, measured or set; None before it is measured."""
        stretch = self.stretch
        if stretch is None or self.found is None:
            return None
        return _all_marks(self.found.conduction, self._marked_in(*stretch))

    def show(self, marks: Marks) -> None:
        """The ladder and the gates as they would be with these marks, while a hand moves."""
        stretch = self.stretch
        if stretch is not None:
            self.found = criteria(conduction_of(marks, *stretch, self._recording.rate), context=self._context(*stretch))

    def _marked_in(self, start: int, end: int) -> list[Episode]:
        return [e for e in self._opened.workspace.labels.of(Episode) if e.track == MARKS and e.start < end and start < e.end]

    # Measuring

    def _work(self, start: int, end: int) -> Callable[[], Criteria]:
        """All that measuring needs, taken now, so that a job never looks at labels that change."""
        recording, context = self._recording, self._context(start, end)
        marked, beats = self._marked_in(start, end), self._beats(start, end)

        def work() -> Criteria:
            if any(e.start <= start and end <= e.end for e in marked):
                found = conduction_of(Marks.from_json(marked[0].criteria), start, end, recording.rate)
            else:
                found = measure(recording, start, end, beats=beats)
                if marked:
                    found = conduction_of(_all_marks(found, marked), start, end, recording.rate)
            return criteria(found, context=context)
        return work

    def _beats(self, start: int, end: int) -> list[int] | None:
        """The reader's own beats, where they follow one another without holes; None leaves it to the detector."""
        rate = float(self._recording.rate)
        first, last = start - round(CONTEXT_S * rate), end + round(CONTEXT_S * rate)
        mine = sorted(b.tick for b in self._opened.workspace.labels.beats_between(first, last) if b.lead is None)
        edges = [max(0, first), *mine, min(self._recording.ticks, last)]
        whole = all(b - a < WIDEST_RR_S * rate for a, b in pairwise(edges))
        return mine if len(mine) > 3 and whole else None

    def _context(self, start: int, end: int) -> Context:
        labels = self._opened.workspace.labels
        least = min(float(self._recording.rate), 0.1 * (end - start))
        over = [e for e in labels.of(Episode) if e.track == RHYTHM and min(e.end, end) - max(e.start, start) > least]
        noisy = any(a < end and start < b for a, b in left_out(labels.of(Episode)))
        fusions = sum(beat.symbol in FUSIONS for beat in labels.beats_between(start, end))
        atrial = next((e.code.code for e in over if e.code.code in ATRIAL), "")
        return Context(self._type1_elsewhere(start, end), atrial, noisy, fusions)

    def _resting_on(self, start: int, end: int) -> list[Episode]:
        """The labels that change what is measured here."""
        return [e for e in self._opened.workspace.labels.of(Episode)
                if e.track in (MARKS, QUALITY, RHYTHM) and e.start < end and start < e.end]

    def _keep(self, asked: tuple[Any, ...], found: Criteria) -> None:
        if asked == self._asked:
            self.found = found
            self._arrived()

    def _type1_elsewhere(self, start: int, end: int) -> bool:
        return any(episode.code.code == WENCKEBACH and not (start <= episode.start and episode.end <= end)
                   for episode in self._opened.workspace.labels.of(Episode))


def _measured(progress: Progress, work: Callable[[], Criteria]) -> Criteria:
    progress.step(0, 1)
    return work()


def _all_marks(found: Conduction, marked: Sequence[Episode]) -> Marks:
    """Marks set by hand where they were set, what was measured elsewhere."""
    out, reach = Marks.of(found), reach_of(found.rate)
    for episode in marked:
        hand = Marks.from_json(episode.criteria).between(max(found.start, episode.start), min(found.end, episode.end), reach)
        before = out.between(found.start, min(episode.start, found.end))
        after = out.between(min(episode.end, found.end), found.end, reach)
        out = hand.joined(before).joined(after)
    return out


def _figures(found: Criteria) -> dict[str, Any]:
    """What is kept with a code of rhythm: counts and extremes in place of every beat."""
    c = found.conduction
    return {"v": 1, "beats": len(c.qrs), "rate": rate_of(c) or -1, "rr_ms": [min(c.rr_ms), max(c.rr_ms)] if c.rr_ms else [],
            "qrs_ms": -1 if c.qrs_width_ms is None else c.qrs_width_ms, "p_discernible": c.discernible, "p": len(c.p),
            "pp_ms": [min(c.pp_ms), max(c.pp_ms)] if c.pp_ms else [], "p_marked": c.marked_p, "gates": {}}


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

