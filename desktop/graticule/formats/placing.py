"""Where one voxel grid lies on another when nothing has to be resampled: only axes swapped or turned round."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Array, Floats, Grid

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


@dataclass(frozen=True, slots=True)
class Lie:
    """How an array (k, j, i) lies in another grid of the same voxels: the whole of it, or a part that was cut out."""

    placing: Placing
    corner: tuple[int, int, int]
    shape: tuple[int, int, int]

    def spread(self, values: Array) -> Array:
        """(k, j, i) of the source → (k, j, i) of the target, zero outside the part; a view where nothing is outside."""
        part = self.placing.apply(values)
        if part.shape == self.shape:
            return part
        whole = np.zeros(self.shape, values.dtype)
        whole[tuple(slice(start, start + size) for start, size in zip(self.corner, part.shape))] = part
        return whole


def place(source: Grid, target: Grid, tolerance_mm: float = TOLERANCE_MM) -> Placing | None:
    """How `source` lies on `target`: same voxels, perhaps with axes swapped or reversed; None when the corners miss by more."""
    placing = _nearest(source, target)
    return placing if placing is not None and turned(source, placing).same_as(target, tolerance_mm) else None


def lies(source: Grid, target: Grid, tolerance_mm: float = TOLERANCE_MM) -> Lie | None:
    """How `source` lies on `target`, or in it when it is smaller (3D Slicer cuts a segmentation to what is painted)."""
    placing = _nearest(source, target)
    if placing is None:
        return None
    part = turned(source, placing)
    if part.same_as(target, tolerance_mm):
        return Lie(placing, (0, 0, 0), target.shape)
    if not (source.oriented and target.oriented) or target.levels is not None:
        return None
    i, j, k = (round(float(n)) for n in target.to_index(part.origin_mm))
    if min(i, j, k) < 0 or any(start + size > whole for start, size, whole in zip((k, j, i), part.shape, target.shape)):
        return None
    affine = target.affine.copy()
    affine[:3, 3] = target.to_patient((i, j, k))
    return Lie(placing, (k, j, i), target.shape) if Grid(part.shape, affine).same_as(part, tolerance_mm) else None


def _nearest(source: Grid, target: Grid) -> Placing | None:
    """Which axis of `source` runs along which of `target`; None when two run along the same."""
    axes = source.direction.T @ target.direction  # [source axis, target axis] in i, j, k
    nearest = [int(np.argmax(np.abs(axes[:, t]))) for t in range(3)]
    if sorted(nearest) != [0, 1, 2] or (source.levels is not None and nearest[2] != 2):
        return None
    order = tuple(2 - nearest[2 - axis] for axis in range(3))
    flips = tuple(bool(axes[nearest[2 - axis], 2 - axis] < 0) for axis in range(3))
    return Placing((order[0], order[1], order[2]), (flips[0], flips[1], flips[2]))


def turned(grid: Grid, placing: Placing) -> Grid:
    """The grid of an array after `placing.apply`."""
    shape = [grid.shape[axis] for axis in placing.order]
    affine = np.eye(4)
    affine[:3, 3] = grid.affine[:3, 3]
    for axis in range(3):
        column = grid.affine[:3, 2 - placing.order[axis]]
        if placing.flips[axis]:
            steps = shape[axis] - 1 if axis or grid.levels is None else grid.levels[-1]
            affine[:3, 3] += column * steps
            column = -column
        affine[:3, 2 - axis] = column
    return Grid((shape[0], shape[1], shape[2]), affine, grid.oriented, _turned_levels(grid, placing))


def _turned_levels(grid: Grid, placing: Placing) -> Floats | None:
    """Slices that are turned round keep their distances. An uneven stack whose slices become rows has no grid of ours."""
    if grid.levels is None or placing.order[0] != 0:
        return None
    return grid.levels[-1] - grid.levels[::-1] if placing.flips[0] else grid.levels
