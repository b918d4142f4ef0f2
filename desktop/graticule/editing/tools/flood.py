"""Flood: what is connected to the click and alike, by a tolerance or by the region's own statistics, seen before it is taken."""

from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from graticule.domain.case import Kind
from graticule.domain.geometry import Array
from graticule.domain.progress import Progress
from graticule.editing.canvas import Canvas
from graticule.editing.proposal import GAINS, Proposal, Proposed
from graticule.editing.tools.computing import Room, Voxel, amount_of, in_unit, room_in, tell, voxel_pressed
from graticule.editing.tools.in_hand import segment_in_hand, segment_name
from graticule.editing.tools.tool import Bench, Outline, Plane, Pointer
from graticule.imaging.authorship import GROWN
from graticule.imaging.confidence import ConfidenceParameters, grow_by_confidence, together
from graticule.imaging.flood import Flood, FloodParameters, flood, near_value
from graticule.imaging.islands import fill_holes
from graticule.imaging.patch import Patch, ball_box, joined
from graticule.imaging.threshold import Range

ALIKE, STATISTICS = "alike", "statistics"
_WHEEL = 1.12
_MAD = 1.4826
# The first tolerance: as many robust deviations of the pixels round the click as let noise pass, but no edge.
_DEVIATIONS, _NEAR = 2.0, 4
LEAK = "Stopped by its reach: it may have left what was meant. Lower the tolerance, or the reach."


@dataclass(frozen=True, slots=True)
class FloodOptions:
    """tolerance: on both sides of the value clicked, in units of the image; 0: found at the first click. spread: k of
    mean ± k·SD."""

    by: str = field(default=ALIKE, metadata={"label": "Grows by", "choices": {ALIKE: "Tolerance", STATISTICS: "Statistics"}})
    tolerance: float = field(default=0.0, metadata={"label": "Tolerance", "limits": "limits", "only_with": ("by", (ALIKE,))})
    spread: float = field(default=2.5, metadata={"label": "Spread", "low": 1.0, "high": 6.0, "unit": "SD",
                                                 "only_with": ("by", (STATISTICS,))})
    reach_mm: float = field(default=40.0, metadata={"label": "Reach", "low": 5.0, "high": 250.0, "unit": "mm"})
    flat: bool = field(default=False, metadata={"label": "This slice only"})
    filled: bool = field(default=True, metadata={"label": "Fill holes"})


class FloodTool:
    """limits: (lowest, highest, unit) of the tolerance."""

    name: ClassVar[str] = "flood"
    title: ClassVar[str] = "Flood fill"
    key: ClassVar[str] = "Shift+G"
    group: ClassVar[str] = "mark"
    family: ClassVar[str] = "grow"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.VOLUME, Kind.IMAGE)
    hint: ClassVar[str] = ("Click what is to be filled; the wheel or [ ] widens and narrows it; Shift+click adds a place; "
                           "Enter takes it, Esc drops it")

    def __init__(self) -> None:
        self.options = FloodOptions()
        self.limits = (1.0, 100.0, "")
        self._seeds: list[Voxel] = []
        self._plane: Plane | None = None

    def press(self, bench: Bench, pointer: Pointer) -> None:
        segment_in_hand(bench)
        canvas = bench.canvas
        at = voxel_pressed(canvas, pointer)
        self._seeds = [*self._seeds, at] if pointer.shift and bench.proposals.now is not None else [at]
        self._plane = pointer.plane
        if self.options.tolerance <= 0:
            self.limits = limits_of(canvas, at)
            self.options = replace(self.options, tolerance=tolerance_at(canvas, at))
        self._propose(bench)
        tell(bench, options=True)

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        return None

    def release(self, bench: Bench, pointer: Pointer) -> None:
        return None

    def hover(self, bench: Bench, pointer: Pointer | None) -> None:
        return None

    def cancel(self, bench: Bench) -> None:
        self._seeds.clear()

    def preview(self) -> tuple[Outline, ...]:
        return ()

    def changed(self, bench: Bench) -> None:
        if self._seeds and bench.proposals.now is not None:
            self._propose(bench)

    def wheel(self, bench: Bench, steps: float) -> bool:
        """More or less of it, while a preview stands."""
        if bench.proposals.now is None or not self._seeds:
            return False
        name = "tolerance" if self.options.by == ALIKE else "spread"
        low, high = self.limits[:2] if name == "tolerance" else (1.0, 6.0)
        value = float(np.clip(getattr(self.options, name) * _WHEEL**steps, low, high))
        value = float(f"{value:.3g}")
        self.options = replace(self.options, tolerance=value) if name == "tolerance" else replace(self.options, spread=value)
        self._propose(bench)
        tell(bench, options=True)
        return True

    def labels_changed(self, bench: Bench) -> None:
        """What was proposed is part of the labels, or they are others: the next click begins anew."""
        if bench.proposals.now is None:
            self._seeds.clear()

    def _propose(self, bench: Bench) -> None:
        segment, canvas, options = segment_in_hand(bench), bench.canvas, self.options
        box = ball_box(canvas.grid, self._seeds[0], options.reach_mm)
        for seed in self._seeds[1:]:
            box = joined(box, ball_box(canvas.grid, seed, options.reach_mm))
        room, seeds = room_in(bench, segment, box), list(self._seeds)
        flat = flat_axis(canvas, self._plane) if options.flat else 0 if canvas.moments else None
        title = f"Flood {segment_name(bench, segment)}"

        def work(progress: Progress) -> Proposal:
            found, ends = grown_from(room, seeds, options, flat, progress)
            patch = room.placed(found.patch)
            said = f"{in_unit(ends.low, canvas)} to {in_unit(ends.high, canvas)}"
            return Proposal(title, (Proposed(segment.id, patch, GAINS),), GROWN, f"{amount_of(canvas, patch)} · {said}",
                            LEAK if found.leaked else "")

        bench.thinking.ask(work, bench.proposals.show, "Flood fill")


