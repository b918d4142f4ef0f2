"""Where the surface of a mask runs: the cells between eight voxel centres that are not all alike, with the area in each."""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec

import numpy as np

from graticule.domain.geometry import Array, Floats, Grid
from graticule.imaging.cubes import areas


@dataclass(frozen=True, eq=False, slots=True)
class SurfaceCells:
    """cells: codes of the box's cells, one more than its voxels along each axis; at: (n, 3) those that hold a surface."""

    cells: Array
    at: Array
    area: Floats

    @classmethod
    def of(cls, mask: Array, corner: Array, grid: Grid) -> "SurfaceCells":
        cells, at, kinds = _cells(mask)
        return cls(cells, at, _area(at, kinds, corner, grid))


def _cells(mask: Array) -> tuple[Array, Array, Array]:
    padded = np.pad(mask.astype(np.uint8, copy=False), 1)
    cells = np.empty([n - 1 for n in padded.shape], np.uint8)
    if has_numba():
        from graticule.imaging.kernels import surface as loops
        count = loops.codes(padded, cells)
        at, kinds = np.empty((count, 3), np.int32), np.empty(count, np.uint8)
        loops.places(cells, at, kinds)
        return cells, at, kinds
    cells[:] = 0
    for bit in range(8):
        k, j, i = (1 - (bit >> shift & 1) for shift in (2, 1, 0))
        cells |= padded[k:k + cells.shape[0], j:j + cells.shape[1], i:i + cells.shape[2]] << bit
    at = np.argwhere((cells != 0) & (cells != 255)).astype(np.int32)
    return cells, at, cells[tuple(at.T)]


def _area(at: Array, kinds: Array, corner: Array, grid: Grid) -> Floats:
    """A cell reaches from one slice's centres to the next one's: in an uneven stack that is the gap between the two."""
    edges = grid.affine[:3, :3].T[::-1]
    if grid.levels is None:
        return np.asarray(areas(edges)[kinds])
    gaps = np.diff(grid.level_of(np.arange(-1, grid.shape[0] + 1)))
    steps = np.repeat(edges[None], len(gaps), axis=0)
    steps[:, 0] *= gaps[:, None]
    return np.asarray(areas(steps)[at[:, 0] + corner[0], kinds])


@cache
def has_numba() -> bool:
    """The central server has none: there scipy does the same, more slowly."""
    return find_spec("numba") is not None
