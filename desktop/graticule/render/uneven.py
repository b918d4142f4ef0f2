"""Oblique planes and slabs through a stack whose slices lie unevenly: every pixel at its true place, gaps left out."""

from typing import Any

import numpy as np

from graticule.domain.geometry import Array, Floats, Grid
from graticule.imaging.sampling import sample, sample_labels
from graticule.imaging.slab import Through

# These samplers are slow; a thick slab is stepped through in at most about so many samples.
MOST_SAMPLES = 25
_EMPTY = {Through.MAX: -np.inf, Through.MIN: np.inf, Through.MEAN: 0.0}


def uneven_slice(voxels: Array, grid: Grid, matrix: Floats, rectangle: tuple[int, int, int, int], outside: float,
                 dtype: np.dtype[Any]) -> Array:
    """(height, width) of `dtype`; matrix: 4×4, pixel numbers and mm along the normal → (i, j, level)."""
    return _as(sample(voxels, grid, _index(matrix, rectangle, 0.0), np.nan), outside, dtype)


def uneven_labels(values: Array, grid: Grid, matrix: Floats, rectangle: tuple[int, int, int, int]) -> Array:
    return sample_labels(values, grid, _index(matrix, rectangle, 0.0))


def uneven_slab(voxels: Array, grid: Grid, matrix: Floats, rectangle: tuple[int, int, int, int], offsets_mm: Floats,
                through: Through, outside: float, dtype: np.dtype[Any], *, quick: bool = False) -> Array:
    """The largest, least or mean value met at the offsets; blank only where none of them met data. quick: every second pixel
    of every second row, doubled."""
    x0, y0, x1, y1 = rectangle
    if quick:
        kept = _gathered(voxels, grid, matrix, rectangle, offsets_mm, through, 2)
        kept = np.repeat(np.repeat(kept, 2, axis=0), 2, axis=1)[:y1 - y0, :x1 - x0]
    else:
        kept = _gathered(voxels, grid, matrix, rectangle, offsets_mm[::max(1, offsets_mm.size // MOST_SAMPLES)], through, 1)
    return _as(np.ascontiguousarray(kept), outside, dtype)


def _gathered(voxels: Array, grid: Grid, matrix: Floats, rectangle: tuple[int, int, int, int], offsets_mm: Floats,
              through: Through, every: int) -> Array:
    """float32, NaN where no sample met data."""
    shape = _index(matrix, rectangle, 0.0, every)[0].shape
    kept = np.full(shape, _EMPTY[through], dtype=np.float32)
    met = np.zeros(shape, dtype=np.int32)
    for offset in offsets_mm:
        values = sample(voxels, grid, _index(matrix, rectangle, float(offset), every), np.nan)
        known = ~np.isnan(values)
        met += known
        if through is Through.MEAN:
            kept += np.where(known, values, 0.0)
        else:
            (np.fmax if through is Through.MAX else np.fmin)(kept, values, out=kept)
    if through is Through.MEAN:
        kept /= np.maximum(met, 1)
    kept[met == 0] = np.nan
    return kept


def _index(matrix: Floats, rectangle: tuple[int, int, int, int], offset_mm: float,
           every: int = 1) -> tuple[Floats, Floats, Floats]:
    x0, y0, x1, y1 = rectangle
    x, y = np.arange(x0, x1, every)[None, :], np.arange(y0, y1, every)[:, None]
    rows = matrix[:3]
    i, j, level = (row[0] * x + row[1] * y + (row[2] * offset_mm + row[3]) for row in rows)
    return i, j, level


def _as(values: Array, outside: float, dtype: np.dtype[Any]) -> Array:
    """NaN becomes `outside`; whole numbers are rounded."""
    blank = np.isnan(values)
    if dtype.kind != "f":
        np.rint(values, out=values)
    values[blank] = outside
    return values.astype(dtype)
