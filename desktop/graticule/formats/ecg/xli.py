"""The compression of Philips ECG files: each lead as a block of LZW codes over second differences.

The layout is described by the open sierra-ecg-tools (C. A. Watford); this is a reader of its own.
"""

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array

_BITS = 10
_LAST_CODE = (1 << _BITS) - 2
_HEAD = 8
_BIAS = 64
# A code stands for no more than a table of this size can hold; what unpacks to more is no ECG.
MOST_SAMPLES = 1 << 24


def unpack_leads(data: bytes) -> list[Array]:
    """The leads of a block, each (samples,) int16. GraticuleError when it is damaged."""
    leads, at = [], 0
    while at + _HEAD <= len(data):
        size = int.from_bytes(data[at: at + 4], "little", signed=True)
        first = int.from_bytes(data[at + 6: at + 8], "little", signed=True)
        at += _HEAD
        if size <= 0 or at + size > len(data):
            raise _damaged()
        leads.append(_undone(_codes_undone(data[at: at + size]), first))
        at += size
    if not leads:
        raise _damaged()
    return leads


def _codes_undone(data: bytes) -> bytes:
    """LZW with codes of ten bits, highest bit first. The table keeps what it has once it is full."""
    table: list[bytes] = [bytes([n]) for n in range(256)]
    out, previous, held, bits = bytearray(), b"", 0, 0
    for byte in data:
        held, bits = held << 8 | byte, bits + 8
        if bits < _BITS:
            continue
        bits -= _BITS
        code, held = held >> bits, held & (1 << bits) - 1
        if code > _LAST_CODE:
            break
        if code < len(table):
            word = table[code]
        elif previous and code == len(table):
            word = previous + previous[:1]
        else:
            raise _damaged()
        if previous and len(table) <= _LAST_CODE:
            table.append(previous + word[:1])
        out += word
        previous = word
        if len(out) > 2 * MOST_SAMPLES:
            raise _damaged()
    return bytes(out)


def _undone(data: bytes, first: int) -> Array:
    """Second differences become samples. The high bytes of all of them stand before the low bytes."""
    half = (len(data) + 1) // 2
    if half < 2:
        raise _damaged()
    joined = np.frombuffer(data + bytes(len(data) % 2), np.uint8).astype(np.int32)
    steps = (joined[:half] << 8 | joined[half:]).astype(np.uint16).view(np.int16).tolist()
    x, y, last = steps[0], steps[1], first
    out = [x, y]
    for step in steps[2:]:
        x, y = y, 2 * y - x - last
        last = step - _BIAS
        out.append(y)
    return np.array(out, np.int64).astype(np.int16)


def _damaged() -> GraticuleError:
    return GraticuleError("The compressed samples of this Philips file are damaged.", "Ask for the file again.")
