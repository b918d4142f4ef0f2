"""What a plane through a volume shows, as a picture whose pixels are known in the patient: for tools that follow edges in it."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Array, Floats, Grid
from graticule.imaging.sampling import sample

# A picture has at most so many pixels to a side; of a larger plane it is the part round the hand.
_MOST_PX = 640
_ON_A_CENTRE = 1e-4


@dataclass(frozen=True, eq=False)
class PlanePicture:
    """values: (rows, columns), as stored where every pixel is a voxel's centre, else float32 resampled.

    corner: (3,) LPS mm of the outer corner of the top-left pixel; right, down: unit vectors; step_mm: a pixel's side. In a
    picture's canvas the millimetres are its own lengths.
    """

    values: Array
    corner: Floats
    right: Floats
    down: Floats
    step_mm: float

    def pixel(self, at: Floats) -> tuple[int, int]:
        """(row, column) of a point, which may lie outside."""
        away = (np.asarray(at) - self.corner) / self.step_mm
        return int(np.floor(away @ self.down)), int(np.floor(away @ self.right))

    def holds(self, at: Floats) -> bool:
        row, column = self.pixel(at)
        return bool(0 <= row < self.values.shape[0] and 0 <= column < self.values.shape[1])

    def near_border(self, at: Floats) -> bool:
        """Whether a point is so near to the edge of the picture that another one round it would show more."""
        place, size = self.pixel(at), self.values.shape
        return any(n == _MOST_PX and not n // 4 <= p < n - n // 4 for p, n in zip(place, size, strict=True))

    def points(self, corners: Floats) -> Floats:
        """(n, 2) (column, row), 0 at the outer corner → (n, 3) LPS mm."""
        return np.asarray(self.corner + self.step_mm * (corners[:, :1] * self.right + corners[:, 1:] * self.down))


def picture_of(voxels: Array, grid: Grid, at: Floats, right: Floats, down: Floats) -> PlanePicture:
    """The plane through `at`; right and down: its unit vectors. On slices of the grid the pixels are the slice's own."""
    step = min(_step_along(grid, right), _step_along(grid, down))
    corner, columns, rows = _extent(grid, np.asarray(at), right, down, step)
    centres = (corner + step * (np.arange(columns)[None, :, None] + 0.5) * right
               + step * (np.arange(rows)[:, None, None] + 0.5) * down)
    index = grid.to_index(centres)
    near = np.rint(index)
    if np.abs(index - near).max() < _ON_A_CENTRE and _within(grid, near):
        i, j, k = (near[..., axis].astype(np.intp) for axis in range(3))
        return PlanePicture(voxels[k, j, i], corner, right, down, step)
    level = grid.level_of(index[..., 2])
    outside = float(np.nanmin(voxels[:: max(1, voxels.shape[0] // 8), ::4, ::4]))
    return PlanePicture(sample(voxels, grid, (index[..., 0], index[..., 1], level), outside), corner, right, down, step)


def _step_along(grid: Grid, way: Floats) -> float:
    """The spacing of the grid's axis that runs most nearly this way; of slices that lie askew, the finest."""
    turned = np.abs(way @ grid.direction)
    axis = int(np.argmax(turned))
    return grid.spacing_mm[::-1][axis] if turned[axis] > 0.99 else min(grid.spacing_mm)


def _extent(grid: Grid, at: Floats, right: Floats, down: Floats, step: float) -> tuple[Floats, int, int]:
    """(outer corner on the plane, columns, rows): what the grid covers, at most `_MOST_PX` a side round `at`.

    Counted from the first voxel's centre, so that pixels fall on voxels where they can.
    """
    k, j, i = (n - 1 for n in grid.shape)
    ends = grid.to_patient(np.array([(a, b, c) for a in (0, i) for b in (0, j) for c in (0, k)], dtype=np.float64))
    first = grid.origin_mm
    sizes, starts = [], []
    for way in (right, down):
        low, high = (np.rint(float(v) / step) for v in (((ends - first) @ way).min(), ((ends - first) @ way).max()))
        hand = np.rint(float((at - first) @ way) / step)
        low, high = max(low, hand - _MOST_PX // 2), min(high, hand + _MOST_PX // 2 - 1)
        sizes.append(max(1, int(high - low) + 1))
        starts.append((low - 0.5) * step)
    normal = np.cross(right, down)
    corner = first + starts[0] * right + starts[1] * down + float((at - first) @ normal) * normal
    return np.asarray(corner), sizes[0], sizes[1]


def _within(grid: Grid, index: Floats) -> bool:
    low, high = index.reshape(-1, 3).min(axis=0), index.reshape(-1, 3).max(axis=0)
    return bool((low >= 0).all() and (high < grid.shape[::-1]).all())
