"""A copy of a volume on an even grid, for what cannot place slices by itself: ray casting and registration."""

import numpy as np

from graticule.domain.geometry import Array, Floats, Grid
from graticule.domain.progress import Progress
from graticule.imaging.gaps import usual_step
from graticule.imaging.orientation import outer_corners
from graticule.imaging.sampling import sample

MOST_SLICES = 4000


def evenly_stacked(voxels: Array, grid: Grid, progress: Progress, outside: float | None = None,
                   most_slices: int = MOST_SLICES) -> tuple[Array, Grid]:
    """The slices at even places along the same k column, the usual step apart; what was not measured is `outside`.

    voxels: (k, j, i). outside: the least value, when None. Returns the voxels (their type kept) and their grid; both as they
    are when the grid is even already.
    """
    if grid.levels is None:
        return voxels, grid
    step = max(usual_step(grid), float(grid.levels[-1]) / max(1, most_slices - 1))
    count = int(np.floor(float(grid.levels[-1]) / step + 1e-6)) + 1
    rows, columns = np.arange(grid.shape[1], dtype=np.float64)[:, None], np.arange(grid.shape[2], dtype=np.float64)[None, :]
    fill = float(voxels.min()) if outside is None else outside
    made = np.empty((count, *grid.shape[1:]), dtype=voxels.dtype)
    for k in range(count):
        progress.step(k, count)
        made[k] = _whole(sample(voxels, grid, (columns, rows, np.full((1, 1), k * step)), fill), voxels.dtype)
    affine = grid.affine @ np.diag([1.0, 1.0, step, 1.0])
    return made, Grid((count, *grid.shape[1:]), affine, grid.oriented)


def boxed(voxels: Array, grid: Grid, spacing_mm: float, progress: Progress, outside: float) -> tuple[Array, Grid]:
    """float32 on perpendicular axes (those of the acquisition plane), cubic voxels of `spacing_mm`, `outside` where there is
    no data: for a tilted gantry, whose own axes are not perpendicular, and for uneven stacks."""
    turn = _perpendicular(grid.direction)
    corners = outer_corners(grid) @ turn
    low, high = corners.min(axis=0), corners.max(axis=0)
    columns, rows, slices = (max(1, int(np.ceil(size / spacing_mm - 1e-6))) for size in high - low)
    affine = np.eye(4)
    affine[:3, :3] = turn * spacing_mm
    affine[:3, 3] = turn @ (low + spacing_mm / 2)
    to_index = np.linalg.inv(grid.affine) @ affine
    x, y = np.arange(columns, dtype=np.float64)[None, :], np.arange(rows, dtype=np.float64)[:, None]
    made = np.empty((slices, rows, columns), dtype=np.float32)
    for k in range(slices):
        progress.step(k, slices)
        i, j, level = (row[0] * x + row[1] * y + (row[2] * k + row[3]) for row in to_index[:3])
        made[k] = sample(voxels, grid, (i, j, level), outside)
    return made, Grid((slices, rows, columns), affine, grid.oriented)


def _perpendicular(direction: Floats) -> Floats:
    """3×3 right-handed rotation whose first two columns span the acquisition plane."""
    across = direction[:, 0]
    along = direction[:, 1] - (direction[:, 1] @ across) * across
    along = along / np.linalg.norm(along)
    return np.stack([across, along, np.cross(across, along)], axis=1)


def _whole(values: Array, dtype: np.dtype[np.generic]) -> Array:
    return np.rint(values) if dtype.kind in "iu" else values
