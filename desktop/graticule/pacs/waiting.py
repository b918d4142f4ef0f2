"""Trying again: soon, then later, and never against the user's will."""

import time
from collections.abc import Callable, Iterator

_FIRST_S = 0.4
_STEP_S = 0.1


def patiently(tries: int, tell: Callable[[], None]) -> Iterator[int]:
    """0, then 1 after a pause, then 2 after a longer one … `tell` is called all the while and may raise Cancelled."""
    for attempt in range(tries):
        until = time.monotonic() + (_FIRST_S * 3 ** (attempt - 1) if attempt else 0)
        tell()
        while time.monotonic() < until:
            time.sleep(_STEP_S)
            tell()
        yield attempt
