"""How long a case was really worked on: the time between acts, as long as they follow each other."""

from collections.abc import Callable, Sequence

from graticule.domain.viewing import Effort, Look

IDLE_MS = 60_000


class EffortClock:
    """Counts active time since the case was opened.

    clock_ms: a clock that never goes back. A pause longer than a minute counts as leaving the desk and adds nothing.
    """

    def __init__(self, opened: str, clock_ms: Callable[[], int]) -> None:
        self._opened = opened
        self._clock_ms = clock_ms
        self._last_ms = clock_ms()
        self._active_ms = 0
        self._looks: list[Look] = []

    def act(self) -> None:
        """The reader moved, scrolled or typed."""
        now = self._clock_ms()
        pause = now - self._last_ms
        self._last_ms = now
        if 0 < pause <= IDLE_MS:
            self._active_ms += pause

    def seen(self, looks: Sequence[Look]) -> None:
        self._looks.extend(looks)

    def total(self) -> Effort:
        return Effort(self._opened, self._active_ms, tuple(self._looks))
