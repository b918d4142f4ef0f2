"""What an operation works on: the segments, their voxels copied, and what may be touched. Made on the hand's thread; then the
operation runs beside it, whatever the hand goes on to do."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Floats, Grid
from graticule.domain.labels import Box, LabelMap, Labels
from graticule.editing.kin import kin_of
from graticule.editing.proposal import BECOMES, GAINS, LOSES, Proposed
from graticule.editing.tools.in_hand import segment_name
from graticule.editing.tools.tool import Bench
from graticule.imaging.logic import Rules
from graticule.imaging.patch import Patch, grid_of, overlap, relative, size_of, whole


@dataclass(frozen=True, slots=True)
class Cut:
    """One layer of voxels: the slice `at` along array axis `axis` (0 for the slices of the series)."""

    axis: int
    at: int

    def box(self, grid: Grid) -> Box:
        sides = list(whole(grid.shape))
        sides[self.axis] = slice(self.at, self.at + 1)
        return sides[0], sides[1], sides[2]


@dataclass(frozen=True, eq=False)
class Sheet:
    """The plane that is shown: a point of it and its unit normal, LPS mm."""

    point: Floats
    normal: Floats


@dataclass(frozen=True, eq=False)
class Piece:
    """A group's voxels in a box. counts: how many voxels of the whole group carry each value."""

    box: Box
    values: Array
    authors: Array
    counts: Array


@dataclass(frozen=True, eq=False)
class Material:
    """chosen: the segments to change. everyone: all of the case. where: the box of the case's grid that is worked in, a slice
    or the whole; `grid` is that box's own grid, and all patches here count from its corner (`parts_of` brings them home).

    rules: what may be touched, by group. plane: the plane that is shown. image: of a picture, which has pixels and no volume.
    further: a group that nothing lies in, "" when the image is too large for one.
    """

    grid: Grid
    where: Box
    chosen: tuple[Segment, ...]
    everyone: tuple[Segment, ...]
    pieces: Mapping[str, Piece]
    rules: Mapping[str, Rules]
    names: Mapping[str, str]
    new_id: Callable[[], str]
    cut: Cut | None = None
    plane: Sheet | None = None
    image: bool = False
    further: str = ""

    @classmethod
    def of(cls, bench: Bench, chosen: Iterable[Segment], cut: Cut | None = None, plane: Sheet | None = None) -> "Material":
        """GraticuleError when the read is signed, none is chosen, or a chosen segment is locked."""
        segments = tuple(chosen)
        _refuse_locked(bench, segments)
        if not segments:
            raise GraticuleError("No segment is selected.", "Choose one in the Segments list.")
        return cls.around(bench, segments, cut, plane)

    @classmethod
    def around(cls, bench: Bench, segments: tuple[Segment, ...] = (), cut: Cut | None = None,
               plane: Sheet | None = None) -> "Material":
        """The same where it may be that no segment is there yet."""
        _refuse_locked(bench, segments)
        labels, canvas = bench.workspace.labels, bench.canvas
        everyone = tuple(labels.of(Segment))
        where = whole(canvas.grid.shape) if cut is None else cut.box(canvas.grid)
        groups = {segment.group for segment in everyone}
        return cls(
            canvas.grid if cut is None else layer_of(canvas.grid, cut), where, segments, everyone,
            {name: _piece(labels.groups[name], where) for name in groups if name in labels.groups},
            {name: bench.paint.values(labels, name) for name in groups},
            {segment.id: segment_name(bench, segment) for segment in everyone},
            bench.new_id, cut, plane, canvas.pixel is not None, _further(labels))

    # --- voxels -----------------------------------------------------------------------------------------------------

    def patch(self, segment: Segment) -> Patch:
        """The segment's voxels, in the smallest box."""
        piece = self.pieces.get(segment.group)
        return Patch.nothing() if piece is None else Patch(piece.box, piece.values == segment.value).trimmed()

    def measured(self, patch: Patch) -> tuple[Patch, Grid]:
        """The patch through all slices, and the grid of its box: at the ends of a smaller box of an uneven stack the cells would
        reach elsewhere, and millilitres be others."""
        if self.grid.levels is None:
            return patch, grid_of(self.grid, patch.box)
        box = (slice(0, self.grid.shape[0]), *patch.box[1:])
        return Patch(box, patch.on(box)), grid_of(self.grid, box)

    def values_on(self, group: str, box: Box) -> Array:
        """(k, j, i) uint8 label values of a box."""
        return self._spread(group, box, "values")

    def authors_on(self, group: str, box: Box) -> Array:
        return self._spread(group, box, "authors")

    def allowed(self, segment: Segment, patch: Patch, among: frozenset[str] = frozenset(), *, bound: bool = True) -> Patch:
        """The part of a patch that the segment may have: its own voxels, and others as far as rules and locks allow."""
        rules = self.rules.get(segment.group) or Rules()
        if not bound:
            rules = Rules(rules.locked)
        if rules.over is not None:
            theirs = {other.value for other in self.everyone if other.group == segment.group and other.id in among}
            rules = replace(rules, over=rules.over | theirs)
        values = self.values_on(segment.group, patch.box)
        table = rules.may_take(segment.value)
        table[segment.value] = True
        return Patch(patch.box, patch.mask & table[values])

    # --- answers ----------------------------------------------------------------------------------------------------

    def becomes(self, segment: Segment, wanted: Patch, source: Array | None = None,
                among: frozenset[str] = frozenset()) -> tuple[Proposed, ...]:
        """The parts after which the segment is `wanted` here, and as it was elsewhere. source: of the box of `wanted`."""
        if self.cut is None:
            return (Proposed(segment.id, self.home(wanted), BECOMES, source, among),)
        before = self.patch(segment)
        gained = Patch(wanted.box, wanted.mask & ~before.on(wanted.box))
        lost = Patch(before.box, before.mask & ~wanted.on(before.box))
        return self.loses(segment, lost) + self.gains(segment, gained, source, among)

    def gains(self, segment: Segment, patch: Patch, source: Array | None = None,
              among: frozenset[str] = frozenset()) -> tuple[Proposed, ...]:
        return (Proposed(segment.id, self.home(patch), GAINS, source, among),) if patch.voxels else ()

    def loses(self, segment: Segment, patch: Patch) -> tuple[Proposed, ...]:
        return (Proposed(segment.id, self.home(patch), LOSES),) if patch.voxels else ()

    def home(self, patch: Patch) -> Patch:
        """The same voxels, counted from the corner of the case's grid."""
        k, j, i = (slice(part.start + w.start, part.stop + w.start) for part, w in zip(patch.box, self.where, strict=True))
        return Patch((k, j, i), patch.mask)

    def kin(self, segment: Segment, howmany: int) -> tuple[Segment, ...]:
        """New segments of the same kind, for parts of this one."""
        counts = self.pieces[segment.group].counts if segment.group in self.pieces else np.zeros(256)
        taken = (int(value) for value in np.flatnonzero(counts[1:]) + 1)
        return kin_of(segment, self.everyone, taken, howmany, self.new_id, self.names[segment.id])

    def segment(self, segment_id: str) -> Segment:
        found = next((one for one in self.everyone if one.id == segment_id), None)
        if found is None:
            raise GraticuleError("This needs a second segment.", "Choose with which segment.")
        return found

    # --- words ------------------------------------------------------------------------------------------------------

    def ml(self, patch: Patch) -> float:
        """By each slice's own thickness."""
        return float(np.count_nonzero(patch.mask, axis=(1, 2)) @ self._slice_ml[patch.box[0]])

    def amount(self, *patches: Patch) -> str:
        """"12.4 mL" of all of them; pixels where there is no volume."""
        if self.image:
            return f"{sum(patch.voxels for patch in patches):,} px"
        ml = sum(self.ml(patch) for patch in patches)
        return f"{ml:.2f} mL" if ml < 9.995 else f"{ml:,.1f} mL"

    @cached_property
    def _slice_ml(self) -> Floats:
        return self.grid.slice_ml

    def _spread(self, group: str, box: Box, plane: str) -> Array:
        out = np.zeros(size_of(box), dtype=np.uint8)
        piece = self.pieces.get(group)
        common = None if piece is None else overlap(piece.box, box)
        if piece is not None and common is not None:
            out[relative(common, box)] = getattr(piece, plane)[relative(common, piece.box)]
        return out


