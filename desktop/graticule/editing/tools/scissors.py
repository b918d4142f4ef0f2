"""Scissors: an outline drawn on a slice cuts what lies in it, or all round it: on the slice, to a depth, or all the way
through."""

from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar

import numpy as np

from graticule.domain.case import Kind
from graticule.domain.edits import VoxelChange
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Floats, Grid
from graticule.domain.progress import Progress
from graticule.editing.cutting import ERASE, FILL, cut, everywhere, held, seen
from graticule.editing.handwork import nothing_changes, where_allowed
from graticule.editing.tools.areas import directions
from graticule.editing.tools.in_hand import refuse_in_a_slab, segment_in_hand, segment_name, would_do
from graticule.editing.tools.measuring import apart
from graticule.editing.tools.outlining import LEAST, line_of
from graticule.editing.tools.tool import Bench, Outline, Plane, Pointer
from graticule.imaging.brush import cells_mm
from graticule.imaging.orientation import outer_corners
from graticule.imaging.patch import Patch
from graticule.imaging.raster import box_along, plane_voxels, polygon
from graticule.imaging.scissors import INSIDE, OUTSIDE, ScissorsParameters

FREE, BOX, CIRCLE = "free", "box", "circle"
SLICE, DEPTH, THROUGH = "slice", "depth", "through"
OWN, ALL = "own", "all"
_CIRCLE_CORNERS = 96
# More voxels than this are looked at beside the hand.
_AT_ONCE = 2_000_000
_ROUNDING = 1 + 1e-9


@dataclass(frozen=True, slots=True)
class ScissorsOptions:
    shape: str = field(default=FREE, metadata={"label": "Shape", "choices": {FREE: "Free", BOX: "Box", CIRCLE: "Circle"}})
    act: str = field(default=ERASE, metadata={"label": "Act", "choices": {ERASE: "Erase", FILL: "Fill"}})
    side: str = field(default=INSIDE, metadata={"label": "Side", "choices": {INSIDE: "Inside", OUTSIDE: "Outside"}})
    reach: str = field(default=SLICE, metadata={"label": "Reach", "choices": {SLICE: "This slice", DEPTH: "Depth",
                                                                              THROUGH: "Through"}})
    depth_mm: float = field(default=10.0, metadata={"label": "Depth to each side", "low": 1.0, "high": 200.0, "unit": "mm",
                                                       "only_with": ("reach", (DEPTH,))})
    whose: str = field(default=OWN, metadata={"label": "Erases from", "choices": {OWN: "This segment", ALL: "All unlocked"},
                                                 "only_with": ("act", (ERASE,))})


class ScissorsTool:
    name: ClassVar[str] = "scissors"
    title: ClassVar[str] = "Scissors"
    key: ClassVar[str] = "Shift+X"
    group: ClassVar[str] = "mark"
    family: ClassVar[str] = "cut"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.VOLUME, Kind.IMAGE)
    hint: ClassVar[str] = ("Draw round what shall be cut and let go; the options say what happens inside or outside of it, and "
                           "how deep")
    options: Any

    def __init__(self) -> None:
        self.options = ScissorsOptions()
        self._placed: list[Pointer] = []
        self._live: Pointer | None = None
        self._sign = ""

    def press(self, bench: Bench, pointer: Pointer) -> None:
        refuse_in_a_slab(pointer)
        segment_in_hand(bench)
        self._placed, self._live = [pointer], pointer

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        self._live = pointer
        if self._placed and apart(self._placed[-1], pointer) > pointer.reach[0] / 8:
            self._placed.append(pointer)

    def release(self, bench: Bench, pointer: Pointer) -> None:
        self._live = pointer
        outline, plane = self._outline(), pointer.plane
        drawn = self._placed and max(apart(self._placed[0], place) for place in self._placed) > max(pointer.reach) / 2
        self._placed = []
        if drawn and plane is not None and len(outline) >= LEAST:
            _Cut(bench, self.options, outline, plane).go()

    def hover(self, bench: Bench, pointer: Pointer | None) -> None:
        self._live = pointer
        if pointer is not None:
            self._sign = self._would_do(bench)

    def cancel(self, bench: Bench) -> None:
        self._placed = []
        bench.workspace.cancel()

    def changed(self, bench: Bench) -> None:
        self._sign = self._would_do(bench)

    def put_away(self, bench: Bench) -> None:
        self._placed = []

    def preview(self) -> tuple[Outline, ...]:
        if self._live is None:
            return ()
        outline = self._outline()
        way = (line_of(outline, closed=True),) if len(outline) >= LEAST else ()
        return (*way, Outline((self._live.at,), style="sign", label=self._sign))

    def _outline(self) -> Floats:
        """(n, 3) corners of what is drawn, no rows before that is an area."""
        if len(self._placed) < 2 or self._live is None:
            return np.zeros((0, 3))
        if self.options.shape == FREE:
            return np.array([place.at for place in self._placed], dtype=np.float64)
        first, last = np.array(self._placed[0].at), np.array(self._live.at)
        right, down = directions(self._placed[0])
        if self.options.shape == BOX:
            across = (last - first) @ right * right
            return np.array([first, first + across, last, last - across])
        turns = np.linspace(0, 2 * np.pi, _CIRCLE_CORNERS, endpoint=False)[:, None]
        return np.asarray(first + np.linalg.norm(last - first) * (np.cos(turns) * right + np.sin(turns) * down))

    def _would_do(self, bench: Bench) -> str:
        options = self.options
        verb = ("Erase" if options.act == ERASE else "Fill") + f" {options.side},"
        if options.act == ERASE and options.whose == ALL:
            return f"{verb} all unlocked segments"
        return would_do(bench, verb, erase=options.act == ERASE)


