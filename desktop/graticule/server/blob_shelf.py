"""Blobs on the server: proven by hash on arrival, kept as one compressed frame, never changed."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from graticule.domain.errors import GraticuleError
from graticule.records.frames import LARGEST_BLOB, decode_frame, encode_frame
from graticule.records.ids import blob_id
from graticule.server.intake import BlobRow
from graticule.server.refusal import Refusal
from graticule.server.tables import blobs, wanted
from graticule.sync.messages import BlobLine
from graticule.sync.messages.fields import is_blob_id


def proven_frame(claimed: str, frame: bytes, most_bytes: int = LARGEST_BLOB) -> BlobRow:
    """The blob in a frame, when its decoded bytes have the claimed id; Refusal 422 otherwise."""
    if not is_blob_id(claimed):
        raise Refusal(422, "blob", "The name of the data is not of the agreed form.")
    try:
        raw = decode_frame(frame, most_bytes)
    except GraticuleError as fault:
        raise Refusal(422, "blob", "The data arrived damaged or is too large.", "It will be sent again.") from fault
    if blob_id(raw) != claimed:
        raise Refusal(422, "blob", "The data that arrived is not the data that was announced.", "It will be sent again.")
    return BlobRow(claimed, len(raw), frame)


def proven_lines(lines: Iterable[BlobLine]) -> list[BlobRow]:
    """The blobs of a push that are what they claim; a false one is left out, so its entry stays incomplete."""
    return [BlobRow(line.id, len(line.data), encode_frame(line.data)) for line in lines if blob_id(line.data) == line.id]


def missing_blobs(connection: Connection, ids: Iterable[str]) -> list[str]:
    asked = list(dict.fromkeys(ids))
    held = set(connection.execute(select(blobs.c.id).where(blobs.c.id.in_(asked))).scalars())
    return [blob for blob in asked if blob not in held]


def wanted_blobs(connection: Connection, reader: str, most: int) -> tuple[str, ...]:
    """Blobs that this reader's entries name and that never came."""
    arrived = select(blobs.c.id).where(blobs.c.id == wanted.c.blob).exists()
    query = select(wanted.c.blob).where(wanted.c.reader == reader, ~arrived).distinct().order_by(wanted.c.blob).limit(most)
    return tuple(connection.execute(query).scalars())


def read_blob(connection: Connection, blob: str) -> bytes | None:
    """The canonical bytes, or None when the server does not hold them."""
    row = connection.execute(select(blobs).where(blobs.c.id == blob)).one_or_none()
    return None if row is None else decode_frame(bytes(row.frame), row.size)
