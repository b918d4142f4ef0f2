"""Which voxels a brush covers: distances in patient millimetres to voxel centres, on any affine grid.

The whole move from one pointer position to the next is one shape, a capsule: a fast hand leaves no gaps, and nothing is
computed twice where stamps would overlap. The shape is convex, so each row of voxels meets it in one interval, which a
quadratic equation gives: the work grows with the number of rows, not of voxels.
"""

import numpy as np

from graticule.domain.geometry import Array, Floats, Grid
from graticule.imaging.gaps import gaps_of, in_gap
from graticule.imaging.rows import Rows, Spans, slab

# A plane exactly between two slices belongs to the higher index, as in Grid.voxel_at (floor of index + 0.5).
_TIE = 1e-6
_ROUNDING = 1 + 1e-9
_NOTHING = 1e-12


def swept_ball(grid: Grid, start_mm: Floats, end_mm: Floats, radius_mm: float) -> Array:
    """Voxels whose centre lies within `radius_mm` of the way from start to end.

    start_mm, end_mm: (3,) LPS. Returns (n,) int64 flat C-order indices, rising. The voxels under the way itself always belong,
    however small the radius; but where a gap between slices holds no data, nothing lies under it.
    """
    ends, steps = _ends(grid, start_mm, end_mm), grid.affine[:3, :3]
    rows = Rows.round(grid, ends, np.linalg.norm(np.linalg.inv(steps), axis=1) * radius_mm)
    return _with_way(grid, rows.flat(_capsule(rows, steps, ends, radius_mm)), ends)


def swept_disc(grid: Grid, start_mm: Floats, end_mm: Floats, radius_mm: float, normal: Floats) -> Array:
    """Voxels that the viewing plane cuts and whose centre, seen along `normal`, lies within `radius_mm` of the way.

    On slices parallel to the grid that is one slice. start_mm, end_mm: (3,) LPS in the plane; normal: its (3,) unit normal.
    Returns (n,) int64 flat C-order indices, rising.
    """
    ends, steps = _ends(grid, start_mm, end_mm), grid.affine[:3, :3]
    before, after = cells_mm(grid, normal)
    inverse, most = np.linalg.inv(steps), float(max(before.max(), after.max()))
    across = np.outer(inverse @ normal, normal)
    rows = Rows.round(grid, ends, np.linalg.norm(inverse - across, axis=1) * radius_mm + np.abs(inverse @ normal) * most)
    flattened = steps - np.outer(normal, normal @ steps)
    cut = slab(rows, normal @ steps, ends[0] + _TIE, -after[rows.k] / _ROUNDING, before[rows.k] / _ROUNDING)
    return _with_way(grid, rows.flat(_capsule(rows, flattened, ends, radius_mm).and_also(cut)), ends + _TIE)


def _ends(grid: Grid, start_mm: Floats, end_mm: Floats) -> Floats:
    """(2, 3): (i, j, level), so that steps of the affine are millimetres also where slices lie unevenly."""
    return np.asarray((np.stack([start_mm, end_mm]) - grid.affine[:3, 3]) @ np.linalg.inv(grid.affine[:3, :3]).T)


def cells_mm(grid: Grid, normal: Floats) -> tuple[Floats, Floats]:
    """(k,) each: how far the cell of a voxel of each slice reaches against and along a unit normal from its centre.

    A cell reaches half-way to the neighbouring slices, so in an uneven stack the two sides differ.
    """
    i, j, k = (float(part) for part in normal @ grid.affine[:3, :3])
    levels = grid.level_of(np.arange(-1, grid.shape[0] + 1))
    if grid.levels is not None and grid.shape[0] > 1:
        levels[0], levels[-1] = 2 * levels[1] - levels[2], 2 * levels[-2] - levels[-3]
    below, above = (levels[1:-1] - levels[:-2]) / 2, (levels[2:] - levels[1:-1]) / 2
    side = (abs(i) + abs(j)) / 2
    if k < 0:
        below, above = above, below
    return side + abs(k) * below, side + abs(k) * above


def _capsule(rows: Rows, steps: Floats, ends: Floats, radius_mm: float) -> Spans:
    """Where |steps · (index − nearest point of the way)| ≤ radius; steps: 3×3 mm per index step."""
    limit = radius_mm * radius_mm * _ROUNDING
    start = _near(rows, steps, ends[0], limit)
    way = steps @ (ends[1] - ends[0])
    length = float(way @ way)
    if length < _NOTHING:
        return start
    beside = steps - np.outer(way, way @ steps) / length
    middle = _near(rows, beside, ends[0], limit).and_also(slab(rows, way @ steps, ends[0], 0.0, length))
    return start.joined(_near(rows, steps, ends[1], limit)).joined(middle)


def _near(rows: Rows, steps: Floats, origin: Floats, limit: float) -> Spans:
    """Where |steps · (index − origin)|² ≤ limit: a quadratic in i for every row."""
    rest = rows.from_(origin) @ steps[:, 1:].T
    a, b, c = float(steps[:, 0] @ steps[:, 0]), rest @ steps[:, 0], (rest * rest).sum(axis=1) - limit
    if a < _NOTHING:
        return Spans(np.where(c <= 0, -np.inf, np.inf), np.where(c <= 0, np.inf, -np.inf))
    inner = b * b - a * c
    root = np.sqrt(np.maximum(inner, 0.0))
    low, high = origin[0] + (-b - root) / a, origin[0] + (-b + root) / a
    return Spans(np.where(inner >= 0, low, np.inf), np.where(inner >= 0, high, -np.inf))


def _with_way(grid: Grid, index: Array, ends: Floats) -> Array:
    """The indices and the voxels that the way passes through (steps of at most half a voxel), gaps without data left out."""
    finest = 1.0 if grid.levels is None or grid.shape[0] < 2 else min(1.0, float(np.diff(grid.levels).min()))
    steps = int(np.ceil(np.abs(ends[1] - ends[0]).max() * 2 / finest)) + 1
    way_points = np.linspace(ends[0], ends[1], steps + 1)
    way_points = way_points[~in_gap(way_points[:, 2], gaps_of(grid))]
    way_points[:, 2] = grid.slice_of(way_points[:, 2])
    points = np.floor(way_points + 0.5).astype(np.int64)
    slices, rows, columns = grid.shape
    inside = np.all((points >= 0) & (points < (columns, rows, slices)), axis=1)
    i, j, k = points[inside].T
    way = (k * rows + j) * columns + i
    place = np.minimum(np.searchsorted(index, way), max(0, index.size - 1))
    if index.size and bool((index[place] == way).all()):
        return index
    return np.union1d(index, way)
