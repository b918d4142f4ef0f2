"""Taking in judged entries: one transaction, each thing exactly once, positions given under a lock held to commit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Connection, delete, select, update

from graticule.records.merkle import Frontier, leaf_hash
from graticule.server.accept import Judged, KnownDevice
from graticule.server.assign import closed_assignments
from graticule.server.database import Database
from graticule.server.log import lock_log, write_log
from graticule.server.tables import blobs, damaged, entries, heads, records, wanted
from graticule.sync.messages import Behind, Fork, Head, LogHead, Result
from graticule.sync.messages.receipt import DUPLICATE, INCOMPLETE, LATE, QUARANTINED, STORED, WAITING


@dataclass(frozen=True, slots=True)
class BlobRow:
    """A blob whose id was proven. frame: as it is stored; size: of its canonical bytes."""

    id: str
    size: int
    frame: bytes


@dataclass(slots=True)
class Taken:
    """What one push brought about. fresh: entries that lay after the device's head."""

    head: Head
    fresh: int
    results: list[Result] = field(default_factory=list)
    need_blobs: list[str] = field(default_factory=list)
    logs: list[LogHead] = field(default_factory=list)


@dataclass(slots=True)
class Survey:
    """What the store holds of the things a push names, read once under the locks and kept up to date while they are admitted.

    places: identity → (project, position). late: numbers of entries whose assignment was closed meanwhile.
    """

    places: dict[str, tuple[str, int]]
    blobs: set[str]
    parents: set[str]
    late: set[int]


