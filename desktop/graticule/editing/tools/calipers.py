"""Calipers on an ECG: two legs in time with interval and rate, marching along the strip; or two levels in millivolts."""

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from graticule.domain.case import Kind
from graticule.domain.errors import GraticuleError
from graticule.domain.recording import Recording
from graticule.ecg.calipers import interval_ms, march, rate_per_min
from graticule.editing.tools.tool import Bench, Outline, Pointer


@dataclass(frozen=True, slots=True)
class CalipersOptions:
    march: bool = field(default=False, metadata={"label": "March: repeat the legs (M)"})
    millivolts: bool = field(default=False, metadata={"label": "Measure millivolts (Shift: the other)"})


@dataclass(frozen=True, slots=True)
class Caliper:
    """One measurement on the screen; not a label.

    start_s, end_s: the legs, in record seconds. start_mv, end_mv: the two levels when `vertical`; else the first is where
    the bar between the legs stands. lead: the trace it was opened on.
    """

    start_s: float
    end_s: float
    start_mv: float
    end_mv: float
    lead: str
    vertical: bool = False

    @property
    def interval_ms(self) -> int:
        return interval_ms(self.start_s, self.end_s)

    @property
    def rate_per_min(self) -> int | None:
        return rate_per_min(self.interval_ms)

    @property
    def amplitude_mv(self) -> float:
        return self.end_mv - self.start_mv

    def text(self) -> str:
        """ "832 ms · 72/min", or "1.24 mV" when vertical: the value that stands beside the mark."""
        if self.vertical:
            return f"{abs(self.amplitude_mv):.2f} mV"
        rate = self.rate_per_min
        return f"{self.interval_ms} ms · {rate}/min" if rate is not None and rate < 1000 else f"{self.interval_ms} ms"

    def marched(self, from_s: float, to_s: float) -> list[float]:
        """Where the repeated legs stand inside [from_s, to_s]; the two measured ones are left out."""
        near = self.interval_ms / 4000
        return [at for at in march(self.start_s, self.end_s, from_s, to_s)
                if abs(at - self.start_s) > near and abs(at - self.end_s) > near]


_START, _END, _BOTH = "start", "end", "both"


class CalipersTool:
    """Press and drag opens the legs; drag a leg to change it, the bar between them to carry both; Esc takes it away."""

    name: ClassVar[str] = "calipers"
    title: ClassVar[str] = "Calipers"
    key: ClassVar[str] = "C"
    group: ClassVar[str] = "measure"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.ECG,)
    hint: ClassVar[str] = "Drag to open the calipers; drag a leg or the bar; M marches; Shift measures millivolts; Esc removes"
    options: Any

    def __init__(self) -> None:
        self.options = CalipersOptions()
        self.caliper: Caliper | None = None
        self._held = ""
        self._from: Pointer | None = None
        self._before: Caliper | None = None

    @property
    def dragging(self) -> bool:
        return bool(self._held)

    def press(self, bench: Bench, pointer: Pointer) -> None:
        if not isinstance(bench.content, Recording):
            raise GraticuleError("Calipers measure on an ECG.")
        self._before, self._from, self._held = self.caliper, pointer, self.grip_at(pointer)
        if not self._held:
            vertical = self.options.millivolts != pointer.shift
            self.caliper = Caliper(pointer.at[0], pointer.at[0], pointer.at[1], pointer.at[1], pointer.lead, vertical)
            self._before, self._held = None, _END

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        if self.caliper is None or self._from is None:
            return
        seconds, millivolts = pointer.at
        if self._held == _BOTH and self._before is not None:
            self.caliper = _carried(self._before, seconds - self._from.at[0], millivolts - self._from.at[1])
        elif self._held == _START:
            self.caliper = replace(self.caliper, start_s=seconds, start_mv=millivolts)
        elif self._held == _END:
            self.caliper = replace(self.caliper, end_s=seconds, end_mv=millivolts)

    def release(self, bench: Bench, pointer: Pointer) -> None:
        self._held, self._from = "", None
        caliper = self.caliper
        if caliper and (caliper.amplitude_mv == 0 if caliper.vertical else caliper.interval_ms == 0):
            self.caliper = None

    def hover(self, bench: Bench, pointer: Pointer | None) -> None:
        return None

    def cancel(self, bench: Bench) -> None:
        """Back to the calipers before this drag; away with them when no drag is going on."""
        self.caliper = self._before if self._held else None
        self._held, self._from = "", None

    def toggle_march(self) -> bool:
        """Switch marching; True when it is now on."""
        self.options = replace(self.options, march=not self.options.march)
        return bool(self.options.march)

    def preview(self) -> tuple[Outline, ...]:
        if self.caliper is None:
            return ()
        c = self.caliper
        return (Outline(((c.start_s, c.start_mv), (c.end_s, c.end_mv)), label=c.text()),)

    def grip_at(self, pointer: Pointer) -> str:
        """"start", "end" or "both": what a press would hold; "" when it would open new calipers."""
        c = self.caliper
        if c is None or (c.vertical and pointer.lead != c.lead):
            return ""
        if c.vertical:
            on_bar = abs(pointer.at[0] - c.start_s) <= pointer.reach[0]
            return _grip(pointer.at[1], c.start_mv, c.end_mv, pointer.reach[1], on_bar)
        on_bar = pointer.lead == c.lead and abs(pointer.at[1] - c.start_mv) <= pointer.reach[1]
        return _grip(pointer.at[0], c.start_s, c.end_s, pointer.reach[0], on_bar)


def _grip(at: float, start: float, end: float, reach: float, on_bar: bool) -> str:
    if abs(at - end) <= reach:
        return _END
    if abs(at - start) <= reach:
        return _START
    return _BOTH if on_bar and min(start, end) < at < max(start, end) else ""


def _carried(caliper: Caliper, seconds: float, millivolts: float) -> Caliper:
    return replace(caliper, start_s=caliper.start_s + seconds, end_s=caliper.end_s + seconds,
                   start_mv=caliper.start_mv + millivolts, end_mv=caliper.end_mv + millivolts)
