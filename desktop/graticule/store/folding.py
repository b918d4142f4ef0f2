"""The labels of a case: the last checkpoint and every act after it. The journal is the truth; checkpoints only save time."""

import struct
from collections.abc import Iterator

from graticule.domain.edits import apply
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.records.edits import decode_edit
from graticule.records.frames import LARGEST_BLOB, decode_frame, encode_frame
from graticule.records.ids import blob_id
from graticule.records.payload import FIELDS, decode_labels, encode_labels, read_payload
from graticule.store.blobs import Blobs
from graticule.store.database import Database
from graticule.store.reads import Read, Shape

_LENGTH = struct.Struct("<Q")
_LARGEST_STATE = 16 * LARGEST_BLOB
_ROWS_AT_ONCE = 200


def fold(database: Database, read: Read, shape: Shape | None, upto: int | None = None) -> Labels:
    """The labels that the first `upto` acts (all of them by default) lead to.

    A damaged checkpoint is passed over. GraticuleError when the acts themselves do not fit each other.
    """
    last = read.acts if upto is None else upto
    labels, acts = _from_checkpoint(database, read, shape, last) or (Labels(shape), 0)
    try:
        _apply(database, read.case_id, labels, acts, last)
    except GraticuleError:
        if not acts:
            raise
        labels = Labels(shape)
        _apply(database, read.case_id, labels, 0, last)
    _keep_foreign_fields(database, read, labels)
    return labels


def pack_state(labels: Labels) -> bytes:
    """A checkpoint's bytes: a compressed frame round the payload and the slices it names, each behind its length."""
    packed = encode_labels(labels, None)
    return encode_frame(b"".join(_LENGTH.pack(len(part)) + part for part in (packed.payload, *packed.blobs.values())), level=1)


def unpack_state(state: bytes, shape: Shape | None) -> Labels:
    payload, *slices = _parts(decode_frame(state, limit=_LARGEST_STATE))
    named = {blob_id(part): part for part in slices}
    return decode_labels(payload, named.__getitem__, shape)


def _from_checkpoint(database: Database, read: Read, shape: Shape | None, last: int) -> tuple[Labels, int] | None:
    row = database.one("SELECT acts, state FROM checkpoints WHERE case_id = ? AND acts <= ?", (read.case_id, last))
    if row is None:
        return None
    try:
        return unpack_state(row[1], shape), int(row[0])
    except (GraticuleError, KeyError, ValueError):
        if shape is not None and shape != read.shape:
            raise
        return None


def _apply(database: Database, case_id: str, labels: Labels, acts: int, last: int) -> None:
    for seq, edit in _edits(database, case_id, acts, last):
        acts += 1
        try:
            if seq != acts:
                raise GraticuleError(f"Act {acts} is missing.")
            apply(labels, decode_edit(edit))
        except GraticuleError as fault:
            raise GraticuleError(f"The labels of this case cannot be rebuilt: act {acts} does not fit the ones before it.",
                                 "Nothing was changed. Run “graticule verify” on this store and ask for help.") from fault
    if acts != last:
        raise GraticuleError(f"The labels of this case cannot be rebuilt: acts after number {acts} are missing.",
                             "Nothing was changed. Run “graticule verify” on this store and ask for help.")


def _edits(database: Database, case_id: str, after: int, last: int) -> Iterator[tuple[int, bytes]]:
    while after < last:
        rows = database.all("SELECT seq, edit FROM journal WHERE case_id = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?",
                            (case_id, after, last, _ROWS_AT_ONCE))
        if not rows:
            return
        yield from rows
        after = int(rows[-1][0])


def _keep_foreign_fields(database: Database, read: Read, labels: Labels) -> None:
    """What a newer version wrote beside elements and voxels stands only in saved versions; it must outlive this client."""
    newest = read.put or read.attest
    row = database.one("SELECT payload FROM revisions WHERE id = ?", (newest,)) if newest else None
    if row is not None:
        document = read_payload(Blobs(database).get(row[0]))
        labels.extra = {name: value for name, value in document.items() if name not in FIELDS}


def _parts(raw: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(raw):
        (length,) = _LENGTH.unpack_from(raw, at)
        at += _LENGTH.size
        yield raw[at:at + length]
        at += length
