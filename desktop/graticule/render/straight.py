"""Slices along the grid's own axes: bilinear in two passes of numpy, several times faster than a general resampler.

Most slices a reader scrolls through are of this kind. Anything else returns None and goes to vtkImageReslice.
"""

from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Array, Floats
from graticule.imaging.gaps import Places
from graticule.render.scratch import Scratch

_STRAIGHT = 1e-9
_ON_SLICE = 1e-4
ROWS_AT_ONCE = 48


@dataclass(frozen=True, eq=False)
class _Steps:
    """Pixels along one screen direction: lower sample, share of the next one, and which lie on the grid.

    blank: (inside,) which of those lie in a gap between uneven slices; None when none does.
    """

    low: Array
    share: Array
    inside: slice
    first: int
    last: int
    blank: Array | None = None


def straight_slice(voxels: Array, matrix: Floats, rectangle: tuple[int, int, int, int], outside: float,
                   scratch: Scratch, places: Places | None = None) -> Array | None:
    """(height, width) of the pixels [x0, x1) × [y0, y1); None when the plane is oblique or between two slices.

    matrix: 4×4, pixel numbers → fractional (i, j, k). Half a voxel beyond the outermost centres still shows their value.
    places: of an uneven stack, whose k is a level; the blank part of a gap is `outside`.
    """
    columns, rows = only_axis(matrix[:3, 0]), only_axis(matrix[:3, 1])
    if columns is None or rows is None or columns == rows:
        return None
    through = 3 - columns - rows
    number = _through(float(matrix[through, 3]), through, places)
    if abs(number - round(number)) > _ON_SLICE:
        return None
    x0, y0, x1, y1 = rectangle
    sizes = voxels.shape[::-1]
    out = scratch.array("slice", (y1 - y0, x1 - x0), result_type(voxels.dtype))
    if not 0 <= round(number) < sizes[through]:
        out.fill(outside)
        return out
    across = _steps(float(matrix[columns, 0]), float(matrix[columns, 3]), x0, x1, sizes[columns], _of(places, columns))
    along = _steps(float(matrix[rows, 1]), float(matrix[rows, 3]), y0, y1, sizes[rows], _of(places, rows))
    if across is None or along is None:
        out.fill(outside)
        return out
    part = _part(voxels, through, round(number), rows, along, columns, across)
    if (along.share.size, across.share.size) != out.shape:
        out.fill(outside)
    inside = out[along.inside, across.inside]
    _down(_across(part, across, scratch), along, scratch, inside)
    if across.blank is not None:
        inside[:, across.blank] = outside
    if along.blank is not None:
        inside[along.blank] = outside
    return out


def result_type(stored: np.dtype[np.generic]) -> np.dtype[np.generic]:
    """16-bit integers for voxels of up to 16 bits, else float32 (as the general resampler is set up to give)."""
    if stored == np.uint16:
        return np.dtype(np.uint16)
    return np.dtype(np.int16) if stored.itemsize <= 2 and stored.kind in "iu" else np.dtype(np.float32)


def straight_labels(voxels: Array, matrix: Floats, rectangle: tuple[int, int, int, int],
                    places: Places | None = None) -> Array | None:
    """The same for a label map: (height, width) of the nearest voxel's value, 0 outside; None when the plane is oblique.

    Any position through the slices will do: a voxel's cell reaches half-way to its neighbours (also into a gap: it counts so
    in millilitres).
    """
    columns, rows = only_axis(matrix[:3, 0]), only_axis(matrix[:3, 1])
    if columns is None or rows is None or columns == rows:
        return None
    through = 3 - columns - rows
    number = int(np.floor(_through(float(matrix[through, 3]), through, places, cells=True) + 0.5))
    x0, y0, x1, y1 = rectangle
    sizes = voxels.shape[::-1]
    out = np.zeros((y1 - y0, x1 - x0), dtype=voxels.dtype)
    across, wide = _cells(float(matrix[columns, 0]), float(matrix[columns, 3]), x0, x1, sizes[columns], _of(places, columns))
    along, high = _cells(float(matrix[rows, 1]), float(matrix[rows, 3]), y0, y1, sizes[rows], _of(places, rows))
    if not 0 <= number < sizes[through] or across.size == 0 or along.size == 0:
        return out
    index: list[slice | int] = [slice(None), slice(None), slice(None)]
    index[2 - through] = number
    plane = voxels[tuple(index)]
    plane = plane if rows > columns else plane.T
    np.take(plane.take(along, axis=0), across, axis=1, out=out[high, wide], mode="clip")  # the indices lie inside
    return out


