"""Everything the server keeps, on SQLite or PostgreSQL by the same code. Knows no HTTP."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select

from graticule.server import blob_shelf, fleet, release, roster
from graticule.server.accept import KnownDevice, judge
from graticule.server.assign import assign, assignments_of
from graticule.server.database import Database
from graticule.server.identity import load_identity
from graticule.server.intake import BlobRow, Intake, Taken
from graticule.server.log import log_head, recomputed_head, signed_checkpoint
from graticule.server.tables import entries, heads
from graticule.study.assignment import Assignment
from graticule.sync.messages import (
    Behind,
    Broken,
    Cursor,
    DeskStatus,
    Enrolment,
    FleetRow,
    Fork,
    Head,
    Hello,
    Limits,
    LogHead,
    PullPage,
    PushRequest,
    Receipt,
    sign_receipt,
)

MOST_WANTED = 2000


class CentralStore:
    """The server's memory. Every method is one transaction and may be called from any thread, and twice.

    url: `sqlite:///file.db`, `sqlite://` (in memory, for tests) or `postgresql://…`. data_dir: holds the server's key.
    """

    def __init__(self, url: str, data_dir: Path, clock_ms: Callable[[], int], limits: Limits = Limits()) -> None:  # noqa: B008
        self.database = Database(url)
        self.database.create_tables()
        self.identity = load_identity(self.database, data_dir)
        self.limits, self.clock_ms = limits, clock_ms

    def device(self, device: str) -> KnownDevice | None:
        with self.database.read() as connection:
            return roster.known_device(connection, device)

    def enrol(self, enrolment: Enrolment, *, from_loopback: bool) -> bool:
        """True when the device is new here; Refusal when it may not come in."""
        parent = self.device(enrolment.handover.parent) if enrolment.handover else None
        roster.check_enrolment(
            enrolment, self.identity.server, self.identity.invitation, parent, self.clock_ms(), from_loopback=from_loopback
        )
        with self.database.write() as connection:
            return roster.enrol(connection, self.database, enrolment, self.clock_ms())

    def hello(self, device: KnownDevice | None, status: DeskStatus) -> Hello:
        """Who is here; for an enrolled device also where its log ends, and what never came."""
        me = self.identity
        known = Hello(me.server, me.timeline, me.key.public, self.clock_ms(), limits=self.limits)
        if device is None:
            return known
        with self.database.write() as connection:
            roster.note_contact(connection, device.id, status, self.clock_ms())
        with self.database.read() as connection:
            row = connection.execute(select(heads).where(heads.c.device == device.id)).one()
            return Hello(
                me.server,
                me.timeline,
                me.key.public,
                known.time_ms,
                limits=self.limits,
                head=Head(row.seq, row.hash),
                projects=release.own_logs(connection, device.reader),
                held=fleet.held_count(connection, device.reader),
                wanted=blob_shelf.wanted_blobs(connection, device.reader, MOST_WANTED),
            )

    def missing(self, ids: Iterable[str]) -> list[str]:
        with self.database.read() as connection:
            return blob_shelf.missing_blobs(connection, ids)

    def put_blob(self, device: KnownDevice, blob: BlobRow) -> bool:
        """True when it is new here."""
        with self.database.write() as connection:
            new = bool(blob_shelf.missing_blobs(connection, [blob.id]))
            Intake(connection, self.database, device, self.clock_ms()).shelve([blob])
            return new

    def push(self, device: KnownDevice, request: PushRequest, request_sha256: str) -> Receipt | Behind | Fork:
        """Take in a push. The receipt is signed after the commit: what it names is on disk."""
        judged, broken = judge(request.lines, request.base, device)
        arrived = blob_shelf.proven_lines(request.blobs)
        with self.database.write() as connection:
            intake = Intake(connection, self.database, device, self.clock_ms())
            taken = intake.take(request.base, judged, arrived)
            if isinstance(taken, Taken):
                roster.note_arrival(connection, device.id, taken.fresh, self.clock_ms())
            if broken and isinstance(taken, Taken):
                line = request.lines[broken.seq - request.base.seq - 1]
                intake.keep_damaged(hashlib.sha256(line).hexdigest(), broken.seq, broken.why, line)
        return self._receipt(device, taken, broken, request_sha256) if isinstance(taken, Taken) else taken

    def pull(self, device: KnownDevice, cursor: Cursor) -> PullPage:
        with self.database.read() as connection:
            return release.page(connection, device.reader, cursor)

    def fleet(self) -> list[FleetRow]:
        with self.database.read() as connection:
            return fleet.fleet(connection)

    def readers(self) -> list[dict[str, Any]]:
        with self.database.read() as connection:
            return fleet.reader_rows(connection)

    def devices(self) -> list[dict[str, Any]]:
        with self.database.read() as connection:
            return fleet.device_rows(connection)

    @property
    def invitation(self) -> str:
        """What the first contact from another machine must bring."""
        return self.identity.invitation

    def assign(self, given: Sequence[Assignment], *, is_open: bool = True) -> None:
        with self.database.write() as connection:
            for assignment in given:
                assign(connection, self.database, assignment, is_open=is_open)

    def assignments(self, reader: str, project: str) -> list[Assignment]:
        with self.database.read() as connection:
            return assignments_of(connection, reader, project)

    def checkpoint(self, project: str) -> dict[str, Any]:
        with self.database.read() as connection:
            head = log_head(connection, project)
        return signed_checkpoint(self.identity.server, self.identity.timeline, head, self.clock_ms(), self.identity.key)

    def recomputed(self, project: str) -> LogHead:
        """The log's head computed again from the stored lines, for checks."""
        with self.database.read() as connection:
            return recomputed_head(connection, project)

    def blob(self, blob: str) -> bytes | None:
        with self.database.read() as connection:
            return blob_shelf.read_blob(connection, blob)

    def lines(self, device: str) -> list[bytes]:
        """A device's log as it was received."""
        with self.database.read() as connection:
            query = select(entries.c.line).where(entries.c.device == device).order_by(entries.c.seq)
            return [bytes(line) for line in connection.execute(query).scalars()]

    def close(self) -> None:
        self.database.close()

    def _receipt(self, device: KnownDevice, taken: Taken, broken: Broken | None, request_sha256: str) -> Receipt:
        me = self.identity
        receipt = Receipt(
            me.server,
            me.timeline,
            device.id,
            request_sha256,
            taken.head,
            self.clock_ms(),
            tuple(taken.results),
            tuple(taken.need_blobs),
            tuple(taken.logs),
            broken,
        )
        return sign_receipt(receipt, me.key.sign)
