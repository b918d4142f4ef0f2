"""One-click lesion: the hand rests on a lesion and sees how it would be cut out; a click freezes it, the wheel walks its size."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from graticule.domain.case import Kind
from graticule.domain.elements import Region, Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Floats
from graticule.domain.labels import Box
from graticule.domain.progress import Progress
from graticule.editing.proposal import GAINS, Proposal, Proposed
from graticule.editing.tools.click_ground import ClickGround
from graticule.editing.tools.computing import Voxel, amount_of, in_unit, open_to, tell, voxel_pressed, voxel_under
from graticule.editing.tools.in_hand import segment_in_hand, segment_name
from graticule.editing.tools.marks import IMAGE, PATIENT
from graticule.editing.tools.tool import Bench, Outline, Pointer, ToolAct
from graticule.editing.tools.verdict import OPEN_SHARE, Verdict, verdict_on
from graticule.imaging.authorship import GROWN
from graticule.imaging.growth_curve import ALIKE, AUTO, BRIGHT, DARK, HOVER, ClickParameters, GrowthCurve
from graticule.imaging.lengths import from_stored
from graticule.imaging.patch import Patch
from graticule.imaging.shapes import BIDIRECTIONAL, DISTANCE, LINE

# A still hand asks; a moving one does not.
_REST_S = 0.02
# A drag shorter than this many times the reach of a press is a click.
_LEAST_DRAG = 1.5
PROMPTS = (LINE, BIDIRECTIONAL, DISTANCE)
UNCLEAR = "No clear edge all round: look at it in every plane, or walk it with the wheel."


@dataclass(frozen=True, slots=True)
class OneClickOptions:
    """polarity: of the lesion against what surrounds it. reach_mm: nothing further from the click is looked at."""

    polarity: str = field(default=AUTO, metadata={"label": "The lesion is", "kind": "list", "choices": {
        AUTO: "Brighter or darker", BRIGHT: "Brighter", DARK: "Darker", ALIKE: "Of one grey"}})
    reach_mm: float = field(default=40.0, metadata={"label": "Reach", "low": 5.0, "high": 120.0, "unit": "mm"})
    hover: bool = field(default=True, metadata={"label": "Verdict under a resting hand"})


class OneClickTool:
    name: ClassVar[str] = "one-click"
    title: ClassVar[str] = "One-click lesion"
    key: ClassVar[str] = "Shift+K"
    group: ClassVar[str] = "mark"
    family: ClassVar[str] = "grow"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.VOLUME, Kind.IMAGE)
    hint: ClassVar[str] = ("Rest on a lesion to see its edge; click to take it up, or drag its longest diameter; the wheel or "
                           "[ ] walks its size; Ctrl+click: from the measurement there; Enter takes it, Esc drops it")
    acts: ClassVar[tuple[ToolAct, ...]] = (ToolAct("measurement", "From the measurement"),)

    def __init__(self) -> None:
        self.options = OneClickOptions()
        self._curve: GrowthCurve | None = None
        self._step = 0
        self._shut: Patch | None = None
        self._verdict: Verdict | None = None
        self._asked: tuple[object, ...] = ()
        self._start: Pointer | None = None
        self._end: Pointer | None = None
        self._last: Pointer | None = None
        self._growing = False

    # --- the hand ---------------------------------------------------------------------------------------------------

    def press(self, bench: Bench, pointer: Pointer) -> None:
        segment_in_hand(bench)
        if pointer.control:
            self.act(bench, "measurement")
            return
        voxel_pressed(bench.canvas, pointer)
        self._start, self._end, self._verdict = pointer, None, None

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        if self._start is not None:
            self._end = pointer if _apart(self._start, pointer) > _LEAST_DRAG * pointer.reach[0] else None

    def release(self, bench: Bench, pointer: Pointer) -> None:
        start, end, self._start, self._end = self._start, self._end, None, None
        if start is None:
            return
        if end is not None:
            self._from_line(bench, np.array([start.at, end.at]))
        else:
            self._from_click(bench, voxel_pressed(bench.canvas, start))

    def hover(self, bench: Bench, pointer: Pointer | None) -> None:
        self._last = pointer
        if pointer is None or not self.options.hover or self._growing or bench.proposals.now is not None or _in_slab(pointer):
            self._forget()
            return
        at = voxel_under(bench.canvas, pointer)
        if at is None:
            self._forget()
        elif self._other(at, pointer):
            self._ask_verdict(bench, at, pointer)

    def cancel(self, bench: Bench) -> None:
        self._start = self._end = self._curve = None
        self._growing = False
        self._forget()

    def put_away(self, bench: Bench) -> None:
        self.cancel(bench)

    def preview(self) -> tuple[Outline, ...]:
        if self._start is not None and self._end is not None:
            return (Outline((self._start.at, self._end.at), style="chosen"),)
        return self._verdict.outlines if self._verdict is not None else ()

    def wheel(self, bench: Bench, steps: float) -> bool:
        """The next smaller or larger step of the curve."""
        if self._curve is None or (bench.proposals.now is None and not self._growing):
            return False
        self._step = self._curve.walked(self._step, steps)
        self._propose(bench, self._curve, self._step)
        return True

    def changed(self, bench: Bench) -> None:
        self._forget()

    def labels_changed(self, bench: Bench) -> None:
        if bench.proposals.now is None:
            self._curve, self._growing = None, False
        self._forget()

    def act(self, bench: Bench, name: str) -> None:
        """From the measurement under the hand, else the chosen one, else the only one."""
        if name == "measurement":
            segment_in_hand(bench)
            self._from_line(bench, ends_of(bench, prompt_of(bench, self._last)))

    # --- the verdict under a resting hand ---------------------------------------------------------------------------

    def _other(self, at: Voxel, pointer: Pointer) -> bool:
        asked = (at, None if pointer.plane is None else pointer.plane.name)
        if asked == self._asked:
            return False
        self._asked = asked
        return True

    def _ask_verdict(self, bench: Bench, at: Voxel, pointer: Pointer) -> None:
        canvas, plane = bench.canvas, pointer.plane
        reach = min(HOVER.reach_mm, self.options.reach_mm) if canvas.pixel is None else self.options.reach_mm
        wanted = replace(HOVER, reach_mm=reach, polarity=self.options.polarity)
        ground = ClickGround.of(canvas, at[0], reach)
        box = ground.box_round(at, reach)
        allowed = open_to(bench, _segment_or_none(bench), box)

        def work(progress: Progress) -> Verdict | None:
            try:
                curve = ground.click(box, at, wanted, allowed)
            except GraticuleError:  # padding, or a protected segment: there is nothing to say
                return None
            return verdict_on(canvas, curve, np.array(pointer.at), plane)

        bench.thinking.ask(work, lambda found: self._say(bench, found), rest_s=_REST_S)

    def _say(self, bench: Bench, found: Verdict | None) -> None:
        self._verdict = found
        tell(bench)

    def _forget(self) -> None:
        self._verdict, self._asked = None, ()

    # --- what a click or a line makes -------------------------------------------------------------------------------

    def _from_click(self, bench: Bench, at: Voxel) -> None:
        segment, canvas = segment_in_hand(bench), bench.canvas
        wanted = ClickParameters(self.options.polarity, self.options.reach_mm)
        ground = ClickGround.of(canvas, at[0], wanted.reach_mm)
        box = ground.box_round(at, wanted.reach_mm)
        allowed = open_to(bench, segment, box)
        self._grow(bench, box, allowed, lambda: ground.click(box, at, wanted, allowed))

    def _from_line(self, bench: Bench, ends: Floats) -> None:
        segment, canvas = segment_in_hand(bench), bench.canvas
        middle, length = canvas.grid.voxel_at(ends.mean(axis=0)), float(np.linalg.norm(ends[1] - ends[0]))
        if middle is None:
            raise GraticuleError("The line lies outside the image.")
        wanted, ground = ClickParameters(self.options.polarity, length), ClickGround.of(canvas, middle[2], length)
        box = ground.box_of_line(ends)
        allowed = open_to(bench, segment, box)
        self._grow(bench, box, allowed, lambda: ground.line(box, ends, wanted, allowed))

    def _grow(self, bench: Bench, box: Box, allowed: Array | None, curve_of: Callable[[], GrowthCurve]) -> None:
        self._forget()
        bench.proposals.drop()
        self._curve, self._growing = None, True
        self._shut = None if allowed is None else Patch(box, ~allowed)

        def taken(curve: GrowthCurve) -> None:
            self._curve, self._step = curve, curve.best
            self._propose(bench, curve, curve.best)

        bench.thinking.ask(lambda progress: curve_of(), taken, "One-click lesion")

    def _propose(self, bench: Bench, curve: GrowthCurve, step: int) -> None:
        segment, canvas, shut = segment_in_hand(bench), bench.canvas, self._shut
        title = f"One click {segment_name(bench, segment)}"

        def work(progress: Progress) -> Proposal:
            patch = curve.patch(step)
            if shut is not None:  # a hole that was filled may hold what is protected
                patch = Patch(patch.box, patch.mask & ~shut.on(patch.box)).trimmed()
            clear = curve.at_end[step] < OPEN_SHARE and (curve.good or step != curve.best)
            note = f"{amount_of(canvas, patch)} · edge at {in_unit(float(curve.values[step]), canvas)}"
            return Proposal(title, (Proposed(segment.id, patch, GAINS),), GROWN, note, "" if clear else UNCLEAR)

        def show(proposal: Proposal) -> None:
            self._growing = False
            bench.proposals.show(proposal)

        bench.thinking.ask(work, show, "One-click lesion")


def _segment_or_none(bench: Bench) -> Segment | None:
    try:
        return segment_in_hand(bench)
    except GraticuleError:
        return None


def _in_slab(pointer: Pointer) -> bool:
    return pointer.plane is not None and pointer.plane.slab_mm > 0


def _apart(one: Pointer, two: Pointer) -> float:
    return float(np.linalg.norm(np.array(one.at) - np.array(two.at)))


def prompt_of(bench: Bench, pointer: Pointer | None) -> Region:
    """The measurement a lesion may be cut out from; GraticuleError when there is none, or when it is not clear which."""
    found = [region for region in bench.prompts() if region.shape in PROMPTS and len(region.points) >= 2]
    if not found:
        raise GraticuleError("There is no measurement to start from.",
                             "Draw the longest diameter, or open a case whose files bring measurements.")
    if pointer is None:
        return found[0]
    away = [_from_line_mm(np.array(pointer.at), ends_of(bench, region)) for region in found]
    nearest = int(np.argmin(away))
    return found[nearest] if away[nearest] <= 2 * pointer.reach[0] else found[0]


def ends_of(bench: Bench, region: Region) -> Floats:
    """(2, 3) points of the canvas: the ends of a line, or of the longer of two diameters."""
    points = from_stored(region.points)
    if region.space == IMAGE:
        points = np.array([bench.canvas.point_of(tuple(point)) for point in points])
    elif region.space != PATIENT:
        raise GraticuleError("This measurement does not lie in the image.")
    pairs = [points[n:n + 2] for n in range(0, len(points) - 1, 2)]
    return max(pairs, key=lambda pair: float(np.linalg.norm(pair[1] - pair[0])))


def _from_line_mm(at: Floats, ends: Floats) -> float:
    way = ends[1] - ends[0]
    share = float(np.clip((at - ends[0]) @ way / max(float(way @ way), 1e-12), 0, 1))
    return float(np.linalg.norm(at - ends[0] - share * way))
