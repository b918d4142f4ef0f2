"""What painting and erasing share: the segment in hand, what may be covered, and a stroke from press to release."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from graticule.domain.elements import Segment
from graticule.domain.geometry import Array, Grid
from graticule.editing.canvas import Canvas
from graticule.editing.handwork import following, gained, lost, where_allowed
from graticule.editing.tools.in_hand import refuse_in_a_slab, segment_in_hand, segment_name, would_do
from graticule.editing.tools.tool import Bench, Outline, Pointer
from graticule.imaging.brush import swept_ball, swept_disc
from graticule.imaging.edges import edge_aware
from graticule.imaging.paint_range import StrokeRange, only_in_range
from graticule.imaging.patch import Patch

DISC, SPHERE = "disc", "sphere"
LEAST_MM, MOST_MM = 0.5, 60.0
# What counts as close under the hand, for a range that grows from the stroke: so much of the radius.
_CORE = 1 / 3


@dataclass(frozen=True, slots=True)
class StrokeOptions:
    """radius_mm in the patient; shape: a disc in the viewed plane or a sphere through the slices."""

    radius_mm: float = field(default=6.0, metadata={"label": "Radius", "low": LEAST_MM, "high": MOST_MM, "unit": "mm",
                                                    "step": 0.5, "keys": "[ ]"})
    shape: str = field(default=DISC, metadata={"label": "Shape", "volume_only": True,
                                                  "choices": {DISC: "Disc, this plane", SPHERE: "Sphere"}})


def resized(radius_mm: float, steps: float, stretch: float = 1.0) -> float:
    """One step of `[` `]` or Shift+wheel is a fifth, rounded to half a millimetre (a tenth below 5 mm).

    stretch: how many times as large it may be, on pictures that are measured in pixels.
    """
    wanted = radius_mm * 1.2**steps
    return float(np.clip(round(wanted, 1) if wanted < 5 else round(wanted * 2) / 2, LEAST_MM, MOST_MM * stretch))


def covered(grid: Grid, start: Pointer, end: Pointer, options: StrokeOptions, share: float = 1.0) -> Array:
    """(n,) flat indices of the voxels between two pointer positions, rising. share: of the radius."""
    one, two = np.array(start.at), np.array(end.at)
    radius_mm = max(LEAST_MM, options.radius_mm * end.pressure) * share  # 1 but for a pen whose pressure counts
    if options.shape == SPHERE or end.plane is None:
        return swept_ball(grid, one, two, radius_mm)
    return swept_disc(grid, one, two, radius_mm, end.plane.normal)


def up_to_edges(index: Array, core: Array, canvas: Canvas, start: Pointer, end: Pointer) -> Array:
    """Of what the brush covers, the voxels on the hand's side of an edge; core: those close under the hand."""
    grid = canvas.grid
    brush, close = (Patch.of(part, grid.shape) for part in (index, core))
    way = grid.to_index(np.linspace(start.at, end.at, _steps(grid, start, end)))
    places = np.floor(way[:, ::-1] + 0.5).astype(np.int64)
    return edge_aware(brush, canvas.voxels, grid, places, core=close).flat(grid.shape)


def _steps(grid: Grid, start: Pointer, end: Pointer) -> int:
    """Places along the way, a voxel apart."""
    return int(np.abs(np.diff(grid.to_index(np.array([start.at, end.at])), axis=0)).max()) + 2


class Stroke:
    """One movement of the hand, staged as it goes and committed under `title` when it ends."""

    def __init__(self, segment: Segment, title: str, *, erase: bool) -> None:
        self.title = title
        self.erase = erase
        self._segment = segment
        self._last: Pointer | None = None
        self._range: StrokeRange | None = None

    def go_on(self, bench: Bench, pointer: Pointer, options: StrokeOptions) -> None:
        """Cover the way from where the hand was (or its first point)."""
        labels, rules, canvas = bench.workspace.labels, bench.paint, bench.canvas
        last, self._last = self._last or pointer, pointer
        index = covered(canvas.grid, last, pointer, options)
        if getattr(options, "edge_aware", False) and index.size:
            index = up_to_edges(index, covered(canvas.grid, last, pointer, options, _CORE), canvas, last, pointer)
        index = where_allowed(index, labels, self._segment, rules, canvas)
        if rules.follow:
            index = self._like_what_it_met(index, canvas, covered(canvas.grid, last, pointer, options, _CORE))
        change = lost(labels, self._segment, index) if self.erase else gained(labels, self._segment, index, rules)
        if change is not None:
            bench.workspace.stage(change)

    def _like_what_it_met(self, index: Array, canvas: Canvas, core: Array) -> Array:
        self._range = (self._range or following(canvas)).seen(core, canvas.voxels)
        return only_in_range(index, canvas.voxels, self._range.range)


class StrokeTool:
    """From press to release; a subclass says when the hand erases."""

    options: Any

    def __init__(self) -> None:
        self.options = StrokeOptions()
        self._stroke: Stroke | None = None
        self._at: Pointer | None = None
        self._sign = ""

    def erases(self, pointer: Pointer) -> bool:
        return pointer.control

    def press(self, bench: Bench, pointer: Pointer) -> None:
        refuse_in_a_slab(pointer)
        segment, erase = segment_in_hand(bench), self.erases(pointer)
        self._stroke = Stroke(segment, f"{_verb(erase)} {segment_name(bench, segment)}", erase=erase)
        self._sign = would_do(bench, _verb(erase), erase=erase)
        self.drag(bench, pointer)

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        self._at = pointer
        if self._stroke is not None:
            self._stroke.go_on(bench, pointer, self.options)

    def release(self, bench: Bench, pointer: Pointer) -> None:
        stroke, self._stroke = self._stroke, None
        if stroke is not None:
            bench.workspace.commit(stroke.title)

    def hover(self, bench: Bench, pointer: Pointer | None) -> None:
        self._at = pointer
        if pointer is not None:
            erase = self.erases(pointer)
            self._sign = would_do(bench, _verb(erase), erase=erase)

    def cancel(self, bench: Bench) -> None:
        self._stroke = None
        bench.workspace.cancel()

    def preview(self) -> tuple[Outline, ...]:
        """The circle under the hand and what a press would do, so that no one paints by mistake."""
        if self._at is None:
            return ()
        return (Outline((self._at.at,), radius=self.options.radius_mm, label=self._sign, style="cursor"),)


def _verb(erase: bool) -> str:
    return "Erase" if erase else "Paint"
