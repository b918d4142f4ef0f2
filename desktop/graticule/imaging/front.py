"""What an eye sees first of some voxels, and what lies behind it to a depth: for cuts that must not go all the way through."""

import numpy as np

from graticule.domain.geometry import Array, Floats, Grid
from graticule.domain.progress import Progress, Silent
from graticule.imaging.patch import Patch

# A ray is this many voxels wide, so that it cannot slip between the centres of a wall's voxels.
_RAY_VOXELS = 1.5
_PLANES = 8


def front_of(among: Patch, seen: Patch, grid: Grid, matrix: Floats, depth_mm: float, progress: Progress | None = None) -> Patch:
    """The voxels of `among` at most `depth_mm` behind the first voxel of `seen` on their ray.

    matrix: 4×4, LPS mm → (x, y, depth, 1) of a parallel view: x and y on the screen, depth in mm away from the eye.
    A ray is as wide as one and a half voxels appear on the screen; of a wall that is seen edge-on its nearest part counts.
    """
    progress = progress or Silent()
    wide = _ray_width(grid, matrix)
    if not among.voxels or not seen.voxels:
        return Patch.nothing()
    found: Array = np.zeros(among.mask.shape, dtype=bool)
    first = _first_depths(seen, grid, matrix, wide, progress)
    for at in range(0, len(among.mask), _PLANES):
        progress.step(at, len(among.mask))
        k, j, i = np.nonzero(among.mask[at:at + _PLANES])
        x, y, depth = _projected(among, grid, matrix, (k + at, j, i))
        found[k + at, j, i] = depth <= first.at(x, y) + depth_mm
    return Patch(among.box, found).trimmed()


class _Depths:
    """The depth of the first voxel on each ray, infinite where there is none."""

    def __init__(self, low: Floats, high: Floats, wide: float) -> None:
        self._low, self._wide = low, wide
        columns, rows = (int(v) + 1 for v in (high - low) / wide)
        self._depths: Floats = np.full((rows, columns), np.inf)

    def take(self, x: Floats, y: Floats, depth: Floats) -> None:
        np.minimum.at(self._depths, self._rays(x, y), depth)

    def at(self, x: Floats, y: Floats) -> Floats:
        row, column = self._rays(x, y)
        inside = (row >= 0) & (column >= 0) & (row < self._depths.shape[0]) & (column < self._depths.shape[1])
        found = np.full(x.shape, np.inf)
        found[inside] = self._depths[row[inside], column[inside]]
        return np.where(np.isinf(found), -np.inf, found)

    def _rays(self, x: Floats, y: Floats) -> tuple[Array, Array]:
        return (np.floor((y - self._low[1]) / self._wide).astype(np.int64),
                np.floor((x - self._low[0]) / self._wide).astype(np.int64))


def _first_depths(seen: Patch, grid: Grid, matrix: Floats, wide: float, progress: Progress) -> _Depths:
    corners = _corners(seen, grid) @ matrix[:3, :3].T + matrix[:3, 3]
    depths = _Depths(corners[:, :2].min(axis=0), corners[:, :2].max(axis=0), wide)
    for at in range(0, len(seen.mask), _PLANES):
        progress.step(at, len(seen.mask))
        k, j, i = np.nonzero(seen.mask[at:at + _PLANES])
        depths.take(*_projected(seen, grid, matrix, (k + at, j, i)))
    return depths


def _projected(patch: Patch, grid: Grid, matrix: Floats, at: tuple[Array, Array, Array]) -> tuple[Floats, Floats, Floats]:
    k, j, i = (np.asarray(axis + side.start, dtype=np.float64) for axis, side in zip(at, patch.box, strict=True))
    whole = matrix @ grid.affine
    level = grid.level_of(k)
    x, y, depth = (whole[row, 0] * i + whole[row, 1] * j + whole[row, 2] * level + whole[row, 3] for row in range(3))
    return x, y, depth


def _corners(patch: Patch, grid: Grid) -> Floats:
    k, j, i = ((side.start, side.stop - 1) for side in patch.box)
    return grid.to_patient(np.array([(a, b, c) for a in i for b in j for c in k], dtype=np.float64))


def _ray_width(grid: Grid, matrix: Floats) -> float:
    """How large a voxel's longest step appears on the screen, times the breadth of a ray."""
    steps = (matrix @ grid.affine)[:2, :3]
    if grid.levels is not None and grid.shape[0] > 1:
        steps = steps * [1.0, 1.0, float(np.diff(grid.levels).max())]
    return _RAY_VOXELS * float(np.linalg.norm(steps, axis=0).max())
