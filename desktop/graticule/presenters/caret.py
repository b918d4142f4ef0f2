"""The cursor of the keyboard on the strip: it walks from beat to beat or sample by sample, and draws a stretch behind it."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from graticule.domain.recording import Recording
from graticule.editing.tools.episode import Span

STEP_S = 0.04          # one small square of paper at 25 mm/s


class Caret:
    """tick: where it stands, None before it is used. peaks: rising ticks of R peaks or beats it may stop at.

    anchor: where the stretch that is being drawn began.
    """

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self.peaks: Sequence[int] = ()
        self.to_peaks = True
        self.tick: int | None = None
        self.anchor: int | None = None

    def step(self, by: int, shown: tuple[int, int], *, extend: bool = False) -> None:
        """One beat (or small square) forward or back; the first step puts the caret at the edge of what is shown."""
        if self.tick is None or not shown[0] <= self.tick <= shown[1]:
            self.put(shown[0] if by > 0 else shown[1])
        if extend and self.anchor is None:
            self.anchor = self.tick
        elif not extend:
            self.anchor = None
        assert self.tick is not None
        self.tick = self._next(self.tick, by)

    def put(self, tick: int) -> None:
        """Stand here, with nothing drawn."""
        self.tick, self.anchor = max(0, min(self._recording.ticks, tick)), None

    def take(self, start: int, end: int) -> None:
        """Draw a whole stretch at once; the caret stands at its end."""
        self.anchor, self.tick = max(0, start), min(self._recording.ticks, end)

    @property
    def span(self) -> Span | None:
        """What is drawn; None while nothing is."""
        if self.anchor is None or self.tick is None or self.anchor == self.tick:
            return None
        return Span(min(self.anchor, self.tick), max(self.anchor, self.tick))

    def _next(self, tick: int, by: int) -> int:
        if not self.to_peaks or not len(self.peaks):
            return max(0, min(self._recording.ticks, tick + by * max(1, self._recording.tick(STEP_S))))
        at = bisect_right(self.peaks, tick) if by > 0 else bisect_left(self.peaks, tick) - 1
        if 0 <= at < len(self.peaks):
            return int(self.peaks[at])
        return self._recording.ticks if by > 0 else 0
