"""The MIT annotation format (.atr): reading and writing, with no loss but what the format itself cannot hold.

Source: annot(5) of the WFDB Applications Guide. Each annotation is a little-endian word of 6 bits of type and 10 bits of time
since the last one; pseudo-annotations carry long gaps (SKIP), subtype (SUB), channel (CHN), number (NUM) and text (AUX).
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from graticule.domain.errors import GraticuleError

SYMBOLS = {
    1: "N", 2: "L", 3: "R", 4: "a", 5: "V", 6: "F", 7: "J", 8: "A", 9: "S", 10: "E", 11: "j", 12: "/", 13: "Q", 14: "~",
    16: "|", 18: "s", 19: "T", 20: "*", 21: "D", 22: '"', 23: "=", 24: "p", 25: "B", 26: "^", 27: "t", 28: "+", 29: "u",
    30: "?", 31: "!", 32: "[", 33: "]", 34: "e", 35: "n", 36: "@", 37: "x", 38: "f", 39: "(", 40: ")", 41: "r",
}
TYPES = {symbol: number for number, symbol in SYMBOLS.items()}
BEATS = frozenset("NLRBAaJSVrFejnE/fQ?")
RHYTHM, NOTE, NOISE = "+", '"', "~"

_SKIP, _NUM, _SUB, _CHN, _AUX = 59, 60, 61, 62, 63
_MOST_STEP, _MOST_AUX = 1023, 255
_RESOLUTION, _CUSTOM, _CUSTOM_END = "## time resolution: ", "## annotation type definitions", "## end of definitions"


@dataclass(frozen=True, slots=True)
class Mark:
    """One annotation. sample: 0-based, on the file's own clock. symbol: WFDB's, "#42" for a type without one."""

    sample: int
    symbol: str
    subtype: int = 0
    channel: int = 0
    number: int = 0
    aux: str = ""


@dataclass(frozen=True, slots=True)
class Annotations:
    """resolution: ticks a second of the samples when the file says so; None means the record's frames."""

    marks: tuple[Mark, ...]
    resolution: Fraction | None = None


def decode(data: bytes) -> Annotations:
    """The annotations of a file; GraticuleError when it ends in the middle of one or is not of this format."""
    marks, resolution, custom = [], None, False
    symbols = dict(SYMBOLS)
    for number, mark in _marks(data):
        if number == TYPES[NOTE] and mark.sample <= 0 and mark.aux.startswith(_RESOLUTION):
            resolution = _fraction(mark.aux[len(_RESOLUTION):])
        elif number == TYPES[NOTE] and mark.aux in (_CUSTOM, _CUSTOM_END):
            custom = mark.aux == _CUSTOM
        elif custom and number == TYPES[NOTE]:
            _define(symbols, mark.aux)
        elif number:
            marks.append(Mark(mark.sample, symbols.get(number, f"#{number}"), mark.subtype, mark.channel, mark.number, mark.aux))
    return Annotations(tuple(marks), resolution)


def encode(annotations: Annotations) -> bytes:
    """The bytes of an annotation file. Marks are written in order of time; symbols without a type raise GraticuleError."""
    out = bytearray()
    if annotations.resolution is not None:
        out += _word(TYPES[NOTE], 0) + _aux(f"{_RESOLUTION}{_plain(annotations.resolution)}")
    clock = channel = number = 0
    for mark in sorted(annotations.marks, key=lambda mark: (mark.sample, mark.channel)):
        if mark.symbol not in TYPES:
            raise GraticuleError(f"“{mark.symbol}” is not a WFDB annotation.")
        out += _step(TYPES[mark.symbol], mark.sample - clock)
        clock = mark.sample
        if mark.subtype:
            out += _word(_SUB, mark.subtype)
        if mark.channel != channel:
            out += _word(_CHN, mark.channel)
        if mark.number != number:
            out += _word(_NUM, mark.number)
        if mark.aux:
            out += _aux(mark.aux)
        channel, number = mark.channel, mark.number
    return bytes(out + _word(0, 0))


