"""Run-by-run comparison by ANSI/AAMI EC57, equal to the reference program `rxr`: couplets, short runs (3–5) and long runs.

Ventricular runs are of V and F beats, fibrillation between [ and ] being a long one; supraventricular runs are of S beats, atrial
fibrillation and flutter being long ones. Each run of one side is held up against the longest run the other side has from
150 ms before its first to 150 ms after its last beat.

`rxr` goes through each file several times, and begins with the mark at which it stopped the time before. Where that is the mark
that begins fibrillation, it counts for the record's start. The same is done here (`_Passes`), so that the figures are equal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from graticule.quality.ec57_letters import AF_OFF, AF_ON, LOST, VF_OFF, VF_ON, letters
from graticule.quality.ec57_marks import Mark, Terms
from graticule.quality.rate import Rate

LONG = 6   # this many beats or more
LENGTHS = range(LONG + 1)
COUPLET, SHORT_RUN, LONG_RUN = (2,), (3, 4, 5), (6,)
SORTS = {"couplet": COUPLET, "short_run": SHORT_RUN, "long_run": LONG_RUN}
ENDS = ("N", "Q", LOST, "V", "F", "S")   # of a run of another kind

Letters = list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class _Kind:
    beats: str
    on: str
    off: str
    other_on: str


VENTRICULAR, SUPRAVENTRICULAR = _Kind("VF", VF_ON, VF_OFF, AF_ON), _Kind("S", AF_ON, AF_OFF, VF_ON)


@dataclass(frozen=True, slots=True)
class Run:
    """One count: lengths on both sides (6 for more), and the ticks in which the other side was looked at."""

    reference: int
    test: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RunCounts:
    """Counts by (reference length, tested length): by the reference's runs for sensitivity, by the tested ones for +P."""

    sensitivity: Mapping[tuple[int, int], int] = field(default_factory=dict)
    predictivity: Mapping[tuple[int, int], int] = field(default_factory=dict)

    def __add__(self, other: "RunCounts") -> "RunCounts":
        return RunCounts(_added(self.sensitivity, other.sensitivity), _added(self.predictivity, other.predictivity))

    def se(self, lengths: Sequence[int]) -> Rate:
        """Share of the reference's runs of these lengths in which the other side has one at least as long as the sort begins."""
        table = self.sensitivity
        hits = sum(n for (ours, theirs), n in table.items() if ours in lengths and theirs >= lengths[0])
        return Rate(hits, sum(n for (ours, _), n in table.items() if ours in lengths))

    def ppv(self, lengths: Sequence[int]) -> Rate:
        table = self.predictivity
        hits = sum(n for (ours, theirs), n in table.items() if theirs in lengths and ours >= lengths[0])
        return Rate(hits, sum(n for (_, theirs), n in table.items() if theirs in lengths))


@dataclass(frozen=True, slots=True)
class ByRun:
    """by_reference, by_test: every run of either side, with what the other side made of it."""

    by_reference: tuple[Run, ...]
    by_test: tuple[Run, ...]

    @property
    def counts(self) -> RunCounts:
        return RunCounts(_counted(self.by_reference), _counted(self.by_test))


def run_by_run(reference: Sequence[Mark], test: Sequence[Mark], terms: Terms, *, supraventricular: bool = False) -> ByRun:
    """Compare the runs of two annotators' marks, each in order of time."""
    one, two = _Passes(reference, terms), _Passes(test, terms)
    found = _compare(one, two, VENTRICULAR)
    return _compare(one, two, SUPRAVENTRICULAR) if supraventricular else found