class _Cut:
    """One outline let go of: what it reaches is found at once, or beside the hand where that takes long, then done."""

    def __init__(self, bench: Bench, options: ScissorsOptions, outline: Floats, plane: Plane) -> None:
        self._bench, self._options = bench, options
        self._canvas, self._rules = bench.canvas, bench.paint
        self._segment = segment_in_hand(bench)
        self._segments = [self._segment]
        if options.act == ERASE and options.whose == ALL:
            self._segments = [one for one in bench.workspace.labels.of(Segment) if not one.locked]
        self._outline, self._plane = outline, plane
        self._shape = _shape_of(self._canvas.grid, outline, plane, options)

    def go(self) -> None:
        if self._options.reach == SLICE and self._options.side == INSIDE:
            self._do(polygon(self._canvas.grid, self._outline, self._plane.normal))
            return
        among = self._among()
        if among.mask.size <= _AT_ONCE:
            self._do(seen(among, self._canvas.grid, self._shape))
        else:
            self._bench.thinking.ask(lambda progress: seen(among, self._canvas.grid, self._shape, progress), self._do_late,
                                     "Cutting")

    def _among(self) -> Patch:
        """Copies of what may be cut, so that the labels may change meanwhile."""
        grid, erase = self._canvas.grid, self._options.act == ERASE
        own = held(self._bench.workspace.labels, self._segments) if erase else self._fillable(grid)
        if self._options.reach != SLICE or not own.mask.size:
            return own
        layer = Patch.of(plane_voxels(grid, self._outline[0], self._plane.normal, own.box), grid.shape)
        return Patch(layer.box, layer.mask & own.on(layer.box))

    def _fillable(self, grid: Grid) -> Patch:
        """What a shape to be filled may hold: outside it that is all of the image."""
        whole = everywhere(grid)
        if self._options.side == OUTSIDE:
            return whole
        through_mm = float(np.linalg.norm(np.ptp(outer_corners(grid), axis=0)))
        reach_mm = self._options.depth_mm if self._options.reach == DEPTH else through_mm
        box = box_along(grid, self._outline, self._plane.normal, reach_mm)
        return Patch.nothing() if box is None else Patch(box, whole.mask[box])

    def _do_late(self, patch: Patch) -> None:
        try:
            self._do(patch)
        except GraticuleError as refusal:
            self._bench.thinking.ask(partial(_refuse, refusal), lambda nothing: None)

    def _do(self, patch: Patch) -> None:
        labels, grid = self._bench.workspace.labels, self._canvas.grid
        index = where_allowed(patch.flat(grid.shape), labels, self._segment, self._rules, self._canvas)
        changes: list[VoxelChange] = cut(labels, self._segments, Patch.of(index, grid.shape), self._options.act, self._rules)
        if not changes:
            raise nothing_changes()
        whose = "segments" if len(self._segments) > 1 else segment_name(self._bench, self._segment)
        self._bench.workspace.do(f"{'Cut' if self._options.act == ERASE else 'Fill'} {whose} {self._options.side} the outline",
                                 *changes)


def _refuse(refusal: GraticuleError, progress: Progress) -> None:
    """Told to the reader like anything that could not be found."""
    raise refusal


def _shape_of(grid: Grid, outline: Floats, plane: Plane, options: ScissorsOptions) -> ScissorsParameters:
    """The outline as the plane itself sees it: its axes in mm, depth along the normal."""
    matrix = np.eye(4)
    matrix[0, :3], matrix[1, :3], matrix[2, :3] = plane.right, plane.down, plane.normal
    matrix[:3, 3] = -matrix[:3, :3] @ outline[0]
    flat = (outline - outline[0]) @ np.stack([plane.right, plane.down], axis=1)
    # What the plane itself cuts belongs however small the depth, also where the centres of thick slices lie off it.
    least = max(float(part.max()) for part in cells_mm(grid, plane.normal)) / _ROUNDING
    depth = max(options.depth_mm, least) if options.reach == DEPTH else np.inf
    return ScissorsParameters(flat, matrix, options.side, -depth, depth)
