"""Keeps the flight recorder level with the device log, also after a crash between the two."""

import json
import logging
import threading
from collections.abc import Iterator

from graticule.domain.errors import GraticuleError
from graticule.store.blobs import Blobs
from graticule.store.database import Database
from graticule.store.device_log import DeviceLog
from graticule.store.errors import DISK_FAULT
from graticule.store.facts import RECORDED, Facts
from graticule.store.flight_recorder import BLOB, ENTRY, FlightRecorder, Record

log = logging.getLogger("graticule.store")

_BATCH = 500


class SecondCopy:
    """`trouble` is a sentence while the last attempt failed, else ""."""

    def __init__(self, database: Database, device_log: DeviceLog, blobs: Blobs, recorder: FlightRecorder, facts: Facts) -> None:
        self._database = database
        self._log = device_log
        self._blobs = blobs
        self._recorder = recorder
        self._facts = facts
        self._lock = threading.Lock()
        self.trouble = ""
        known = json.loads(facts.get(RECORDED, "{}"))
        self._device: str = known.get("device", "")
        self._seq: int = known.get("seq", 0)
        self._blob: int = known.get("blob", 0)
        self._place: list[int] = known.get("place", [0, 0])
        self._reached = (self._blob, self._seq)

    def catch_up(self) -> None:
        """Record what the database holds and the recorder does not. The first copy is safe by then, so failure is no error."""
        with self._lock:
            self._catch_up()

    def note(self) -> None:
        """Write down how far the recorder is, inside a transaction that happens anyway: being behind only repeats records."""
        known = json.dumps({"device": self._device, "seq": self._seq, "blob": self._blob, "place": self._place})
        if known != self._facts.get(RECORDED):
            self._facts.set(RECORDED, known)

    def close(self) -> None:
        self._recorder.close()

    def _catch_up(self) -> None:
        if self._device != self._log.device_id:
            self._device, self._seq = self._log.device_id, 0
        try:
            if list(self._recorder.place()) < self._place:
                # The files lost what they had: everything is recorded once more.
                self._blob, self._seq = 0, 0
            self._reached = (self._blob, self._seq)
            self._recorder.append(self._news())
            self._place = list(self._recorder.place())
        except (GraticuleError, OSError) as fault:
            why = fault.message if isinstance(fault, GraticuleError) else DISK_FAULT[0]
            self.trouble = f"What was saved stands on this disk once, not twice: {why}"
            log.warning("flight recorder could not be written")
        else:
            self._blob, self._seq = self._reached
            self.trouble = ""

    def _news(self) -> Iterator[Record]:
        blob, seq = self._reached
        for number, name, frame in self._blobs.since(blob):
            yield Record(BLOB, name, frame)
            blob = number
        while lines := self._log.entries_after(seq, _BATCH):
            for line in lines:
                seq += 1
                yield Record(ENTRY, f"{self._device}/{seq}", line)
        self._reached = (blob, seq)
