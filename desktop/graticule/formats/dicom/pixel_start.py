"""Where the pixel data of a file begins, and whether all of it is there."""

import os
import struct

from graticule.domain.errors import GraticuleError

_PIXELS, _FLOATS = (0x7FE0, 0x0010), ((0x7FE0, 0x0008), (0x7FE0, 0x0009))
_UNDEFINED = 0xFFFFFFFF
_ITEM, _END = b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0"
_CUT_OFF = "The file is cut off before the end of its image; copy it again from its source."


def pixel_start(file: int, size: int, at: int, explicit: bool, order: str = "<") -> tuple[int, int] | None:
    """(offset of the value, its length, −1 when encapsulated) of the pixel data element at byte `at`; None when there is none.

    file: descriptor of an open file of `size` bytes. GraticuleError when pixels are missing at the end.
    """
    head = read_at(file, at, 12 if explicit else 8)
    if len(head) < (12 if explicit else 8):
        return None
    tag = struct.unpack(order + "HH", head[:4])
    if tag != _PIXELS and tag not in _FLOATS:
        return None
    length: int = struct.unpack(order + "I", head[-4:])[0]
    offset = at + len(head)
    if length == _UNDEFINED:
        _check_fragments(file, offset, size)
        return offset, -1
    if offset + length > size:
        raise GraticuleError(_CUT_OFF)
    return offset, length


def _check_fragments(file: int, at: int, size: int) -> None:
    """Step over the fragments of compressed pixels: each must lie inside the file (PS3.5 A.4)."""
    while at + 8 <= size:
        head = read_at(file, at, 8)
        if head[:4] == _END:
            return
        length = int.from_bytes(head[4:], "little")
        if head[:4] != _ITEM or at + 8 + length > size:
            raise GraticuleError(_CUT_OFF)
        at += 8 + length
    if at != size:
        raise GraticuleError(_CUT_OFF)


def read_at(file: int, at: int, length: int) -> bytes:
    """Up to `length` bytes from `at` on. Windows has no pread."""
    os.lseek(file, at, os.SEEK_SET)
    return os.read(file, length)
