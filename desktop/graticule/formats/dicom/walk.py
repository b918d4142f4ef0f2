"""Steps through the tags of a little-endian DICOM header without building anything: only where the wanted values lie.

pydicom builds an object for every element; listing a hundred thousand files cannot wait for that. This walk knows the plain
form of PS3.5 clause 7 and nothing else: whatever is unusual raises `Unusual`, and pydicom reads the file instead.
"""

from collections.abc import Container
from struct import Struct, error

_SHORT, _LONG, _NUMBER = Struct("<IHH").unpack_from, Struct("<II").unpack_from, Struct("<I").unpack_from
_UNDEFINED = 0xFFFFFFFF
_UTMOST_DEPTH = 16


def swapped(tag: int) -> int:
    """A tag 0xGGGGEEEE as four little-endian bytes read as one number, which is how the walk compares them."""
    return (tag & 0xFFFF) << 16 | tag >> 16


def _codes(names: str) -> frozenset[int]:
    return frozenset(int.from_bytes(name.encode(), "little") for name in names.split())


_TWO_BYTE_LENGTH = _codes("AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US")
_FOUR_BYTE_LENGTH = _codes("OB OD OF OL OV OW SQ SV UC UN UR UT UV")
_SQ, _UN = (next(iter(_codes(name))) for name in ("SQ", "UN"))
_ITEM, _ITEM_END, _SEQUENCE_END = swapped(0xFFFEE000), swapped(0xFFFEE00D), swapped(0xFFFEE0DD)
# The walk ends here: pixels as floats, as doubles, as integers.
PIXELS = frozenset(swapped(tag) for tag in (0x7FE00008, 0x7FE00009, 0x7FE00010))

Place = tuple[int, int, int, int]
"""(swapped tag, VR as a little-endian number, 0 when implicit; where the value begins in the buffer, its length in bytes)."""


class Unusual(Exception):
    """The header is not of the plain form."""


class TooShort(Exception):
    """The buffer ends before the header does; `needed` is how many bytes there must at least be."""

    def __init__(self, needed: int) -> None:
        super().__init__(needed)
        self.needed = needed


def walk_meta(buffer: bytes, wanted: Container[int]) -> tuple[list[Place], int]:
    """The wanted elements of group 2 (PS3.10 clause 7.1), which is explicit in every file, and where the data set begins."""
    if buffer[128:132] != b"DICM":
        raise Unusual
    return _explicit(buffer, 132, wanted, only_group=2)


def walk(buffer: bytes, at: int, implicit: bool, wanted: Container[int]) -> tuple[list[Place], int]:
    """The wanted elements from byte `at` on, and where the pixel data element begins (the end of the buffer if there is none).

    Raises Unusual, and TooShort when the buffer is only the beginning of the file.
    """
    if at < len(buffer) and looks_implicit(buffer, at) is not implicit:
        raise Unusual
    return (_implicit if implicit else _explicit)(buffer, at, wanted)


def looks_implicit(buffer: bytes, at: int) -> bool:
    """Whether no value representation, two capital letters, stands at the fifth byte of the element."""
    if len(buffer) < at + 8:
        raise TooShort(at + 8)
    return not (0x40 < buffer[at + 4] < 0x5B and 0x40 < buffer[at + 5] < 0x5B)


def _explicit(buffer: bytes, at: int, wanted: Container[int], only_group: int = 0) -> tuple[list[Place], int]:
    found: list[Place] = []
    end = len(buffer)
    try:
        while at < end:
            tag, vr, length = _SHORT(buffer, at)
            if only_group and tag & 0xFFFF != only_group:
                break
            value = at + 8
            if vr not in _TWO_BYTE_LENGTH:
                if tag in PIXELS:
                    break
                if vr not in _FOUR_BYTE_LENGTH:
                    raise Unusual
                length, = _NUMBER(buffer, value)
                value = at + 12
                if length == _UNDEFINED:
                    at = _past_sequence(buffer, value, tag, vr, found, wanted)
                    continue
            at = value + length
            if tag in wanted:
                if at > end:
                    raise TooShort(at)
                found.append((tag, vr, value, length))
    except error as short:
        raise TooShort(at + 16) from short
    return _complete(found, at, end)


def _implicit(buffer: bytes, at: int, wanted: Container[int]) -> tuple[list[Place], int]:
    found: list[Place] = []
    end = len(buffer)
    try:
        while at < end:
            tag, length = _LONG(buffer, at)
            if tag in PIXELS:
                break
            value = at + 8
            if length == _UNDEFINED:
                at = _past_sequence(buffer, value, tag, 0, found, wanted)
                continue
            at = value + length
            if tag in wanted:
                if at > end:
                    raise TooShort(at)
                found.append((tag, 0, value, length))
    except error as short:
        raise TooShort(at + 16) from short
    return _complete(found, at, end)


def _complete(found: list[Place], at: int, end: int) -> tuple[list[Place], int]:
    if at > end:
        raise TooShort(at + 16)
    return found, at


def _past_sequence(buffer: bytes, at: int, tag: int, vr: int, found: list[Place], wanted: Container[int]) -> int:
    """Behind a sequence of undefined length (PS3.5 clause 7.5); noted with the length that it turns out to have."""
    if vr not in (0, _SQ, _UN):
        raise Unusual
    end = _skip_items(buffer, at, 0)
    if tag in wanted:
        if vr == _UN:
            raise Unusual
        found.append((tag, vr, at, end - at))
    return end + 8


def _skip_items(buffer: bytes, at: int, depth: int) -> int:
    """Where the delimiter of the sequence begins."""
    if depth > _UTMOST_DEPTH:
        raise Unusual
    while True:
        tag, length = _LONG(buffer, at)
        if tag == _SEQUENCE_END:
            return at
        if tag != _ITEM:
            raise Unusual
        at += 8
        at = _skip_item(buffer, at, depth) if length == _UNDEFINED else at + length


def _skip_item(buffer: bytes, at: int, depth: int) -> int:
    """Behind an item of undefined length. Items may be implicit in an explicit file (PS3.5 clause 6.2.2)."""
    if _NUMBER(buffer, at)[0] == _ITEM_END:
        return at + 8
    implicit = looks_implicit(buffer, at)
    while True:
        if implicit:
            tag, length = _LONG(buffer, at)
            value, vr = at + 8, 0
        else:
            tag, vr, length = _SHORT(buffer, at)
            value = at + 8
        if tag == _ITEM_END:
            return at + 8
        if not implicit and vr not in _TWO_BYTE_LENGTH:
            if vr not in _FOUR_BYTE_LENGTH:
                raise Unusual
            length, = _NUMBER(buffer, value)
            value = at + 12
        if length != _UNDEFINED:
            at = value + length
        elif vr in (0, _SQ, _UN):
            at = _skip_items(buffer, value, depth + 1) + 8
        else:
            raise Unusual