class _Passes:
    """A file that is gone through again and again. left: where the last pass stopped, at the record's start for the next."""

    def __init__(self, marks: Sequence[Mark], terms: Terms) -> None:
        self._marks, self._terms = marks, terms
        self._letters = letters(marks)
        self._left: Mark | None = None

    def looker(self, kind: _Kind) -> "_Looker":
        left = [] if self._left is None else [replace(self._left, tick=0)]
        return _Looker(letters([*left, *self._marks]) if left else self._letters, kind)

    def runs(self, kind: _Kind) -> list[tuple[int, int, int]]:
        """(length, window start, window end) of each run from the end of the learning period on."""
        first = next((n for n, mark in enumerate(self._marks) if mark.tick >= self._terms.start), None)
        if first is None:
            return self._none_after_learning(kind)
        stop = next((n for n in range(first + 1, len(self._marks)) if self._marks[n].tick > self._terms.end), None)
        runs, going = _runs(self._letters[:first], self._letters[first:stop], kind, self._terms)
        self._left = replace(self._marks[-1], symbol="Q") if going and stop is None else self._marks[-1 if stop is None else stop]
        return runs if stop is not None or going is None else [*runs, going]

    def _none_after_learning(self, kind: _Kind) -> list[tuple[int, int, int]]:
        """`rxr` gives up on such a file, unless fibrillation was marked: then the last mark is judged as if it came in time."""
        if not any(letter in (kind.on, VF_OFF, AF_OFF) for _, letter in self._letters):
            return []
        last = [(tick, letter) for tick, letter in self._letters[-1:] if letter in ENDS]
        runs, going = _runs(self._letters, last, kind, self._terms)
        self._left = replace(self._marks[-1], symbol="Q") if going else self._marks[-1]
        return [*runs, *([] if going is None else [going])]


def _compare(one: _Passes, two: _Passes, kind: _Kind) -> ByRun:
    looker = two.looker(kind)
    by_reference = tuple(Run(length, looker.longest(start, end), start, end) for length, start, end in one.runs(kind))
    looker = one.looker(kind)
    by_test = tuple(Run(looker.longest(start, end), length, start, end) for length, start, end in two.runs(kind))
    return ByRun(by_reference, by_test)


def _runs(before: Letters, marks: Letters, kind: _Kind, terms: Terms) -> tuple[
        list[tuple[int, int, int]], tuple[int, int, int] | None]:
    """The runs among marks, and the one that is still going at their end. before: marks of the learning period."""
    window = terms.window
    length = _running(before, kind)
    start, end = (terms.start - window, terms.start + window) if length else (0, 0)
    out = []
    for tick, letter in marks:
        if letter in kind.beats:
            start = start if length else tick - window
            length, end = min(LONG, length + 1), tick + window
        elif letter == kind.on and not length:
            length, start = LONG, tick - window
        elif length and letter == kind.off:
            end = tick + window
        elif length and letter in ENDS:
            out.append((length, start, end))
            length = 0
    return out, (length, start, end) if length else None


def _running(marks: Letters, kind: _Kind) -> int:
    """A long run when fibrillation is on after these marks."""
    length = 0
    for _, letter in marks:
        if letter == kind.on:
            length = LONG
        elif letter in (VF_OFF, AF_OFF):
            length = 0
    return length


class _Looker:
    """Looks forward in the other side's marks. What one window has seen, the next does not see again."""

    def __init__(self, marks: Letters, kind: _Kind) -> None:
        self._marks, self._kind = marks, kind
        self._at = 0
        self._fibrillates_to: float = 0

    def longest(self, start: int, end: int) -> int:
        """Beats of the longest run in [start, end], at most six."""
        if self._fibrillates_to > start:
            return LONG
        while self._at < len(self._marks) and self._marks[self._at][0] < start:
            if self._take() == self._kind.on and self._skip() > start:
                return LONG
        best = now = 0
        while self._at < len(self._marks) and self._marks[self._at][0] <= end:
            letter = self._take()
            if letter == self._kind.on:
                self._skip()
                return LONG
            if letter in self._kind.beats:
                now = min(LONG, now + 1)
            elif letter in (*ENDS, VF_ON, AF_ON):
                best, now = max(best, now), 0
        return max(best, now)

    def _take(self) -> str:
        self._at += 1
        return self._marks[self._at - 1][1]

    def _skip(self) -> float:
        """Go past the end of fibrillation, and say when that is."""
        ends = (self._kind.off, self._kind.other_on, LOST)
        while self._at < len(self._marks):
            tick = self._marks[self._at][0]
            if self._take() in ends:
                self._fibrillates_to = tick
                return tick
        self._fibrillates_to = float("inf")
        return self._fibrillates_to


def _counted(runs: Sequence[Run]) -> dict[tuple[int, int], int]:
    out: dict[tuple[int, int], int] = {}
    for run in runs:
        out[run.reference, run.test] = out.get((run.reference, run.test), 0) + 1
    return out


def _added(one: Mapping[tuple[int, int], int], two: Mapping[tuple[int, int], int]) -> dict[tuple[int, int], int]:
    return {key: one.get(key, 0) + two.get(key, 0) for key in {*one, *two}}
