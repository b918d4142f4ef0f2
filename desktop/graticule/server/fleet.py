"""What the server can tell of readers and devices: contact and counts, never what a label says."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from graticule.records.entry import REVISION
from graticule.records.revision import ATTEST, PUT
from graticule.server.tables import contacts, devices, heads, readers, records
from graticule.sync.messages import FleetRow
from graticule.sync.messages.receipt import QUARANTINED


def fleet(connection: Connection) -> list[FleetRow]:
    """Every enrolled device, the longest known first."""
    counts = _counts(connection, records.c.device)
    query = (
        select(devices, readers.c.name.label("reader_name"), heads.c.seq, contacts)
        .join(readers, readers.c.id == devices.c.reader)
        .join(heads, heads.c.device == devices.c.id)
        .join(contacts, contacts.c.device == devices.c.id)
        .order_by(devices.c.since_ms, devices.c.id)
    )
    return [
        FleetRow(
            device=row.id,
            name=row.name,
            reader=row.reader,
            reader_name=row.reader_name,
            seq=row.seq,
            outbox=row.outbox,
            last_contact_ms=row.last_ms,
            app=row.app,
            clock_offset_ms=row.clock_offset_ms,
            parent=row.parent,
            **counts.get(row.id, _NOTHING),
        )
        for row in connection.execute(query)
    ]


def device_rows(connection: Connection) -> list[dict[str, Any]]:
    """The fleet as rows for people: times as RFC 3339."""
    return [{**row.as_json(), "last_contact": when(row.last_contact_ms)} for row in fleet(connection)]


def when(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")


def reader_rows(connection: Connection) -> list[dict[str, Any]]:
    """Every reader: id, name, specialty, devices, last contact, signed reads, draft versions, entries held."""
    counts = _counts(connection, records.c.reader)
    query = (
        select(
            readers.c.id,
            readers.c.name,
            readers.c.specialty,
            func.count(devices.c.id).label("devices"),
            func.max(contacts.c.last_ms).label("last_ms"),
        )
        .join(devices, devices.c.reader == readers.c.id)
        .join(contacts, contacts.c.device == devices.c.id)
        .group_by(readers.c.id, readers.c.name, readers.c.specialty, readers.c.since_ms)
        .order_by(readers.c.since_ms, readers.c.id)
    )
    return [
        {
            "reader": row.id,
            "name": row.name,
            "specialty": row.specialty,
            "devices": row.devices,
            "last_contact_ms": row.last_ms,
            "last_contact": when(row.last_ms),
            **counts.get(row.id, _NOTHING),
        }
        for row in connection.execute(query)
    ]


def held_count(connection: Connection, reader: str) -> int:
    """Entries of a reader that are kept aside."""
    query = select(func.count()).select_from(records).where(records.c.reader == reader, records.c.state == QUARANTINED)
    return int(connection.execute(query).scalar_one())


_NOTHING = {"signed": 0, "drafts": 0, "held": 0}


def _counts(connection: Connection, by: Any) -> dict[str, dict[str, int]]:
    """{id: {signed, drafts, held}}. Imported labels are drafts like any other put: they are never signed as a read."""
    query = select(by.label("of"), records.c.kind, records.c.op, records.c.state, func.count().label("many")).group_by(
        by, records.c.kind, records.c.op, records.c.state
    )
    counts: dict[str, dict[str, int]] = {}
    for row in connection.execute(query):
        mine = counts.setdefault(row.of, dict(_NOTHING))
        if row.state == QUARANTINED:
            mine["held"] += row.many
        elif row.kind == REVISION and row.op in (ATTEST, PUT):
            mine["signed" if row.op == ATTEST else "drafts"] += row.many
    return counts
