"""TIFF, BigTIFF and Aperio slides: a file of zeros of the same size, into which only what belongs to the picture is copied.

So nothing remains that no entry points to. Label and macro pictures of a slide leave the chain of its pages.
Source: TIFF 6.0 clause 2; Aperio's description as OpenSlide and tifffile read it.
"""

import re
import struct
from dataclasses import dataclass, field
from pathlib import Path

from graticule.domain.errors import GraticuleError
from graticule.formats.deidentify.findings import PICTURES, REMOVED
from graticule.formats.deidentify.work import Copy, Work
from graticule.formats.guard.limits import refuse_too_large

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
# Entries that make the picture: size, colour, compression, place of the data, resolution, ICC profile. Nothing in words.
_PICTURE = {254, 255, 256, 257, 258, 259, 262, 263, 266, 273, 274, 277, 278, 279, 280, 281, 282, 283, 284, 286, 287, 290, 291,
            292, 293, 296, 297, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 332, 334, 336, 338, 339, 340, 341, 342, 343,
            347, 512, 513, 514, 515, 517, 518, 519, 520, 521, 529, 530, 531, 532, 32996, 32997, 32998, 34675}
_OFFSETS, _COUNTS = (273, 324, 513), (279, 325, 514)
_DESCRIPTION, _SUBFILE, _JPEG_TABLES = 270, 254, 347
_APERIO = re.compile(r"(MPP|AppMag|OriginalWidth|OriginalHeight|Left|Top)\s*=\s*[\d.]+")
_MOST_PAGES = 10_000
_DAMAGED = ("The picture is damaged: its parts cannot be told apart.", "Copy it again from its source.")


@dataclass(slots=True)
class _Entry:
    tag: int
    kind: int
    count: int
    raw: bytes
    values: list[int] = field(default_factory=list)
    data: bytes = b""


