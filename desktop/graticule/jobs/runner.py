"""What every runner offers, and the one that runs a job where it stands."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from graticule.domain.errors import Cancelled, GraticuleError
from graticule.domain.progress import Progress
from graticule.jobs.handle import Handle

T = TypeVar("T")

# A case that is chosen never waits behind what the one before it still computes: opening has a lane of its own.
OPEN, READ, DATABASE, NETWORK, PREFETCH = "open", "read", "database", "network", "prefetch"


class Runner(Protocol):
    """Starts jobs. Jobs of one lane run one after another; lanes run beside each other."""

    def start(self, job: Callable[[Progress], T], *, done: Callable[[T], None], failed: Callable[[GraticuleError], None],
              lane: str = READ, title: str = "") -> Handle:
        """Run `job(progress)`; then `done(result)` or `failed(error)` on the caller's thread, neither when cancelled.

        Any other exception of the job is a bug: it is raised on the caller's thread, where the crash report is made.
        """
        ...

    def running(self) -> tuple[Handle, ...]:
        """Jobs that have not ended, oldest first."""
        ...


class InlineRunner:
    """Runs each job at once, on the spot: for tests and for commands without a window."""

    def start(self, job: Callable[[Progress], T], *, done: Callable[[T], None], failed: Callable[[GraticuleError], None],
              lane: str = READ, title: str = "") -> Handle:
        handle = Handle(title, lane)
        try:
            result = job(handle)
        except Cancelled:
            return handle
        except GraticuleError as error:
            failed(error)
            return handle
        finally:
            handle.close()
        done(result)
        return handle

    def running(self) -> tuple[Handle, ...]:
        return ()
