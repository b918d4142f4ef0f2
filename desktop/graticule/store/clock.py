"""The time a store writes down: the wall's, for people, and the hybrid clock's, for order."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from graticule.records.hlc import HybridClock


def wall_ms() -> int:
    return time.time_ns() // 1_000_000


class Clock:
    """now_ms: milliseconds since 1970, which may jump. after: the last stamp in the log. Call inside a transaction."""

    def __init__(self, now_ms: Callable[[], int], after: str = "") -> None:
        self._now_ms = now_ms
        self._hybrid = HybridClock(now_ms, after)

    def stamp(self) -> tuple[str, str]:
        """(hybrid stamp, wall time as RFC 3339 with this machine's offset)."""
        return self._hybrid.tick(), self.wall()

    def wall(self) -> str:
        return datetime.fromtimestamp(self._now_ms() / 1000, UTC).astimezone().isoformat(timespec="milliseconds")
