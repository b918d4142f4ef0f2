"""Colour as stored to RGB of 8 bits: the YBR kinds of DICOM (PS3.3 C.7.6.3.1.2) and deep colours."""

import numpy as np

from graticule.domain.geometry import Array

YBR_PARTIAL = ("YBR_PARTIAL_422", "YBR_PARTIAL_420")
YBR_FULL = ("YBR_FULL", "YBR_FULL_422")


def eight_bits(values: Array, bits_stored: int) -> Array:
    """uint8 of unsigned samples of `bits_stored` bits: the whole range onto the whole range."""
    if values.dtype == np.uint8 and bits_stored == 8:
        return values
    highest = (1 << bits_stored) - 1
    whole = values.astype(np.uint32) & highest
    return ((whole * 255 + highest // 2) // highest).astype(np.uint8) if bits_stored <= 24 else (whole >> 24).astype(np.uint8)


def rgb_of(samples: Array, photometric: str) -> Array:
    """(rows, columns, 3) uint8 RGB of samples in `photometric`; RGB, YBR_ICT and YBR_RCT (undone by the decoder) stay."""
    if photometric in YBR_FULL:
        return _converted(samples, np.array([0.0, 128, 128]), _FULL)
    if photometric in YBR_PARTIAL:
        return _converted(samples, np.array([16.0, 128, 128]), _PARTIAL)
    return samples


# Rows R, G, B by columns Y, CB, CR.
_FULL = np.array([[1, 0, 1.402], [1, -0.114 * 1.772 / 0.587, -0.299 * 1.402 / 0.587], [1, 1.772, 0]])
_PARTIAL = _FULL * np.array([255 / 219, 255 / 224, 255 / 224])


def _converted(samples: Array, zero: Array, matrix: Array) -> Array:
    rgb = (samples.astype(np.float32) - zero.astype(np.float32)) @ matrix.T.astype(np.float32)
    return np.clip(np.rint(rgb), 0, 255).astype(np.uint8)


def spread_422(data: Array, rows: int, columns: int) -> Array:
    """(rows, columns, 3) of native 4:2:2 samples, which lie as Y Y CB CR for each two pixels (PS3.5 8.1.2, C.7.6.3.1.2)."""
    pairs = data[:rows * columns * 2].reshape(rows, columns // 2, 4)
    out = np.empty((rows, columns // 2, 2, 3), data.dtype)
    out[..., 0] = pairs[..., :2]
    out[..., 1] = pairs[..., 2:3]
    out[..., 2] = pairs[..., 3:4]
    return out.reshape(rows, columns, 3)
