"""What lies between drawn slices: suggested for one slice while scrolling, and filled as a whole."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from graticule.domain.elements import Segment
from graticule.domain.geometry import Array, Floats, Grid
from graticule.domain.labels import Box, Labels
from graticule.domain.progress import Progress
from graticule.editing.proposal import Proposed
from graticule.imaging.between import Between, drawn_axis, fill_between, fill_labels
from graticule.imaging.logic import mask_of
from graticule.imaging.patch import Patch, grid_of, joined, relative, size_of

AUTO, AXIAL, CORONAL, SAGITTAL = "auto", "axial", "coronal", "sagittal"
# Which way each plane is looked through, in the patient (LPS).
_THROUGH = {AXIAL: 2, CORONAL: 1, SAGITTAL: 0}
# A plane this near to a slice of the grid (cosine) is one of its slices.
_IN_SLICES = 0.999


@dataclass(frozen=True, slots=True)
class Place:
    """Slice `n` of the grid across `axis` (0: k, 1: j, 2: i)."""

    axis: int
    n: int


def place_of(grid: Grid, at_mm: Floats, normal: Floats) -> Place | None:
    """The slice of the grid that a plane through a point is; None when the plane lies askew or outside."""
    across = np.linalg.inv(grid.affine[:3, :3])
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    near = np.abs(across @ normal)
    column = int(np.argmax(near))
    n = int(np.floor(float(grid.to_index(at_mm)[column]) + 0.5))
    axis = 2 - column
    return Place(axis, n) if near[column] > _IN_SLICES and 0 <= n < grid.shape[axis] else None


def axis_of(mask: Array, grid: Grid, drawn_on: str) -> int:
    """Across which axis of the grid a segment was drawn; drawn_on: AUTO finds it, else the plane the reader names."""
    if drawn_on == AUTO:
        return drawn_axis(mask)
    steps = np.abs(grid.affine[:3, :3] / np.linalg.norm(grid.affine[:3, :3], axis=0))
    return 2 - int(np.argmax(steps[_THROUGH[drawn_on]]))


@dataclass(eq=False)
class _Kept:
    box: Box
    axis: int
    between: Between


class Suggesting:
    """Suggestions for the segments of a case; `stale` after labels changed: what stayed as it was is not prepared again."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept | None] = {}
        self._fresh: set[str] = set()
        self._answers: dict[tuple[str, Place], Array | None] = {}

    def stale(self) -> None:
        self._fresh.clear()
        self._answers.clear()

    def forget(self) -> None:
        self.stale()
        self._kept.clear()

    def at(self, labels: Labels, segments: Iterable[Segment], grid: Grid, drawn_on: str, place: Place) -> tuple[Proposed, ...]:
        """What each segment would gain on a slice; of two of one group that claim a voxel, the one it lies deeper in has it."""
        claims = [(segment, kept, field) for segment in segments
                  if (kept := self._of(labels, segment, grid, drawn_on)) is not None and kept.axis == place.axis
                  and (field := self._field(segment, kept, place)) is not None]
        parts = []
        for segment, kept, field in claims:
            mask = field < 0
            for other, theirs, field_2 in claims:
                if other is not segment and other.group == segment.group:
                    mask &= ~_deeper(kept, field, theirs, field_2)
            if mask.any():
                parts.append(Proposed(segment.id, _slab(kept, mask, place)))
        return tuple(parts)

    def _field(self, segment: Segment, kept: _Kept, place: Place) -> Array | None:
        """(rows, columns) signed mm on the slice within the segment's box; None where nothing is suggested."""
        if (segment.id, place) not in self._answers:
            n = place.n - kept.box[kept.axis].start
            self._answers[segment.id, place] = kept.between.field(n) if 0 <= n < size_of(kept.box)[kept.axis] else None
        return self._answers[segment.id, place]

    def _of(self, labels: Labels, segment: Segment, grid: Grid, drawn_on: str) -> _Kept | None:
        if segment.id not in self._fresh:
            self._renew(labels, segment, grid, drawn_on)
            self._fresh.add(segment.id)
        return self._kept.get(segment.id)

    def _renew(self, labels: Labels, segment: Segment, grid: Grid, drawn_on: str) -> None:
        group = labels.groups.get(segment.group)
        patch = mask_of(group, segment.value) if group is not None and group.counts[segment.value] else Patch.nothing()
        if not patch.voxels:
            self._kept[segment.id] = None
            return
        axis, before = axis_of(patch.mask, grid, drawn_on), self._kept.get(segment.id)
        if before is not None and (before.box, before.axis) == (patch.box, axis):
            before.between.changed(patch.mask)
        else:
            self._kept[segment.id] = _Kept(patch.box, axis, Between(patch.mask, grid_of(grid, patch.box), axis))


def _slab(kept: _Kept, mask: Array, place: Place) -> Patch:
    """A slice's mask in the segment's box as a patch of the grid."""
    parts = list(kept.box)
    parts[kept.axis] = slice(place.n, place.n + 1)
    k, j, i = parts
    return Patch((k, j, i), np.expand_dims(mask, kept.axis)).trimmed()


def _deeper(mine: _Kept, field: Array, theirs: _Kept, field_2: Array) -> Array:
    """Where, in my box, the other segment lies deeper."""
    k, j, i = (slice(0, 1) if n == mine.axis else part for n, part in enumerate(mine.box))
    own = (k, j, i)
    k, j, i = (slice(0, 1) if n == theirs.axis else part for n, part in enumerate(theirs.box))
    other = (k, j, i)
    whole = joined(own, other)
    spread = np.full(size_of(whole), np.inf, dtype=np.float32)
    spread[relative(other, whole)] = np.expand_dims(field_2, theirs.axis)
    return np.squeeze(spread[relative(own, whole)], mine.axis) < np.minimum(field, 0)


def filled(masks: dict[str, Patch], grid: Grid, drawn_on: str, progress: Progress) -> dict[str, Patch]:
    """What each segment of one group gains between all its drawn slices. masks: by id, copies; grid: the whole one."""
    if len(masks) == 1:
        (name, only), = masks.items()
        return {name: fill_between(only, grid, axis_of(only.mask, grid, drawn_on), progress).trimmed()}
    box = next(iter(masks.values())).box
    for patch in masks.values():
        box = joined(box, patch.box)
    numbered = dict(enumerate(masks, start=1))
    labels = np.zeros(size_of(box), dtype=np.uint8)
    for number, name in numbered.items():
        labels[masks[name].on(box)] = number
    by_axis: dict[int, list[int]] = {}
    for number, name in numbered.items():
        by_axis.setdefault(axis_of(masks[name].mask, grid, drawn_on), []).append(number)
    new, inner = np.zeros_like(labels), grid_of(grid, box)
    for done, (axis, values) in enumerate(by_axis.items()):
        progress.step(done, len(by_axis))
        found = fill_labels(labels, inner, axis, tuple(values))
        new[new == 0] = found[new == 0]
    return {name: Patch(box, new == number).trimmed() for number, name in numbered.items()}
