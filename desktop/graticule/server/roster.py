"""Who is known here: readers and their devices, and what each device last said of itself."""

import hmac

from sqlalchemy import Connection, case, select, update

from graticule.records.chain import START
from graticule.records.keys import verify
from graticule.server.accept import KnownDevice
from graticule.server.auth import REPLAY_WINDOW_MS
from graticule.server.database import Database
from graticule.server.refusal import Refusal
from graticule.server.tables import contacts, devices, heads, readers
from graticule.sync.messages import DeskStatus, Enrolment, handover_statement


def known_device(connection: Connection, device: str) -> KnownDevice | None:
    query = select(devices, readers.c.public_key.label("reader_key")).join(readers, readers.c.id == devices.c.reader)
    row = connection.execute(query.where(devices.c.id == device)).one_or_none()
    return None if row is None else KnownDevice(row.id, row.reader, bytes(row.public_key), bytes(row.reader_key))


def enrol(connection: Connection, database: Database, enrolment: Enrolment, now_ms: int) -> bool:
    """Enter reader and device; saying the same twice is success. True when the device is new.

    Refusal 409 when the id of either is taken by somebody with another key. Proof and invitation are checked before.
    """
    reader, device = enrolment.reader, enrolment.device
    before = known_device(connection, device)
    connection.execute(
        database.insert_new(readers),
        {
            "id": reader.id,
            "name": reader.name,
            "specialty": reader.specialty,
            "public_key": reader.public_key,
            "since_ms": now_ms,
        },
    )
    connection.execute(
        database.insert_new(devices),
        {
            "id": device,
            "reader": reader.id,
            "name": enrolment.name,
            "public_key": enrolment.public_key,
            "parent": enrolment.parent,
            "since_ms": now_ms,
        },
    )
    connection.execute(database.insert_new(heads), {"device": device, "seq": 0, "hash": START})
    connection.execute(
        database.insert_new(contacts),
        {"device": device, "last_ms": now_ms, "outbox": 0, "app": enrolment.app, "clock_offset_ms": 0},
    )
    if known_device(connection, device) != KnownDevice(device, reader.id, enrolment.public_key, reader.public_key):
        raise Refusal(
            409,
            "taken",
            "The server knows this reader or this workstation with another key.",
            "Ask the study's administrator: somebody may have copied a store.",
        )
    return before is None


def check_enrolment(
    enrolment: Enrolment, server: str, invitation: str, parent: KnownDevice | None, now_ms: int, *, from_loopback: bool
) -> None:
    """Refusal when the device does not hold its key, or may not come in.

    May come in: from this very machine, with the invitation, or when `parent`, the device that hands over, says so.
    """
    if enrolment.server != server or not verify(enrolment.public_key, enrolment.proof, enrolment.statement()):
        raise Refusal(403, "unproved", "The workstation did not prove who it is.", "Try again; if it stays so, update Graticule.")
    invited = hmac.compare_digest(_letters(enrolment.invitation), _letters(invitation))
    if not (from_loopback or invited or _handed_over(enrolment, parent, now_ms)):
        raise Refusal(
            403,
            "invitation",
            "The server does not know this workstation yet.",
            "Enter the invitation code that the study's administrator can read on the server.",
        )


def _handed_over(enrolment: Enrolment, parent: KnownDevice | None, now_ms: int) -> bool:
    word, reader = enrolment.handover, enrolment.reader
    if word is None or parent is None or (parent.reader, parent.reader_key) != (reader.id, reader.public_key):
        return False
    statement = handover_statement(enrolment.server, parent.id, reader.id, word.time_ms)
    fresh = abs(now_ms - word.time_ms) <= REPLAY_WINDOW_MS
    return fresh and word.parent == parent.id and verify(parent.public_key, word.signature, statement)


def note_contact(connection: Connection, device: str, status: DeskStatus, now_ms: int) -> None:
    connection.execute(
        update(contacts)
        .where(contacts.c.device == device)
        .values(last_ms=now_ms, outbox=status.outbox, app=status.app, clock_offset_ms=status.clock_offset_ms)
    )


def note_arrival(connection: Connection, device: str, many: int, now_ms: int) -> None:
    """So many of the entries that the device had waiting are here now."""
    left = case((contacts.c.outbox > many, contacts.c.outbox - many), else_=0)
    connection.execute(update(contacts).where(contacts.c.device == device).values(last_ms=now_ms, outbox=left))


def _letters(code: str) -> bytes:
    return "".join(letter for letter in code.upper() if letter.isascii() and letter.isalnum()).encode()