@dataclass(slots=True)
class _Pending:
    """An annotation whose pseudo-annotations may still follow."""

    kind: int
    sample: int
    channel: int
    number: int
    subtype: int = 0
    aux: str = ""

    def mark(self) -> tuple[int, Mark]:
        return self.kind, Mark(self.sample, "", self.subtype, self.channel, self.number, self.aux)


def _marks(data: bytes) -> Iterator[tuple[int, Mark]]:
    """(type, mark without symbol) of every annotation, with the pseudo-annotations after it folded in."""
    at = clock = channel = number = 0
    pending: _Pending | None = None
    while True:
        word = _word_at(data, at)
        kind, value, at = word >> 10, word & _MOST_STEP, at + 2
        if word == 0:
            break
        if kind == _SKIP:
            clock, at = clock + _long(data, at), at + 4
        elif kind < _NUM:
            if pending is not None:
                yield pending.mark()
            clock += value
            pending = _Pending(kind, clock, channel, number)
        elif pending is None:
            raise _damaged()
        elif kind == _AUX:
            pending.aux, at = _text(data, at, value), at + value + value % 2
        elif kind == _SUB:
            pending.subtype = _signed(value)
        elif kind == _CHN:
            pending.channel = channel = value & 0xFF
        else:
            pending.number = number = _signed(value)
    if pending is not None:
        yield pending.mark()


def _word_at(data: bytes, at: int) -> int:
    if at + 2 > len(data):
        raise _damaged()
    return data[at] | data[at + 1] << 8


def _text(data: bytes, at: int, length: int) -> str:
    if at + length > len(data):
        raise _damaged()
    return data[at: at + length].rstrip(b"\0").decode("latin-1")


def _long(data: bytes, at: int) -> int:
    """A 32-bit step in PDP-11 order: high word first, each word little-endian."""
    if at + 4 > len(data):
        raise _damaged()
    high, low = struct.unpack_from("<hH", data, at)
    return int(high) * 65536 + int(low)


def _step(kind: int, by: int) -> bytes:
    if 0 <= by <= _MOST_STEP:
        return _word(kind, by)
    out = bytearray()
    while by > 0x7FFFFFFF:
        out += _word(_SKIP, 0) + struct.pack("<hH", 0x7FFF, 0xFFFF)
        by -= 0x7FFFFFFF
    return bytes(out + _word(_SKIP, 0) + struct.pack("<hH", by >> 16, by & 0xFFFF) + _word(kind, 0))


def _word(kind: int, value: int) -> bytes:
    return struct.pack("<H", kind << 10 | value & _MOST_STEP)


def _aux(text: str) -> bytes:
    data = text.encode("latin-1", errors="replace")
    if len(data) > _MOST_AUX:
        raise GraticuleError("A text is longer than the 255 letters that an .atr file can hold.")
    return _word(_AUX, len(data)) + data + bytes(len(data) % 2)


def _signed(value: int) -> int:
    return (value & 0xFF) - 256 if value & 0x80 else value & 0xFF


def _fraction(text: str) -> Fraction | None:
    try:
        return Fraction(text.strip())
    except (ValueError, ZeroDivisionError):
        return None


def _plain(rate: Fraction) -> str:
    return str(rate.numerator) if rate.denominator == 1 else f"{float(rate):.12g}"


def _define(symbols: dict[int, str], aux: str) -> None:
    """A definition is "number symbol description"."""
    fields = aux.split(None, 2)
    if len(fields) >= 2 and fields[0].isdigit():
        symbols[int(fields[0])] = fields[1]


def _damaged() -> GraticuleError:
    return GraticuleError("The annotation file is damaged or is not in the MIT format.", "Copy the file again.")


def counts(marks: Iterable[Mark]) -> dict[str, int]:
    """How many of each symbol."""
    out: dict[str, int] = {}
    for mark in marks:
        out[mark.symbol] = out.get(mark.symbol, 0) + 1
    return out
