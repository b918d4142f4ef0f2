"""Threshold: every voxel in a range of values, chosen on the histogram or by a classical rule, seen before it is taken."""

from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from graticule.domain.case import Kind
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.labels import Box
from graticule.domain.progress import Progress
from graticule.domain.volume import Volume
from graticule.editing.canvas import Canvas
from graticule.editing.proposal import BECOMES, GAINS, Proposal, Proposed, Sketch
from graticule.editing.tools.computing import Room, Voxel, amount_of, room_in, tell, value_near, voxel_pressed
from graticule.editing.tools.in_hand import segment_in_hand, segment_name
from graticule.editing.tools.tool import Bench, Outline, Pointer, ToolAct
from graticule.imaging.authorship import GROWN
from graticule.imaging.flood import FloodParameters, flood
from graticule.imaging.logic import mask_of
from graticule.imaging.patch import Patch, grown, whole
from graticule.imaging.threshold import METHODS, Counts, Range, counts_of, inside_range, multi_otsu, suggest

HAND, THREE = "hand", "three"
BRIGHT, MIDDLE, DARK = "bright", "middle", "dark"
EVERYWHERE, ROUND, CONNECTED = "everywhere", "round", "connected"
_MARGIN_MM = 10.0
# The whole volume is gone through once the hand has held still for so long.
_REST_S = 0.07


@dataclass(frozen=True, slots=True)
class ThresholdOptions:
    """method: HAND (as dragged), one of METHODS, or THREE classes; part: which side of it. where: how much of the image."""

    range: Range = field(default=Range(), metadata={"label": "Range", "kind": "range"})
    method: str = field(default="otsu", metadata={"label": "Method", "kind": "list", "choices": {
        HAND: "By hand", "otsu": "Otsu", THREE: "Otsu, three classes", "li": "Li", "triangle": "Triangle", "isodata": "IsoData",
        "huang": "Huang", "entropy": "Maximum entropy", "yen": "Yen"}})
    part: str = field(default=BRIGHT, metadata={"label": "Part", "choices": {
        BRIGHT: "Brighter", MIDDLE: "Middle", DARK: "Darker"}, "only_with": ("method", (*METHODS, THREE))})
    where: str = field(default=EVERYWHERE, metadata={"label": "Where", "kind": "list", "choices": {
        EVERYWHERE: "The whole image", ROUND: "Box round the segment", CONNECTED: "Connected to the click"}})
    way: str = field(default=GAINS, metadata={"label": "Result", "choices": {GAINS: "Adds", BECOMES: "Replaces"}})


