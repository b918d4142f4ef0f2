"""A polygon drawn on any plane, as voxels of the native grid: those that the plane cuts, so a plane looked at from any side
has no stripes."""

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Floats, Grid
from graticule.domain.labels import Box
from graticule.imaging.brush import cells_mm
from graticule.imaging.inside import Sheet
from graticule.imaging.patch import Patch
from graticule.imaging.polygons import points_inside
from graticule.imaging.rows import Rows, columns, slab

_ROUNDING = 1e-9
# A plane exactly between two voxels belongs to the higher index, as in Grid.voxel_at (in voxels).
_TIE = 1e-6


def polygon(grid: Grid, corners_mm: Floats, normal: Floats | None = None, thickness_mm: float = 0.0) -> Patch:
    """The voxels that a closed polygon on a plane holds.

    corners_mm: (n, 3) LPS on one plane; normal: its unit normal (fitted when not given). A voxel belongs when the plane cuts
    its cell and its centre, seen along the normal, lies inside. On slices of the grid that is one slice. thickness_mm: a slab
    so thick in all, half to each side of the plane; every voxel whose cell it meets belongs.
    """
    if len(corners_mm) < 3:
        raise GraticuleError("An area needs at least three corners.")
    sheet = Sheet.through(corners_mm) if normal is None else _sheet(corners_mm, normal)
    if sheet is None:
        raise GraticuleError("The corners lie on one line, so they hold no area.")
    reach_mm = float(max(part.max() for part in cells_mm(grid, sheet.normal))) + thickness_mm / 2
    box = box_along(grid, corners_mm, sheet.normal, reach_mm)
    if box is None:
        return Patch.nothing()
    index = plane_voxels(grid, sheet.origin, sheet.normal, box, thickness_mm)
    held = points_inside(sheet.flat(corners_mm), sheet.flat(_centres(grid, index)))
    return Patch.of(index[held], grid.shape)


def plane_voxels(grid: Grid, at_mm: Floats, normal: Floats, box: Box, thickness_mm: float = 0.0) -> Array:
    """(n,) flat indices, rising, of the voxels of a box whose cell a plane (or a slab round it, so thick in all) meets.

    at_mm: (3,) a point of the plane; normal: its (3,) unit normal. On slices of the grid that is one slice.
    """
    steps, (before, after) = grid.affine[:3, :3], cells_mm(grid, normal)
    origin = np.asarray(np.linalg.inv(steps) @ (at_mm - grid.affine[:3, 3]) + _TIE, dtype=np.float64)
    rows, half = Rows.of(grid, box), thickness_mm / 2
    cut = slab(rows, normal @ steps, origin, -after[rows.k] / (1 + _ROUNDING) - half, before[rows.k] / (1 + _ROUNDING) + half)
    return rows.flat(cut.and_also(columns(box[2].start, box[2].stop)))


def _sheet(corners_mm: Floats, normal: Floats) -> Sheet:
    normal = np.asarray(normal, dtype=np.float64) / np.linalg.norm(normal)
    first = np.cross(normal, np.eye(3)[int(np.argmin(np.abs(normal)))])
    first /= np.linalg.norm(first)
    return Sheet(corners_mm.mean(axis=0), first, np.asarray(np.cross(normal, first)), normal)


def box_along(grid: Grid, corners_mm: Floats, normal: Floats, reach_mm: float) -> Box | None:
    """The box (k, j, i) round a polygon that is drawn out so far to both sides; None when that is off the grid."""
    ends = np.concatenate([corners_mm + normal * reach_mm, corners_mm - normal * reach_mm])
    index = grid.to_index(ends)
    low, high = np.floor(index.min(axis=0)).astype(int) - 1, np.ceil(index.max(axis=0)).astype(int) + 2
    i, j, k = (slice(max(0, int(a)), min(size, int(b))) for a, b, size in zip(low, high, grid.shape[::-1], strict=True))
    return (k, j, i) if k.start < k.stop and j.start < j.stop and i.start < i.stop else None


def _centres(grid: Grid, index: Array) -> Floats:
    k, j, i = np.unravel_index(index, grid.shape)
    return grid.to_patient(np.stack([i, j, k], axis=-1))
