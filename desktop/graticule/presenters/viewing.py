"""The viewing record of images: what stood on the screen, how large, in which window, for how long."""

from dataclasses import dataclass, replace

from graticule.domain.viewing import Look

LEAST_MS = 300
# Longer without any change means that nobody sat there: the rest does not count.
MOST_MS = 120_000


@dataclass
class _Shown:
    look: Look
    since_ms: int


class ViewingRecord:
    """One stretch per view at a time. What was shown for less than 0.3 s was scrolled past, not looked at."""

    def __init__(self) -> None:
        self._shown: dict[str, _Shown] = {}
        self._looks: list[Look] = []

    def see(self, look: Look, now_ms: int) -> None:
        """The view named in `look` shows this from now on (`shown_ms` of the argument is ignored)."""
        look = replace(look, shown_ms=0)
        before = self._shown.get(look.view)
        if before is not None and before.look == look:
            return
        self._close(look.view, now_ms)
        self._shown[look.view] = _Shown(look, now_ms)

    def hide(self, view: str, now_ms: int) -> None:
        """The view is no longer on the screen."""
        self._close(view, now_ms)
        self._shown.pop(view, None)

    def hide_all(self, now_ms: int) -> None:
        for view in list(self._shown):
            self.hide(view, now_ms)

    def take(self, now_ms: int) -> list[Look]:
        """Everything since the last call; what is on the screen goes on counting."""
        for view, shown in self._shown.items():
            self._close(view, now_ms)
            shown.since_ms = now_ms
        looks, self._looks = self._looks, []
        return looks

    def _close(self, view: str, now_ms: int) -> None:
        shown = self._shown.get(view)
        if shown is None:
            return
        took = min(now_ms - shown.since_ms, MOST_MS)
        if took >= LEAST_MS:
            self._looks.append(replace(shown.look, shown_ms=took))
