"""Cut with an outline drawn on the screen, on a slice or on the 3D view: inside or outside it, all the way through or to a
depth."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Floats, Grid
from graticule.imaging.patch import Patch
from graticule.imaging.plane import ViewPlane
from graticule.imaging.polygons import strips_of

INSIDE, OUTSIDE = "inside", "outside"


@dataclass(frozen=True, eq=False)
class ScissorsParameters:
    """outline_px: (n, 2) screen points. matrix: 4×4, LPS mm (x, y, z, 1) → (x, y, depth, w) on the screen before division by w.

    near, far: depths after division that are cut, in the matrix's own units (mm along the view for `from_plane`).
    """

    outline_px: Floats
    matrix: Floats
    side: str = INSIDE
    near: float = -np.inf
    far: float = np.inf


def from_plane(plane: ViewPlane) -> Floats:
    """The matrix of a slice view: screen pixels, and mm from the plane along its normal as the depth."""
    matrix = np.eye(4)
    matrix[0, :3], matrix[1, :3], matrix[2, :3] = plane.right / plane.mm_per_pixel, plane.down / plane.mm_per_pixel, plane.normal
    matrix[:3, 3] = -matrix[:3, :3] @ plane.corner_mm
    return matrix


def seen_inside(patch: Patch, grid: Grid, parameters: ScissorsParameters) -> Patch:
    """The voxels of the patch whose centre is seen inside (or outside) the outline between the two depths.

    OUTSIDE keeps to the depths too: what lies in front of or behind them is never touched. What is behind the eye is not seen.
    """
    from graticule.imaging.kernels.polygon import mark_projected

    corners = np.ascontiguousarray(parameters.outline_px, dtype=np.float64)
    if len(corners) < 3:
        raise GraticuleError("An outline needs at least three points.", "Draw round what should be cut.")
    k, j, i = np.nonzero(patch.mask)
    k0, j0, i0 = (part.start for part in patch.box)
    index = np.stack([i + i0, j + j0, k + k0], axis=1)
    levels = grid.level_of(np.arange(grid.shape[0]))
    matrix = parameters.matrix @ grid.affine
    low, step, count = strips_of(corners)
    inside, reach = np.zeros(len(index), dtype=bool), np.array([parameters.near, parameters.far])
    mark_projected(corners, low, step, count, index, levels, matrix, reach, inside)
    if parameters.side == OUTSIDE:
        inside = _in_depth(index, levels, matrix, reach) & ~inside
    mask = np.zeros_like(patch.mask)
    mask[k[inside], j[inside], i[inside]] = True
    return Patch(patch.box, mask).trimmed()


def _in_depth(index: Floats, levels: Floats, matrix: Floats, reach: Floats) -> Floats:
    points = np.stack([index[:, 0], index[:, 1], levels[index[:, 2]], np.ones(len(index))], axis=1) @ matrix[2:].T
    with np.errstate(divide="ignore", invalid="ignore"):
        depth = points[:, 0] / points[:, 1]
    return np.asarray((points[:, 1] > 0) & (depth >= reach[0]) & (depth <= reach[1]))
