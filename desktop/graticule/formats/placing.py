"""Where one voxel grid lies on another when nothing has to be resampled: only axes swapped or turned round."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Array, Grid

TOLERANCE_MM = 0.1


@dataclass(frozen=True, slots=True)
class Placing:
    """How an array (k, j, i) on the source grid becomes the same voxels on the target grid.

    order: transposition of the source's array axes; flips: which axes are turned round after it.
    """

    order: tuple[int, int, int]
    flips: tuple[bool, bool, bool]

    def apply(self, values: Array) -> Array:
        """(k, j, i) of the source → (k, j, i) of the target; a view where numpy allows."""
        turned = values.transpose(self.order)
        return np.asarray(turned[tuple(slice(None, None, -1) if flip else slice(None) for flip in self.flips)])


def place(source: Grid, target: Grid, tolerance_mm: float = TOLERANCE_MM) -> Placing | None:
    """How `source` lies on `target`: same voxels, perhaps with axes swapped or reversed; None when the corners miss by more."""
    axes = source.direction.T @ target.direction  # [source axis, target axis] in i, j, k
    nearest = [int(np.argmax(np.abs(axes[:, t]))) for t in range(3)]
    if sorted(nearest) != [0, 1, 2]:
        return None
    order = tuple(2 - nearest[2 - axis] for axis in range(3))
    flips = tuple(bool(axes[nearest[2 - axis], 2 - axis] < 0) for axis in range(3))
    placing = Placing((order[0], order[1], order[2]), (flips[0], flips[1], flips[2]))
    return placing if turned(source, placing).same_as(target, tolerance_mm) else None


def turned(grid: Grid, placing: Placing) -> Grid:
    """The grid of an array after `placing.apply`."""
    shape = [grid.shape[axis] for axis in placing.order]
    affine = np.eye(4)
    affine[:3, 3] = grid.affine[:3, 3]
    for axis in range(3):
        column = grid.affine[:3, 2 - placing.order[axis]]
        if placing.flips[axis]:
            affine[:3, 3] += column * (shape[axis] - 1)
            column = -column
        affine[:3, 2 - axis] = column
    return Grid((shape[0], shape[1], shape[2]), affine, grid.oriented)
