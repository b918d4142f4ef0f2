"""The sample formats of WFDB signal files, as whole-array steps. Source: signal(5) of the WFDB Applications Guide."""

from dataclasses import dataclass
from math import lcm

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array

FLAC = {508: 8, 516: 16, 524: 24}
DIFFERENCES = 8


@dataclass(frozen=True, slots=True)
class Format:
    """How samples are packed: `group` samples in `group_bytes` bytes, and the value that means "no signal here".

    rest_bits: what each sample of a last group takes that is not full.
    """

    bits: int
    invalid: int | None
    group: int = 1
    group_bytes: int = 1
    rest_bits: int = 0

    def size(self, samples: int) -> int:
        """Bytes that so many samples take; a group that is not full takes what its samples need."""
        whole, rest = divmod(samples, self.group)
        return whole * self.group_bytes + -(-rest * (self.rest_bits or self.bits) // 8)

    def holds(self, size: int) -> int:
        """Whole samples in so many bytes."""
        whole, rest = divmod(size, self.group_bytes)
        return whole * self.group + min(self.group - 1, rest * 8 // (self.rest_bits or self.bits))

    def aligned(self, width: int) -> int:
        """After how many frames of `width` samples a group begins with a frame again."""
        return lcm(self.group, width) // width


FORMATS = {
    8: Format(8, None), 16: Format(16, -(1 << 15), 1, 2), 24: Format(24, -(1 << 23), 1, 3), 32: Format(32, -(1 << 31), 1, 4),
    61: Format(16, -(1 << 15), 1, 2), 80: Format(8, -(1 << 7)), 160: Format(16, -(1 << 15), 1, 2),
    212: Format(12, -(1 << 11), 2, 3), 310: Format(10, -(1 << 9), 3, 4, 16), 311: Format(10, -(1 << 9), 3, 4),
    508: Format(8, -(1 << 7)), 516: Format(16, -(1 << 15), 1, 2), 524: Format(24, -(1 << 23), 1, 3),
}


def format_of(number: int) -> Format:
    if number not in FORMATS:
        known = ", ".join(str(name) for name in sorted(FORMATS))
        raise GraticuleError(f"The signals are stored in WFDB format {number}, which no version of WFDB describes.",
                             f"Formats {known} are read; convert the record with the WFDB tool “xform”.")
    return FORMATS[number]


def kind_of(number: int) -> type[np.generic]:
    """The type of an array that holds every sample of a format."""
    return np.int32 if number in (8, 24, 32, 524) else np.int16


def decode(data: bytes, number: int, samples: int) -> Array:
    """(samples,) integers of `kind_of(number)` from the beginning of `data`, which must be long enough.

    Format 8 gives the differences as they are stored; FLAC (508, 516, 524) is not decoded here (`flac.py`).
    """
    part = data[: format_of(number).size(samples)]
    if number in _PACKED:
        return _PACKED[number](part, samples)
    if number == 80:
        return np.frombuffer(part, np.uint8).astype(np.int16) - 128
    if number == 160:
        return (np.frombuffer(part, "<u2").astype(np.int32) - 32768).astype(np.int16)
    dtype = {8: "i1", 16: "<i2", 61: ">i2", 32: "<i4"}[number]
    return np.frombuffer(part, dtype).astype(kind_of(number))


def _format_212(data: bytes, samples: int) -> Array:
    """Two samples in three bytes: low byte, both high nibbles, low byte of the second."""
    packed = _groups(data, 3).astype(np.int16)
    out = np.empty((packed.shape[0], 2), np.int16)
    out[:, 0] = packed[:, 0] | (packed[:, 1] & 0x0F) << 8
    out[:, 1] = packed[:, 2] | (packed[:, 1] & 0xF0) << 4
    out <<= 4
    out >>= 4  # the twelfth bit is the sign
    return out.reshape(-1)[:samples]


def _format_310(data: bytes, samples: int) -> Array:
    """Three samples of ten bits in two words, whose lowest bits say nothing; the third lies in the top five bits of both."""
    words = _groups(data, 4).reshape(-1).view("<u2").reshape(-1, 2).astype(np.int16)
    out = np.empty((words.shape[0], 3), np.int16)
    out[:, 0] = words[:, 0] >> 1 & 0x3FF
    out[:, 1] = words[:, 1] >> 1 & 0x3FF
    out[:, 2] = words[:, 0] >> 11 & 0x1F | (words[:, 1] >> 11 & 0x1F) << 5
    return _ten_bits(out, samples)


def _format_311(data: bytes, samples: int) -> Array:
    """Three samples of ten bits in one word of 32, the first lowest."""
    words = _groups(data, 4).reshape(-1).view("<u4")
    return _ten_bits(np.stack([words & 0x3FF, words >> 10 & 0x3FF, words >> 20 & 0x3FF], axis=1).astype(np.int16), samples)


def _ten_bits(out: Array, samples: int) -> Array:
    flat: Array = out.reshape(-1)[:samples] << 6
    return flat >> 6


def _format_24(data: bytes, samples: int) -> Array:
    packed = _groups(data, 3).astype(np.int32)
    values: Array = (packed[:, 0] << 8 | packed[:, 1] << 16 | packed[:, 2] << 24) >> 8
    return values[:samples]


def _groups(data: bytes, size: int) -> Array:
    """(groups, size) bytes; the last group is filled up."""
    return np.frombuffer(data + bytes(-len(data) % size), np.uint8).reshape(-1, size)


_PACKED = {212: _format_212, 310: _format_310, 311: _format_311, 24: _format_24}
