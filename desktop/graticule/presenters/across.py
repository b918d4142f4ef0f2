"""The hand over a series beside the case: one end of a distance may lie there, and what paints, paints the case's labels."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, cast

import numpy as np

from graticule.domain.case import Kind
from graticule.domain.elements import Region
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Floats
from graticule.editing.tools.distance import DistanceTool
from graticule.editing.tools.look import NoOptions
from graticule.editing.tools.marks import ACROSS
from graticule.editing.tools.measuring import as_places
from graticule.editing.tools.on_canvas import paints
from graticule.editing.tools.tool import Bench, Outline, Plane, Pointer, Tool
from graticule.imaging.lengths import from_stored, to_stored
from graticule.imaging.ties import Tie
from graticule.presenters.hand import Hand


@dataclass(frozen=True, eq=False)
class Way:
    """From a companion to the case: `tie` is asked anew each time, for a registration may have come or gone.

    frame_of_reference: of the case's series, in whose patient space every mark is kept.
    """

    tie: Callable[[], Tie | None]
    frame_of_reference: str

    def found(self, without: str = "there is no distance between them") -> Tie:
        """GraticuleError where no point of the one is known to be a point of the other; without: what that makes impossible."""
        tie = self.tie()
        if tie is None:
            raise GraticuleError(f"These two series lie in different frames of reference: {without}.",
                                 "Register the series first.")
        if not tie.placed:
            raise GraticuleError("These two series are only linked by eye: where a point of one lies in the other is not known.",
                                 "Register the series first.")
        return tie

    def pointer(self, pointer: Pointer) -> Pointer:
        """The hand over the companion, where it is in the case's space. It begins a mark, and takes no mark that is not seen."""
        return replace(self._moved(self.found(), pointer), alt=True)

    def painting(self, pointer: Pointer) -> Pointer:
        """The same for what paints: nothing but the place changes."""
        return self._moved(self.found("nothing can be painted from the one into the other"), pointer)

    def _moved(self, tie: Tie, pointer: Pointer) -> Pointer:
        plane = None if pointer.plane is None else self._plane(tie, pointer.plane)
        return replace(pointer, at=_place(tie.there(np.array(pointer.at))), plane=plane)

    def outlines(self, drawn: tuple[Outline, ...]) -> tuple[Outline, ...]:
        """What is drawn in the case's space, where it lies in the companion's; nothing where there is no way."""
        tie = self.tie()
        if tie is None or not tie.placed:
            return ()
        back = tie.reversed()
        return tuple(replace(outline, points=as_places(back.there(np.array(outline.points)))) for outline in drawn)

    def marks(self, regions: list[Region]) -> list[Region]:
        """The case's distances between series, where they lie in the companion."""
        tie = self.tie()
        if tie is None or not tie.placed:
            return []
        back = tie.reversed()
        return [replace(region, points=to_stored(back.there(from_stored(region.points)))) for region in regions
                if ACROSS in region.figures]

    def _plane(self, tie: Tie, plane: Plane) -> Plane:
        turn = tie.matrix[:3, :3]
        return replace(plane, right=turn @ plane.right, down=turn @ plane.down, normal=turn @ plane.normal,
                       frame_of_reference=self.frame_of_reference, across=str(tie.kind))


class DistanceAcross:
    """The case's own distance tool, reached from a companion's view: both hands hold the same unfinished distance."""

    name: ClassVar[str] = DistanceTool.name
    title: ClassVar[str] = DistanceTool.title
    key: ClassVar[str] = ""
    group: ClassVar[str] = DistanceTool.group
    kinds: ClassVar[tuple[Kind, ...]] = DistanceTool.kinds
    hint: ClassVar[str] = DistanceTool.hint
    options: Any = NoOptions()

    def __init__(self, case: Hand, tool: DistanceTool, way: Way) -> None:
        self._case, self._tool, self._way = case, tool, way

    def press(self, bench: Bench, pointer: Pointer) -> None:
        self._tool.press(self._case.bench, self._way.pointer(pointer))

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        self._tool.drag(self._case.bench, self._way.pointer(pointer))

    def release(self, bench: Bench, pointer: Pointer) -> None:
        self._tool.release(self._case.bench, self._way.pointer(pointer))

    def hover(self, bench: Bench, pointer: Pointer | None) -> None:
        """The distance follows the hand; over a series that has no way to the case it waits."""
        tie = self._way.tie()
        if pointer is not None and self._tool.begun and tie is not None and tie.placed:
            self._tool.hover(self._case.bench, self._way.pointer(pointer))

    def cancel(self, bench: Bench) -> None:
        if self._case.tool is self._tool:
            self._tool.cancel(self._case.bench)

    def preview(self) -> tuple[Outline, ...]:
        return self._way.outlines(self._tool.preview()) if self._tool.begun else ()


class PaintAcross:
    """A painting tool of the case, reached from a companion's view: the stroke lands in the case's labels, on its own grid."""

    kinds: ClassVar[tuple[Kind, ...]] = (Kind.VOLUME,)

    def __init__(self, case: Hand, tool: Tool, way: Way) -> None:
        self._case, self._tool, self._way = case, tool, way
        self.name, self.title, self.group, self.hint, self.key = tool.name, tool.title, tool.group, tool.hint, ""

    @property
    def reaches(self) -> bool:
        """Whether anything ties the two series; where nothing does, the hand beside the case goes on looking."""
        return self._way.tie() is not None

    @property
    def options(self) -> Any:
        return self._tool.options

    @options.setter
    def options(self, options: Any) -> None:
        self._tool.options = options

    def press(self, bench: Bench, pointer: Pointer) -> None:
        self._tool.press(self._bench, self._way.painting(pointer))

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        self._tool.drag(self._bench, self._way.painting(pointer))

    def release(self, bench: Bench, pointer: Pointer) -> None:
        self._tool.release(self._bench, self._way.painting(pointer))

    def hover(self, bench: Bench, pointer: Pointer | None) -> None:
        """Where there is no way nothing follows the hand; a press then says why."""
        tie = self._way.tie()
        here = pointer is not None and tie is not None and tie.placed
        self._tool.hover(self._bench, self._way.painting(pointer) if here and pointer is not None else None)

    def wheel(self, bench: Bench, steps: float) -> bool:
        turned = getattr(self._tool, "wheel", None)
        return bool(turned(self._bench, steps)) if turned is not None else False

    def cancel(self, bench: Bench) -> None:
        if self._case.tool is self._tool:
            self._tool.cancel(self._case.bench)

    def preview(self) -> tuple[Outline, ...]:
        return self._way.outlines(self._tool.preview())

    @property
    def _bench(self) -> Bench:
        """The case's; no view of the case is under the hand."""
        self._case.bench.view = None
        return self._case.bench


def give_painting(case: Hand, companion: Hand, way: Way) -> None:
    """Put every tool that changes segments into a companion's hand."""
    companion.tools += [cast(Tool, PaintAcross(case, tool, way)) for tool in case.tools if paints(tool)]


def give_distance(case: Hand, companion: Hand, way: Way) -> bool:
    """Put the case's distance tool into a companion's hand; False when the case has none."""
    tool = case.find(DistanceTool.name)
    if not isinstance(tool, DistanceTool):
        return False
    companion.tools.append(DistanceAcross(case, tool, way))
    return True


def _place(at: Floats) -> tuple[float, ...]:
    return tuple(float(v) for v in at)
