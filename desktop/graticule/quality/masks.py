"""Agreement of two masks on one grid: overlap, surface distances, volumes.

Definitions: a surface voxel is a labelled voxel of which one of the six neighbours is not labelled (outside the grid counts
as not labelled). Distances run in patient space from the centre of each surface voxel to the nearest centre of the other surface,
so they hold for oblique and sheared grids too. Where both masks are empty, agreement is not defined and the answer is None;
where one is, overlap is 0 and distance None.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import binary_erosion
from scipy.spatial import cKDTree

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Grid

# Within this distance two outlines of one structure count as the same surface.
TOLERANCE_MM = 2.0


@dataclass(frozen=True, slots=True)
class MaskAgreement:
    """dice and surface_dice 0…1, hd95_mm in mm; None where not defined. volume_ml: of the first and the second mask."""

    dice: float | None
    hd95_mm: float | None
    surface_dice: float | None
    volume_ml: tuple[float, float]


def compare_masks(one: Array, two: Array, grid: Grid, tolerance_mm: float = TOLERANCE_MM) -> MaskAgreement:
    """Agreement of two (k, j, i) bool arrays on `grid`; GraticuleError when their shapes differ."""
    if one.shape != two.shape or one.shape != grid.shape:
        raise GraticuleError("The two masks lie on different voxel grids.", "Compare masks of the same image.")
    to_two, to_one = surface_distances(one, two, grid)
    return MaskAgreement(dice(one, two), _hd95(to_two, to_one), _surface_dice(to_two, to_one, tolerance_mm),
                         (volume_ml(one, grid), volume_ml(two, grid)))


def dice(one: Array, two: Array) -> float | None:
    """Twice the overlap over the sum of both; None when both are empty."""
    total = int(np.count_nonzero(one)) + int(np.count_nonzero(two))
    return 2 * int(np.count_nonzero(one & two)) / total if total else None


def volume_ml(mask: Array, grid: Grid) -> float:
    return int(np.count_nonzero(mask)) * grid.voxel_ml


def hd95_mm(one: Array, two: Array, grid: Grid) -> float | None:
    """The larger of the two 95th percentiles of directed surface distances, in mm; None when either mask is empty."""
    return _hd95(*surface_distances(one, two, grid))


def surface_dice(one: Array, two: Array, grid: Grid, tolerance_mm: float = TOLERANCE_MM) -> float | None:
    """The share of both surfaces within `tolerance_mm` of the other; None when both are empty, 0 when one is."""
    return _surface_dice(*surface_distances(one, two, grid), tolerance_mm)


def surface_distances(one: Array, two: Array, grid: Grid) -> tuple[Array, Array]:
    """(n,) and (m,) mm: from each surface voxel of `one` to the surface of `two`, and back; infinite when the other is empty."""
    first, second = surface_mm(one, grid), surface_mm(two, grid)
    return _nearest(first, second), _nearest(second, first)


def surface_mm(mask: Array, grid: Grid) -> Array:
    """(n, 3) LPS mm of the surface voxels' centres."""
    filled = np.flatnonzero(mask.any(axis=(1, 2)))
    if filled.size == 0:
        return np.zeros((0, 3))
    low = int(filled[0])
    part = np.pad(mask[low:int(filled[-1]) + 1], 1)
    surface = (part & ~binary_erosion(part))[1:-1, 1:-1, 1:-1]
    index = np.argwhere(surface)[:, ::-1] + np.array([0, 0, low])
    return grid.to_patient(index)


def _nearest(points: Array, others: Array) -> Array:
    if len(others) == 0:
        return np.full(len(points), np.inf)
    return np.asarray(cKDTree(others).query(points, workers=-1)[0]) if len(points) else np.zeros(0)


def _hd95(one: Array, two: Array) -> float | None:
    if one.size == 0 or two.size == 0:
        return None
    return float(max(np.percentile(one, 95), np.percentile(two, 95)))


def _surface_dice(one: Array, two: Array, tolerance_mm: float) -> float | None:
    total = one.size + two.size
    return (int((one <= tolerance_mm).sum()) + int((two <= tolerance_mm).sum())) / total if total else None
