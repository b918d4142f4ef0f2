"""Does the second copy say the same as the database, and lack nothing?"""

from collections.abc import Iterator
from pathlib import Path

from graticule.domain.errors import GraticuleError
from graticule.records.frames import decode_frame
from graticule.records.ids import blob_id
from graticule.store.audit import Audit, Problem
from graticule.store.flight_recorder import ENTRY, Record, read_recorder

WHAT = "Second copy"


def check_recorder(audit: Audit, folder: Path, key: bytes) -> Iterator[Problem]:
    recorded: set[str] = set()
    try:
        for record in read_recorder(folder, key):
            audit.look()
            recorded.add(record.name)
            yield from _check_record(audit, record)
    except GraticuleError as fault:
        yield Problem(WHAT, folder.name, f"A part of it was changed. {fault.message}")
        return
    once = [name for name, places in _kept(audit).items() if recorded.isdisjoint(places)]
    if once:
        yield Problem(WHAT, folder.name, f"{len(once)} records stand in the store once, not twice. Opening the store mends this.")


def _check_record(audit: Audit, record: Record) -> Iterator[Problem]:
    if record.what == ENTRY:
        device, _, seq = record.name.partition("/")
        row = audit.database.one("SELECT line FROM entries WHERE device = ? AND seq = ?", (device, int(seq)))
        if row is None or bytes(row[0]) != record.data:
            yield Problem(WHAT, f"device {device[:13]}, entry {seq}",
                          "The store lacks this entry or holds another: it was set back, or entries were taken away.")
    elif not audit.blobs.has(record.name):
        yield Problem(WHAT, f"piece {record.name[:11]}",
                      "The store lacks this piece: it was set back, or pieces were taken away.")
    elif blob_id(decode_frame(record.data, limit=audit.blobs.size(record.name))) != record.name:
        yield Problem(WHAT, f"piece {record.name[:11]}", "This copy was changed: its content no longer gives its name.")


def _kept(audit: Audit) -> dict[str, set[str]]:
    """What must stand twice, and the names the recorder may have it under: several devices may have entered a version."""
    places = {row[0]: {row[0]} for row in audit.database.all("SELECT id FROM blobs")}
    for device, seq, ref in audit.database.all("SELECT device, seq, ref FROM entries WHERE kind = 'revision'"):
        places.setdefault(ref, set()).add(f"{device}/{seq}")
    return places
