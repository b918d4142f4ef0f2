"""Divide: a line drawn across a segment, seen along the view, parts it in two; a click parts it at the plane that is shown."""

from typing import ClassVar

import numpy as np

from graticule.domain.case import Kind
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.editing.operations.material import Material, Sheet
from graticule.editing.operations.split import divided
from graticule.editing.proposal import Proposal
from graticule.editing.tools.in_hand import refuse_in_a_slab, segment_in_hand
from graticule.editing.tools.look import NoOptions
from graticule.editing.tools.tool import Bench, Outline, Pointer


class DivideTool:
    """The line stands for a plane through it along the line of sight, without end. The smaller side becomes a new segment."""

    name: ClassVar[str] = "divide"
    title: ClassVar[str] = "Divide"
    key: ClassVar[str] = ""
    group: ClassVar[str] = "mark"
    family: ClassVar[str] = "cut"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.VOLUME, Kind.IMAGE)
    hint: ClassVar[str] = ("Drag a line across the selected segment, or click to part it at this plane; the smaller side becomes "
                           "a segment of its own; Enter takes it, Esc drops it")
    options = NoOptions()

    def __init__(self) -> None:
        self._start: Pointer | None = None
        self._end: Pointer | None = None

    def press(self, bench: Bench, pointer: Pointer) -> None:
        refuse_in_a_slab(pointer)
        segment_in_hand(bench)
        bench.proposals.drop()
        self._start = self._end = pointer

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        if self._start is not None:
            self._end = pointer

    def release(self, bench: Bench, pointer: Pointer) -> None:
        start, self._start, self._end = self._start, None, None
        if start is None or start.plane is None:
            return
        segment = segment_in_hand(bench)
        plane, material = plane_of(start, pointer), Material.of(bench, (segment,))

        def work(progress: Progress) -> Proposal:
            proposal = divided(material, segment, material.patch(segment), plane)
            if not proposal.parts:
                raise GraticuleError("The segment lies on one side of this plane.", "Draw the line across the segment.")
            return proposal

        bench.thinking.ask(work, bench.proposals.show, "Divide")

    def hover(self, bench: Bench, pointer: Pointer | None) -> None:
        return None

    def cancel(self, bench: Bench) -> None:
        self._start = self._end = None

    def preview(self) -> tuple[Outline, ...]:
        if self._start is None or self._end is None:
            return ()
        return (Outline((self._start.at, self._end.at), style="chosen"),)


def plane_of(start: Pointer, end: Pointer) -> Sheet:
    """The plane through a drawn line along the line of sight; for a click the plane of the view itself."""
    if start.plane is None:
        raise GraticuleError("A line divides only what is seen on a plane.")
    one, way = np.array(start.at), np.array(end.at) - np.array(start.at)
    length = float(np.linalg.norm(way))
    if length <= 2 * max(start.reach[0] / 2, start.plane.mm_per_pixel):
        return Sheet(one, start.plane.normal)
    normal = np.cross(way / length, start.plane.normal)
    return Sheet(one, np.asarray(normal / np.linalg.norm(normal)))
