"""Is the device log one unbroken, signed chain that carries every version once?"""

from collections.abc import Iterator

from graticule.domain.errors import GraticuleError
from graticule.records.chain import START
from graticule.records.entry import EVENT, REVISION, Entry, check_entry, read_entry
from graticule.store.audit import Audit, Problem

WHAT = "Device log"


def check_log(audit: Audit) -> Iterator[Problem]:
    devices = audit.database.all("SELECT id, public_key FROM devices ORDER BY number")
    carried: set[str] = set()
    for device, public_key in devices:
        carried = set()
        yield from _check_chain(audit, device, public_key, carried)
        yield from _check_acknowledged(audit, device)
    for kept in audit.revisions.values():
        if kept.id not in carried:
            yield Problem(WHAT, audit.version(kept), "The log does not carry it, so it would never be sent." if not kept.source
                          else "The log does not say that these labels were imported.")


def _check_chain(audit: Audit, device: str, public_key: bytes, carried: set[str]) -> Iterator[Problem]:
    prev, last = START, 0
    rows = audit.database.all("SELECT seq, kind, ref, hash, line FROM entries WHERE device = ? ORDER BY seq", (device,))
    for seq, kind, ref, stored, line in rows:
        audit.look()
        where = _where(audit, device, seq, kind, ref)
        if seq != last + 1:
            yield Problem(WHAT, where, f"Entries {last + 1} to {seq - 1} are missing.")
        fault = check_entry(line, public_key)
        if fault:
            yield Problem(WHAT, where, fault)
        else:
            entry = read_entry(line)
            if entry.prev != prev:
                yield Problem(WHAT, where, "It does not follow the entry before it.")
            if (entry.device, entry.seq, entry.kind, entry.ref, entry.hash) != (device, seq, kind, ref, stored):
                yield Problem(WHAT, where, "It is listed under another place or name than its own.")
            yield from _check_content(audit, where, entry, carried)
        prev, last = stored, seq


def _check_content(audit: Audit, where: str, entry: Entry, carried: set[str]) -> Iterator[Problem]:
    if entry.kind == REVISION:
        kept = audit.revisions.get(entry.ref)
        if kept is None or kept.data != entry.body:
            yield Problem(WHAT, where, "The version it carries is missing or differs from the saved one.")
        carried.add(entry.ref)
        return
    try:
        event = entry.event()
    except GraticuleError as fault:
        yield Problem(WHAT, where, str(fault))
        return
    if entry.kind == EVENT and event.event == "import":
        carried.add(str(event.data.get("revision", "")))
    if entry.kind == EVENT and event.event == "rehome":
        # Imports stand in the log of the device that made them; going on as a new one does not repeat events.
        carried.update(kept.id for kept in audit.revisions.values() if kept.source)


def _check_acknowledged(audit: Audit, device: str) -> Iterator[Problem]:
    row = audit.database.one("SELECT acknowledged, acknowledged_hash FROM sync_state WHERE device = ?", (device,))
    if row is None or not row[0] or not row[1]:
        return
    known = audit.database.one("SELECT hash FROM entries WHERE device = ? AND seq = ?", (device, row[0]))
    if known is None or known[0] != row[1]:
        yield Problem(WHAT, f"device {device[:13]}, entry {row[0]}",
                      "The server has another entry in this place, or this store lost its own.")


def _where(audit: Audit, device: str, seq: int, kind: str, ref: str) -> str:
    kept = audit.revisions.get(ref) if kind == REVISION else None
    return f"device {device[:13]}, entry {seq}" + (f", {audit.version(kept)}" if kept else "")
