"""A tool's questions, answered in a job of their own lane."""

from collections.abc import Callable
from typing import TypeVar

from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.jobs import Handle, Runner

T = TypeVar("T")
LANE = "think"


class JobThinking:
    """failed: is told why an answer could not be found."""

    def __init__(self, runner: Runner, failed: Callable[[GraticuleError], None]) -> None:
        self._runner = runner
        self._failed = failed
        self._handle: Handle | None = None

    @property
    def busy(self) -> bool:
        return self._handle is not None and not self._handle.finished

    def ask(self, work: Callable[[Progress], T], then: Callable[[T], None], title: str = "", rest_s: float = 0.0) -> None:
        self.stop()

        def rested(progress: Progress) -> T:
            if rest_s > 0 and isinstance(progress, Handle):
                progress.rest(rest_s)
            return work(progress)

        self._handle = self._runner.start(rested, done=then, failed=self._failed, lane=LANE, title=title)

    def stop(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
