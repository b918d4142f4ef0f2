"""What of the record stood on the screen, at what scale and for how long: the evidence that it was read."""

from dataclasses import replace

from graticule.domain.viewing import Look
from graticule.presenters.ecg import EcgPresenter, Half
from graticule.presenters.ecg_caption import filter_text

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

    def so_far(self, now_ms: int) -> list[Look]:
        """What the next `take` would give, left where it is."""
        shown = now_ms - self._since_ms
        now = [replace(self._now, shown_ms=shown)] if self._now is not None and shown >= LEAST_MS else []
        return [*self._looks, *now]

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
        self._looks.append(replace(now, shown_ms=shown))


def _look(view: EcgPresenter) -> Look:
    """window: speed and gain, and the display filter when one was at work. screen: as measured, else ""."""
    start, end = (view.recording.tick(seconds) for seconds in view.shown_s)
    gain = f"{view.gain_mm_mv:g}" if view.half is Half.NONE else f"{view.gain_of('I'):g}/{view.gain_of('V1'):g}"
    filters = (filter_text(view),) if view.filtering else ()
    screen = f"{view.pixel_mm:.4f} mm" if view.pixel_mm else ""
    return Look("ecg", start, (start, end), round(view.scale * 1000), (f"{view.speed_mm_s:.3g}", gain, *filters), 0, screen,
                _leads(view, end))


def _leads(view: EcgPresenter, end: int) -> tuple[tuple[str, int, int], ...]:
    """Which stretch of which lead stood there: on a page each lead has a column of its own."""
    tick = view.recording.tick
    strips = ((strip.lead.name, tick(view.first_s + strip.from_s), min(end, tick(view.first_s + strip.to_s)))
              for strip in view.sheet.strips)
    return tuple(sorted({strip for strip in strips if strip[1] < strip[2]}))
