"""Distances between the surfaces of two masks on one grid, each piece of surface weighed by its area.

The definition of DeepMind's surface-distance (Nikolov et al., arXiv:1809.04430; Apache-2.0), whose values these equal: a piece
of surface lies in every cell of eight voxels that are not all alike, at the corner they share; its area is that of the
marching-cubes triangles in it; its distance runs to the nearest such corner of the other mask. Beyond it, grids may be
oblique, sheared or uneven.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from os import cpu_count

import numpy as np
from scipy.spatial import cKDTree

from graticule.domain.geometry import Array, Floats, Grid
from graticule.imaging.cells import SurfaceCells, has_numba

_RIGHT_ANGLE = 1e-6
Box = tuple[slice, slice, slice]


@dataclass(frozen=True, eq=False, slots=True)
class Surfaces:
    """one_mm: (n,) from each piece of the first surface to the second, infinite when there is none; two_mm: (m,) back.

    one_mm2, two_mm2: the areas of the pieces.
    """

    one_mm: Floats
    one_mm2: Floats
    two_mm: Floats
    two_mm2: Floats

    @property
    def comparable(self) -> bool:
        return bool(self.one_mm.size and self.two_mm.size)

    def hausdorff_mm(self, percent: float = 100.0) -> float | None:
        """The larger of the two directed distances within which `percent` of a surface's area lies; None when either is empty."""
        if not self.comparable:
            return None
        return max(_within(self.one_mm, self.one_mm2, percent), _within(self.two_mm, self.two_mm2, percent))

    def mean_mm(self) -> tuple[float, float] | None:
        """Mean distance of the first surface from the second, and back."""
        if not self.comparable:
            return None
        return (float(self.one_mm @ self.one_mm2 / self.one_mm2.sum()), float(self.two_mm @ self.two_mm2 / self.two_mm2.sum()))

    def assd_mm(self) -> float | None:
        """Average symmetric surface distance: over the area of both surfaces."""
        if not self.comparable:
            return None
        return float((self.one_mm @ self.one_mm2 + self.two_mm @ self.two_mm2) / (self.one_mm2.sum() + self.two_mm2.sum()))

    def dice(self, tolerance_mm: float) -> float | None:
        """The share of both surfaces' area within `tolerance_mm` of the other; None when both are empty, 0 when one is."""
        whole = float(self.one_mm2.sum() + self.two_mm2.sum())
        near = self.one_mm2[self.one_mm <= tolerance_mm].sum() + self.two_mm2[self.two_mm <= tolerance_mm].sum()
        return float(near / whole) if whole else None


def surfaces(one: Array, two: Array, grid: Grid) -> Surfaces:
    """Of two (k, j, i) bool arrays on `grid`."""
    box = pair_box(one, two)
    if box is None:
        return Surfaces(*(np.zeros(0) for _ in range(4)))
    corner = np.array([part.start for part in box])
    first, second = SurfaceCells.of(one[box], corner, grid), SurfaceCells.of(two[box], corner, grid)
    compiled = has_numba() and grid.levels is None and _upright(grid)
    measure = partial(_by_planes, grid=grid) if compiled else partial(_by_tree, grid=grid, corner=corner)
    return Surfaces(measure(first, second), first.area, measure(second, first), second.area)


def pair_box(one: Array, two: Array) -> Box | None:
    """The smallest box that holds everything of two (k, j, i) bool arrays; None when both are empty."""
    low, high = np.zeros(3, np.int64), np.zeros(3, np.int64)
    if not has_numba():
        found = np.argwhere(one | two)
        if not len(found):
            return None
        low, high = found.min(axis=0), found.max(axis=0) + 1
    else:
        from graticule.imaging.kernels import surface as loops
        if not loops.bounds(one, two, low, high):
            return None
    k, j, i = (slice(int(a), int(b)) for a, b in zip(low, high, strict=True))
    return k, j, i


def _by_planes(these: SurfaceCells, others: SurfaceCells, grid: Grid) -> Floats:
    from graticule.imaging.kernels import surface as loops

    out = np.full(len(these.at), np.inf)
    if not len(others.at) or not len(these.at):
        return out
    cells, steps = others.cells, np.array(grid.spacing_mm)
    near, filled = np.empty((*cells.shape, 2), np.int16), np.zeros(cells.shape[0], bool)
    _in_threads(lambda a, b: loops.in_plane(cells, a, b, steps[1], steps[2], near, filled), cells.shape[0])
    _in_threads(lambda a, b: loops.nearest(these.at, a, b, near, filled, steps, out), len(out))
    return out


def _in_threads(work: Callable[[int, int], None], count: int) -> None:
    """`work(first, stop)` over parts of 0 … count; the loops free the interpreter's lock."""
    parts = min(count, cpu_count() or 1)
    ends = np.linspace(0, count, parts + 1).astype(int).tolist()
    with ThreadPoolExecutor(parts) as pool:
        list(pool.map(work, ends[:-1], ends[1:]))


def _by_tree(these: SurfaceCells, others: SurfaceCells, grid: Grid, corner: Array) -> Floats:
    """Any grid, and computers without numba (the central server)."""
    if not len(others.at) or not len(these.at):
        return np.full(len(these.at), np.inf)
    ours, theirs = (grid.to_patient((side.at + corner - 0.5)[:, ::-1]) for side in (these, others))
    return np.asarray(cKDTree(theirs).query(ours, workers=-1)[0])


def _within(mm: Floats, mm2: Floats, percent: float) -> float:
    order = np.argsort(mm)
    share = np.cumsum(mm2[order])
    return float(mm[order][min(int(np.searchsorted(share / mm2.sum(), percent / 100)), len(mm) - 1)])


def _upright(grid: Grid) -> bool:
    return bool(np.abs(grid.direction.T @ grid.direction - np.eye(3)).max() < _RIGHT_ANGLE)
