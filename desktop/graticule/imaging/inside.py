"""Which voxels and pixels an outlined area holds: those whose centre lies inside."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Array, Floats, Grid
from graticule.imaging.shapes import BOX, ELLIPSE, box_corners, outlines

_EDGE = 1e-9


def inside(shape: str, points: Floats, at: Floats) -> Array:
    """(n,) bool: whether (n, 2) points lie in a plane shape. Edges of boxes and ellipses belong to them; polygons go even-odd."""
    if shape == ELLIPSE:
        share = _shares(points.mean(axis=0), (points[1] - points[0]) / 2, (points[3] - points[2]) / 2, at)
        return np.asarray((share * share).sum(axis=1) <= 1 + _EDGE)
    if shape == BOX:
        corners = box_corners(points)
        share = _shares(corners[0], corners[1] - corners[0], corners[3] - corners[0], at)
        return np.asarray(((share >= -_EDGE) & (share <= 1 + _EDGE)).all(axis=1))
    return _even_odd(points, at)


def pixels_inside(size: tuple[int, int], shape: str, points: Floats) -> tuple[Array, Array]:
    """Rows and columns of the pixels of an image of `size` (rows, columns) whose centre (c + 0.5, r + 0.5) lies inside.

    points: (n, 2 or 3) columns and rows; a third coordinate is the frame and is not looked at.
    """
    flat = points[:, :2]
    reach = outlines(shape, flat)[0][0]
    low = np.maximum(np.floor(reach.min(axis=0)).astype(int), 0)
    high = np.minimum(np.ceil(reach.max(axis=0)).astype(int) + 1, (size[1], size[0]))
    columns, rows = (np.arange(a, max(a, b)) for a, b in zip(low, high, strict=True))
    column, row = (part.reshape(-1) for part in np.meshgrid(columns, rows))
    within = inside(shape, flat, np.stack([column + 0.5, row + 0.5], axis=1))
    return row[within], column[within]


@dataclass(frozen=True, eq=False)
class Sheet:
    """The plane an area was drawn on: `first` and `second` are perpendicular unit vectors in it, `normal` stands on it."""

    origin: Floats
    first: Floats
    second: Floats
    normal: Floats

    @classmethod
    def through(cls, points: Floats) -> "Sheet | None":
        """The plane that fits (n, 3) points best; None when they lie on a line."""
        middle = points.mean(axis=0)
        _, sizes, axes = np.linalg.svd(points - middle, full_matrices=False)
        if len(sizes) < 2 or sizes[1] <= 1e-9 * max(float(sizes[0]), 1e-9):
            return None
        return cls(middle, axes[0], axes[1], np.asarray(np.cross(axes[0], axes[1])))

    def flat(self, points: Floats) -> Floats:
        """(n, 3) → (n, 2): seen along the normal."""
        away = points - self.origin
        return np.stack([away @ self.first, away @ self.second], axis=1)


def voxels_inside(grid: Grid, shape: str, points: Floats) -> Array:
    """(n, 3) int64 (i, j, k) of the voxels that an area drawn on a plane holds; no rows when it has no area.

    points: (n, 3) LPS mm. One layer: in every row of voxels that runs most nearly across the plane, the one nearest to it;
    it counts when its centre, seen along the plane's normal, lies inside.
    """
    outline = outlines(shape, points)[0][0]
    sheet = Sheet.through(outline)
    if sheet is None:
        return np.zeros((0, 3), dtype=np.int64)
    across = int(np.argmax(np.abs(sheet.normal @ grid.affine[:3, :3])))
    index = _layer(grid, sheet, across, outline)
    within = inside(shape, sheet.flat(points), sheet.flat(grid.to_patient(index)))
    return index[within]


def _layer(grid: Grid, sheet: Sheet, across: int, outline: Floats) -> Array:
    """(n, 3): the voxels nearest to the plane, under the outline and a margin."""
    reach = grid.to_index(outline)
    margin = _margin(grid, sheet, across)
    low, high = np.floor(reach.min(axis=0)) - margin, np.ceil(reach.max(axis=0)) + margin
    sizes = grid.shape[::-1]
    ranges = [np.arange(max(0, int(a)), min(size, int(b) + 1)) for a, b, size in zip(low, high, sizes, strict=True)]
    ranges[across] = np.zeros(1, dtype=np.int64)
    index = np.stack(np.meshgrid(*ranges, indexing="ij"), axis=-1).reshape(-1, 3).astype(np.int64)
    start, step = grid.to_patient(index), grid.affine[:3, across]
    place = ((sheet.origin - start) @ sheet.normal) / float(step @ sheet.normal)
    if across == 2:
        place = grid.slice_of(place)
    index[:, across] = np.floor(place + 0.5).astype(np.int64)
    return index[(index[:, across] >= 0) & (index[:, across] < sizes[across])]


def _margin(grid: Grid, sheet: Sheet, across: int) -> Floats:
    """(3,) by how many voxels a centre half a layer off the plane may seem shifted when seen along the normal."""
    step = grid.affine[:3, across]
    if across == 2 and grid.levels is not None:
        step = step * float(np.diff(grid.levels).max(initial=1.0))
    lean = (step - sheet.normal * (step @ sheet.normal)) / 2
    return np.asarray(np.ceil(np.abs(np.linalg.inv(grid.affine[:3, :3]) @ lean)) + 1)


def _shares(origin: Floats, first: Floats, second: Floats, at: Floats) -> Floats:
    """(n, 2): at = origin + share[0] · first + share[1] · second; infinite where the two do not span an area."""
    basis = np.stack([first, second], axis=1)
    if abs(float(np.linalg.det(basis))) < 1e-12:
        return np.full((len(at), 2), np.inf)
    return np.asarray((at - origin) @ np.linalg.inv(basis).T)


def _even_odd(corners: Floats, at: Floats) -> Array:
    x, y = at[:, 0], at[:, 1]
    result = np.zeros(len(at), dtype=bool)
    for one, two in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        crosses = (one[1] > y) != (two[1] > y)
        if crosses.any():
            result[crosses] ^= x[crosses] < (two[0] - one[0]) * (y[crosses] - one[1]) / (two[1] - one[1]) + one[0]
    return result
