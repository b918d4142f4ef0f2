"""PALETTE COLOR: index values to RGB by the file's three tables, plain or segmented (PS3.3 C.7.9)."""

from typing import Any

import numpy as np

from graticule.domain.geometry import Array
from graticule.formats.dicom.lut import MAX_ENTRIES, entries_of, honest_bits, signed_first

_COLOURS = ("Red", "Green", "Blue")
_DISCRETE, _LINEAR, _INDIRECT = 0, 1, 2


def palette_of(dataset: Any) -> tuple[int, Array]:
    """(index of the first entry, (n, 3) uint8 colours); ValueError when a table is missing or broken.

    dataset: a pydicom Dataset (its byte order says how the tables' bytes lie).
    """
    tables = [_table(dataset, colour) for colour in _COLOURS]
    first = tables[0][0]
    longest = max(table.size for _, table in tables)
    rgb = np.stack([np.pad(table, (0, longest - table.size), mode="edge") for _, table in tables], axis=1)
    return first, rgb


def coloured(indices: Array, palette: tuple[int, Array]) -> Array:
    """(…, 3) uint8 of (…) index values; those outside the table take its ends."""
    first, rgb = palette
    return np.asarray(rgb[np.clip(indices.astype(np.int64) - first, 0, len(rgb) - 1)])


def _table(dataset: Any, colour: str) -> tuple[int, Array]:
    descriptor = dataset.get(f"{colour}PaletteColorLookupTableDescriptor")
    if descriptor is None or len(descriptor) != 3:
        raise ValueError("no palette")
    count, first, bits = (int(part) for part in descriptor)
    count = count % MAX_ENTRIES or MAX_ENTRIES
    signed = int(dataset.get("PixelRepresentation") or 0) == 1
    entries = _entries(dataset, colour, count, bits)
    return signed_first(first, signed), _eight_bits(entries, bits)


def _entries(dataset: Any, colour: str, count: int, bits: int) -> Array:
    big = tuple(dataset.original_encoding) == (False, False)
    plain = dataset.get(f"{colour}PaletteColorLookupTableData")
    if plain is not None:
        entries = entries_of(plain, count, bits, big)
        if entries is None:
            raise ValueError("palette too short")
        return entries
    segmented = dataset.get(f"Segmented{colour}PaletteColorLookupTableData")
    if segmented is None:
        raise ValueError("no palette")
    return _unfolded(bytes(segmented), bits, count, ">u2" if big else "<u2")


def _unfolded(data: bytes, bits: int, count: int, word: str) -> Array:
    """PS3.3 C.7.9.2: discrete values, straight lines from the last value, and repeats of earlier segments.

    Segments of 8-bit tables consist of bytes; some writers use words all the same.
    """
    for unit in (np.dtype(np.uint8), np.dtype(word))[bits > 8:]:
        try:
            return _Segments(np.frombuffer(data, unit, len(data) // unit.itemsize)).unfold(count)
        except (ValueError, IndexError) as error:
            problem = error
    raise ValueError("broken palette") from problem


class _Segments:
    """The segments of one table. words: opcode, length and values, in bytes or words."""

    def __init__(self, words: Array) -> None:
        self._words: list[int] = words.tolist()
        self._size = words.itemsize
        self._entries: list[int] = []
        self._starts: set[int] = set()

    def unfold(self, count: int) -> Array:
        place = 0
        while place + 1 < len(self._words) and len(self._entries) < count:
            self._starts.add(place)
            place = self._segment(place, repeats=True)
        if len(self._entries) < count:
            raise ValueError("palette too short")
        return np.array(self._entries[:count], dtype=np.uint16)

    def _segment(self, place: int, *, repeats: bool) -> int:
        """Unfold the segment at `place`; where the next one begins."""
        kind, length = self._words[place], self._words[place + 1]
        if kind == _DISCRETE:
            self._entries += self._words[place + 2:place + 2 + length]
            return place + 2 + length
        if kind == _LINEAR:
            steps = np.linspace(self._entries[-1], self._words[place + 2], length + 1)[1:]
            self._entries += [round(v) for v in steps]
            return place + 3
        if kind != _INDIRECT or not repeats:
            raise ValueError("unknown palette segment, or one that repeats a repeat")
        return self._repeat(place + 2, length)

    def _repeat(self, place: int, length: int) -> int:
        """Copy `length` earlier segments. The standard counts the way to them in bytes, some writers in entries."""
        parts = 4 // self._size
        way = sum(word << (8 * self._size * n) for n, word in enumerate(self._words[place:place + parts]))
        back = way // self._size if way // self._size in self._starts and way % self._size == 0 else way
        if back not in self._starts or len(self._entries) > MAX_ENTRIES:
            raise ValueError("palette segment that points nowhere")
        for _ in range(length):
            back = self._segment(back, repeats=False)
        return place + parts


def _eight_bits(entries: Array, bits: int) -> Array:
    """uint8; 16-bit tables that hold 8-bit numbers are common, and are taken for what they are."""
    if int(entries.max(initial=0)) < 256 and bits != 16:
        return entries.astype(np.uint8)
    depth = honest_bits(entries, bits)
    return (entries >> (depth - 8)).astype(np.uint8) if depth >= 8 else entries.astype(np.uint8)
