"""Values of header elements as pydicom gives them, at the price of a look into a table.

Slices of a series say the same in nearly all of their elements, so a value is worked out once per distinct bytes. The few kinds
that differ from slice to slice (names, numbers, times in ASCII) are read here; everything else is read by pydicom itself.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from pydicom.charset import convert_encodings, default_encoding
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag
from pydicom.values import convert_string

from graticule.formats.dicom.walk import Place, swapped

CHARACTER_SET, SIGNEDNESS = swapped(0x00080005), swapped(0x00280103)
# Memory is bounded: beyond this many distinct values the table starts anew; longer ones are not kept.
_MOST_KEPT, _LONGEST_KEPT, _MOST_TABLES = 50_000, 4096, 100


class Real(float):
    """A decimal string: the number, which prints as it was written ("2.50" and "2.5" are told apart as text)."""

    __slots__ = ("written",)
    written: str

    def __str__(self) -> str:
        return self.written


class Whole(int):
    """An integer string: the number, which prints as it was written."""

    written: str

    def __str__(self) -> str:
        return self.written


class ElementValues:
    """keywords: the attributes that may be asked for."""

    def __init__(self, keywords: tuple[str, ...]) -> None:
        tags = {keyword: tag_for_keyword(keyword) for keyword in keywords}
        self.keywords = frozenset(keywords)
        self.keyword_of = {swapped(tag): keyword for keyword, tag in tags.items() if tag is not None}
        self.wanted = frozenset(self.keyword_of) | {CHARACTER_SET}
        self._implicit_vr = {swapped(tag): dictionary_VR(tag) for tag in tags.values() if tag is not None}
        self._implicit_vr[CHARACTER_SET] = "CS"
        self._tables: dict[_Setting, dict[tuple[int, int, bytes], Any]] = {}

    def read(self, buffer: bytes, places: list[Place], implicit: bool) -> dict[str, Any]:
        """keyword → value of the elements that a walk found."""
        raw = {tag: (vr, buffer[at:at + length]) for tag, vr, at, length in places}
        setting = _Setting(raw.pop(CHARACTER_SET, (0, b""))[1], raw.get(SIGNEDNESS, (0, b""))[1], implicit)
        table = self._tables.setdefault(setting, {})
        if len(table) > _MOST_KEPT or len(self._tables) > _MOST_TABLES:
            self._tables = {setting: (table := {})}
        values: dict[str, Any] = {}
        for tag, (vr, data) in raw.items():
            key = (tag, vr, data)
            if key in table:
                values[self.keyword_of[tag]] = table[key]
                continue
            values[self.keyword_of[tag]] = value = self._value(tag, vr, data, setting)
            if len(data) <= _LONGEST_KEPT:
                table[key] = value
        return values

    def _value(self, tag: int, vr: int, data: bytes, setting: "_Setting") -> Any:
        name = vr.to_bytes(2, "little").decode() if vr else None
        reader = _READERS.get(name or self._implicit_vr[tag]) if data else None
        if reader is not None and data.isascii() and b"\x1b" not in data:
            try:
                return reader(data.decode("ascii"))
            except ValueError:
                pass  # no number: pydicom has its own ways with such
        return _by_pydicom(tag, name, data, setting)


class _Setting(NamedTuple):
    """What the meaning of an element's bytes depends on beside its kind: the file's character set, pixels and encoding."""

    charset: bytes
    signed: bytes
    implicit: bool


def _by_pydicom(tag: int, vr: str | None, data: bytes, setting: _Setting) -> Any:
    """As an element of a data set that says no more than whether its pixels are signed, on which lookup tables depend."""
    elements = {BaseTag(swapped(SIGNEDNESS)): _raw(SIGNEDNESS, None if setting.implicit else "US", setting.signed, setting)}
    elements = elements if setting.signed else {}
    elements[BaseTag(swapped(tag))] = _raw(tag, vr, data, setting)
    dataset = Dataset(elements, parent_encoding=_encodings(setting.charset))
    dataset.set_original_encoding(setting.implicit, True, _encodings(setting.charset))
    return dataset[BaseTag(swapped(tag))].value


def _raw(tag: int, vr: str | None, data: bytes, setting: _Setting) -> RawDataElement:
    return RawDataElement(BaseTag(swapped(tag)), vr, len(data), data, 0, setting.implicit, True)


@cache
def _encodings(charset: bytes) -> Any:
    return convert_encodings(convert_string(charset, True)) if charset else default_encoding


def _texts(text: str) -> Any:
    parts = text.rstrip(" \x00").split("\\")
    return parts[0] if len(parts) == 1 else parts


def _uids(text: str) -> Any:
    parts = [part.strip() for part in text.rstrip(" \x00").split("\\")]
    return parts[0] if len(parts) == 1 else parts


def _padded_texts(text: str) -> Any:
    parts = [part.rstrip("\x00 ") for part in text.split("\\")]
    return parts[0] if len(parts) == 1 else parts


def _numbers(kind: Callable[[str], Any]) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        parts = text.strip().rstrip(" \x00").split("\\")
        return kind(parts[0]) if len(parts) == 1 else [kind(part) for part in parts]

    return read


def _real(text: str) -> Real:
    number = Real(text)
    number.written = text.strip()
    return number


def _whole(text: str) -> Whole:
    number = Whole(text)
    number.written = text.strip()
    return number


_READERS: dict[str, Callable[[str], Any]] = {
    "UI": _uids, **dict.fromkeys(("CS", "AS", "DA", "TM", "DT"), _texts), **dict.fromkeys(("LO", "SH"), _padded_texts),
    "DS": _numbers(_real), "IS": _numbers(_whole),
}
