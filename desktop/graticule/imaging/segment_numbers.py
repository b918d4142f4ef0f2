"""What a segment measures: amount, surface, longest axes, and the values inside it.

Lesion sizes follow RECIST 1.1: the longest diameter in one slice of the acquisition plane, and the longest one at right angles to
it in that slice, both from edge to edge as a caliper would measure them (midway from a labelled voxel's centre to an unlabelled
neighbour's). The longest axis in space runs between voxel centres, as SimpleITK's Feret diameter does: half
a thick slice more at each end would be a guess. The surface is that of marching cubes.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import ConvexHull, QhullError

from graticule.domain.geometry import Array, Floats, Grid
from graticule.domain.labels import Box, LabelMap
from graticule.domain.volume import Volume
from graticule.imaging.cells import SurfaceCells
from graticule.imaging.statistics import Statistics, statistics_of

_TURNS = 16


@dataclass(frozen=True, eq=False, slots=True)
class Axis:
    """A diameter: ends (2, 3) LPS mm."""

    mm: float
    ends: Floats


@dataclass(frozen=True, eq=False, slots=True)
class Recist:
    """slice: number k of the slice with the longest diameter; short is at right angles to long in it."""

    slice: int
    long: Axis
    short: Axis


@dataclass(frozen=True, eq=False, slots=True)
class SegmentNumbers:
    """values: of the image inside the segment, None while slices of it have not arrived or when all of it is padding."""

    voxels: int
    ml: float
    surface_mm2: float
    recist: Recist
    longest: Axis
    values: Statistics | None
    unit: str | None = None


def numbers_of(group: LabelMap, value: int, volume: Volume) -> SegmentNumbers | None:
    """Of the voxels that carry `value` in a group of the volume's labels; None when there are none."""
    box = group.box
    return None if box is None else numbers_in(group.values[box] == value, box, volume)


def numbers_in(part: Array, box: Box, volume: Volume) -> SegmentNumbers | None:
    """part: (k, j, i) bool of the voxels inside `box` of the volume."""
    inner = _tight(part)
    if inner is None:
        return None
    k, j, i = (slice(outer.start + cut.start, outer.start + cut.stop) for outer, cut in zip(box, inner, strict=True))
    mask, grid = part[inner], volume.grid
    corner = np.array([k.start, j.start, i.start])
    counts = np.count_nonzero(mask, axis=(1, 2))
    arrived = bool(volume.arrived[k].all())
    rim = np.argwhere(mask & ~_inner(mask)) + corner
    return SegmentNumbers(
        int(counts.sum()), float(counts @ grid.slice_ml[k]), float(SurfaceCells.of(mask, corner, grid).area.sum()),
        _recist(mask, corner, grid), longest_axis(grid.to_patient(rim[:, ::-1])),
        statistics_of(volume.voxels[k, j, i][mask], volume.blank) if arrived else None, volume.unit)


def surface_mm2(mask: Array, grid: Grid) -> float:
    """Area of the surface of a (k, j, i) bool array on `grid`."""
    return float(SurfaceCells.of(mask, np.zeros(3, np.int64), grid).area.sum())


def edge_points(mask: Array) -> Floats:
    """(n, d) indices midway between each labelled voxel and its unlabelled neighbours, of a bool array of d axes."""
    padded = np.pad(mask, 1)
    found = []
    for axis in range(mask.ndim):
        change = np.argwhere(np.diff(padded.view(np.int8), axis=axis)).astype(np.float64) - 1
        change[:, axis] += 0.5
        found.append(change)
    return np.concatenate(found)


def _inner(mask: Array) -> Array:
    """Voxels whose two neighbours along i are labelled: none of them is an end of the longest axis."""
    inner = np.zeros_like(mask)
    inner[..., 1:-1] = mask[..., :-2] & mask[..., 2:]
    return inner


def longest_axis(points: Floats) -> Axis:
    """The two of (n, 3) points that lie furthest apart."""
    corners = _hull(points)
    # About their middle the squares stay small, so that |a|² + |b|² − 2ab loses nothing that matters.
    near = corners - corners.mean(axis=0)
    squares = (near ** 2).sum(axis=1)
    best, ends = -1.0, (0, 0)
    for start in range(0, len(corners), 512):
        apart = squares[start:start + 512, None] + squares[None] - 2 * (near[start:start + 512] @ near.T)
        one, two = np.unravel_index(int(np.argmax(apart)), apart.shape)
        if apart[one, two] > best:
            best, ends = float(apart[one, two]), (start + int(one), int(two))
    found = corners[list(ends)]
    return Axis(float(np.linalg.norm(found[1] - found[0])), found)


