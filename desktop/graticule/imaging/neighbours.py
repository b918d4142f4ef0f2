"""Which voxels touch: faces (6), edges too (18), corners too (26); and the way to each in millimetres."""

from itertools import product

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Floats, Grid

FACES, EDGES, CORNERS = 6, 18, 26
_MOST = {FACES: 1, EDGES: 2, CORNERS: 3}


def offsets(connectivity: int, flat_axis: int | None = None) -> Array:
    """(n, 3) int64 (k, j, i) steps. flat_axis: no step along that axis (a flood within one slice)."""
    if connectivity not in _MOST:
        raise GraticuleError("Voxels touch by 6, 18 or 26 neighbours.")
    steps = [step for step in product((-1, 0, 1), repeat=3) if 0 < sum(map(abs, step)) <= _MOST[connectivity]]
    return np.array([step for step in steps if flat_axis is None or step[flat_axis] == 0], dtype=np.int64)


def ways_mm(grid: Grid, steps: Array) -> Floats:
    """(k, n) mm from a voxel of slice k along each (k, j, i) step; beyond the ends one usual step."""
    levels = grid.level_of(np.arange(-1, grid.shape[0] + 1))
    across = levels[1:-1, None] - levels[np.arange(1, grid.shape[0] + 1)[:, None] + steps[None, :, 0]]
    way = (steps[None, :, 2, None] * grid.affine[:3, 0] + steps[None, :, 1, None] * grid.affine[:3, 1]
           - across[:, :, None] * grid.affine[:3, 2])
    return np.asarray(np.linalg.norm(way, axis=-1))
