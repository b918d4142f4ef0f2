"""Agreement of two masks on one grid: overlap, surface distances, volumes, and where they differ.

Overlap counts voxels. Surface distances are those of `surface_distance.py`. Where both masks are empty, agreement is not defined
and the answer is None; where one is, overlap is 0 and distance None.
"""

from dataclasses import dataclass

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Grid
from graticule.imaging.cells import has_numba
from graticule.quality.surface_distance import surfaces

# Within this distance two outlines of one structure count as the same surface.
TOLERANCE_MM = 2.0
# In a map of difference: in neither, in both, only in the first, only in the second.
NEITHER, BOTH, ONLY_ONE, ONLY_TWO = range(4)


@dataclass(frozen=True, slots=True)
class MaskAgreement:
    """dice, jaccard and surface_dice 0…1; hd95_mm, hd_mm (100 %) and assd_mm in mm; None where not defined.

    volume_ml: of the first and the second mask. difference_ml: second less first; difference_percent: of the first.
    """

    dice: float | None
    hd95_mm: float | None
    surface_dice: float | None
    volume_ml: tuple[float, float]
    jaccard: float | None = None
    hd_mm: float | None = None
    assd_mm: float | None = None
    tolerance_mm: float = TOLERANCE_MM
    voxels: tuple[int, int] = (0, 0)
    difference_ml: float = 0.0
    difference_percent: float | None = None


def compare_masks(one: Array, two: Array, grid: Grid, tolerance_mm: float = TOLERANCE_MM) -> MaskAgreement:
    """Agreement of two (k, j, i) bool arrays on `grid`; GraticuleError when their shapes differ."""
    if one.shape != two.shape or one.shape != grid.shape:
        raise GraticuleError("The two masks lie on different voxel grids.", "Compare masks of the same image.")
    counts = _counts(one, two)
    first, second, both = (int(n) for n in counts.sum(axis=0))
    found = surfaces(one, two, grid)
    ml = (float(counts[:, 0] @ grid.slice_ml), float(counts[:, 1] @ grid.slice_ml))
    return MaskAgreement(
        _dice(first, second, both), found.hausdorff_mm(95), found.dice(tolerance_mm), ml,
        both / (first + second - both) if first + second else None, found.hausdorff_mm(), found.assd_mm(), tolerance_mm,
        (first, second), ml[1] - ml[0], 100 * (ml[1] - ml[0]) / ml[0] if ml[0] else None)


def difference(one: Array, two: Array) -> Array:
    """(k, j, i) uint8: NEITHER, BOTH, ONLY_ONE or ONLY_TWO of two bool arrays, voxel by voxel."""
    return np.asarray(np.array([NEITHER, ONLY_TWO, ONLY_ONE, BOTH], np.uint8)[2 * one.astype(np.uint8) + two])


def dice(one: Array, two: Array) -> float | None:
    """Twice the overlap over the sum of both; None when both are empty."""
    first, second, both = (int(n) for n in _counts(one, two).sum(axis=0))
    return _dice(first, second, both)


def volume_ml(mask: Array, grid: Grid) -> float:
    return float(np.count_nonzero(mask, axis=(1, 2)) @ grid.slice_ml)


def hd95_mm(one: Array, two: Array, grid: Grid) -> float | None:
    """The larger of the two distances within which 95 % of a surface lies from the other; None when either mask is empty."""
    return surfaces(one, two, grid).hausdorff_mm(95)


def surface_dice(one: Array, two: Array, grid: Grid, tolerance_mm: float = TOLERANCE_MM) -> float | None:
    """The share of both surfaces within `tolerance_mm` of the other; None when both are empty, 0 when one is."""
    return surfaces(one, two, grid).dice(tolerance_mm)


def _dice(first: int, second: int, both: int) -> float | None:
    return 2 * both / (first + second) if first + second else None


def _counts(one: Array, two: Array) -> Array:
    """(k, 3) int64: voxels of each slice of the first, the second and both."""
    if has_numba():
        from graticule.imaging.kernels.surface import overlap
        counts = np.zeros((one.shape[0], 3), np.int64)
        overlap(one, two, counts)
        return counts
    return np.stack([np.count_nonzero(mask, axis=(1, 2)) for mask in (one, two, one & two)], axis=1)
