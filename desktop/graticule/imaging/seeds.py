"""Grow from seeds: every voxel of a box joins the seed it is most easily reached from, and seeds can be taken back.

The cost of a way is the change of intensity along it plus `per_mm` for each millimetre (fast grow-cut: Zhu et al., Insight
Journal 2014, 26 neighbours). Costs are whole numbers of 1/`_FINE` of the box's intensity range.
"""

from dataclasses import dataclass

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Grid
from graticule.domain.labels import Box
from graticule.domain.progress import Progress, Silent
from graticule.imaging.neighbours import CORNERS, offsets, ways_mm
from graticule.imaging.patch import Patch, box_round, grid_of, joined, relative, size_of

_FINE = 4000
_RING = 8192
_STEPS = 300_000
_MARGIN, _LEAST_MARGIN = 0.10, 3


@dataclass(frozen=True, slots=True)
class GrowParameters:
    """per_mm: the price of a millimetre, in shares of the box's intensity range (at 0.002 ten centimetres cost as much as
    a fifth of that range)."""

    per_mm: float = 0.002


def box_for(seeds: Array, margin: float = _MARGIN) -> Box:
    """The box a growth of (k, j, i) uint8 seeds needs: round all of them, a tenth wider, at least three voxels."""
    inner = box_round(seeds > 0)
    if inner is None:
        raise GraticuleError("There is no seed yet.", "Paint a little into the lesion and a little into what surrounds it.")
    return box_about(inner, seeds.shape, margin)


def box_about(inner: Box, shape: tuple[int, ...], margin: float = _MARGIN) -> Box:
    """The same for seeds known to fill the box `inner` of a (k, j, i) grid of `shape`."""
    k, j, i = (slice(max(0, part.start - wide), min(size, part.stop + wide)) for part, size, wide in
               zip(inner, shape, (max(_LEAST_MARGIN, round(margin * n)) for n in size_of(inner)), strict=True))
    return k, j, i


