"""Bytes in an envelope: a compressed blob, and the records of a flight recorder file.

Blob frame: "GFR1" · codec (1 byte: 0 stored, 1 zstd) · length of the raw bytes (8, little-endian) · body.
Recorder frame: length of the body (4, little-endian) · CRC-32 of those 4 bytes and the body (4) · body.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

import zstandard

from graticule.domain.errors import GraticuleError

MAGIC = b"GFR1"
STORED, ZSTD = "stored", "zstd"
_CODECS = (STORED, ZSTD)
_HEAD = struct.Struct("<4sBQ")
_RECORD = struct.Struct("<II")

# What a blob may decode to unless the caller says otherwise; a recorder body may be no longer.
LARGEST_BLOB = 64 * 1024 * 1024


def encode_frame(raw: bytes, codec: str = ZSTD, level: int = 3) -> bytes:
    """`raw` compressed ("zstd"), or as it is ("stored", or where compressing would not shorten it)."""
    if codec not in _CODECS:
        raise GraticuleError(f"The compression “{codec}” is not known.")
    body = zstandard.ZstdCompressor(level=level).compress(raw) if codec == ZSTD else raw
    if len(body) >= len(raw):
        codec, body = STORED, raw
    return _HEAD.pack(MAGIC, _CODECS.index(codec), len(raw)) + body


def decode_frame(data: bytes, limit: int = LARGEST_BLOB) -> bytes:
    """The raw bytes. GraticuleError for a damaged frame or one that would decode to more than `limit` bytes.

    Nothing beyond `limit` is ever allocated: the length the frame states must be the one zstd states, and is checked first.
    """
    if len(data) < _HEAD.size:
        raise _damaged("it is cut short")
    magic, codec, length = _HEAD.unpack_from(data)
    body = data[_HEAD.size:]
    if magic != MAGIC or codec >= len(_CODECS):
        raise _damaged("it is of an unknown form")
    if length > limit:
        raise GraticuleError("A stored piece of data is larger than allowed.", "It was damaged, or made to exhaust memory.")
    raw = body if _CODECS[codec] == STORED else _decompress(body, length)
    if len(raw) != length:
        raise _damaged("its length is wrong")
    return raw


def write_frame(stream: BinaryIO, body: bytes) -> None:
    """Append one recorder frame. The caller flushes and syncs."""
    if len(body) > LARGEST_BLOB:
        raise GraticuleError("A record is too large for the flight recorder.")
    stream.write(_RECORD.pack(len(body), _checksum(len(body), body)) + body)


def iter_frames(stream: BinaryIO) -> Iterator[bytes]:
    """The bodies of the whole frames from here on, in order; ends without error where the file is torn, zeroed or garbled."""
    while True:
        head = stream.read(_RECORD.size)
        if len(head) < _RECORD.size:
            return
        length, checksum = _RECORD.unpack(head)
        if length > LARGEST_BLOB:
            return
        body = stream.read(length)
        if len(body) < length or _checksum(length, body) != checksum:
            return
        yield body


def whole_length(stream: BinaryIO) -> int:
    """Bytes from here to the end of the last whole frame: cut a torn tail off there before appending, or what follows is lost."""
    return sum(_RECORD.size + len(body) for body in iter_frames(stream))


def _checksum(length: int, body: bytes) -> int:
    # The length is covered too: a run of zeros would otherwise read as empty frames with the right CRC.
    return zlib.crc32(body, zlib.crc32(struct.pack("<I", length)))


def _decompress(body: bytes, length: int) -> bytes:
    try:
        if zstandard.frame_content_size(body) != length:
            raise _damaged("its length is wrong")
        return zstandard.ZstdDecompressor().decompress(body, max_output_size=length, allow_extra_data=False)
    except zstandard.ZstdError as fault:
        raise _damaged("it cannot be decompressed") from fault


def _damaged(why: str) -> GraticuleError:
    return GraticuleError(f"A stored piece of data is damaged: {why}.", "Run “graticule verify” on this store.")
