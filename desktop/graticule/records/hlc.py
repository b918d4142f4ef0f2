"""A hybrid logical clock: for display and local order only. No clock decides which label counts."""

import re
from collections.abc import Callable

from graticule.domain.errors import GraticuleError

DAY_MS = 24 * 60 * 60 * 1000
_LAST_MS, _LAST_COUNT = (1 << 48) - 1, (1 << 16) - 1
_FORM = re.compile(r"[0-9a-f]{12}-[0-9a-f]{4}")


class HybridClock:
    """Stamps "<48-bit milliseconds hex>-<16-bit counter hex>" that only rise, whatever the wall clock does.

    wall_ms: milliseconds since 1970, may jump either way. after: the last stamp of an earlier run. Call from one thread.
    """

    def __init__(self, wall_ms: Callable[[], int], after: str = "") -> None:
        self._wall_ms = wall_ms
        self._last = read_stamp(after) if after else (0, 0)

    def tick(self) -> str:
        """The next stamp, later than every one given or seen so far."""
        wall = (min(max(self._wall_ms(), 0), _LAST_MS), 0)
        self._last = max(wall, _next(self._last))
        return _stamp(self._last)

    def seen(self, remote: str) -> None:
        """Take note of another clock's stamp, unless it runs more than a day ahead of this one's wall."""
        stamp = read_stamp(remote)
        if stamp[0] <= self._wall_ms() + DAY_MS:
            self._last = max(self._last, stamp)


def read_stamp(text: str) -> tuple[int, int]:
    """(milliseconds, counter) of a stamp; GraticuleError when it is not one."""
    if not isinstance(text, str) or _FORM.fullmatch(text) is None:
        raise GraticuleError("A record carries a time stamp that cannot be read.", "It was damaged.")
    return int(text[:12], 16), int(text[13:], 16)


def _next(stamp: tuple[int, int]) -> tuple[int, int]:
    milliseconds, count = stamp
    return (milliseconds, count + 1) if count < _LAST_COUNT else (min(milliseconds + 1, _LAST_MS), 0)


def _stamp(stamp: tuple[int, int]) -> str:
    return f"{stamp[0]:012x}-{stamp[1]:04x}"
