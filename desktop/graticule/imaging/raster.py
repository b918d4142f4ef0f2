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

_ROUNDING = 1e-9
# A plane exactly between two voxels belongs to the higher index, as in Grid.voxel_at (in voxels).
_TIE = 1e-6


def polygon(grid: Grid, corners_mm: Floats, normal: Floats | None = None, thickness_mm: float = 0.0) -> Patch:
    """The voxels that a closed polygon on a plane holds.

    corners_mm: (n, 3) LPS on one plane; normal: its unit normal (fitted when not given). A voxel belongs when the plane cuts
    its cell
    and its centre, seen along the normal, lies inside. On slices of the grid that is one slice. thickness_mm: a slab to both
    sides of the plane in all; every voxel whose cell it meets belongs.
    """
    if len(corners_mm) < 3:
        raise GraticuleError("An area needs at least three corners.")
    sheet = Sheet.through(corners_mm) if normal is None else _sheet(corners_mm, normal)
    if sheet is None:
        raise GraticuleError("The corners lie on one line, so they hold no area.")
    before, after = cells_mm(grid, sheet.normal)
    half = thickness_mm / 2
    box = _box(grid, corners_mm, sheet, float(max(before.max(), after.max())) + half)
    if box is None:
        return Patch.nothing()
    centres = _centres(grid, box)
    off = (centres - sheet.origin - grid.affine[:3, :3].sum(axis=1) * _TIE) @ sheet.normal
    k = np.repeat(np.arange(box[0].start, box[0].stop), (box[1].stop - box[1].start) * (box[2].stop - box[2].start))
    cut = (off >= -after[k] / (1 + _ROUNDING) - half) & (off <= before[k] / (1 + _ROUNDING) + half)
    mask = np.zeros(len(centres), dtype=bool)
    mask[cut] = points_inside(sheet.flat(corners_mm), sheet.flat(centres[cut]))
    return Patch(box, mask.reshape([part.stop - part.start for part in box])).trimmed()


def _sheet(corners_mm: Floats, normal: Floats) -> Sheet:
    normal = np.asarray(normal, dtype=np.float64) / np.linalg.norm(normal)
    first = np.cross(normal, np.eye(3)[int(np.argmin(np.abs(normal)))])
    first /= np.linalg.norm(first)
    return Sheet(corners_mm.mean(axis=0), first, np.asarray(np.cross(normal, first)), normal)


def _box(grid: Grid, corners_mm: Floats, sheet: Sheet, reach_mm: float) -> Box | None:
    ends = np.concatenate([corners_mm + sheet.normal * reach_mm, corners_mm - sheet.normal * reach_mm])
    index = grid.to_index(ends)
    low, high = np.floor(index.min(axis=0)).astype(int) - 1, np.ceil(index.max(axis=0)).astype(int) + 2
    i, j, k = (slice(max(0, int(a)), min(size, int(b))) for a, b, size in zip(low, high, grid.shape[::-1], strict=True))
    return (k, j, i) if k.start < k.stop and j.start < j.stop and i.start < i.stop else None


def _centres(grid: Grid, box: Box) -> Array:
    k, j, i = np.meshgrid(*(np.arange(part.start, part.stop, dtype=np.float64) for part in box), indexing="ij")
    return grid.to_patient(np.stack([i, j, k], axis=-1).reshape(-1, 3))