class Growth:
    """A growth that is kept up to date while its seeds change.

    box: what may be reached; labels: uint8 of its shape, 0 where nothing came. Seeds are given to `update` as they are now;
    what is new, changed or gone is found there, and the answer is exactly that of a growth begun afresh.
    """

    def __init__(self, voxels: Array, grid: Grid, box: Box, parameters: GrowParameters | None = None,
                 allowed: Array | None = None) -> None:
        """voxels: the whole (k, j, i) volume; allowed: bool of the same shape, nothing else is entered."""
        self.box, self._voxels, self._grid, self._allowed = box, voxels, grid, allowed
        self.parameters = parameters or GrowParameters()
        part = np.asarray(voxels[box], dtype=np.float32)
        finite = part[np.isfinite(part)]
        if finite.size == 0:
            raise GraticuleError("There is no image here to grow in.")
        self._low, high = (float(v) for v in np.percentile(finite[::max(1, finite.size // 200_000)], (0.1, 99.9)))
        self.unit = max(high - self._low, 1e-6) / _FINE
        self._lay_out()

    def _lay_out(self) -> None:
        """Arrays with one voxel of wall all round, so that the loop never asks for the edge."""
        part = np.asarray(self._voxels[self.box], dtype=np.float32)
        shape = tuple(n + 2 for n in part.shape)
        level = np.nan_to_num((part - self._low) / self.unit, nan=0.0, posinf=2 * _FINE, neginf=-_FINE)
        self._value = np.pad(np.clip(np.rint(level), -_FINE, 2 * _FINE).astype(np.int16), 1)
        self._kind = np.full(shape, 2, dtype=np.uint8)
        blocked = ~np.isfinite(part) if self._allowed is None else ~np.isfinite(part) | ~self._allowed[self.box]
        self._inner(self._kind)[:] = np.where(blocked, 2, 0)
        self._label, self._way = np.zeros(shape, dtype=np.uint8), np.full(shape, 255, dtype=np.uint8)
        self._cost = np.where(self._kind == 2, -1, 2_000_000_000).astype(np.int32)
        self._after, self._before = np.empty(shape, dtype=np.int32), np.full(shape, -2, dtype=np.int32)
        self._seeds = np.zeros(part.shape, dtype=np.uint8)
        steps = offsets(CORNERS)
        self._offsets = (steps @ np.array([shape[1] * shape[2], shape[2], 1])).astype(np.int64)
        self._back = np.arange(len(steps), dtype=np.uint8)[::-1].copy()
        ways = ways_mm(grid_of(self._grid, self.box), steps) * self.parameters.per_mm * _FINE
        self._prices = np.pad(np.maximum(np.rint(ways), 1).astype(np.int32), ((1, 1), (0, 0)), mode="edge")
        self._whole = True

    @property
    def fine(self) -> int:
        """Cost units in the box's intensity range; `unit` is one of them in the image's own values."""
        return _FINE

    @staticmethod
    def _inner(array: Array) -> Array:
        return array[1:-1, 1:-1, 1:-1]

    @property
    def labels(self) -> Array:
        return self._inner(self._label)

    def patch(self, label: int) -> Patch:
        return Patch(self.box, self.labels == label)

    def update(self, seeds: Array, progress: Progress | None = None) -> int:
        """seeds: uint8 of the box's shape, 0 where there is none. Returns how many voxels were looked at anew.

        When it is cancelled the next update begins afresh, so nothing half done is ever shown.
        """
        from graticule.imaging.kernels import paths

        if seeds.shape != self._seeds.shape:
            raise GraticuleError("The seeds do not fit the box they grow in.")
        if not self._whole:
            self._lay_out()
        self._whole = False
        seeds = np.where(self._inner(self._kind) == paths.WALL, 0, seeds).astype(np.uint8)
        changed = seeds != self._seeds
        gone = self._places(changed & (self._seeds > 0))
        kind, label, cost, way = (array.reshape(-1) for array in (self._kind, self._label, self._cost, self._way))
        kind[gone] = paths.FREE
        taken = np.empty(kind.size if gone.size else 0, dtype=np.int64)
        taken = taken[:paths.forget(gone, self._offsets, self._back, label, cost, way, kind, taken)]
        fresh = self._places(changed & (seeds > 0))
        kind[fresh], cost[fresh], way[fresh], label[fresh] = paths.SEED, 0, paths.ROOT, seeds[changed & (seeds > 0)]
        start = np.concatenate([fresh, self._rim(taken[kind[taken] == paths.FREE])])
        looked = self._spread(start, progress or Silent())
        self._seeds, self._whole = seeds, True
        return looked

    def _places(self, mask: Array) -> Array:
        """(n,) int64 flat indices among the walled arrays."""
        k, j, i = np.nonzero(mask)
        _, rows, columns = self._value.shape
        return np.asarray(((k + 1) * rows + j + 1) * columns + i + 1, dtype=np.int64)

    def _rim(self, taken: Array) -> Array:
        from graticule.imaging.kernels.paths import rim

        if taken.size == 0:
            return taken
        way, kind = self._way.reshape(-1), self._kind.reshape(-1)
        out = np.empty(min(way.size, taken.size * len(self._offsets)), dtype=np.int64)
        return out[:rim(taken, self._offsets, way, kind, np.zeros(way.size, dtype=bool), out)]

    def _spread(self, start: Array, progress: Progress) -> int:
        from graticule.imaging.kernels.paths import spread

        cost = self._cost.reshape(-1)
        waiting = start[np.argsort(cost[start], kind="stable")]
        head, state = np.full(_RING, -1, dtype=np.int32), np.zeros(3, dtype=np.int64)
        _, rows, columns = self._value.shape
        label, way = self._label.reshape(-1), self._way.reshape(-1)
        looked, left = 0, waiting.size
        while left:
            left = spread(self._value.reshape(-1), self._prices, rows * columns, self._offsets, self._back, label, cost, way,
                          waiting, head, self._after.reshape(-1), self._before.reshape(-1), state, _STEPS)
            looked += _STEPS
            progress.step(min(looked, cost.size), cost.size)
        return min(looked, cost.size)

    def enlarge(self, box: Box, seeds: Array, progress: Progress | None = None) -> None:
        """Go on in a box that holds the old one too; seeds: uint8 of the new box's shape. Intensities keep their unit."""
        self.box = joined(self.box, box)
        if size_of(self.box) != seeds.shape:
            raise GraticuleError("The seeds do not fit the box they grow in.")
        self._lay_out()
        self.update(seeds, progress)

    def seeds_in(self, seeds: Array) -> Array:
        """The part of whole-grid (k, j, i) seeds that lies in the box."""
        return seeds[self.box]

    def preview(self, box: Box) -> Array:
        """The labels of a part of the box, uint8: what one slice shows."""
        return self.labels[relative(box, self.box)]
