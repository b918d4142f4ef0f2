"""A push: zstd-compressed lines. First a head, then the verbatim log entries, then bytes the entries name.

    {"base":{"hash":…,"seq":n},"blobs":b,"device":…,"entries":e,"v":1}
    …e entry lines, byte for byte as the device signed them…
    {"blob":"b1:…","data":"<base64 of the canonical, uncompressed bytes>"}   …b times

An entry line is never re-serialised: it is hashed and stored as received.
"""

import base64
import binascii
import json
from dataclasses import dataclass

import zstandard

from graticule.sync.messages.faults import MessageFault
from graticule.sync.messages.fields import Head, head, is_blob_id, mapping, number, read_object, text

LEVEL = 3
FRAMING_BYTES = 100  # of a blob line, beside its base64


@dataclass(frozen=True, slots=True)
class BlobLine:
    id: str
    data: bytes

    @property
    def wire_bytes(self) -> int:
        return FRAMING_BYTES + (len(self.data) + 2) // 3 * 4

    def encode(self) -> bytes:
        return b'{"blob":"%s","data":"%s"}' % (self.id.encode(), base64.b64encode(self.data))

    @classmethod
    def parse(cls, line: bytes) -> "BlobLine":
        found = read_object(line)
        if not is_blob_id(found.get("blob")) or not isinstance(found.get("data"), str):
            raise MessageFault("A line of the push is neither an entry nor stored bytes.")
        try:
            return cls(found["blob"], base64.b64decode(found["data"], validate=True))
        except (binascii.Error, ValueError) as fault:
            raise MessageFault("Stored bytes in the push are not base64.") from fault


@dataclass(frozen=True, slots=True)
class PushRequest:
    """base: the entry before the first line, as the sender's log has it."""

    device: str
    base: Head
    lines: tuple[bytes, ...]
    blobs: tuple[BlobLine, ...] = ()

    def encode(self) -> bytes:
        head_line = json.dumps(
            {"base": self.base.as_json(), "blobs": len(self.blobs), "device": self.device, "entries": len(self.lines), "v": 1},
            separators=(",", ":"),
        ).encode()
        return zstandard.compress(b"\n".join((head_line, *self.lines, *(blob.encode() for blob in self.blobs))), LEVEL)

    @classmethod
    def parse(cls, body: bytes, most_bytes: int) -> "PushRequest":
        """The request in `body`; MessageFault when it is none, or larger than `most_bytes` when unpacked."""
        first, *rest = unpack(body, most_bytes).split(b"\n")
        found = read_object(first)
        number(found, "v", least=1)
        entries, blobs = number(found, "entries"), number(found, "blobs")
        if len(rest) != entries + blobs:
            raise MessageFault("The push does not hold as many lines as it says.")
        return cls(
            text(mapping(found), "device", limit=100),
            head(found, "base"),
            tuple(rest[:entries]),
            tuple(BlobLine.parse(line) for line in rest[entries:]),
        )


def unpack(body: bytes, most_bytes: int) -> bytes:
    """Decompressed bytes, never more than `most_bytes` in memory."""
    try:
        with zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(body, read_across_frames=False) as reader:
            data = reader.read(most_bytes + 1)
    except zstandard.ZstdError as fault:
        raise MessageFault("The push is not compressed as agreed.") from fault
    if len(data) > most_bytes:
        raise MessageFault("The push is too large when unpacked.", "Send fewer entries at a time.")
    return data
