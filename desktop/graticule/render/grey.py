"""Values to grey: DICOM's linear window, by table for 16-bit values."""

from functools import lru_cache

import numpy as np

from graticule.domain.geometry import Array
from graticule.domain.volume import Window
from graticule.render.straight import ROWS_AT_ONCE


def to_grey(values: Array, window: Window, outside: float | None = None, out: Array | None = None) -> Array:
    """(height, width) uint8 of values of any real type; `outside` values stay black whatever the window.

    out: (height, width) uint8 to write into (a new array without it).
    """
    if values.dtype in (np.dtype(np.int16), np.dtype(np.uint16)):
        table = _table(window.width, window.level, window.inverted, values.dtype == np.int16, outside)
        grey = np.empty(values.shape, dtype=np.uint8) if out is None else out
        for first in range(0, values.shape[0], ROWS_AT_ONCE):
            rows = slice(first, first + ROWS_AT_ONCE)
            np.take(table, values[rows].view(np.uint16), out=grey[rows], mode="clip")
        return grey
    beyond = None if outside is None else values == np.float32(outside)
    shown = values.astype(np.float32)
    if beyond is not None:
        shown[beyond] = window.level
    grey = _window(shown, window.width, window.level, window.inverted)
    if beyond is not None:
        grey[beyond] = 0
    if out is not None:
        np.copyto(out, grey)
        return out
    return grey


@lru_cache(maxsize=64)
def _table(width: float, level: float, inverted: bool, signed: bool, outside: float | None) -> Array:
    numbers = np.arange(65536, dtype=np.uint16)
    table = _window(numbers.view(np.int16 if signed else np.uint16).astype(np.float32), width, level, inverted)
    if outside is not None:
        table[int(outside) & 0xFFFF] = 0
    return table


def _window(values: Array, width: float, level: float, inverted: bool) -> Array:
    width = max(width, 1e-6)
    values -= np.float32(level - width / 2)
    values *= np.float32(255.0 / width)
    np.clip(values, 0.0, 255.0, out=values)
    grey = (values + np.float32(0.5)).astype(np.uint8)
    return 255 - grey if inverted else grey
