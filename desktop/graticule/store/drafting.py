"""How a revision comes about: its header, its blobs, its row and its entry in the device log are written together."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from graticule.domain.acts import Act, Row
from graticule.domain.viewing import Effort
from graticule.records.ids import new_salt
from graticule.records.keys import SigningKey
from graticule.records.looks import encode_looks
from graticule.records.payload import Packed
from graticule.records.revision import (
    ATTEST,
    IMPORTED,
    JOURNAL_ROLE,
    LOOKS_ROLE,
    PUT,
    App,
    BlobRef,
    Header,
    ObjectRef,
    Slot,
    Work,
    attestation,
    task_id,
)
from graticule.store.assignments import Assignments
from graticule.store.blobs import Blobs
from graticule.store.clock import Clock
from graticule.store.database import Database
from graticule.store.device_log import DeviceLog
from graticule.store.identity import Reader
from graticule.store.journal import link_body
from graticule.store.protocols import Protocols
from graticule.store.reads import Read, Reads
from graticule.store.revisions import Revisions
from graticule.store.segment import encode_segment


class Drafting:
    """Every method works inside the caller's transaction."""

    def __init__(self, database: Database, blobs: Blobs, revisions: Revisions, reads: Reads, log: DeviceLog, protocols: Protocols,
                 assignments: Assignments, reader: Reader, clock: Clock, app: App) -> None:
        self._database = database
        self._blobs = blobs
        self._revisions = revisions
        self._reads = reads
        self._log = log
        self._protocols = protocols
        self._assignments = assignments
        self._reader = reader
        self._clock = clock
        self._app = app

    def put(self, read: Read, packed: Packed, effort: Effort, objects: Iterable[ObjectRef],
            image: Mapping[str, Any] | None = None) -> str:
        """A draft: the whole state, as a child of the version before it. image: doubts and measurements of what was labelled."""
        looks = self._looks(effort)
        header = self._header(read.case_id, PUT, packed, objects)
        parent = read.put or read.attest
        header = replace(header, parents=(parent,) if parent else (), blobs=(*header.blobs, *looks),
                         effort=Work(effort.opened, effort.active_ms, looks[0].id if looks else ""),
                         reason=read.reason if read.put is None else "", extra={"image": dict(image)} if image else {})
        self._store_blobs(packed)
        name = self._revisions.add(header, author=self._reader.name, version=read.version, acts=read.acts)
        self._log.append_revision(header)
        self._reads.change(read.case_id, put=name, put_acts=read.acts)
        return name

    def attest(self, read: Read, key: SigningKey, meaning: str) -> str:
        """The reader's signature over the saved version, whose blobs it names again beside the acts that led to it."""
        assert read.put is not None
        saved = self._revisions.header(read.put)
        hlc, wall = self._clock.stamp()
        header = replace(saved, op=ATTEST, parents=(read.put,), salt=new_salt(), hlc=hlc, wall=wall, device=self._log.device_id,
                         app=self._app, reason="", blobs=(*saved.blobs, *self._segment(read)))
        header = attestation(header, key, name=self._reader.name, meaning=meaning, time=wall)
        name = self._revisions.add(header, author=self._reader.name, version=read.version, acts=read.acts)
        self._log.append_revision(header)
        self._reads.change(read.case_id, attest=name, signed_acts=read.acts, correcting=False, reason="")
        return name

    def imported(self, case_id: str, packed: Packed, author: str) -> str:
        """Labels out of a file. They stay on this machine, where the log says that they came: they are nobody's read."""
        header = replace(self._header(case_id, PUT, packed, ()), source=IMPORTED)
        self._store_blobs(packed)
        name = self._revisions.add(header, author=author, version=1, acts=0)
        self._log.append_event("import", {"case": case_id, "revision": name}, header.project)
        return name

    def _header(self, case_id: str, op: str, packed: Packed, objects: Iterable[ObjectRef]) -> Header:
        protocol, document = self._protocols.current()
        assigned = self._assignments.of(case_id, protocol, self._reader.id)
        slot = Slot(task_id(protocol, case_id), self._reader.id, *((assigned.round, assigned.role) if assigned else ()))
        hlc, wall = self._clock.stamp()
        return Header(project=str(document.get("project", "")), case=case_id, protocol=protocol, slot=slot, op=op,
                      salt=new_salt(), payload=packed.id, blobs=packed.refs(), objects=tuple(objects), hlc=hlc, wall=wall,
                      device=self._log.device_id, app=self._app)

    def _store_blobs(self, packed: Packed) -> None:
        self._blobs.put(packed.payload)
        for data in packed.blobs.values():
            self._blobs.put(data)

    def _looks(self, effort: Effort) -> list[BlobRef]:
        if not effort.looks:
            return []
        data = encode_looks(effort.looks)
        return [BlobRef(self._blobs.put(data), LOOKS_ROLE, len(data))]

    def _segment(self, read: Read) -> list[BlobRef]:
        rows = self._database.all("SELECT seq, act, concerns, title, wall, edit FROM journal "
                                  "WHERE case_id = ? AND seq > ? AND seq <= ? ORDER BY seq",
                                  (read.case_id, read.signed_acts, read.acts))
        linked = ((link_body(read.case_id, Row(seq, Act(act), of, title), wall, edit), edit)
                  for seq, act, of, title, wall, edit in rows)
        return [BlobRef(self._blobs.put(piece), JOURNAL_ROLE, len(piece)) for piece in encode_segment(linked)]


def object_refs(objects: Iterable[ObjectRef | Mapping[str, str]]) -> tuple[ObjectRef, ...]:
    """[{role, sha256}] of the exact bytes that were read, as the header wants them."""
    return tuple(item if isinstance(item, ObjectRef) else ObjectRef(item["role"], item["sha256"].removeprefix("sha256:"))
                 for item in objects)


