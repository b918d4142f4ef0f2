"""A smaller copy of a volume for the 3D view of a machine without a graphics card."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Array, Grid
from graticule.domain.progress import Progress
from graticule.imaging.regular import evenly_stacked

SOFTWARE_VOXELS = 4_000_000
GPU_VOXELS = 128_000_000


@dataclass(frozen=True, eq=False)
class Reduced:
    """voxels: (k, j, i) int16 or float32 means of blocks, and the grid they lie on. low, high: 2nd and 98th percentile.

    block: how many voxels along (k, j, i) became one.
    """

    voxels: Array
    grid: Grid
    low: float
    high: float
    block: tuple[int, int, int] = (1, 1, 1)


def block_size(grid: Grid, most_voxels: int) -> tuple[int, int, int]:
    """How many voxels along (k, j, i) become one, coarsest where the voxels are finest."""
    block = [1, 1, 1]
    if grid.levels is not None:
        # Slices at uneven distances have no common mean: only rows and columns become coarser.
        while np.prod([n / b for n, b in zip(grid.shape, block, strict=True)]) > most_voxels:
            block = [1, block[1] + 1, block[2] + 1]
        return 1, block[1], block[2]
    while np.prod([n / b for n, b in zip(grid.shape, block, strict=True)]) > most_voxels:
        fineness = [spacing * b if n // (b + 1) >= 8 else np.inf
                    for spacing, b, n in zip(grid.spacing_mm, block, grid.shape, strict=True)]
        block[int(np.argmin(fineness))] += 1
    return block[0], block[1], block[2]


def reduce(voxels: Array, grid: Grid, most_voxels: int, progress: Progress) -> Reduced:
    """Means of blocks until at most about `most_voxels` remain; a rest smaller than a block at the far edges is left out.

    Slices that lie unevenly are set at even places (ray casting knows no others), with the least value where none was measured.
    """
    bk, bj, bi = block_size(grid, most_voxels)
    k, j, i = (n // b for n, b in zip(grid.shape, (bk, bj, bi), strict=True))
    out = np.empty((k, j, i), dtype=np.int16 if voxels.dtype.kind in "iu" and _fits(voxels) else np.float32)
    for row in range(k):
        slab = voxels[row * bk:(row + 1) * bk, :j * bj, :i * bi].reshape(bk, j, bj, i, bi)
        out[row] = slab[0, :, 0, :, 0] if bk * bj * bi == 1 else slab.mean(axis=(0, 2, 4), dtype=np.float32)
        progress.step(row + 1, k)
    affine = grid.affine @ np.diag([bi, bj, bk, 1.0])
    affine[:3, 3] = grid.to_patient(np.array([(bi - 1) / 2, (bj - 1) / 2, (bk - 1) / 2]))
    even, placed = evenly_stacked(out, Grid((k, j, i), affine, grid.oriented, grid.levels), progress,
                                  most_slices=max(2, most_voxels // (j * i)))
    low, high = np.percentile(out[::2, ::2, ::2], (2, 98))
    return Reduced(even, placed, float(low), float(high), (bk, bj, bi))


def _fits(voxels: Array) -> bool:
    """16-bit signed is enough: known from the type, or from a look at the values for wider types."""
    if voxels.dtype.itemsize == 1 or voxels.dtype == np.int16:
        return True
    return bool(voxels.min() >= -32768 and voxels.max() <= 32767)
