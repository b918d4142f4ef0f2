"""The labels of this store's reader: opened from the journal, saved as drafts, finished, signed, corrected."""

import json
import logging
import weakref
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from graticule.domain.case import State
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.labels import Labels
from graticule.domain.viewing import Effort
from graticule.records.payload import Known, Packed, decode_labels, encode_labels, payload_grid
from graticule.records.revision import IMPORTED, ObjectRef
from graticule.store.blobs import Blobs
from graticule.store.case_index import CaseIndex
from graticule.store.checkpoints import Checkpoints
from graticule.store.clock import Clock
from graticule.store.database import Database
from graticule.store.device_log import DeviceLog
from graticule.store.drafting import Drafting, object_refs
from graticule.store.folding import fold
from graticule.store.identity import signing_key
from graticule.store.journal import CaseJournal
from graticule.store.reads import Read, Reads, Shape
from graticule.store.revisions import RevisionRow, Revisions
from graticule.store.second_copy import SecondCopy

log = logging.getLogger("graticule.store")

Objects = Sequence[ObjectRef | Mapping[str, str]]


@dataclass(frozen=True, eq=False)
class OpenedLabels:
    """labels: as the journal leads to them. locked: signed, and not reopened. version: 1, then one more for each correction."""

    labels: Labels
    journal: CaseJournal
    locked: bool
    version: int