class _Tiff:
    """One file: how its numbers are written, and its pages."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.order = {b"II": "<", b"MM": ">"}.get(data[:2], "")
        version = struct.unpack_from(self.order + "H", data, 2)[0] if self.order else 0
        if version not in (42, 43):
            raise GraticuleError(*_DAMAGED)
        self.big = version == 43
        self.word = self.order + ("Q" if self.big else "I")
        self.wide = 8 if self.big else 4
        self.entry = 20 if self.big else 12
        self.header = 16 if self.big else 8

    def first(self) -> int:
        return int(struct.unpack_from(self.word, self.data, self.header - self.wide)[0])

    def page(self, at: int) -> tuple[list[_Entry], int, int]:
        """(entries, where they begin, the next page)."""
        count, = struct.unpack_from(self.order + ("Q" if self.big else "H"), self.data, at)
        start = at + (8 if self.big else 2)
        if count > 4096:
            raise GraticuleError(*_DAMAGED)
        entries = [self._entry(start + n * self.entry) for n in range(count)]
        following, = struct.unpack_from(self.word, self.data, start + count * self.entry)
        return entries, start, int(following)

    def _entry(self, at: int) -> _Entry:
        tag, kind, count = struct.unpack_from(self.order + ("HHQ" if self.big else "HHI"), self.data, at)
        size = _SIZES.get(kind, 0) * count
        place = at + (12 if self.big else 8)
        if size > self.wide:
            place, = struct.unpack_from(self.word, self.data, place)
        if place + size > len(self.data):
            raise GraticuleError(*_DAMAGED)
        found = _Entry(tag, kind, count, self.data[at:at + self.entry], data=self.data[place:place + size])
        letter = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}.get(kind)
        if letter and tag in (*_OFFSETS, *_COUNTS, _SUBFILE):
            found.values = list(struct.unpack(f"{self.order}{count}{letter}", found.data))
        return found


def clean_tiff(path: Path, work: Work) -> list[Copy]:
    size = path.stat().st_size
    refuse_too_large(3 * size, "picture")
    try:
        data = _cleaned(_Tiff(path.read_bytes()), work)
    except (struct.error, ValueError, IndexError) as error:
        raise GraticuleError(*_DAMAGED) from error
    suffix = ".svs" if path.suffix.lower() == ".svs" else ".tif"
    return [work.put(path, work.name(path, suffix), data)]


def _cleaned(tiff: _Tiff, work: Work) -> bytes:
    out = bytearray(len(tiff.data))
    out[:tiff.header] = tiff.data[:tiff.header]
    link, at = tiff.header - tiff.wide, tiff.first()
    seen: set[int] = set()
    out[link:link + tiff.wide] = bytes(tiff.wide)
    while at and at not in seen and len(seen) < _MOST_PAGES:
        seen.add(at)
        entries, start, following = tiff.page(at)
        if _names_somebody(entries):
            work.findings.note(PICTURES, "label or macro picture of the slide", REMOVED)
        else:
            struct.pack_into(tiff.word, out, link, at)
            link = _copy_page(tiff, out, at, start, entries, work)
        at = following
    return bytes(out)


def _names_somebody(entries: list[_Entry]) -> bool:
    """The photograph of a slide's paper label, or of the whole slide with it: by name, or by Aperio's kinds 1 and 9."""
    words = _words(entries)
    lines = words.splitlines()
    named = any(re.match(r"(label|macro)\b", line, re.IGNORECASE) for line in lines[:3])
    kind = next((entry.values[0] for entry in entries if entry.tag == _SUBFILE and entry.values), 0)
    tiled = any(entry.tag == 324 for entry in entries)
    return named or (words.startswith("Aperio") and kind in (1, 9) and not tiled)


def _words(entries: list[_Entry]) -> str:
    return next((entry.data.decode("latin-1").strip("\0") for entry in entries if entry.tag == _DESCRIPTION), "")


def _copy_page(tiff: _Tiff, out: bytearray, at: int, start: int, entries: list[_Entry], work: Work) -> int:
    """Write the page where it was, without what is not the picture; where its link to the next page stands."""
    kept = []
    for entry in entries:
        if entry.tag == _DESCRIPTION and entry.data.startswith(b"Aperio"):
            kept.append(_described(tiff, out, entry, start))
        elif entry.tag in _PICTURE and entry.kind in _SIZES and entry.kind != 2:
            kept.append(entry.raw)
            _copy_value(tiff, out, entry)
        else:
            work.findings.note(PICTURES, "entries that are not the picture", REMOVED)
    _copy_pixels(tiff, out, entries)
    struct.pack_into(tiff.order + ("Q" if tiff.big else "H"), out, at, len(kept))
    out[start:start + tiff.entry * len(kept)] = b"".join(kept)
    return start + tiff.entry * len(kept)


def _copy_value(tiff: _Tiff, out: bytearray, entry: _Entry) -> None:
    if len(entry.data) > tiff.wide:
        place, = struct.unpack_from(tiff.word, entry.raw, tiff.entry - tiff.wide)
        out[place:place + len(entry.data)] = entry.data


def _copy_pixels(tiff: _Tiff, out: bytearray, entries: list[_Entry]) -> None:
    """Strips, tiles or an old JPEG stream."""
    by_tag = {entry.tag: entry.values for entry in entries}
    for offsets, counts in zip(_OFFSETS, _COUNTS):
        for place, size in zip(by_tag.get(offsets, ()), by_tag.get(counts, ())):
            if place + size > len(tiff.data):
                raise GraticuleError(*_DAMAGED)
            out[place:place + size] = tiff.data[place:place + size]


def _described(tiff: _Tiff, out: bytearray, entry: _Entry, start: int) -> bytes:
    """The description by which a slide is known: its maker's first words and the numbers that measure it."""
    text = entry.data.decode("latin-1").strip("\0")
    words = "Aperio Image Library" + "".join("|" + match[0] for match in _APERIO.finditer(text))
    data = words.encode("ascii")[:max(0, entry.count - 1)] + b"\0"
    if len(data) <= tiff.wide:
        return entry.raw[:4] + struct.pack(tiff.word, 0) + bytes(tiff.wide)
    place, = struct.unpack_from(tiff.word, entry.raw, tiff.entry - tiff.wide)
    out[place:place + len(data)] = data
    return entry.raw[:4] + struct.pack(tiff.word, len(data)) + entry.raw[tiff.entry - tiff.wide:]
