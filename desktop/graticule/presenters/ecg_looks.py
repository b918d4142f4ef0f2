"""What of the record stood on the screen, at what scale and for how long: the evidence that it was read."""

from graticule.domain.viewing import Look
from graticule.presenters.ecg import EcgPresenter

LEAST_MS = 300


class LookLog:
    """A stretch shown for less than 0.3 s was scrolled past, not looked at."""

    def __init__(self) -> None:
        self._looks: list[Look] = []
        self._now: Look | None = None
        self._since_ms = 0

    def note(self, view: EcgPresenter, now_ms: int) -> None:
        """The window shows this from now on."""
        look = _look(view)
        if look != self._now:
            self._close(now_ms)
            self._now, self._since_ms = look, now_ms

    def hide(self, now_ms: int) -> None:
        """The page is no longer seen."""
        self._close(now_ms)
        self._now = None

    def take(self, now_ms: int) -> list[Look]:
        """Everything since the last call; what is on the screen goes on counting."""
        self._close(now_ms)
        self._since_ms = now_ms
        looks, self._looks = self._looks, []
        return looks

    def _close(self, now_ms: int) -> None:
        shown = now_ms - self._since_ms
        if self._now is None or shown < LEAST_MS:
            return
        now = self._now
        self._looks.append(Look(now.view, now.where, now.region, now.scale_permille, now.window, shown))


def _look(view: EcgPresenter) -> Look:
    start, end = (view.recording.tick(seconds) for seconds in view.shown_s)
    return Look("ecg", start, (start, end), round(view.scale * 1000), (f"{view.speed_mm_s:.3g}", f"{view.gain_mm_mv:g}"), 0)