def layer_of(grid: Grid, cut: Cut) -> Grid:
    """The grid of one layer. A slice of an uneven stack is as thick as its own cell, so that millilitres stay true."""
    layer = grid_of(grid, cut.box(grid))
    if cut.axis != 0 or grid.levels is None:
        return layer
    affine = layer.affine.copy()
    affine[:3, 2] *= grid.slice_ml[cut.at] / grid.voxel_ml
    return Grid(layer.shape, affine, layer.oriented)


def _piece(group: LabelMap, where: Box) -> Piece:
    box = overlap(group.box, where) if group.box is not None else None
    if box is None:
        nothing = Patch.nothing()
        return Piece(nothing.box, nothing.mask.astype(np.uint8), nothing.mask.astype(np.uint8), group.counts.copy())
    return Piece(relative(box, where), group.values[box].copy(), group.authors[box].copy(), group.counts.copy())


def _further(labels: Labels) -> str:
    try:
        return labels.own_group()
    except GraticuleError:
        return ""


def _refuse_locked(bench: Bench, segments: tuple[Segment, ...]) -> None:
    if bench.workspace.locked:
        raise GraticuleError("This read is signed and locked.", "Choose “Correct as a new version” to change it.")
    locked = next((segment for segment in segments if segment.locked), None)
    if locked is not None:
        raise GraticuleError(f"{segment_name(bench, locked)} is locked.", "Unlock it in the Segments list to change it.")
