"""What is measured of the usual beat: by a draft, by the marks a reader drags, and kept as evidence when the reader says so."""

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

from graticule.domain.elements import MACHINE, MACHINE_CORRECTED, Intervals
from graticule.domain.geometry import Array
from graticule.domain.progress import Progress
from graticule.domain.recording import Recording
from graticule.ecg.display_filter import DisplayFilter
from graticule.ecg.fiducials import Fiducials, Mark, find_fiducials
from graticule.ecg.intervals import Intervals as Read
from graticule.ecg.intervals import intervals_of, of_each_beat
from graticule.ecg.median_beat import MedianBeat, median_beat
from graticule.presenters.ecg import EcgPresenter

WHOLE_S, ROUND_S = 120.0, 15.0   # a short record is measured whole, of a long one what is shown, and at least half a minute
MARK_WORDS = {Mark.P_ON: "P", Mark.P_OFF: "P end", Mark.QRS_ON: "QRS", Mark.QRS_OFF: "J", Mark.T_OFF: "T end"}
ALL_LEADS = None


@dataclass(eq=False)
class Measured:
    """The usual beat of [start, end) ticks, and the marks on it: of all leads (None) and of each lead that was looked at."""

    start: int
    end: int
    beat: MedianBeat
    marks: dict[str | None, Fiducials] = field(default_factory=dict)
    each: dict[str | None, list[Read]] = field(default_factory=dict)

    def of(self, lead: str | None) -> Fiducials:
        if lead not in self.marks:
            self.marks[lead] = find_fiducials(self.beat, lead)
        return self.marks[lead]

    def each_beat(self, lead: str | None) -> list[Read]:
        if lead not in self.each:
            self.each[lead] = of_each_beat(self.beat, lead)
        return self.each[lead]


class Measures:
    """lead: whose marks are in hand, None for all leads. `peaks` are the R peaks found so far."""

    def __init__(self, recording: Recording, view: EcgPresenter) -> None:
        self._recording, self._view = recording, view
        self.lead: str | None = ALL_LEADS
        self.now: Measured | None = None

    @property
    def leads(self) -> tuple[str, ...]:
        return self.now.beat.names if self.now else ()

    @property
    def marks(self) -> Fiducials:
        return self.now.of(self.lead) if self.now else Fiducials()

    def job(self, peaks: Array) -> Callable[[Progress], Measured]:
        """What measures the stretch that is shown now; it touches nothing of the page."""
        recording, chosen, (start, end) = self._view.shown, self._view.filter, self._stretch()
        return lambda progress: _measured(recording, peaks, start, end, chosen)

    def _stretch(self) -> tuple[int, int]:
        recording = self._recording
        if recording.duration_s <= WHOLE_S:
            return 0, recording.ticks
        start, end = self._view.shown_s
        middle = (start + end) / 2
        return recording.tick(min(start, middle - ROUND_S)), recording.tick(max(end, middle + ROUND_S))

    def move(self, mark: Mark, sample: int) -> None:
        """A hand set a mark of the lead in hand."""
        if self.now is not None:
            self.now.marks[self.lead] = self.marks.with_mark(mark, max(0, min(self.now.beat.values.shape[1] - 1, sample)))

    def again(self) -> None:
        """Back to the draft of the lead in hand."""
        if self.now is not None:
            self.now.marks.pop(self.lead, None)

    def figures(self) -> Read:
        return intervals_of(self.now.beat, self.marks) if self.now else Read()

    def rows(self) -> list[tuple[str, str]]:
        """(what, how much) for a table; the spread over single beats stands behind."""
        if self.now is None:
            return []
        read, each = self.figures(), self.now.each_beat(self.lead)
        rows = [(name, _with_spread(getattr(read, key), [getattr(one, key) for one in each]))
                for name, key in (("PR", "pr"), ("P", "p"), ("QRS", "qrs"), ("QT", "qt"))]
        rows.append(("RR", f"{read.rr} ms · {read.rate}/min" if read.rr else "–"))
        spread = [one.qtc for one in each if one.qtc]
        rows += [(f"QTc {name}", _with_spread(value, [one[name] for one in spread])) for name, value in read.qtc.items()]
        return rows

    def signal_text(self) -> str:
        """On what was measured: which signal, how many beats."""
        if self.now is None:
            return ""
        beat = self.now.beat
        others = f", {beat.others} of other shapes left out" if beat.others else ""
        signal = f"display filter {beat.signal}" if beat.signal else "raw signal"
        return f"Usual beat of {len(beat.ticks)} beats{others}; {signal}"

    def evidence(self, element_id: str) -> Intervals | None:
        """What would be kept; None while nothing is measured."""
        if self.now is None:
            return None
        beat, marks, read = self.now.beat, self.marks, self.figures()
        figures = {key: value for key in ("pr", "p", "qrs", "qt", "rr") if (value := getattr(read, key)) is not None}
        figures |= {f"qtc_{name.lower()}": value for name, value in read.qtc.items()}
        at = {mark.value: round((sample - beat.onset) * 1_000_000 / beat.rate_hz)
              for mark in Mark if (sample := marks.at(mark)) is not None}
        return Intervals(id=element_id, provenance=MACHINE_CORRECTED if marks.moved else MACHINE, start=self.now.start,
                         end=self.now.end, beats=len(beat.ticks), lead=self.lead, signal=beat.signal, marks=at,
                         moved=tuple(mark.value for mark in Mark if mark in marks.moved), figures=figures)


def _measured(recording: Recording, peaks: Array, start: int, end: int, chosen: DisplayFilter) -> Measured:
    made = Measured(start, end, median_beat(recording, peaks, start, end, chosen))
    made.of(ALL_LEADS)
    made.each_beat(ALL_LEADS)
    return made


def _with_spread(value: int | None, each: list[int | None]) -> str:
    """ "162 ms (150–171)": the usual beat's, and from which to which single beats run (the middle nine tenths)."""
    if value is None:
        return "–"
    seen = sorted(one for one in each if one is not None)
    if len(seen) < 3:
        return f"{value} ms"
    edge = len(seen) // 20
    return f"{value} ms ({seen[edge]}–{seen[-1 - edge]})" if median(seen) else f"{value} ms"
