"""One measured promise and how it is printed."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of repeated events: median and 95th percentile."""

    p50: float
    p95: float

    def __str__(self) -> str:
        return f"{self.p50:8.2f} / {self.p95:8.2f} ms"


@dataclass(frozen=True, slots=True)
class Figure:
    """`row` of the promises page; `ours` against `other`, named by what it is (a peer, or the limit that physics sets)."""

    row: str
    promise: str
    ours: Timing
    other_name: str
    other: Timing

    def __str__(self) -> str:
        ratio = self.ours.p50 / self.other.p50 if self.other.p50 else float("inf")
        return f"{self.row:4} {self.promise:58} {self.ours}   {self.other_name:44} {self.other}   ×{ratio:.2f}"


def timed(event: Callable[[int], object], count: int = 60, warm_up: int = 5,
          before: Callable[[], object] | None = None) -> Timing:
    """Run `event(n)` for n = 0 … and time each call after the warm-up; `before` runs before each, untimed."""
    spans = []
    for n in range(warm_up + count):
        if before is not None:
            before()
        start = time.perf_counter()
        event(n)
        spans.append((time.perf_counter() - start) * 1000)
    kept = sorted(spans[warm_up:])
    return Timing(median(kept), kept[min(len(kept) - 1, int(len(kept) * 0.95))])


def side_by_side(ours: Callable[[], object], other: Callable[[], object], count: int, warm_up: int = 1) -> tuple[Timing, Timing]:
    """Both timed in turns: whatever else the machine does falls on both. Measured apart, a limit can seem to be beaten."""
    spans: tuple[list[float], list[float]] = ([], [])
    for n in range(warm_up + count):
        for event, kept in zip((ours, other), spans):
            start = time.perf_counter()
            event()
            if n >= warm_up:
                kept.append((time.perf_counter() - start) * 1000)
    mine, theirs = (Timing(median(kept), sorted(kept)[min(count - 1, int(count * 0.95))]) for kept in spans)
    return mine, theirs
