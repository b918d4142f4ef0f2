"""Checkpoints of the edit journal, made beside the work so that no stroke waits for one."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from graticule.domain.errors import GraticuleError
from graticule.store.database import Database
from graticule.store.folding import fold, pack_state
from graticule.store.reads import Reads

log = logging.getLogger("graticule.store")

EVERY_ACTS = 500
# A whole-volume act weighs as much as thousands of strokes.
EVERY_BYTES = 8 * 1024 * 1024


class Checkpoints:
    """Folds in a thread of its own, from a second connection, whatever the journal holds by then."""

    def __init__(self, database: Database, every: int = EVERY_ACTS) -> None:
        self._database = database
        self._every = every
        self._since: dict[str, tuple[int, int]] = {}
        self._thread = ThreadPoolExecutor(1, "graticule-checkpoints")
        self._running: Future[None] | None = None

    def opened(self, case_id: str) -> None:
        """Count from the checkpoint the case has, and make one when many acts came after it."""
        row = self._database.one("SELECT acts FROM checkpoints WHERE case_id = ?", (case_id,))
        last = int(row[0]) if row else 0
        weight = self._database.one("SELECT coalesce(sum(length(edit)), 0) FROM journal WHERE case_id = ? AND seq > ?",
                                    (case_id, last))
        self._since[case_id] = (last, 0)
        self.told(case_id, Reads(self._database).get(case_id).acts, int(weight[0]) if weight else 0)

    def told(self, case_id: str, acts: int, size: int) -> None:
        """An act was written."""
        last, weight = self._since.get(case_id, (0, 0))
        weight += size
        if (acts - last < self._every and weight < EVERY_BYTES) or self._database.read_only:
            self._since[case_id] = (last, weight)
            return
        self._since[case_id] = (acts, 0)
        self._running = self._thread.submit(self._quietly, self.make, case_id)

    def make(self, case_id: str) -> None:
        """Fold the case and keep the result."""
        with self._database.reader() as beside:
            read = Reads(beside).get(case_id)
            state = pack_state(fold(beside, read, read.shape))
        self._database.write("INSERT INTO checkpoints (case_id, acts, state) VALUES (?, ?, ?) ON CONFLICT (case_id) DO UPDATE "
                             "SET acts = excluded.acts, state = excluded.state WHERE excluded.acts > acts",
                             (case_id, read.acts, state))
        log.info("checkpoint after %d acts, %d bytes", read.acts, len(state))

    def settle(self) -> None:
        """Wait for the one being made."""
        if self._running is not None:
            self._running.result()

    def close(self) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _quietly(self, work: Callable[[str], None], case_id: str) -> None:
        try:
            work(case_id)
        except GraticuleError:
            # A checkpoint is a convenience: the next opening folds from the one before.
            log.warning("a checkpoint could not be made")
