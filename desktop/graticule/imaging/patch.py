"""A mask in a box of the native grid: what every tool that computes gives back, ready to become one edit."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Array, Floats, Grid
from graticule.domain.labels import Box

# Axes this far from perpendicular (cosine) count as sheared: a gantry tilt of a fifth of a degree.
_SHEARED = 3e-3


@dataclass(frozen=True, eq=False)
class Patch:
    """box: slices (k, j, i) of the native grid; mask: bool array of the box's shape."""

    box: Box
    mask: Array

    @classmethod
    def nothing(cls) -> "Patch":
        return cls((slice(0, 0), slice(0, 0), slice(0, 0)), np.zeros((0, 0, 0), dtype=bool))

    @classmethod
    def of(cls, index: Array, shape: tuple[int, int, int]) -> "Patch":
        """The voxels of (n,) flat C-order indices on a grid of `shape`, in the smallest box."""
        if index.size == 0:
            return cls.nothing()
        places = np.unravel_index(index, shape)
        k, j, i = (slice(int(part.min()), int(part.max()) + 1) for part in places)
        mask = np.zeros(size_of((k, j, i)), dtype=bool)
        mask[places[0] - k.start, places[1] - j.start, places[2] - i.start] = True
        return cls((k, j, i), mask)

    @property
    def voxels(self) -> int:
        return int(np.count_nonzero(self.mask))

    def flat(self, shape: tuple[int, int, int]) -> Array:
        """(n,) int64 flat C-order indices on a grid of `shape`, rising: what `edits.voxel_change` takes."""
        k, j, i = np.nonzero(self.mask)
        k0, j0, i0 = (part.start for part in self.box)
        return np.asarray(((k + k0) * shape[1] + j + j0) * shape[2] + i + i0, dtype=np.int64)

    def trimmed(self) -> "Patch":
        """The same voxels in the smallest box."""
        inner = box_round(self.mask)
        return Patch(inside_box(self.box, inner), self.mask[inner]) if inner else Patch.nothing()

    def on(self, box: Box) -> Array:
        """The mask as a bool array of another box; what lies outside that box is left out."""
        out = np.zeros(size_of(box), dtype=bool)
        common = overlap(self.box, box)
        if common is not None:
            out[relative(common, box)] = self.mask[relative(common, self.box)]
        return out


def whole(shape: tuple[int, int, int]) -> Box:
    return slice(0, shape[0]), slice(0, shape[1]), slice(0, shape[2])


def size_of(box: Box) -> tuple[int, int, int]:
    k, j, i = (part.stop - part.start for part in box)
    return k, j, i


def box_round(mask: Array) -> Box | None:
    """The smallest box that holds every True of a (k, j, i) mask; None when there is none."""
    planes = np.flatnonzero(mask.any(axis=(1, 2)))
    if planes.size == 0:
        return None
    flat = np.asarray(mask[planes[0]:planes[-1] + 1].any(axis=0))
    rows, columns = np.flatnonzero(flat.any(axis=1)), np.flatnonzero(flat.any(axis=0))
    k, j, i = (slice(int(part[0]), int(part[-1]) + 1) for part in (planes, rows, columns))
    return k, j, i


def inside_box(outer: Box, inner: Box) -> Box:
    """A box counted from `outer`'s corner, as one of the grid."""
    k, j, i = (slice(o.start + n.start, o.start + n.stop) for o, n in zip(outer, inner, strict=True))
    return k, j, i


def relative(box: Box, outer: Box) -> Box:
    """A box of the grid, counted from `outer`'s corner."""
    k, j, i = (slice(b.start - o.start, b.stop - o.start) for b, o in zip(box, outer, strict=True))
    return k, j, i


def overlap(one: Box, two: Box) -> Box | None:
    k, j, i = (slice(max(a.start, b.start), min(a.stop, b.stop)) for a, b in zip(one, two, strict=True))
    return (k, j, i) if k.start < k.stop and j.start < j.stop and i.start < i.stop else None


def joined(one: Box, two: Box) -> Box:
    k, j, i = (slice(min(a.start, b.start), max(a.stop, b.stop)) for a, b in zip(one, two, strict=True))
    return k, j, i


def grown(box: Box, grid: Grid, margin_mm: float) -> Box:
    """The box with everything within `margin_mm` of a voxel centre in it, and one voxel more, cut at the grid's edge."""
    reach = np.linalg.norm(np.linalg.inv(grid.affine[:3, :3]), axis=1) * margin_mm
    i, j = (slice(max(0, part.start - n), min(size, part.stop + n)) for part, n, size in
            zip(box[:0:-1], (int(np.floor(r)) + 1 for r in reach[:2]), grid.shape[:0:-1], strict=True))
    levels = grid.level_of(np.arange(grid.shape[0]))
    first = np.searchsorted(levels, levels[box[0].start] - reach[2] * (1 + 1e-9)) - 1
    last = np.searchsorted(levels, levels[box[0].stop - 1] + reach[2] * (1 + 1e-9)) + 1
    return slice(max(0, int(first)), min(grid.shape[0], int(last))), j, i


def ball_box(grid: Grid, centre: tuple[int, int, int], radius_mm: float) -> Box:
    """The box round a ball; centre: (k, j, i)."""
    k, j, i = (slice(c, c + 1) for c in centre)
    return grown((k, j, i), grid, radius_mm)


def grid_of(grid: Grid, box: Box) -> Grid:
    """The grid of a box: the same places in the patient, counted from its corner."""
    k, j, i = box
    affine = grid.affine.copy()
    affine[:3, 3] = grid.to_patient(np.array([i.start, j.start, k.start], dtype=np.float64))
    levels = None if grid.levels is None else grid.levels[k] - grid.levels[k.start]
    return Grid(size_of(box), affine, grid.oriented, levels)


def sheared(grid: Grid) -> bool:
    """Whether the axes are not perpendicular (gantry tilt), so that distances do not part into axes."""
    cosines = grid.direction.T @ grid.direction - np.eye(3)
    return bool(np.abs(cosines).max() > _SHEARED)


def places_mm(grid: Grid) -> tuple[Floats, Floats, Floats]:
    """((k,), (j,), (i,)) mm along each axis, from the first voxel: where the planes, rows and columns lie."""
    k, j, i = grid.spacing_mm
    rows, columns = (np.asarray(np.arange(n) * step, dtype=np.float64) for n, step in zip(grid.shape[1:], (j, i), strict=True))
    return grid.level_of(np.arange(grid.shape[0])) * k, rows, columns
