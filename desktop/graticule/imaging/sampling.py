"""Values of a volume at any points, by its true slice positions: for uneven stacks, registration and regular copies.

Slower than the renderers of even grids (some 40 ms for 640,000 points), and the same for every grid.
"""

import numpy as np
from scipy.ndimage import map_coordinates

from graticule.domain.geometry import Array, Floats, Grid
from graticule.imaging.gaps import Places


def sample(voxels: Array, grid: Grid, index: tuple[Floats, Floats, Floats], outside: float) -> Array:
    """float32 of the shape of i, j and level (broadcast): linear between voxels, `outside` beyond the grid and in gaps.

    voxels: (k, j, i). index: i, j and the place along the k column in its steps (a slice number where slices lie evenly).
    Half a voxel beyond the outermost centres still has their value.
    """
    i, j, level = np.broadcast_arrays(*index)
    places = Places.of(grid)
    k = level if places is None else places.slices(level)
    known = _on_grid(grid.shape, i, j, k)
    if places is not None and places.gaps:
        known &= ~places.blank(level)
    if not known.any():
        return np.full(known.shape, outside, dtype=np.float32)
    values = np.asarray(map_coordinates(voxels, np.stack([k, j, i]), output=np.float32, order=1, mode="nearest", prefilter=False))
    values[~known] = outside
    return values


def sample_labels(values: Array, grid: Grid, index: tuple[Floats, Floats, Floats]) -> Array:
    """The value of the voxel in whose cell each point lies, 0 outside: as `Grid.voxel_at` finds it."""
    i, j, level = np.broadcast_arrays(*index)
    cells = [np.floor(axis + 0.5).astype(np.intp) for axis in (grid.slice_of(level), j, i)]
    known = np.ones(i.shape, dtype=bool)
    for cell, size in zip(cells, grid.shape, strict=True):
        known &= (cell >= 0) & (cell < size)
    found = np.zeros(known.shape, dtype=values.dtype)
    found[known] = values[cells[0][known], cells[1][known], cells[2][known]]
    return found


def _on_grid(shape: tuple[int, int, int], i: Floats, j: Floats, k: Floats) -> Array:
    known = np.ones(i.shape, dtype=bool)
    for axis, size in ((k, shape[0]), (j, shape[1]), (i, shape[2])):
        known &= (axis >= -0.5) & (axis <= size - 0.5)
    return known
