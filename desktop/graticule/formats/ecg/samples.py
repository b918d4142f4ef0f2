"""The sample formats of WFDB signal files, as whole-array steps. Source: signal(5) of the WFDB Applications Guide."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array


@dataclass(frozen=True, slots=True)
class Format:
    """How samples are packed: `bits` each, and the value that means "no signal here"."""

    bits: int
    invalid: int

    def size(self, samples: int) -> int:
        """Bytes that so many samples take; an odd last sample of format 212 takes two."""
        return -(-samples * self.bits // 8)

    def holds(self, size: int) -> int:
        """Whole samples in so many bytes."""
        return size * 8 // self.bits


FORMATS = {
    16: Format(16, -(1 << 15)), 61: Format(16, -(1 << 15)), 80: Format(8, -(1 << 7)), 212: Format(12, -(1 << 11)),
    24: Format(24, -(1 << 23)), 32: Format(32, -(1 << 31)),
}


def format_of(number: int) -> Format:
    if number not in FORMATS:
        known = ", ".join(str(name) for name in sorted(FORMATS))
        raise GraticuleError(f"The signals are stored in WFDB format {number}, which is not read yet.",
                             f"Formats {known} are; convert the record with the WFDB tool “xform”.")
    return FORMATS[number]


def decode(data: bytes, number: int, samples: int) -> Array:
    """(samples,) int16 (int32 for formats 24 and 32) from the beginning of `data`, which must be long enough."""
    part = data[: format_of(number).size(samples)]
    if number == 212:
        return _format_212(part, samples)
    if number == 24:
        return _format_24(part)
    if number == 80:
        return np.frombuffer(part, np.uint8).astype(np.int16) - 128
    dtype = {16: "<i2", 61: ">i2", 32: "<i4"}[number]
    native = np.int32 if number == 32 else np.int16
    return np.frombuffer(part, dtype).astype(native)


def _format_212(data: bytes, samples: int) -> Array:
    """Two samples in three bytes: low byte, both high nibbles, low byte of the second."""
    packed = np.frombuffer(data + bytes(-len(data) % 3), np.uint8).reshape(-1, 3).astype(np.int16)
    out = np.empty((packed.shape[0], 2), np.int16)
    out[:, 0] = packed[:, 0] | (packed[:, 1] & 0x0F) << 8
    out[:, 1] = packed[:, 2] | (packed[:, 1] & 0xF0) << 4
    flat = out.reshape(-1)[:samples]
    return np.where(flat > 2047, flat - 4096, flat).astype(np.int16)


def _format_24(data: bytes) -> Array:
    packed = np.frombuffer(data, np.uint8).reshape(-1, 3).astype(np.int32)
    values = packed[:, 0] | packed[:, 1] << 8 | packed[:, 2] << 16
    return np.where(values >= 1 << 23, values - (1 << 24), values).astype(np.int32)
