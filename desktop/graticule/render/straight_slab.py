"""Slabs along the grid's own axes: whole voxel layers are taken together first, then drawn as one slice.

A layer belongs to a slab when its middle lies in it; of a mean it takes the share of its cell that does. Layers of an uneven
stack count by their true places, and where a gap holds no data there is no layer.
"""

from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Array, Floats
from graticule.imaging.gaps import Places, usual_step
from graticule.imaging.slab import Slab, Through
from graticule.render.scratch import Scratch
from graticule.render.straight import only_axis, straight_slice


@dataclass(frozen=True, slots=True)
class _Layers:
    """Which layers along an axis of the grid are taken together, and how much of each (for a mean)."""

    axis: int
    first: int
    last: int
    shares: tuple[float, ...]
    through: Through


class StraightSlabs:
    """Of one volume; the last projection is kept, since panning and zooming do not change it."""

    def __init__(self, voxels: Array, places: Places | None) -> None:
        self._voxels = voxels
        self._places = places
        self._key: _Layers | None = None
        self._flat: Array = voxels[:1]

    def changed(self) -> None:
        self._key = None

    def slice(self, matrix: Floats, rectangle: tuple[int, int, int, int], slab: Slab, outside: float,
              scratch: Scratch) -> Array | None:
        """(height, width), as `straight_slice` gives it; None when the plane is oblique."""
        columns, rows = only_axis(matrix[:3, 0]), only_axis(matrix[:3, 1])
        if columns is None or rows is None or columns == rows:
            return None
        through = 3 - columns - rows
        layers = self._layers(through, float(matrix[through, 3]), abs(float(matrix[through, 2])) * slab.thickness_mm / 2,
                              slab.through)
        if layers is None:
            return np.full((rectangle[3] - rectangle[1], rectangle[2] - rectangle[0]), outside, dtype=np.float32)
        flat = self._projected(layers)
        onto = matrix.copy()
        onto[through, :] = 0.0
        return straight_slice(flat, onto, rectangle, outside, scratch, None if through == 2 else self._places)

    def _layers(self, axis: int, middle: float, half: float, through: Through) -> _Layers | None:
        """None where the slab meets no layer at all."""
        centres, low, high = self._cells(axis)
        inside = np.flatnonzero((centres >= middle - half - 1e-6) & (centres <= middle + half + 1e-6))
        if inside.size == 0 or through is Through.MEAN:
            inside = np.flatnonzero((low < middle + half) & (high > middle - half))
        if inside.size == 0:
            return None
        if through is not Through.MEAN:
            return _Layers(axis, int(inside[0]), int(inside[-1]), (), through)
        shares = np.minimum(high[inside], middle + half) - np.maximum(low[inside], middle - half)
        return _Layers(axis, int(inside[0]), int(inside[-1]), tuple(float(v) for v in shares / shares.sum()), through)

    def _cells(self, axis: int) -> tuple[Floats, Floats, Floats]:
        """Middles and the two faces of each layer's cell, along the axis in its steps."""
        count = self._voxels.shape[2 - axis]
        if self._places is None or axis != 2 or self._places.grid.levels is None or count < 2:
            centres = np.arange(count, dtype=np.float64)
            return centres, centres - 0.5, centres + 0.5
        centres, half = self._places.grid.levels, usual_step(self._places.grid) / 2
        between = np.diff(centres) / 2
        above = np.append(between, half)
        for gap in self._places.gaps:
            above[gap.after] = half
        below = np.insert(above[:-1], 0, half)
        return centres, centres - below, centres + above

    def _projected(self, layers: _Layers) -> Array:
        """(k, j, i) with one layer along the axis; the volume's own type."""
        if layers != self._key:
            index: list[slice] = [slice(None), slice(None), slice(None)]
            index[2 - layers.axis] = slice(layers.first, layers.last + 1)
            self._flat, self._key = _together(self._voxels[tuple(index)], 2 - layers.axis, layers), layers
        return self._flat


def _together(part: Array, axis: int, layers: _Layers) -> Array:
    if layers.through is Through.MEAN:
        return _mean(part, axis, np.array(layers.shares, dtype=np.float32))
    pick = np.maximum if layers.through is Through.MAX else np.minimum
    if axis < 2:
        return np.asarray(pick.reduce(part, axis=axis, keepdims=True))
    # Along the innermost axis a reduction of few values at a time is slow; whole columns against each other are not.
    kept = part[..., 0].copy()
    for column in range(1, part.shape[2]):
        pick(kept, part[..., column], out=kept)
    return kept[..., None]


def _mean(part: Array, axis: int, shares: Array) -> Array:
    if axis == 2:
        total = (part.astype(np.float32) @ shares)[..., None]
    else:
        total = np.zeros([1 if n == axis else size for n, size in enumerate(part.shape)], dtype=np.float32)
        for number, share in enumerate(shares):
            total += np.take(part, [number], axis=axis) * share
    if part.dtype.kind in "iu":
        np.rint(total, out=total)
    return np.asarray(total.astype(part.dtype))
