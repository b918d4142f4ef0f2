"""Smoothing brush: what the brush covers becomes smoother, nothing else moves; neighbours keep touching."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from graticule.domain.case import Kind
from graticule.domain.edits import VoxelChange
from graticule.domain.elements import Segment
from graticule.domain.geometry import Array
from graticule.domain.labels import Box, LabelMap
from graticule.editing.handwork import inside_only
from graticule.editing.tools.in_hand import refuse_in_a_slab, segment_in_hand, segment_name, would_do
from graticule.editing.tools.strokes import StrokeOptions, covered
from graticule.editing.tools.tool import Bench, Outline, Pointer
from graticule.imaging.authorship import GROWN
from graticule.imaging.logic import values_become
from graticule.imaging.patch import Patch, grid_of, grown, inside_box, relative, size_of
from graticule.imaging.smoothing import MEDIAN, SmoothParameters, reach_mm, smooth, smooth_together

TOGETHER, ALONE = "together", "alone"


@dataclass(frozen=True, slots=True)
class SmoothBrushOptions(StrokeOptions):
    """how: every segment under the brush against its neighbours, or the selected one by itself."""

    how: str = field(default=TOGETHER, metadata={"label": "Smooth", "kind": "list", "choices": {
        TOGETHER: "With neighbours", ALONE: "This segment"}})
    size_mm: float = field(default=2.0, metadata={"label": "Strength", "low": 0.5, "high": 10.0, "unit": "mm"})


class SmoothBrushTool:
    """One stroke smooths once, however often it goes over a place: all of it is found from what was there at the press."""

    name: ClassVar[str] = "smooth-brush"
    title: ClassVar[str] = "Smoothing brush"
    key: ClassVar[str] = ""
    group: ClassVar[str] = "mark"
    family: ClassVar[str] = "paint"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.VOLUME, Kind.IMAGE)
    hint: ClassVar[str] = "Drag over an edge to smooth it there; Shift+wheel or [ ] size; Q W segment"

    def __init__(self) -> None:
        self.options = SmoothBrushOptions()
        self._stroke: SmoothStroke | None = None
        self._at: Pointer | None = None
        self._sign = ""

    def press(self, bench: Bench, pointer: Pointer) -> None:
        refuse_in_a_slab(pointer)
        self._stroke = SmoothStroke(segment_in_hand(bench))
        self.drag(bench, pointer)

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        self._at = pointer
        if self._stroke is not None:
            self._stroke.go_on(bench, pointer, self.options)

    def release(self, bench: Bench, pointer: Pointer) -> None:
        stroke, self._stroke = self._stroke, None
        if stroke is not None:
            bench.workspace.commit(f"Smooth {segment_name(bench, stroke.segment)}")

    def hover(self, bench: Bench, pointer: Pointer | None) -> None:
        self._at = pointer
        if pointer is not None:
            self._sign = would_do(bench, "Smooth")

    def cancel(self, bench: Bench) -> None:
        self._stroke = None
        bench.workspace.cancel()

    def preview(self) -> tuple[Outline, ...]:
        if self._at is None:
            return ()
        return (Outline((self._at.at,), radius=self.options.radius_mm, label=self._sign, style="cursor"),)


class SmoothStroke:
    """From press to release. What it changed is kept, so that every move is found from the labels as they were before it."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self._last: Pointer | None = None
        self._before: dict[str, list[VoxelChange]] = {}

    def go_on(self, bench: Bench, pointer: Pointer, options: SmoothBrushOptions) -> None:
        grid = bench.canvas.grid
        index = covered(grid, self._last or pointer, pointer, options)
        self._last = pointer
        if not index.size:
            return
        change = self._change(bench, Patch.of(index, grid.shape), options)
        if change is not None:
            self._before.setdefault(change.group, []).append(change)
            bench.workspace.stage(change)

    def _change(self, bench: Bench, brush: Patch, options: SmoothBrushOptions) -> VoxelChange | None:
        labels, segment = bench.workspace.labels, self.segment
        group, rules = labels.group(segment.group), bench.paint.values(labels, segment.group)
        together = options.how == TOGETHER
        wanted = self._together if together else self._alone
        new = wanted(bench, group, brush, options.size_mm)
        covered_now = np.where(brush.mask, new, group.values[brush.box])
        # Neighbours that are smoothed with the segment give and take: there only locks, and staying inside one, hold.
        bounds = rules if not together else type(rules)(rules.locked, None, rules.inside)
        change = values_become(segment.group, group, brush.box, covered_now, GROWN, bounds, 0 if together else segment.value)
        return inside_only(labels, change, bench.paint)

    def _together(self, bench: Bench, group: LabelMap, brush: Patch, size_mm: float) -> Array:
        grid = bench.canvas.grid
        box = grown(brush.box, grid, 3 * size_mm)
        free = tuple(s.value for s in bench.workspace.labels.of(Segment) if s.group == self.segment.group and not s.locked)
        return smooth_together(self._was(group, box), grid_of(grid, box), size_mm, free)[relative(brush.box, box)]

    def _alone(self, bench: Bench, group: LabelMap, brush: Patch, size_mm: float) -> Array:
        grid, asked, value = bench.canvas.grid, SmoothParameters(MEDIAN, size_mm), self.segment.value
        box = grown(brush.box, grid, reach_mm(asked))
        was = self._was(group, box)
        found = smooth(Patch(_from_zero(box), was == value), grid_of(grid, box), asked)
        smooth_now = Patch(inside_box(box, found.box), found.mask).on(brush.box) if found.voxels else np.zeros_like(brush.mask)
        now = group.values[brush.box]
        return np.where(smooth_now, np.uint8(value), np.where(now == value, np.uint8(0), now))

    def _was(self, group: LabelMap, box: Box) -> Array:
        """(k, j, i) uint8 of a box as it was when the stroke began."""
        values = group.values[box].copy()
        low = [part.start for part in box]
        for change in reversed(self._before.get(self.segment.group, [])):
            places = np.unravel_index(change.indices(), group.shape)
            inside = np.ones(places[0].shape, dtype=bool)
            for at, part in zip(places, box, strict=True):
                inside &= (at >= part.start) & (at < part.stop)
            k, j, i = (at[inside] - first for at, first in zip(places, low, strict=True))
            values[k, j, i] = np.repeat(change.before, change.lengths)[inside]
        return values


def _from_zero(box: Box) -> Box:
    k, j, i = (slice(0, size) for size in size_of(box))
    return k, j, i
