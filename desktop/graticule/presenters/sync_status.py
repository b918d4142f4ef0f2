"""When the desk talks to the server, and what it can say about it."""

import logging
from collections.abc import Callable
from dataclasses import replace

from graticule.domain.errors import GraticuleError
from graticule.editing.events import Bus
from graticule.jobs import Handle, Runner
from graticule.jobs.runner import NETWORK
from graticule.presenters.desk_events import SyncChanged
from graticule.presenters.ports import Sync, SyncCounts

log = logging.getLogger("graticule.desk")


class SyncStatus:
    """Runs one conversation at a time in the network's lane. A server that does not answer is a sentence, never a stop.

    later: asks to be called again after so many seconds (a timer in the desk; nothing in tests).
    """

    def __init__(self, sync: Sync, runner: Runner, bus: Bus, later: Callable[[float], None] = lambda seconds: None) -> None:
        self._sync = sync
        self._runner = runner
        self._bus = bus
        self._later = later
        self._handle: Handle | None = None
        self._again = False
        self._failures = 0
        self.counts: SyncCounts = sync.counts()
        self.by_itself = True

    @property
    def running(self) -> bool:
        return self._handle is not None and not self._handle.finished

    @property
    def has_server(self) -> bool:
        return bool(self.counts.server)

    def set_server(self, address: str, invitation: str) -> None:
        """Talk to another server, or for the first time to one."""
        self._sync.set_server(address, invitation)
        self.look()
        self.now()

    def look(self) -> None:
        """Count again what waits, after something was saved or signed."""
        self.counts = self._sync.counts()
        self._bus.publish(SyncChanged())

    def nudge(self) -> None:
        """Something new waits or time has passed: talk, if that may happen by itself."""
        if self.by_itself:
            self.now()

    def now(self) -> None:
        """Talk to the server now; while a conversation runs, once more after it."""
        if not self.has_server:
            self.look()
            return
        if self.running:
            self._again = True
            return
        self._handle = self._runner.start(self._sync.cycle, done=self._arrived, failed=self._failed, lane=NETWORK)
        self._bus.publish(SyncChanged())

    def _arrived(self, counts: SyncCounts) -> None:
        self.counts = counts
        self._failures = self._failures + 1 if counts.why_not else 0
        log.info("sync ended: %d here, %d on server, %d waiting", counts.here, counts.on_server, counts.waiting)
        self._ended()

    def _failed(self, error: GraticuleError) -> None:
        self.counts = replace(self._sync.counts(), why_not=str(error))
        self._failures += 1
        self._ended()

    def _ended(self) -> None:
        self._handle = None
        self._bus.publish(SyncChanged())
        if self._again:
            self._again = False
            self.now()
        else:
            self._later(self._sync.delay_s(self._failures))
