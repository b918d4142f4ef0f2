"""Distance: from a point in one view to a point in another, in space."""

from dataclasses import replace
from typing import ClassVar

from graticule.domain.case import Kind
from graticule.domain.errors import GraticuleError
from graticule.editing.tools.marks import ACROSS, new_mark, titled
from graticule.editing.tools.measuring import MeasureTool
from graticule.editing.tools.tool import Bench, Pointer
from graticule.imaging.shapes import DISTANCE


class DistanceTool(MeasureTool):
    """The ends may lie on different slices, planes and series, as long as these share a frame of reference."""

    shape: ClassVar[str] = DISTANCE
    name: ClassVar[str] = "distance"
    title: ClassVar[str] = "Distance in space"
    key: ClassVar[str] = ""
    one_plane: ClassVar[bool] = False
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.VOLUME,)
    hint: ClassVar[str] = "Click a point, go to another slice or view, click the other point; Esc gives up"

    @property
    def begun(self) -> bool:
        """Whether one end is placed and the other is not."""
        return bool(self._placed)

    def press(self, bench: Bench, pointer: Pointer) -> None:
        first = self._placed[0].plane if self._placed else None
        if first is not None and pointer.plane is not None and first.frame_of_reference != pointer.plane.frame_of_reference:
            raise GraticuleError("The two points lie in different frames of reference: there is no distance between them.",
                                 "Measure within one study, or register the series first.")
        super().press(bench, pointer)

    def _finish(self, bench: Bench) -> None:
        placed = self._placed
        self._forget()
        ways = [pointer.plane.across for pointer in placed if pointer.plane is not None]
        if ways and all(ways):
            raise GraticuleError("Both ends lie in images shown for comparison: nothing of the case was measured.",
                                 "Put one end into the case that is being labelled.")
        mark = new_mark(bench, self.shape, self.points(placed))
        across = next((way for way in ways if way), "")
        if across:
            mark = replace(mark, figures={**mark.figures, ACROSS: across})
        bench.workspace.set(titled("Measure", mark), mark)