def _of(places: Places | None, axis: int) -> Places | None:
    """Only the k axis of a grid is ever uneven."""
    return places if axis == 2 else None


def _through(level: float, axis: int, places: Places | None, *, cells: bool = False) -> float:
    """The slice number of a plane that lies along the slices; halves when it lies in a gap, where there is no slice."""
    if places is None or axis != 2:
        return level
    if not cells and bool(places.blank(level)):
        return 0.5
    return float(places.grid.slice_of(level) if cells else places.slices(level))


def _cells(step: float, start: float, first: int, last: int, size: int, places: Places | None) -> tuple[Array, slice]:
    """Voxel numbers of the pixels that lie on the grid, and which pixels those are."""
    levels = start + step * np.arange(first, last)
    at = np.floor((levels if places is None else places.grid.slice_of(levels)) + 0.5).astype(np.intp)
    hit = np.flatnonzero((at >= 0) & (at < size))
    if hit.size == 0:
        return at[:0], slice(0, 0)
    inside = slice(int(hit[0]), int(hit[-1]) + 1)
    return at[inside], inside


def only_axis(column: Floats) -> int | None:
    """The one axis a direction runs along, None when it is oblique."""
    size = np.abs(column)
    axis = int(np.argmax(size))
    return axis if float(size.sum() - size[axis]) <= _STRAIGHT * float(size[axis]) else None


def _steps(step: float, start: float, first: int, last: int, size: int, places: Places | None) -> _Steps | None:
    levels = start + step * np.arange(first, last)
    at = levels if places is None else places.slices(levels)
    hit = np.flatnonzero((at >= -0.5) & (at <= size - 0.5))
    if hit.size == 0:
        return None
    inside = slice(int(hit[0]), int(hit[-1]) + 1)
    blank = None if places is None or not places.gaps else places.blank(levels[inside])
    at = np.clip(at[inside], 0, size - 1)
    low = np.minimum(at.astype(np.intp), max(0, size - 2))
    begin, end = int(low.min()), min(size, int(low.max()) + 2)
    return _Steps(low - begin, (at - low).astype(np.float32), inside, begin, end, blank)


def _part(voxels: Array, through: int, number: int, rows: int, along: _Steps, columns: int, across: _Steps) -> Array:
    """(rows, columns) float32 of the samples the pixels need."""
    index: list[slice | int] = [0, 0, 0]
    index[2 - through] = number
    index[2 - rows] = slice(along.first, along.last)
    index[2 - columns] = slice(across.first, across.last)
    part = voxels[tuple(index)]
    return np.ascontiguousarray(part if rows > columns else part.T, dtype=np.float32)


def _across(part: Array, steps: _Steps, scratch: Scratch) -> Array:
    """Linear interpolation along the rows: (n, samples) → (n, pixels)."""
    shape = (part.shape[0], steps.low.size)
    lower, upper = scratch.array("left", shape), scratch.array("right", shape)
    np.take(part, steps.low, axis=1, out=lower, mode="clip")
    np.take(part, steps.low + 1, axis=1, out=upper, mode="clip")
    upper -= lower
    upper *= steps.share
    lower += upper
    return lower


def _down(part: Array, steps: _Steps, scratch: Scratch, out: Array) -> None:
    """Linear interpolation along the columns: (samples, n) → (pixels, n), into `out`, so many rows at a time as fit the cache."""
    for first in range(0, steps.low.size, ROWS_AT_ONCE):
        rows = slice(first, min(first + ROWS_AT_ONCE, steps.low.size))
        shape = (rows.stop - rows.start, part.shape[1])
        lower, upper = scratch.array("above", shape), scratch.array("below", shape)
        np.take(part, steps.low[rows], axis=0, out=lower, mode="clip")
        np.take(part, steps.low[rows] + 1, axis=0, out=upper, mode="clip")
        upper -= lower
        upper *= steps.share[rows, None]
        lower += upper
        if out.dtype.kind != "f":
            np.rint(lower, out=lower)
        np.copyto(out[rows], lower, casting="unsafe")
