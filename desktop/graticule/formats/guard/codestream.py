"""What a compressed image says of its own size, read from its markers without decoding it."""

import struct
from dataclasses import dataclass

from graticule.domain.errors import GraticuleError

# Start-of-frame markers of JPEG (ITU T.81 B.1.1.3) and of JPEG-LS (ITU T.87 C.1.1): 0xC4, C8 and CC are something else.
_FRAMES = {*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC}
_ALONE = {0x01, *range(0xD0, 0xD9)}
_J2K_START = b"\xff\x4f\xff\x51"


@dataclass(frozen=True, slots=True)
class Size:
    """rows, columns: of the image. samples: components per pixel. bits: of the deepest component."""

    rows: int
    columns: int
    samples: int
    bits: int


def size_of(data: bytes) -> Size | None:
    """The size that a JPEG, JPEG-LS, JPEG 2000 or HTJ2K stream states; None when it states none (the decoder will complain)."""
    try:
        if data[:2] == b"\xff\xd8":
            return _jpeg(data)
        start = data.find(_J2K_START, 0, 4096)  # a JP2 file has a few boxes first
        return _jpeg_2000(data, start) if start >= 0 else None
    except struct.error:
        return None


def refuse_other_size(data: bytes, rows: int, columns: int, samples: int) -> None:
    """GraticuleError when the stream states another size than the file's header: decoding it would be a guess, or a bomb."""
    size = size_of(data)
    if size is not None and (size.rows, size.columns, size.samples) != (rows, columns, samples):
        raise GraticuleError(
            f"A compressed image is {size.columns} × {size.rows} × {size.samples}, but the file says "
            f"{columns} × {rows} × {samples}.", "Ask the sender for the original file.")


def _jpeg(data: bytes) -> Size | None:
    place = 2
    while place + 4 <= len(data):
        if data[place] != 0xFF:
            return None
        marker = data[place + 1]
        if marker == 0xFF or marker in _ALONE:
            place += 1 if marker == 0xFF else 2
            continue
        length, = struct.unpack_from(">H", data, place + 2)
        if marker in _FRAMES:
            bits, rows, columns, samples = struct.unpack_from(">BHHB", data, place + 4)
            return Size(rows, columns, samples, bits) if rows else None  # rows 0: they follow after the scan
        if marker == 0xDA or length < 2:
            return None
        place += 2 + length
    return None


def _jpeg_2000(data: bytes, start: int) -> Size:
    """SIZ (ITU T.800 A.5.1): the image lies on the reference grid from (x0, y0) to (x1, y1)."""
    x1, y1, x0, y0 = struct.unpack_from(">4I", data, start + 8)
    samples, = struct.unpack_from(">H", data, start + 40)
    parts = [struct.unpack_from(">3B", data, start + 42 + 3 * n) for n in range(min(samples, 4))]
    step_x, step_y = (max(1, min(part[axis] for part in parts)) if parts else 1 for axis in (1, 2))
    bits = max(((part[0] & 0x7F) + 1 for part in parts), default=0)
    return Size(-(-y1 // step_y) - -(-y0 // step_y), -(-x1 // step_x) - -(-x0 // step_x), samples, bits)
