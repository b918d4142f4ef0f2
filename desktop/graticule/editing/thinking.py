"""What a tool computes while the hand goes on: the newest question wins, and its answer comes home to the hand's thread."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from graticule.domain.progress import Progress, Silent

T = TypeVar("T")


class Thinking(Protocol):
    """A tool that reads labels copies what it needs before it asks: the work runs beside the hand."""

    def ask(self, work: Callable[[Progress], T], then: Callable[[T], None], title: str = "", rest_s: float = 0.0) -> None:
        """Give up the question before; run `work(progress)`, then `then(result)` on the hand's thread. A GraticuleError that
        the work raises is told to the reader. title: what the progress card says once it takes over a second. rest_s: begin
        only when the hand has asked nothing newer for so long."""
        ...

    def stop(self) -> None:
        """Give up the question; its answer never comes."""
        ...

    @property
    def busy(self) -> bool: ...


class AtOnce:
    """Thinks on the spot: tests and commands."""

    busy = False

    def ask(self, work: Callable[[Progress], T], then: Callable[[T], None], title: str = "", rest_s: float = 0.0) -> None:
        then(work(Silent()))

    def stop(self) -> None:
        return None
