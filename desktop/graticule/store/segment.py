"""A stretch of the edit journal as bytes: the evidence of how a signed label was made, which travels with the signature.

For each row: length of its link (4, little-endian) · length of its edit (8) · link (canonical JSON, journal.link_body) · edit
(records.edits). A stretch that would grow beyond one piece is cut between rows; every link says which row of which case it is.
"""

import struct
from collections.abc import Iterable, Iterator

from graticule.domain.errors import GraticuleError

_HEAD = struct.Struct("<IQ")
_PIECE = 16 * 1024 * 1024

Linked = tuple[bytes, bytes]


def encode_segment(rows: Iterable[Linked]) -> list[bytes]:
    """Pieces of about 16 MB (more where one act alone is larger) that hold (link, edit) of each row, in order."""
    pieces, parts, size = [], list[bytes](), 0
    for link, edit in rows:
        parts += [_HEAD.pack(len(link), len(edit)), link, edit]
        size += _HEAD.size + len(link) + len(edit)
        if size >= _PIECE:
            pieces.append(b"".join(parts))
            parts, size = [], 0
    return [*pieces, b"".join(parts)] if parts else pieces


def decode_segment(piece: bytes) -> Iterator[Linked]:
    """(link, edit) of each row; GraticuleError when the piece is cut short."""
    at = 0
    while at < len(piece):
        if at + _HEAD.size > len(piece):
            raise _damaged()
        link, edit = _HEAD.unpack_from(piece, at)
        at += _HEAD.size
        if at + link + edit > len(piece):
            raise _damaged()
        yield piece[at:at + link], piece[at + link:at + link + edit]
        at += link + edit


def _damaged() -> GraticuleError:
    return GraticuleError("A piece of the edit journal is cut short.", "Run “graticule verify” on this store.")