def grown_from(room: Room, seeds: list[Voxel], options: FloodOptions, flat: int | None,
               progress: Progress) -> tuple[Flood, Range]:
    """What the seeds (of the image) grow to within a room, and the values it spans."""
    places = [room.within(seed) for seed in seeds]
    if options.by == STATISTICS:
        wanted = ConfidenceParameters(options.spread, reach_mm=options.reach_mm, flat_axis=flat)
        found, ends = grow_by_confidence(room.voxels, room.grid, places, wanted, room.allowed, progress)
    else:
        ranges = [near_value(room.voxels, place, options.tolerance) for place in places]
        found = together([flood(room.voxels, room.grid, place, FloodParameters(near, reach_mm=options.reach_mm, flat_axis=flat),
                                room.allowed, progress) for place, near in zip(places, ranges, strict=True)])
        ends = Range(min(near.low for near in ranges), max(near.high for near in ranges))
    if options.filled and found.patch.voxels:
        found = Flood(_filled(found.patch, room.allowed, flat), found.leaked)
    return found, ends


def _filled(patch: Patch, allowed: Array | None, flat: int | None) -> Patch:
    mask = fill_holes(patch.mask) if flat is None else fill_holes(patch.mask, each_slice=True, axis=flat)
    return Patch(patch.box, mask if allowed is None else mask & allowed[patch.box])


def flat_axis(canvas: Canvas, plane: Plane | None) -> int:
    """The axis of the grid that runs most nearly through the plane under the hand."""
    if plane is None or canvas.moments:
        return 0
    along = np.abs(canvas.grid.direction.T @ plane.normal)
    return 2 - int(np.argmax(along))


def tolerance_at(canvas: Canvas, at: Voxel) -> float:
    """A first tolerance from how much the pixels round a click differ."""
    k, j, i = at
    near = canvas.voxels[k, max(0, j - _NEAR):j + _NEAR + 1, max(0, i - _NEAR):i + _NEAR + 1].astype(np.float64)
    spread = _MAD * float(np.median(np.abs(near - np.median(near))))
    low, high, _ = limits_of(canvas, at)
    return float(f"{min(max(_DEVIATIONS * spread, low), high):.2g}")


def limits_of(canvas: Canvas, at: Voxel) -> tuple[float, float, str]:
    """(least, most, unit) a tolerance may be: from the values of the slice under the click."""
    sheet = canvas.voxels[at[0]]
    low, high = (float(v) for v in np.nanpercentile(sheet[::2, ::2], (1, 99)))
    span = max(high - low, 1e-6)
    return float(f"{span / 500:.2g}"), float(f"{span:.2g}"), canvas.unit or ""
