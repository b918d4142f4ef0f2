"""Values to grey by DICOM's VOI functions and tables (PS3.3 C.11.2), by one look-up for values of up to 16 bits."""

from functools import lru_cache

import numpy as np

from graticule.domain.geometry import Array
from graticule.domain.volume import SIGMOID, GreyTable, Window
from graticule.render.straight import ROWS_AT_ONCE

_LOOKED_UP = {np.dtype(np.int16): np.uint16, np.dtype(np.uint16): np.uint16, np.dtype(np.uint8): np.uint8}


def to_grey(values: Array, window: Window, outside: float | None = None, out: Array | None = None) -> Array:
    """(height, width) uint8 of values of any real type; `outside` values and padding stay black whatever the window.

    out: (height, width) uint8 to write into (a new array without it).
    """
    if values.dtype in _LOOKED_UP:
        table = _table(window, values.dtype.str, outside)
        grey = np.empty(values.shape, dtype=np.uint8) if out is None else out
        for first in range(0, values.shape[0], ROWS_AT_ONCE):
            rows = slice(first, first + ROWS_AT_ONCE)
            np.take(table, values[rows].view(_LOOKED_UP[values.dtype]), out=grey[rows], mode="clip")
        return grey
    grey = _shown(values, window, outside)
    if out is not None:
        np.copyto(out, grey)
        return out
    return grey


@lru_cache(maxsize=64)
def _table(window: Window, dtype: str, outside: float | None) -> Array:
    """The grey of every bit pattern of a type of 8 or 16 bits."""
    of = np.dtype(dtype)
    numbers = np.arange(1 << (8 * of.itemsize), dtype=_LOOKED_UP[of])
    table = _shown(numbers.view(of), window, None)
    if outside is not None:
        table[int(outside) & (numbers.size - 1)] = 0
    return table


def _shown(values: Array, window: Window, outside: float | None) -> Array:
    """uint8 greys, black where there is nothing to show: beyond the grid, padding, and what is no number."""
    shown = values.astype(np.float64 if values.dtype.itemsize > 4 else np.float32)
    nothing = _nothing(shown, window, outside)
    if nothing is not None:
        shown[nothing] = window.level
    grey = _grey(shown, window)
    if nothing is not None:
        grey[nothing] = 0
    return grey


def _nothing(values: Array, window: Window, outside: float | None) -> Array | None:
    nothing = None if values.dtype.kind != "f" or np.isfinite(values.max(initial=0) - values.min(initial=0)) else np.isnan(values)
    if outside is not None:
        beyond = values == values.dtype.type(outside)
        nothing = beyond if nothing is None else nothing | beyond
    if window.blank is not None:
        low, high = (values.dtype.type(edge) for edge in window.blank)
        padding = (values >= low) & (values <= high)
        nothing = padding if nothing is None else nothing | padding
    return nothing


def _grey(values: Array, window: Window) -> Array:
    """uint8 greys of floating-point values, which are overwritten."""
    if window.table is not None:
        values = _looked_up(values, window.table)
    elif window.function == SIGMOID:
        values = _sigmoid(values, window)
    else:
        values = _linear(values, *window.straight)
    grey = (values + values.dtype.type(0.5)).astype(np.uint8)
    return np.asarray(255 - grey, dtype=np.uint8) if window.inverted else grey


def _linear(values: Array, width: float, level: float) -> Array:
    real = values.dtype.type
    values -= real(level - width / 2)
    values *= real(255.0 / width)
    return np.clip(values, 0.0, 255.0, out=values)


def _sigmoid(values: Array, window: Window) -> Array:
    """PS3.3 C.11.2.1.3.1: 1 / (1 + e^(−4 (x − level) / width)), of which e to more than ±80 is black or white."""
    real = values.dtype.type
    values -= real(window.level)
    values *= real(-4.0 / max(window.width, 1e-6))
    np.clip(values, -80.0, 80.0, out=values)
    np.exp(values, out=values)
    values += real(1.0)
    return np.asarray(real(255.0) / values)


def _looked_up(values: Array, table: GreyTable) -> Array:
    places = np.rint((np.nan_to_num(values).astype(np.float64) - table.first) / table.step)
    steps = np.clip(places, 0, table.greys.size - 1).astype(np.int64)
    return np.asarray((table.greys * 255.0)[steps])
