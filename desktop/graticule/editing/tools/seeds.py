"""Grow from seeds: a little paint in each structure and a little round them; everything between joins what it is most like.

Strokes of this tool are seeds, kept beside the labels (`editing/seeding.py`); what grows from them is only proposed.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from graticule.domain.case import Kind
from graticule.domain.edits import voxel_change
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.labels import AUTHOR_HAND, AUTHOR_NONE, MOST_VOXELS, SEEDS_AROUND, LabelMap, seeds_of
from graticule.editing.proposal import Proposal
from graticule.editing.seeding import Growing, Planted, planted, proposal_of
from graticule.editing.tools.in_hand import refuse_in_a_slab, segment_in_hand, segment_name
from graticule.editing.tools.strokes import DISC, LEAST_MM, MOST_MM, SPHERE
from graticule.editing.tools.tool import Bench, Outline, Pointer, ToolAct
from graticule.imaging.brush import swept_ball, swept_disc
from graticule.imaging.patch import Patch
from graticule.imaging.seeds import GrowParameters

STRUCTURE, AROUND = "structure", "around"
CLEAR, DRAWN, NOW = "clear", "drawn", "now"
# The option is said in hundredths of the range of values for a centimetre.
_PER_MM = 1 / 1000


@dataclass(frozen=True, slots=True)
class SeedOptions:
    """kind: what a stroke without Alt plants. per_cm: what a centimetre costs, in hundredths of the box's range of values."""

    radius_mm: float = field(default=2.0, metadata={"label": "Radius", "low": LEAST_MM, "high": MOST_MM, "unit": "mm",
                                                    "step": 0.5, "keys": "[ ]"})
    shape: str = field(default=DISC, metadata={"label": "Shape", "choices": {DISC: "Disc, this plane", SPHERE: "Sphere"}})
    kind: str = field(default=STRUCTURE, metadata={"label": "Plants", "choices": {STRUCTURE: "Segment", AROUND: "Surroundings"}})
    per_cm: float = field(default=10.0, metadata={"label": "Price of distance, per cm", "low": 0.0, "high": 50.0, "unit": "%"})
    live: bool = field(default=True, metadata={"label": "Grow after each stroke"})