class LabelStore:
    """Methods may be called from any thread, one at a time each case."""

    def __init__(self, database: Database, cases: CaseIndex, blobs: Blobs, revisions: Revisions, reads: Reads,
                 device_log: DeviceLog, drafting: Drafting, checkpoints: Checkpoints, second_copy: SecondCopy,
                 clock: Clock) -> None:
        self._database = database
        self._cases = cases
        self._blobs = blobs
        self._revisions = revisions
        self._reads = reads
        self._log = device_log
        self._drafting = drafting
        self._checkpoints = checkpoints
        self._second_copy = second_copy
        self._clock = clock
        # What `save` wrote last of a case, as long as its labels are open: a stroke is then saved as the slices it touched.
        self._written: dict[str, tuple[weakref.ref[Labels], Known]] = {}

    def open(self, case_id: str, grid_shape: Shape | None) -> OpenedLabels:
        """The labels of a case and the journal that every further act goes to. grid_shape: (k, j, i) of its voxels, if any."""
        self._cases.get(case_id)
        read = self._reads.get(case_id)
        if grid_shape is not None and read.shape is not None and grid_shape != read.shape:
            raise GraticuleError("The image has another size than the one this case was labelled on.",
                                 "Its files were changed or replaced. Import them again; the labels are kept.")
        labels = fold(self._database, read, grid_shape or read.shape)
        self._checkpoints.opened(case_id)
        journal = CaseJournal(self._database, self._reads, self._clock, case_id, grid_shape, self._checkpoints.told)
        return OpenedLabels(labels, journal, read.locked, read.version)

    def save(self, case_id: str, labels: Labels, grid: Grid | None, effort: Effort, objects: Objects) -> str | None:
        """Make what the acts led to a version that travels as a backup; its id, or None when nothing changed since the last.

        labels: the open case's, with nothing staged. On disk twice when this returns. objects: hashes of what was read.
        """
        read = self._reads.get(case_id)
        if read.locked:
            return None
        refs = object_refs(objects)
        if read.acts == read.put_acts:
            self._remember(case_id, grid, effort, refs)
            return None
        packed = encode_labels(labels, grid, self._written_before(case_id, labels))
        with self._database.transaction():
            self._remember(case_id, grid, effort, refs)
            if self._reads.get(case_id) != read:
                raise GraticuleError("This case was changed while it was saved.",
                                     "Nothing is lost: every act is kept. Save again.")
            if self._holds(read, packed):
                self._reads.change(case_id, put_acts=read.acts)
                self._written[case_id] = weakref.ref(labels), packed.written
                return None
            name = self._drafting.put(read, packed, effort, refs, self._image(case_id))
            self._second_copy.note()
        self._written[case_id] = weakref.ref(labels), packed.written
        self._second_copy.catch_up()
        log.info("saved after %d acts, %d slices", read.acts, len(packed.blobs))
        return name

    def _written_before(self, case_id: str, labels: Labels) -> Known:
        """The slices of these very labels whose bytes are in this store; none of any others, however alike."""
        held, written = self._written.get(case_id, (None, None))
        return written if held is not None and held() is labels and written is not None else {}

    def finish(self, case_id: str, finished: bool) -> None:
        """Mark the case as ready to be signed, or as not."""
        with self._database.transaction():
            self._cases.get(case_id)
            self._reads.get(case_id).refuse_if_locked()
            self._reads.change(case_id, finished=finished)

    def states(self) -> dict[str, State]:
        """The state of every case of the store."""
        return self._reads.states(self._log.device_id)

    def sign(self, case_ids: Iterable[str], password: str, meaning: str) -> list[str]:
        """Sign and lock the reads of these cases, all or none; ids of the signatures, in the same order.

        GraticuleError, and nothing signed, when the password is not right or one of them is signed already.
        """
        wanted = list(dict.fromkeys(case_ids))
        key = signing_key(self._database, password)
        prepared = [(self._signable(case_id), self._packed(case_id)) for case_id in wanted]
        with self._database.transaction():
            signed = []
            for read, packed in prepared:
                if self._reads.get(read.case_id) != read:
                    raise GraticuleError("A case was changed while it was signed.",
                                         "Nothing was signed. Look at it, then sign again.")
                if not self._holds(read, packed):
                    context = self._reads.saved_with(read.case_id)
                    effort = Effort(context.get("opened", ""), context.get("active_ms", 0))
                    self._drafting.put(read, packed, effort, object_refs(context.get("objects", ())),
                                       self._image(read.case_id))
                signed.append(self._drafting.attest(self._reads.get(read.case_id), key, meaning))
            self._second_copy.note()
        self._second_copy.catch_up()
        log.info("signed %d reads", len(signed))
        return signed

    def correct(self, case_id: str, reason: str) -> None:
        """Reopen a signed read as a new version; the signature stays on the old one."""
        with self._database.transaction():
            read = self._reads.get(case_id)
            if not read.locked:
                raise GraticuleError("This read is not signed, so it can be changed as it is.")
            if not reason.strip():
                raise GraticuleError("A correction needs a reason.", "Choose one from the list.")
            self._reads.change(case_id, correcting=True, finished=False, version=read.version + 1, reason=reason.strip(),
                               put=None)

    def revisions(self, case_id: str) -> list[RevisionRow]:
        """The reader's own versions of a case, oldest first."""
        return self._revisions.of(case_id)

    def load(self, revision_id: str) -> Labels:
        """The labels of a version, the reader's or imported."""
        return decode_labels(self._blobs.get(self._revisions.payload(revision_id)), self._blobs.get)

    def import_labels(self, case_id: str, labels: Labels, grid: Grid | None, author: str) -> str | None:
        """Keep labels out of a file beside the case; their id, or None when the same are there already. Never counted as a read.

        author: what they came from, in a word ("dicom-seg", "atr").
        """
        self._cases.get(case_id)
        packed = encode_labels(labels, grid)
        with self._database.transaction():
            if self._revisions.with_payload(case_id, packed.id, source=IMPORTED):
                return None
            name = self._drafting.imported(case_id, packed, author)
            self._second_copy.note()
        self._second_copy.catch_up()
        return name

    def imported(self, case_id: str) -> list[RevisionRow]:
        """Labels of a case that came out of files, oldest first."""
        return self._revisions.of(case_id, source=IMPORTED)

    def _signable(self, case_id: str) -> Read:
        self._cases.get(case_id)
        read = self._reads.get(case_id)
        if read.locked:
            raise GraticuleError("One of these reads is signed already.", "Nothing was signed. Take it off the list.")
        return read

    def _packed(self, case_id: str) -> Packed:
        """The case as its journal has it: what is signed is what the acts led to, whatever a draft may say."""
        read = self._reads.get(case_id)
        labels = fold(self._database, read, read.shape)
        grid = self._grid(read)
        if grid is None and any(group.box is not None for group in labels.groups.values()):
            raise GraticuleError("Where this case's voxels lie in the patient is not known here.",
                                 "Open the case once, then sign it.")
        return encode_labels(labels, grid)

    def _grid(self, read: Read) -> Grid | None:
        known = self._reads.saved_with(read.case_id).get("grid")
        if known:
            levels = np.array(known["levels"]) if known.get("levels") else None
            return Grid(tuple(known["shape"]), np.array(known["affine"]), levels=levels)
        saved = read.put or read.attest
        return payload_grid(self._blobs.get(self._revisions.payload(saved))) if saved else None

    def _image(self, case_id: str) -> dict[str, Any]:
        """What was doubtful about the image and measured on it when it was labelled: evidence beside the labels."""
        facts = self._cases.get(case_id).facts
        return {name: facts[name] for name in ("doubts", "signs", "interpretation", "alternatives") if facts.get(name)}

    def _holds(self, read: Read, packed: Packed) -> bool:
        return read.put is not None and self._revisions.payload(read.put) == packed.id

    def _remember(self, case_id: str, grid: Grid | None, effort: Effort, objects: tuple[ObjectRef, ...]) -> None:
        known = self._reads.saved_with(case_id)
        now: dict[str, Any] = {"opened": effort.opened, "active_ms": effort.active_ms}
        now["grid"] = _grid_note(grid) if grid else known.get("grid")
        now["objects"] = [{"role": item.role, "sha256": item.sha256} for item in objects] or known.get("objects", [])
        if now != known:
            with self._database.transaction():
                self._cases.get(case_id)
                self._reads.change(case_id, saved_with=json.loads(json.dumps(now)))


def _grid_note(grid: Grid) -> dict[str, Any]:
    note: dict[str, Any] = {"shape": list(grid.shape), "affine": grid.affine.tolist()}
    return note if grid.levels is None else note | {"levels": grid.levels.tolist()}