class ThresholdTool:
    """counts, unit: what the range is drawn on."""

    name: ClassVar[str] = "threshold"
    title: ClassVar[str] = "Threshold"
    key: ClassVar[str] = "Shift+O"
    group: ClassVar[str] = "mark"
    family: ClassVar[str] = "grow"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.VOLUME, Kind.IMAGE)
    hint: ClassVar[str] = ("Drag the ends of the range, or click the image: the value there becomes the lower end, "
                           "with Ctrl the upper one; connected: the click chooses the part; Enter takes it, Esc drops it")
    acts: ClassVar[tuple[ToolAct, ...]] = (ToolAct("paint-range", "Use as painting range"),)

    def __init__(self) -> None:
        self.options = ThresholdOptions()
        self.counts: Counts | None = None
        self.unit = ""
        self._was = self.options
        self._seed: Voxel | None = None
        self._counted = -1

    # --- the hand ---------------------------------------------------------------------------------------------------

    def taken(self, bench: Bench) -> None:
        """Show the histogram, and what the method finds, as soon as both are known."""
        self._count(bench)

    def press(self, bench: Bench, pointer: Pointer) -> None:
        segment_in_hand(bench)
        at = voxel_pressed(bench.canvas, pointer)
        if self.options.where == CONNECTED:
            self._seed = at
            self._propose(bench)
            return
        value = value_near(bench.canvas.voxels, at)
        ends = self.options.range
        low, high = (min(ends.low, value), value) if pointer.control else (value, max(ends.high, value))
        self._take(replace(self.options, range=Range(low, high), method=HAND))
        self._propose(bench)
        tell(bench, options=True)

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        if self.options.where != CONNECTED and bench.canvas.grid.voxel_at(pointer.at) is not None:
            self.press(bench, pointer)

    def release(self, bench: Bench, pointer: Pointer) -> None:
        return None

    def hover(self, bench: Bench, pointer: Pointer | None) -> None:
        if pointer is not None and self._stale(bench):
            self._count(bench, propose=False)

    def cancel(self, bench: Bench) -> None:
        self._seed = None

    def preview(self) -> tuple[Outline, ...]:
        return ()

    def act(self, bench: Bench, name: str) -> None:
        """Painting tools keep to the range from here on."""
        if name == "paint-range":
            bench.paint = replace(bench.paint, range=self.options.range, follow=False)
            tell(bench, options=True)

    def changed(self, bench: Bench) -> None:
        was, now = self._was, self.options
        if now.range != was.range:
            now = replace(now, method=HAND)
        elif self.counts is not None and (now.method, now.part) != (was.method, was.part):
            now = replace(now, range=range_by(self.counts, now.method, now.part, now.range))
        self._take(now)
        self._propose(bench)
        tell(bench, options=True)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _take(self, options: ThresholdOptions) -> None:
        self.options = self._was = options

    def _stale(self, bench: Bench) -> bool:
        """More of the image has arrived since it was counted."""
        return self._counted != _arrived(bench)

    def _count(self, bench: Bench, *, propose: bool = True) -> None:
        if not self._stale(bench) and self.counts is not None:
            self._counted_now(bench, self.counts, propose)
            return
        canvas, arrived = bench.canvas, _arrived(bench)
        self.unit = canvas.unit or ""
        content = bench.content
        part = canvas.voxels if not isinstance(content, Volume) or content.arrived.all() else canvas.voxels[content.arrived]
        if part.size == 0:
            return
        self._counted = arrived
        bench.thinking.ask(lambda progress: counts_of(part, blank=canvas.blank),
                           lambda found: self._counted_now(bench, found, propose), "Histogram")

    def _counted_now(self, bench: Bench, found: Counts, propose: bool) -> None:
        self.counts = found
        if self.options.method != HAND:
            self._take(replace(self.options, range=range_by(found, self.options.method, self.options.part, self.options.range)))
        if propose and bench.active_segment is not None and not bench.workspace.locked and self.options.where != CONNECTED:
            self._propose_if_possible(bench)
        tell(bench, options=True)

    def _propose_if_possible(self, bench: Bench) -> None:
        try:
            self._propose(bench)
        except GraticuleError:  # a locked segment: said once something is pressed
            return

    def _propose(self, bench: Bench) -> None:
        """At once a sketch on the planes in sight, then the whole."""
        segment, options, canvas = segment_in_hand(bench), self.options, bench.canvas
        if self.counts is None and options.method != HAND:
            return
        if options.where == CONNECTED and self._seed is None:
            bench.proposals.drop()
            return
        box = _box(bench, segment, options.where)
        room, seed = room_in(bench, segment, box), self._seed
        title = f"Threshold {segment_name(bench, segment)}"
        bench.proposals.sketch(Sketch(segment.id, options.range, box))

        def work(progress: Progress) -> Proposal:
            patch = room.placed(_found(room, options, seed, canvas, progress))
            return Proposal(title, (Proposed(segment.id, patch, options.way),), GROWN, amount_of(canvas, patch, values=False))

        bench.thinking.ask(work, bench.proposals.show, "Threshold", _REST_S)


def range_by(counts: Counts, method: str, part: str, now: Range) -> Range:
    """The range that a method finds; HAND leaves it as it is (at first everything above Otsu's level)."""
    if method == HAND:
        return now
    top = counts.upper_edge(counts.counts.size - 1)
    if method == THREE or part == MIDDLE:
        one, two = multi_otsu(counts, 3)
        return {BRIGHT: Range(two, top), MIDDLE: Range(one, two), DARK: Range(counts.first, one)}[part]
    found = suggest(counts, method, bright=part == BRIGHT)
    return Range(max(found.low, counts.first), min(found.high, top))


def _arrived(bench: Bench) -> int:
    content = bench.content
    return int(np.count_nonzero(content.arrived)) if isinstance(content, Volume) else 0


def _box(bench: Bench, segment: Segment, where: str) -> Box:
    canvas = bench.canvas
    if where != ROUND:
        return whole(canvas.grid.shape)
    held = mask_of(bench.workspace.labels.group(segment.group), segment.value)
    if not held.voxels:
        raise GraticuleError("The segment is still empty.", "Choose “The whole image”, or paint something first.")
    return grown(held.box, canvas.grid, _MARGIN_MM)


def _found(room: Room, options: ThresholdOptions, seed: Voxel | None, canvas: Canvas, progress: Progress) -> Patch:
    allowed = _without_blank(room, options.range, canvas.blank, progress)
    if options.where == CONNECTED and seed is not None:
        wanted = FloodParameters(options.range, flat_axis=0 if canvas.moments else None)
        return flood(room.voxels, room.grid, room.within(seed), wanted, allowed, progress).patch
    patch = inside_range(room.voxels, options.range, progress=progress)
    if allowed is not None:
        patch.mask[...] &= allowed
    return patch.trimmed()


def _without_blank(room: Room, chosen: Range, blank: tuple[float, float] | None, progress: Progress) -> Array | None:
    """Padding is no tissue, whatever the range says."""
    if blank is None or blank[1] < chosen.low or blank[0] > chosen.high:
        return room.allowed
    tissue: Array = ~inside_range(room.voxels, Range(*blank), progress=progress).mask
    return tissue if room.allowed is None else tissue & room.allowed
