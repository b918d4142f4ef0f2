"""Larger and smaller by millimetres, and hollow: by exact distances between voxel centres, so the same in every direction."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.imaging.distance import distance_mm
from graticule.imaging.patch import Patch, grid_of, grown

INNER, MIDDLE, OUTER = "inner", "middle", "outer"
_ROUNDING = 1e-4


@dataclass(frozen=True, slots=True)
class HollowParameters:
    """thickness_mm of the shell; wall: where the surface that was drawn lies in it (INNER: the shell grows outwards)."""

    thickness_mm: float
    wall: str = MIDDLE


def with_margin(patch: Patch, grid: Grid, margin_mm: float) -> Patch:
    """Larger by `margin_mm`, or smaller when it is negative.

    A voxel joins when its centre lies within the margin of a voxel's centre, and leaves when it lies within the margin of a
    voxel outside. What lies beyond the image is neither. Growing and then shrinking by the same margin never loses a voxel.
    """
    if not patch.voxels or margin_mm == 0:
        return patch
    return _larger(patch, grid, margin_mm) if margin_mm > 0 else _smaller(patch, grid, -margin_mm)


def _larger(patch: Patch, grid: Grid, margin_mm: float) -> Patch:
    box = grown(patch.box, grid, margin_mm)
    return Patch(box, distance_mm(patch.on(box), grid_of(grid, box)) <= margin_mm + _ROUNDING)


def _smaller(patch: Patch, grid: Grid, margin_mm: float) -> Patch:
    # One voxel round the box is enough: the nearest voxel outside a mask always touches it or lies in the box.
    box = grown(patch.box, grid, 0)
    mask = patch.on(box)
    return Patch(box, mask & (distance_mm(~mask, grid_of(grid, box)) > margin_mm + _ROUNDING)).trimmed()


def hollow(patch: Patch, grid: Grid, parameters: HollowParameters) -> Patch:
    """A shell along the surface of the mask."""
    thick = parameters.thickness_mm
    if parameters.wall not in (INNER, MIDDLE, OUTER) or not thick > 0:
        raise GraticuleError("A shell needs a thickness above zero.", "Choose how many millimetres it should be thick.")
    outside = {INNER: thick, MIDDLE: thick / 2, OUTER: 0.0}[parameters.wall]
    outer, inner = with_margin(patch, grid, outside), with_margin(patch, grid, outside - thick)
    return Patch(outer.box, outer.mask & ~inner.on(outer.box))


def opened(patch: Patch, grid: Grid, radius_mm: float) -> Patch:
    """Without what a ball of this radius does not fit into (thin bridges, spikes)."""
    small = with_margin(patch, grid, -radius_mm)
    return with_margin(small, grid, radius_mm)


def closed(patch: Patch, grid: Grid, radius_mm: float) -> Patch:
    """With what a ball of this radius outside does not reach (cracks, small holes)."""
    return with_margin(with_margin(patch, grid, radius_mm), grid, -radius_mm)


def unbridged(patch: Patch, grid: Grid, seed: tuple[int, int, int], neck_mm: float) -> Patch:
    """Only what hangs together with the seed (k, j, i) by more than a neck of this width, grown back to where it was."""
    from graticule.imaging.islands import islands, keep_at

    core = with_margin(patch, grid, -neck_mm / 2)
    if not core.voxels:
        return patch
    place = tuple(np.array(seed) - [part.start for part in core.box])
    inside = all(0 <= at < size for at, size in zip(place, core.mask.shape, strict=True))
    if not inside or not core.mask[place]:
        at = np.argwhere(core.mask)
        way = (at - np.array(place)) * np.array(grid.spacing_mm)
        place = tuple(int(n) for n in at[np.argmin((way * way).sum(axis=1))])
    kept = Patch(core.box, keep_at(core.mask, [(int(place[0]), int(place[1]), int(place[2]))]))
    if len(islands(core.mask)) == 1:
        return patch
    back = with_margin(kept, grid, neck_mm / 2 + max(grid.spacing_mm[1:]))
    return Patch(back.box, back.mask & patch.on(back.box)).trimmed()
