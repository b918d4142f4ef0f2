"""What is known of the conversation with the central server. What waits is the log after the head the server acknowledged."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace

from graticule.store.database import Database
from graticule.store.device_log import DeviceLog


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """acknowledged, acknowledged_hash: the server's head of this device. backed_up: entries below the durable watermark.
    contact: RFC 3339 of the last answer. offset_ms: server's clock less ours. trouble: a sentence, "" after a good contact.
    """

    server: str = ""
    timeline: str = ""
    acknowledged: int = 0
    acknowledged_hash: str = ""
    backed_up: int = 0
    contact: str = ""
    offset_ms: int = 0
    trouble: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


_NAMES = tuple(item.name for item in fields(SyncStatus))


class SyncState:
    """One status for each device this store has been; a new device starts afresh."""

    def __init__(self, database: Database, log: DeviceLog) -> None:
        self._database = database
        self._log = log

    def load(self) -> SyncStatus:
        row = self._database.one(f"SELECT {', '.join(_NAMES)} FROM sync_state WHERE device = ?", (self._log.device_id,))
        if row is None:
            return SyncStatus()
        return replace(SyncStatus(*row), counts=json.loads(row[-1]))

    def save(self, status: SyncStatus) -> None:
        values = [json.dumps(dict(value)) if name == "counts" else value for name, value in asdict(status).items()]
        marks = ", ".join(f"{name} = ?" for name in _NAMES)
        self._database.write(f"UPDATE sync_state SET {marks} WHERE device = ?", (*values, self._log.device_id))

    def waiting(self) -> int:
        """Entries that the server has not acknowledged."""
        return max(self._log.head()[0] - self.load().acknowledged, 0)

    def revisions_waiting(self) -> int:
        """Of those, how many are versions of labels: what a reader understands by "waiting to send"."""
        row = self._database.one("SELECT count(*) FROM entries WHERE device = ? AND kind = 'revision' AND seq > ?",
                                 (self._log.device_id, self.load().acknowledged))
        return int(row[0]) if row else 0
