"""Look-up tables as DICOM keeps them: a descriptor of three numbers and entries of 8 or 16 bits (PS3.3 C.11.1.1, C.11.2.1.1)."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from graticule.domain.geometry import Array

MAX_ENTRIES = 65536


@dataclass(frozen=True, eq=False, slots=True)
class Table:
    """first: the input value of the first entry. entries: (n,) integers as stored. bits: of each entry. words: free text."""

    first: int
    entries: Array
    bits: int
    words: str = ""

    @property
    def shares(self) -> Array:
        """(n,) float64: the entries as shares of the highest possible one, 0…1."""
        return np.asarray(self.entries.astype(np.float64) / ((1 << self.bits) - 1))


def table_of(item: Any, *, signed_input: bool) -> Table | None:
    """The table of a LUT sequence's item; None when it is missing, empty or contradicts its own descriptor.

    signed_input: whether the values that go in may be negative (decides what an unsigned-looking first value means).
    """
    descriptor = item.get("LUTDescriptor")
    if descriptor is None or len(descriptor) != 3 or item.get("LUTData") is None:
        return None
    count, first, bits = (int(part) for part in descriptor)
    count = count % MAX_ENTRIES or MAX_ENTRIES
    entries = entries_of(item["LUTData"].value, count, bits)
    if entries is None or not 1 <= bits <= 16:
        return None
    return Table(signed_first(first, signed_input), entries, honest_bits(entries, bits), str(item.get("LUTExplanation") or ""))


def signed_first(first: int, signed_input: bool) -> int:
    """The first input value is two's complement when the input is signed, whichever VR the writer chose."""
    return first - MAX_ENTRIES if signed_input and first >= 32768 else first


def entries_of(value: Any, count: int, bits: int, big_endian: bool = False) -> Array | None:
    """(count,) uint16 entries from numbers, or from bytes that hold one or two bytes an entry; None when too few."""
    if isinstance(value, bytes | bytearray):
        packed = len(value) < 2 * count
        entries = np.frombuffer(value, np.uint8 if packed else np.dtype(">u2" if big_endian else "<u2"))
    else:
        entries = np.atleast_1d(np.asarray(value, dtype=np.int64)) & 0xFFFF
        if bits <= 8 and count // 2 <= entries.size < count:  # two entries of 8 bits in each word
            entries = np.stack([entries & 0xFF, entries >> 8], axis=1).reshape(-1)
    return entries[:count].astype(np.uint16) if entries.size >= count else None


def honest_bits(entries: Array, bits: int) -> int:
    """The stated depth, or 16 where an entry is deeper than stated."""
    return bits if int(entries.max(initial=0)) < 1 << bits else 16
