"""How long work reports where it is, and hears that it should stop."""

from typing import Protocol

from graticule.domain.errors import Cancelled


class Progress(Protocol):
    """Given to every job. `step` raises Cancelled once the user has asked to stop."""

    def step(self, done: int, total: int, text: str = "") -> None:
        """`done` of `total` units (total 0: unknown) of what `text` names in the user's words."""
        ...


class Silent:
    """Progress nobody watches."""

    def step(self, done: int, total: int, text: str = "") -> None:
        return None


class Stoppable:
    """Progress that raises after `stop()`, for runners and tests."""

    def __init__(self) -> None:
        self._stopped = False

    def stop(self) -> None:
        self._stopped = True

    def step(self, done: int, total: int, text: str = "") -> None:
        if self._stopped:
            raise Cancelled
