"""A runner for as long as something is open: what it started ends with it, and no result comes home to a closed view."""

from collections.abc import Callable
from typing import TypeVar

from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.jobs.handle import Handle
from graticule.jobs.runner import READ, Runner

T = TypeVar("T")


class ScopedRunner:
    """Passes jobs on to another runner and remembers them until they are over."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._handles: list[Handle] = []
        self._closed = False

    def start(self, job: Callable[[Progress], T], *, done: Callable[[T], None], failed: Callable[[GraticuleError], None],
              lane: str = READ, title: str = "") -> Handle:
        def come_home(result: T) -> None:
            if not self._closed:
                done(result)

        def tell(error: GraticuleError) -> None:
            if not self._closed:
                failed(error)

        handle = self._runner.start(job, done=come_home, failed=tell, lane=lane, title=title)
        self._handles = [*self.running(), handle]
        return handle

    def running(self) -> tuple[Handle, ...]:
        return tuple(handle for handle in self._handles if not handle.finished)

    def close(self) -> None:
        """Cancel everything; neither `done` nor `failed` of any of it is called any more."""
        self._closed = True
        for handle in self._handles:
            handle.cancel()
