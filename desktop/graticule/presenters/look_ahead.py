"""The next case, read while the reader is still at this one."""

import threading

from graticule.domain.case import Case
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.jobs import Handle, Runner
from graticule.jobs.runner import PREFETCH
from graticule.presenters.open_case import Opening
from graticule.presenters.ports import Opener

# One slice may still be decoding when the case is taken; longer than this the reader would feel.
PATIENCE_S = 0.3


class LookAhead:
    """Holds at most one case. What was decoded before it is taken up need not be decoded again."""

    def __init__(self, opener: Opener, runner: Runner) -> None:
        self._opener = opener
        self._runner = runner
        self._coming: _Coming | None = None
        self._handle: Handle | None = None

    def read(self, case: Case) -> None:
        """Open the case and decode its samples in the background."""
        self.drop()
        coming = self._coming = _Coming(case)
        self._handle = self._runner.start(
            lambda progress: coming.read(self._opener, progress), done=_quiet, failed=_quiet_failure, lane=PREFETCH)

    def take(self, case_id: str) -> Opening | None:
        """The opening of this case as far as it has come, or None; nothing is read ahead afterwards."""
        coming = self._coming
        self.drop()
        return coming.stopped() if coming is not None and coming.case.id == case_id else None

    def drop(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
        self._coming, self._handle = None, None


class _Coming:
    """One case being read ahead, shared between the reading thread and the main thread."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._opening: Opening | None = None
        self._idle = threading.Event()
        self._idle.set()

    def read(self, opener: Opener, progress: Progress) -> None:
        self._idle.clear()
        try:
            self._opening = opener(self.case)
            self._opening.fill(progress, lambda k: None)
        finally:
            self._idle.set()

    def stopped(self) -> Opening | None:
        """What was opened, once the thread lets go of it; None when it does not soon, or had not begun."""
        return self._opening if self._idle.wait(PATIENCE_S) else None


def _quiet(result: None) -> None:
    return None


def _quiet_failure(error: GraticuleError) -> None:
    """The reader is told when this case is really opened."""
