"""The device log: everything that travels, in order, hash-chained and signed by this device. What waits is its tail."""

import logging
from collections.abc import Mapping
from typing import Any

from graticule.domain.errors import GraticuleError
from graticule.records.chain import START
from graticule.records.entry import Entry, read_entry, sign
from graticule.records.event import Event
from graticule.records.revision import App, Header
from graticule.store.clock import Clock
from graticule.store.database import Database
from graticule.store.identity import Device, new_device

log = logging.getLogger("graticule.store")

Head = tuple[int, str]


class DeviceLog:
    """reader: id of the store's reader. project: that of events which belong to no case."""

    def __init__(self, database: Database, device: Device, clock: Clock, app: App, reader: str) -> None:
        self._database = database
        self._device = device
        self._clock = clock
        self._app = app
        self._reader = reader

    @property
    def device_id(self) -> str:
        return self._device.id

    @property
    def public_key(self) -> bytes:
        return self._device.public_key

    @property
    def parent(self) -> str:
        """The device whose work this one took over, "" for the first."""
        return self._device.parent

    def sign(self, message: bytes) -> bytes:
        """The device's signature, for enrolling and requests."""
        return self._device.key.sign(message)

    def head(self) -> Head:
        """(seq, hash) of the last entry; (0, START) of an empty log."""
        row = self._database.one("SELECT seq, hash FROM entries WHERE device = ? ORDER BY seq DESC LIMIT 1", (self._device.id,))
        return (int(row[0]), str(row[1])) if row else (0, START)

    def hash_at(self, seq: int) -> str | None:
        """The hash of entry `seq`, START for 0, None beyond the head: then somebody else wrote under this device's name."""
        if seq == 0:
            return START
        row = self._database.one("SELECT hash FROM entries WHERE device = ? AND seq = ?", (self._device.id, seq))
        return str(row[0]) if row else None

    def entries_after(self, seq: int, limit: int) -> list[bytes]:
        """Verbatim lines of the entries after `seq`, oldest first."""
        rows = self._database.all("SELECT line FROM entries WHERE device = ? AND seq > ? ORDER BY seq LIMIT ?",
                                  (self._device.id, seq, limit))
        return [bytes(row[0]) for row in rows]

    def append_event(self, kind: str, data: Mapping[str, Any], project: str = "") -> str:
        """Write down that something happened; its id. data: ids and counts, never names or free text."""
        with self._database.transaction():
            hlc, wall = self._clock.stamp()
            event = Event(project=project, event=kind, reader=self._reader, hlc=hlc, wall=wall, device=self._device.id,
                          app=self._app, data=data)
            seq, prev = self.head()
            self._write(Entry.of_event(self._device.id, seq + 1, prev, event), hlc)
        return event.id

    def append_revision(self, header: Header) -> int:
        """The entry that carries a revision, inside the caller's transaction; its seq."""
        seq, prev = self.head()
        self._write(Entry.of_revision(self._device.id, seq + 1, prev, header), header.hlc)
        return seq + 1

    def rehome(self, reason: str) -> str:
        """Go on as a new device, after a copy of this store wrote under the same name; the new device's id.

        Every revision of this store is entered again, in order, under the new name: what the server knows already it
        recognises by content. A damaged entry is left out, counted and logged, never altered and never in the way of the rest
        (“verify” names it). reason: one word ("fork", "rolled-back").
        """
        with self._database.transaction():
            old = self._device
            rows = self._database.all("SELECT ref, line FROM entries WHERE device = ? AND kind = 'revision' ORDER BY seq",
                                      (old.id,))
            headers = [header for ref, line in rows if (header := _whole(ref, bytes(line))) is not None]
            self._device = new_device(self._database, parent=old.id)
            try:
                for header in headers:
                    self.append_revision(header)
                damaged = len(rows) - len(headers)
                self.append_event("rehome", {"parent": old.id, "reason": reason, "revisions": len(headers), "damaged": damaged})
            except BaseException:
                self._device = old
                raise
        return self._device.id

    def _write(self, entry: Entry, hlc: str) -> None:
        self._database.run("INSERT INTO entries (device, seq, kind, ref, hlc, hash, line) VALUES (?, ?, ?, ?, ?, ?, ?)",
                           (entry.device, entry.seq, entry.kind, entry.ref, hlc, entry.hash, sign(entry, self._device.key)))


def _whole(ref: str, line: bytes) -> Header | None:
    """The header of an entry's line when it still is the revision that the entry names; else None."""
    try:
        header = read_entry(line).header()
    except GraticuleError:
        log.warning("a damaged entry was not moved to the new device")
        return None
    return header if header.id == ref else None
