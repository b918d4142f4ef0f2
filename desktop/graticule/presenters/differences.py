"""Where two masks differ: a map in their common box, the largest disagreements, and the worst slice."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Array, Floats, Grid
from graticule.domain.labels import Box
from graticule.domain.progress import Progress
from graticule.imaging.largest_parts import largest_parts, middle_voxel
from graticule.imaging.patch import Patch, grid_of, joined
from graticule.quality.masks import ONLY_ONE, ONLY_TWO, MaskAgreement, compare_masks, dice, difference

MOST_PLACES = 20


@dataclass(frozen=True, eq=False)
class Place:
    """One connected part that only one of the two masks holds. slice: of its middle, counted from 0."""

    only: int
    ml: float
    middle_mm: Floats
    slice: int


@dataclass(frozen=True, eq=False)
class WorstSlice:
    """The slice in which most differs. dice: of the two outlines in it."""

    slice: int
    ml: float
    dice: float | None
    middle_mm: Floats


@dataclass(frozen=True, eq=False)
class Compared:
    """values: (k, j, i) uint8 of `corner`, a box of the grid: `quality.masks` NEITHER, BOTH, ONLY_ONE, ONLY_TWO."""

    agreement: MaskAgreement
    values: Array
    corner: Box
    places: tuple[Place, ...]
    worst: WorstSlice | None

    @property
    def box(self) -> Box | None:
        """Of its own array: everything in it may be labelled."""
        k, j, i = (slice(0, size) for size in self.values.shape)
        return k, j, i


def compared(one: Patch, two: Patch, grid: Grid, tolerance_mm: float, progress: Progress) -> Compared:
    """Both masks are looked at in the box that holds both, one slice wider: uneven slices keep their own thickness there."""
    box = _common(one, two, grid)
    near = grid_of(grid, box)
    first, second = one.on(box), two.on(box)
    progress.step(1, 3)
    agreement = compare_masks(first, second, near, tolerance_mm)
    progress.step(2, 3)
    values = difference(first, second)
    return Compared(agreement, values, box, _places(values, box, grid), _worst(first, second, box, grid))


def _common(one: Patch, two: Patch, grid: Grid) -> Box:
    filled = [patch.box for patch in (one, two) if patch.voxels]
    if not filled:
        return slice(0, 1), slice(0, 1), slice(0, 1)
    box = filled[0] if len(filled) == 1 else joined(filled[0], filled[1])
    k, j, i = (slice(max(0, side.start - 1), min(size, side.stop + 1)) for side, size in zip(box, grid.shape, strict=True))
    return k, j, i


def _places(values: Array, box: Box, grid: Grid) -> tuple[Place, ...]:
    found = []
    for only in (ONLY_ONE, ONLY_TWO):
        for part, ml in largest_parts(values == only, box, grid, MOST_PLACES)[0]:
            k, j, i = middle_voxel(part)
            found.append(Place(only, ml, grid.to_patient((i, j, k)), k))
    return tuple(sorted(found, key=lambda place: -place.ml)[:MOST_PLACES])


def _worst(one: Array, two: Array, box: Box, grid: Grid) -> WorstSlice | None:
    apart = one != two
    ml = np.count_nonzero(apart, axis=(1, 2)) * grid.slice_ml[box[0]]
    at = int(np.argmax(ml))
    if ml[at] == 0:
        return None
    only = slice(at, at + 1)
    k, j, i = middle_voxel(Patch((slice(box[0].start + at, box[0].start + at + 1), box[1], box[2]), apart[only]))
    return WorstSlice(k, float(ml[at]), dice(one[only], two[only]), grid.to_patient((i, j, k)))
