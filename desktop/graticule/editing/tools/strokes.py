"""What painting and erasing share: the segment in hand, what may be covered, and a stroke from press to release."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from graticule.domain.edits import voxel_change
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.labels import AUTHOR_HAND, AUTHOR_NONE, LabelMap, Labels
from graticule.domain.volume import Volume
from graticule.editing.tools.tool import Bench, Outline, Pointer
from graticule.imaging.brush import swept_ball, swept_disc

DISC, SPHERE = "disc", "sphere"
LEAST_MM, MOST_MM = 0.5, 60.0


@dataclass(frozen=True, slots=True)
class StrokeOptions:
    """radius_mm in the patient; shape: a disc in the viewed plane or a sphere through the slices."""

    radius_mm: float = field(default=6.0, metadata={"label": "Radius", "low": LEAST_MM, "high": MOST_MM, "unit": "mm",
                                                    "step": 0.5, "keys": "[ ]"})
    shape: str = field(default=DISC, metadata={"label": "Shape", "choices": {DISC: "Disc, this plane", SPHERE: "Sphere"}})


def resized(radius_mm: float, steps: float) -> float:
    """One step of `[` `]` or Shift+wheel is a fifth, rounded to half a millimetre (a tenth below 5 mm)."""
    wanted = radius_mm * 1.2**steps
    return float(np.clip(round(wanted, 1) if wanted < 5 else round(wanted * 2) / 2, LEAST_MM, MOST_MM))


def refuse_in_a_slab(pointer: Pointer) -> None:
    """What a slab shows may lie anywhere in its thickness: a voxel painted on the plane would be another one."""
    if pointer.plane is not None and pointer.plane.slab_mm > 0:
        raise GraticuleError(f"Nothing can be painted while a slab of {pointer.plane.slab_mm:g} mm is shown.",
                             "What you see may lie anywhere in it. Switch the slab off (right click) and paint on the slice.")


def segment_in_hand(bench: Bench) -> Segment:
    """The selected segment, ready to be changed; GraticuleError says why there is none."""
    if bench.workspace.locked:
        raise GraticuleError("This read is signed and locked.", "Choose “Correct as a new version” to change it.")
    segment = bench.workspace.labels.get(Segment, bench.active_segment) if bench.active_segment else None
    if segment is None:
        raise GraticuleError("No segment is selected.", "Add or choose one in the Segments list, then paint.")
    if segment.locked:
        raise GraticuleError(f"{segment_name(bench, segment)} is locked.", "Unlock it in the Segments list to change it.")
    return segment


def segment_name(bench: Bench, segment: Segment) -> str:
    return segment.name or bench.ontology.label(segment.type)


def covered(bench: Bench, start: Pointer, end: Pointer, options: StrokeOptions) -> Array:
    """(n,) flat indices of the voxels between two pointer positions, rising."""
    if not isinstance(bench.content, Volume):
        raise GraticuleError("Only volumes have voxels to paint.")
    grid, one, two = bench.content.grid, np.array(start.at), np.array(end.at)
    radius_mm = max(LEAST_MM, options.radius_mm * end.pressure)  # 1 but for a pen whose pressure counts
    if options.shape == SPHERE or end.plane is None:
        return swept_ball(grid, one, two, radius_mm)
    return swept_disc(grid, one, two, radius_mm, end.plane.normal)


def allowed(index: Array, group: LabelMap, labels: Labels, segment: Segment, *, over_others: bool = True) -> Array:
    """The voxels that may be given to `segment`: never those of a locked one, and only free ones unless `over_others`."""
    table = np.ones(256, dtype=bool)
    if not over_others:
        table[1:] = False
    for other in labels.of(Segment):
        if other.group == segment.group and other.locked:
            table[other.value] = False
    table[segment.value] = True
    return index if table.all() else index[table[group.values.reshape(-1)[index]]]


class Stroke:
    """One movement of the hand, staged as it goes and committed under `title` when it ends."""

    def __init__(self, segment: Segment, title: str, *, erase: bool, over_others: bool = True) -> None:
        self.title = title
        self.erase = erase
        self._segment = segment
        self._over_others = over_others
        self._last: Pointer | None = None

    def go_on(self, bench: Bench, pointer: Pointer, options: StrokeOptions) -> None:
        """Cover the way from where the hand was (or its first point)."""
        group = bench.workspace.labels.group(self._segment.group)
        index = covered(bench, self._last or pointer, pointer, options)
        self._last = pointer
        if self.erase:
            index = index[group.values.reshape(-1)[index] == self._segment.value]
            change = voxel_change(self._segment.group, group, index, 0, AUTHOR_NONE)
        else:
            index = allowed(index, group, bench.workspace.labels, self._segment, over_others=self._over_others)
            change = voxel_change(self._segment.group, group, index, self._segment.value, AUTHOR_HAND)
        if change is not None:
            bench.workspace.stage(change)


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

    @property
    def over_others(self) -> bool:
        return True

    def press(self, bench: Bench, pointer: Pointer) -> None:
        refuse_in_a_slab(pointer)
        segment, erase = segment_in_hand(bench), self.erases(pointer)
        self._stroke = Stroke(segment, _title(bench, segment, erase), erase=erase, over_others=self.over_others)
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
            self._sign = self._would_do(bench, pointer)

    def cancel(self, bench: Bench) -> None:
        self._stroke = None
        bench.workspace.cancel()

    def preview(self) -> tuple[Outline, ...]:
        """The circle under the hand and what a press would do, so that no one paints by mistake."""
        if self._at is None:
            return ()
        sign = self._stroke.title if self._stroke else self._sign
        return (Outline((self._at.at,), radius=self.options.radius_mm, label=sign, style="cursor"),)

    def _would_do(self, bench: Bench, pointer: Pointer) -> str:
        try:
            return _title(bench, segment_in_hand(bench), self.erases(pointer))
        except GraticuleError as reason:
            return reason.message


def _title(bench: Bench, segment: Segment, erase: bool) -> str:
    return f"{'Erase' if erase else 'Paint'} {segment_name(bench, segment)}"