class SeedsTool:
    """Esc drops the growth and keeps the seeds; a seed that is erased is forgotten by the growth at once."""

    name: ClassVar[str] = "seeds"
    title: ClassVar[str] = "Grow from seeds"
    key: ClassVar[str] = "Shift+E"
    group: ClassVar[str] = "mark"
    family: ClassVar[str] = "grow"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.VOLUME,)
    hint: ClassVar[str] = "Drag to seed the segment, Alt+drag what surrounds it, Ctrl erases seeds; Enter takes what has grown"
    acts: ClassVar[tuple[ToolAct, ...]] = (ToolAct(NOW, "Grow now"), ToolAct(DRAWN, "Seeds from what is drawn"),
                                           ToolAct(CLEAR, "Clear seeds"))

    def __init__(self) -> None:
        self.options: Any = SeedOptions()
        self._growing = Growing()
        self._shown: Planted | None = None
        self._per_cm = self.options.per_cm
        self._again = False
        self._last: Pointer | None = None
        self._at: Pointer | None = None
        self._painting: tuple[str, int, str] | None = None
        self._sign = ""

    # --- the hand ---------------------------------------------------------------------------------------------------

    def press(self, bench: Bench, pointer: Pointer) -> None:
        refuse_in_a_slab(pointer)
        self._painting, self._last = self._stroke(bench, pointer), None
        self.drag(bench, pointer)

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        self._at = pointer
        if self._painting is None:
            return
        name, value, _ = self._painting
        group = bench.workspace.labels.group(name)
        index, self._last = self._covered(bench, self._last or pointer, pointer), pointer
        change = voxel_change(name, group, index, value, AUTHOR_HAND if value else AUTHOR_NONE)
        if change is not None:
            bench.workspace.stage(change)

    def release(self, bench: Bench, pointer: Pointer) -> None:
        painting, self._painting = self._painting, None
        if painting is not None:
            bench.workspace.commit(painting[2])

    def hover(self, bench: Bench, pointer: Pointer | None) -> None:
        self._at = pointer
        if pointer is not None:
            try:
                self._sign = self._stroke(bench, pointer)[2]
            except GraticuleError as reason:
                self._sign = reason.message

    def cancel(self, bench: Bench) -> None:
        self._painting, self._again = None, False
        bench.workspace.cancel()

    def preview(self) -> tuple[Outline, ...]:
        if self._at is None:
            return ()
        sign = self._painting[2] if self._painting else self._sign
        return (Outline((self._at.at,), radius=self.options.radius_mm, label=sign, style="cursor"),)

    # --- what grows -------------------------------------------------------------------------------------------------

    def finish(self, bench: Bench) -> None:
        """Enter while nothing is proposed: grow now."""
        now = self._planted(bench)
        if now is None or not now.enough:
            raise GraticuleError("There is nothing to grow from yet.",
                                 "Seed a segment, and with Alt what surrounds it (or a second segment).")
        self._ask(bench, now)

    def labels_changed(self, bench: Bench) -> None:
        """A stroke was made, taken back or made again: the growth follows the seeds, and only them."""
        now = self._planted(bench)
        if now is None or not now.enough:
            if self._shown is not None:
                self._forget(bench)
        elif self.options.live and not now.same_seeds(self._shown):
            self._ask(bench, now)

    def changed(self, bench: Bench) -> None:
        """Another price of distance: what is shown grows again."""
        now = self._planted(bench) if self._per_cm != self.options.per_cm and bench.proposals.now is not None else None
        if now is not None and now.enough:
            self._ask(bench, now)

    def put_away(self, bench: Bench) -> None:
        self._growing, self._shown, self._again = Growing(), None, False

    def act(self, bench: Bench, name: str) -> None:
        if name == NOW:
            self.finish(bench)
        elif name == CLEAR:
            self._clear(bench)
        elif name == DRAWN:
            self._from_drawn(bench)

    def _ask(self, bench: Bench, now: Planted) -> None:
        """The newest seeds are grown next; a growth that runs is let finish, for it is soon only corrected."""
        if bench.thinking.busy and self._shown is not None:
            self._again = True
            return
        self._again, self._shown, self._per_cm = False, now, self.options.per_cm
        canvas, growing = bench.canvas, self._growing
        parameters = GrowParameters(per_mm=self.options.per_cm * _PER_MM)
        names = {value: segment_name(bench, segment) for value, segment in now.segments.items()}
        bench.thinking.ask(lambda progress: proposal_of(canvas, now, growing.grown(canvas, now, parameters, progress), names),
                           lambda proposal: self._show(bench, proposal), "Growing from seeds")

    def _show(self, bench: Bench, proposal: Proposal) -> None:
        bench.proposals.show(proposal)
        if self._again:
            self._again = False
            now = self._planted(bench)
            if now is not None and now.enough:
                self._ask(bench, now)

    def _forget(self, bench: Bench) -> None:
        self._shown, self._again = None, False
        self._growing.forget()
        bench.thinking.stop()
        bench.proposals.drop()

    def _planted(self, bench: Bench) -> Planted | None:
        return planted(bench.workspace.labels, self._group(bench), bench.paint)

    # --- seeds ------------------------------------------------------------------------------------------------------

    def _stroke(self, bench: Bench, pointer: Pointer) -> tuple[str, int, str]:
        """(label map, value, title) of a stroke that begins here; GraticuleError says why there can be none."""
        segment = segment_in_hand(bench)
        if segment.value == SEEDS_AROUND:
            raise GraticuleError("This group holds too many segments to grow them from seeds.",
                                 "Move the segment to another group.")
        name = seeds_of(segment.group)
        _refuse_too_large(bench, name)
        if pointer.control:
            return name, 0, "Erase seeds"
        if pointer.alt != (self.options.kind == AROUND):
            return name, SEEDS_AROUND, "Seed the surroundings"
        return name, segment.value, f"Seed {segment_name(bench, segment)}"

    def _covered(self, bench: Bench, start: Pointer, end: Pointer) -> Array:
        """(n,) flat indices of the voxels between two positions of the hand, rising."""
        grid, one, two = bench.canvas.grid, np.array(start.at), np.array(end.at)
        radius_mm = max(LEAST_MM, self.options.radius_mm * end.pressure)
        if self.options.shape == SPHERE or end.plane is None:
            return swept_ball(grid, one, two, radius_mm)
        return swept_disc(grid, one, two, radius_mm, end.plane.normal)

    def _clear(self, bench: Bench) -> None:
        name = seeds_of(self._group(bench))
        group = bench.workspace.labels.groups.get(name)
        if group is None or group.box is None:
            raise GraticuleError("There are no seeds to clear.")
        self._forget(bench)
        change = voxel_change(name, group, _where(group, np.arange(1, 256)), 0, AUTHOR_NONE)
        if change is not None:
            bench.workspace.do("Clear seeds", change)

    def _from_drawn(self, bench: Bench) -> None:
        """Every voxel of the group's segments becomes a seed of its segment; other seeds stay."""
        group = self._group(bench)
        drawn, name = bench.workspace.labels.group(group), seeds_of(group)
        own = [segment.value for segment in bench.workspace.labels.of(Segment)
               if segment.group == group and segment.value < SEEDS_AROUND]
        _refuse_too_large(bench, name)
        index = _where(drawn, np.array(own))
        change = voxel_change(name, bench.workspace.labels.group(name), index, drawn.values.reshape(-1)[index], AUTHOR_HAND)
        if change is None:
            raise GraticuleError("Nothing is drawn that is not a seed already.", "Paint into a segment first.")
        bench.workspace.do("Seeds from what is drawn", change)

    def _group(self, bench: Bench) -> str:
        segment = bench.workspace.labels.get(Segment, bench.active_segment) if bench.active_segment else None
        return segment.group if segment is not None else "1"


def _where(group: LabelMap, values: Array) -> Array:
    """(n,) flat indices, rising, of the voxels that carry one of these values."""
    if group.box is None:
        return np.zeros(0, dtype=np.int64)
    return Patch(group.box, np.isin(group.values[group.box], values)).flat(group.shape)


def _refuse_too_large(bench: Bench, name: str) -> None:
    labels = bench.workspace.labels
    if name not in labels.groups and (len(labels.groups) + 1) * bench.canvas.voxels.size > MOST_VOXELS:
        raise GraticuleError("This image is too large for a further layer of labels.",
                             "Seeds cannot be kept beside these labels.")