def _recist(mask: Array, corner: Array, grid: Grid) -> Recist:
    best: tuple[int, Axis, Floats] | None = None
    for k in np.flatnonzero(mask.any(axis=(1, 2))).tolist():
        flat = edge_points(mask[k]) + corner[1:]
        at = grid.to_patient(np.column_stack([flat[:, ::-1], np.full(len(flat), k + corner[0])]))
        hull = _hull_in_plane(at, grid)
        if best is not None and _at_most_mm(hull, grid) <= best[1].mm:
            continue
        axis = longest_axis(hull)
        if best is None or axis.mm > best[1].mm + 1e-9:
            best = (k + int(corner[0]), axis, hull)
    if best is None:
        raise ValueError("an empty mask has no axis")
    return Recist(best[0], best[1], _across(best[1], best[2], grid.normal))


def _at_most_mm(hull: Floats, grid: Grid) -> float:
    """A diameter that a convex outline cannot exceed: its widths in so many directions miss the widest by less than 1 %."""
    first = grid.direction[:, 0]
    turns = np.arange(_TURNS) * np.pi / _TURNS
    ways = np.outer(np.cos(turns), first) + np.outer(np.sin(turns), np.cross(grid.normal, first))
    return float(np.ptp(hull @ ways.T, axis=0).max() / np.cos(np.pi / (2 * _TURNS)))


def _across(long: Axis, hull: Floats, normal: Floats) -> Axis:
    """The longest chord of a convex outline at right angles to a diameter. hull: (n, 3) in order round."""
    along = (long.ends[1] - long.ends[0]) / (long.mm or 1.0)
    side = np.cross(normal, along)
    flat = np.stack([(hull - long.ends[0]) @ along, (hull - long.ends[0]) @ side], axis=1)
    # The width of a convex outline changes evenly between its corners, so the widest place lies at one of them.
    widths = [_chord(flat, float(place)) for place in flat[:, 0]]
    place, low, high = max(widths, key=lambda chord: chord[2] - chord[1])
    ends = long.ends[0] + np.outer([place, place], along) + np.outer([low, high], side)
    return Axis(high - low, ends)


def _chord(flat: Floats, place: float) -> tuple[float, float, float]:
    """(place, lowest, highest) crossing of a closed (n, 2) outline with the line at `place` of its first coordinate."""
    after = np.roll(flat, -1, axis=0)
    low, high = np.minimum(flat[:, 0], after[:, 0]), np.maximum(flat[:, 0], after[:, 0])
    hit = (low <= place) & (place <= high)
    run = after[hit, 0] - flat[hit, 0]
    share = np.divide(place - flat[hit, 0], run, out=np.zeros_like(run), where=np.abs(run) > 1e-12)
    crossing = flat[hit, 1] + share * (after[hit, 1] - flat[hit, 1])
    crossing = np.concatenate([crossing, flat[np.abs(flat[:, 0] - place) < 1e-9, 1]])
    return place, float(crossing.min()), float(crossing.max())


def _hull_in_plane(points: Floats, grid: Grid) -> Floats:
    """(n, 3) points of one slice → the corners of their convex outline, in order round."""
    first = grid.direction[:, 0]
    axes = np.stack([first, np.cross(grid.normal, first)], axis=1)
    return np.asarray(points[ConvexHull(points @ axes).vertices])


def _hull(points: Floats) -> Floats:
    try:
        return np.asarray(points[ConvexHull(points).vertices])
    except QhullError:  # all in one plane
        return points


def _tight(mask: Array) -> Box | None:
    """The smallest box round what is True."""
    cuts = []
    for others in ((1, 2), (0, 2), (0, 1)):
        hit = np.flatnonzero(mask.any(axis=others))
        if hit.size == 0:
            return None
        cuts.append(slice(int(hit[0]), int(hit[-1]) + 1))
    return cuts[0], cuts[1], cuts[2]
