"""A box, or one plane, that cuts away what hides the rest of a 3D view."""

from dataclasses import dataclass, replace

import numpy as np

from graticule.domain.geometry import Floats, Grid

LEAST_SHARE = 0.02
WHOLE = (0.0, 1.0, 0.0, 1.0, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class CropBox:
    """Shares of the grid's edges that are kept: (from, to) along i, j and k, outer voxel faces being 0 and 1."""

    shares: tuple[float, float, float, float, float, float] = WHOLE

    @property
    def whole(self) -> bool:
        return self.shares == WHOLE

    def with_side(self, side: int, share: float) -> "CropBox":
        """side: 0…5 as in `shares`. It stops at the side that faces it."""
        sides = list(self.shares)
        facing = sides[side ^ 1]
        low, high = (facing + LEAST_SHARE, 1.0) if side % 2 else (0.0, facing - LEAST_SHARE)
        sides[side] = float(np.clip(share, low, high))
        return replace(self, shares=(sides[0], sides[1], sides[2], sides[3], sides[4], sides[5]))

    def index(self, grid: Grid) -> Floats:
        """(3, 2) fractional (from, to) along i, j, k."""
        sizes = np.array(grid.shape[::-1], dtype=np.float64)[:, None]
        return np.asarray(np.array(self.shares).reshape(3, 2) * sizes - 0.5)

    def corners_mm(self, grid: Grid) -> Floats:
        """(8, 3) LPS; corner number = i side + 2 · j side + 4 · k side."""
        i, j, k = self.index(grid)
        return grid.to_patient(np.array([(i[n & 1], j[n >> 1 & 1], k[n >> 2 & 1]) for n in range(8)]))

    def sides_mm(self, grid: Grid) -> Floats:
        """(6, 3) LPS: the middle of each side, in the order of `shares`."""
        spans = self.index(grid)
        middles = spans.mean(axis=1)
        points = np.tile(middles, (6, 1))
        for side in range(6):
            points[side, side // 2] = spans[side // 2, side % 2]
        return grid.to_patient(points)


@dataclass(frozen=True, eq=False)
class Cut:
    """What lies on the far side of a plane, where its (3,) unit `towards` points, is kept. point: (3,) LPS mm on it."""

    point: Floats
    towards: Floats
