"""The smallest EXIF block that says which way up a picture is, and the reading of nothing else."""

import struct

ORIENTATION = 0x0112


def orientation_of(tiff: bytes) -> int:
    """The orientation (1 to 8) in an EXIF block, from its byte order mark on; 1 when there is none."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2], "")
    try:
        if not order or struct.unpack_from(order + "H", tiff, 2)[0] != 42:
            return 1
        at, = struct.unpack_from(order + "I", tiff, 4)
        for n in range(min(512, struct.unpack_from(order + "H", tiff, at)[0])):
            tag, kind, count, value = struct.unpack_from(order + "HHIH", tiff, at + 2 + 12 * n)
            if tag == ORIENTATION and kind == 3 and count == 1 and 1 <= value <= 8:
                return int(value)
    except struct.error:
        return 1
    return 1


def only_orientation(value: int) -> bytes:
    """A TIFF block with this one entry, little-endian."""
    return struct.pack("<2sHIHHHIHHI", b"II", 42, 8, 1, ORIENTATION, 3, 1, value, 0, 0)