class Intake:
    """One push of one device inside one write transaction."""

    def __init__(self, connection: Connection, database: Database, device: KnownDevice, now_ms: int) -> None:
        self._connection, self._database, self._device, self._now_ms = connection, database, device, now_ms

    def take(self, base: Head, judged: Sequence[Judged], arrived: Sequence[BlobRow]) -> Taken | Behind | Fork:
        """Everything after this device's head. What lies before it must be the same as what is held, and answers as duplicate."""
        head = self._lock_head()
        if base.seq > head.seq:
            return Behind(head)
        common = self._common(base, judged, head)
        if common is not None:
            return Fork(common)
        self.shelve(arrived)
        fresh = [item for item in judged if item.seq > head.seq]
        trees = {
            project: lock_log(self._connection, self._database, project) for project in sorted({item.project for item in fresh})
        }
        survey = self._survey(judged)
        taken = Taken(Head(fresh[-1].seq, fresh[-1].hash) if fresh else head, len(fresh))
        taken.need_blobs = [
            blob for blob in dict.fromkeys(blob for item in judged for blob in item.blobs) if blob not in survey.blobs
        ]
        self._insert(entries, [self._entry_row(item) for item in fresh])
        news = [row for item in judged if (row := self._admit(item, survey, trees, taken))]
        self._insert(records, news)
        self._insert(wanted, [row for item in fresh for row in self._wanted_rows(item, survey)])
        taken.logs = [
            write_log(self._connection, self._database, name, trees[name]) for name in sorted({row["project"] for row in news})
        ]
        self._advance(taken.head, bool(fresh))
        return taken

    def shelve(self, arrived: Sequence[BlobRow]) -> None:
        """Keep blobs (one already here stays as it is) and cross them off the list of wanted ones."""
        self._insert(
            blobs, [{"id": blob.id, "size": blob.size, "frame": blob.frame, "received_ms": self._now_ms} for blob in arrived]
        )
        if arrived:
            self._connection.execute(delete(wanted).where(wanted.c.blob.in_([blob.id for blob in arrived])))

    def keep_damaged(self, digest: str, seq: int, why: str, line: bytes) -> None:
        self._insert(
            damaged,
            [{"digest": digest, "device": self._device.id, "seq": seq, "why": why, "line": line, "received_ms": self._now_ms}],
        )

    def _lock_head(self) -> Head:
        # The row lock: a second push of the same device waits here and then sees the new head.
        row = self._connection.execute(select(heads).where(heads.c.device == self._device.id).with_for_update()).one()
        return Head(row.seq, row.hash)

    def _common(self, base: Head, judged: Sequence[Judged], head: Head) -> int | None:
        """None when the sender's log is the one held here, else the last entry known to be shared."""
        claimed = {item.seq: item.hash for item in judged if item.seq <= head.seq}
        if base.seq:
            claimed[base.seq] = base.hash
        if not claimed:
            return None
        rows = self._connection.execute(
            select(entries.c.seq, entries.c.hash).where(entries.c.device == self._device.id, entries.c.seq.in_(claimed))
        )
        held = {row.seq: row.hash for row in rows}
        wrong = [seq for seq, claim in claimed.items() if held.get(seq) != claim]
        return max((seq for seq in claimed if seq < min(wrong)), default=0) if wrong else None

    def _survey(self, judged: Sequence[Judged]) -> Survey:
        """Read after the logs are locked: from here on nobody else can bring the same content."""
        rows = self._connection.execute(
            select(records.c.identity, records.c.project, records.c.position).where(
                records.c.identity.in_({item.identity for item in judged})
            )
        )
        return Survey(
            {row.identity: (row.project, row.position) for row in rows},
            self._present(blobs.c.id, (blob for item in judged for blob in item.blobs)),
            self._present(records.c.identity, (parent for item in judged for parent in item.parents)),
            closed_assignments(self._connection, self._device.reader, judged),
        )

    def _admit(self, item: Judged, survey: Survey, trees: dict[str, Frontier], taken: Taken) -> dict[str, Any] | None:
        """Add the entry's result; its row when it brings something new."""
        place, row, result = survey.places.get(item.identity), None, DUPLICATE
        if place is None:
            tree = trees[item.project]
            place = survey.places[item.identity] = (item.project, tree.size)
            result = _result(item, survey)
            tree.append(leaf_hash(item.line))
            survey.parents.add(item.identity)
            row = self._record_row(item, place, result)
        taken.results.append(Result(item.seq, item.hash, item.ref, result, *place, item.held))
        return row

    def _record_row(self, item: Judged, place: tuple[str, int], result: str) -> dict[str, Any]:
        state = result if result in (QUARANTINED, LATE) else STORED
        return {
            "identity": item.identity,
            "project": place[0],
            "position": place[1],
            "device": self._device.id,
            "seq": item.seq,
            "reader": self._device.reader,
            "kind": item.kind,
            "op": item.op,
            "case_id": item.case,
            "task": item.task,
            "round": item.round,
            "state": state,
            "why": item.held,
        }

    def _entry_row(self, item: Judged) -> dict[str, Any]:
        return {
            "device": self._device.id,
            "seq": item.seq,
            "hash": item.hash,
            "identity": item.identity,
            "line": item.line,
            "received_ms": self._now_ms,
        }

    def _wanted_rows(self, item: Judged, survey: Survey) -> list[dict[str, Any]]:
        return [
            {"identity": item.identity, "blob": blob, "reader": self._device.reader}
            for blob in item.blobs
            if blob not in survey.blobs
        ]

    def _present(self, column: Column[str], ids: Iterable[str]) -> set[str]:
        """Which of the ids a table holds, asked in portions that either database takes."""
        asked, found = sorted(set(ids)), set[str]()
        for start in range(0, len(asked), 5000):
            found.update(self._connection.execute(select(column).where(column.in_(asked[start : start + 5000]))).scalars())
        return found

    def _insert(self, table: Any, rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(self._database.insert_new(table), rows)

    def _advance(self, head: Head, moved: bool) -> None:
        if moved:
            self._connection.execute(update(heads).where(heads.c.device == self._device.id).values(seq=head.seq, hash=head.hash))


def _result(item: Judged, survey: Survey) -> str:
    if item.held:
        return QUARANTINED
    if item.seq in survey.late:
        return LATE
    if any(blob not in survey.blobs for blob in item.blobs):
        return INCOMPLETE
    return WAITING if any(parent not in survey.parents for parent in item.parents) else STORED
