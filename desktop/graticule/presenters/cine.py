"""Cine: which frame stands on the screen at which moment."""

from dataclasses import dataclass, replace

SLOWEST, FASTEST = 0.5, 60.0
USUAL_FPS = 10.0


@dataclass(frozen=True, slots=True)
class Cine:
    """count frames at `fps`; bounce: forward and back instead of beginning again. `first`: the frame it started on."""

    count: int
    fps: float = USUAL_FPS
    bounce: bool = False
    first: int = 0

    def frame_at(self, seconds: float) -> int:
        """The frame that stands on the screen so long after the start."""
        if self.count < 2:
            return 0
        step = self.first + int(seconds * self.fps + 1e-9)
        if not self.bounce:
            return step % self.count
        turn = step % (2 * (self.count - 1))
        return turn if turn < self.count else 2 * (self.count - 1) - turn

    def faster(self, steps: int) -> "Cine":
        """By fifths, within what a screen can show."""
        return replace(self, fps=min(FASTEST, max(SLOWEST, round(self.fps * 1.2**steps, 2))))


def fps_of(frame_ms: float) -> float:
    """Frames a second as the file says, or ten when it does not."""
    return min(FASTEST, max(SLOWEST, round(1000.0 / frame_ms, 2))) if frame_ms > 0 else USUAL_FPS
