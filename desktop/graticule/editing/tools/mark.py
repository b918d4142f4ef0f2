"""Mark: the box or outline that an answer asks for. It becomes part of the answer in the same act."""

from typing import Any, ClassVar

import numpy as np

from graticule.domain.case import Kind
from graticule.domain.edits import ElementChange
from graticule.domain.elements import Region
from graticule.domain.errors import GraticuleError
from graticule.domain.volume import Volume
from graticule.editing.marking import POLYGON
from graticule.editing.tools.look import NoOptions
from graticule.editing.tools.tool import Bench, Outline, Plane, Pointer
from graticule.imaging.lengths import to_stored

_FEWEST, _MOST = 3, 400


class MarkTool:
    """Drag from corner to corner (a box) or round the border (an outline). Without an answer that asks for it, it says so."""

    name: ClassVar[str] = "mark"
    title: ClassVar[str] = "Mark"
    key: ClassVar[str] = ""
    group: ClassVar[str] = "answer"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.VOLUME, Kind.IMAGE)
    hint: ClassVar[str] = "Drag from corner to corner, or round the border; Esc gives up"
    options: Any = NoOptions()

    def __init__(self) -> None:
        self._path: list[Pointer] = []
        self._outline = False

    def press(self, bench: Bench, pointer: Pointer) -> None:
        if bench.marking is None:
            raise GraticuleError("No answer waits for a mark.", "Press X on a finding first.")
        self._outline = bench.marking.shape == POLYGON
        self._path = [pointer]

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        if not self._path:
            return
        if self._outline and _apart(self._path[-1], pointer) < max(pointer.reach[0] / 4, 1e-6):
            return
        self._path = [*self._path, pointer] if self._outline else [self._path[0], pointer]

    def release(self, bench: Bench, pointer: Pointer) -> None:
        self.drag(bench, pointer)
        path, self._path = self._path, []
        marking = bench.marking
        if marking is None or len(path) < (_FEWEST if self._outline else 2):
            return
        if max(_apart(path[0], other) for other in path) < max(pointer.reach[0] / 2, 1e-6):
            return
        points = to_stored(_thinned([p.at for p in path]) if self._outline else box_corners(path[0], path[-1]))
        number = 1 + max((region.number for region in bench.workspace.labels.of(Region)), default=0)
        region = Region(id=bench.new_id(), shape=marking.shape, points=points, code=marking.code, number=number,
                        space="patient" if isinstance(bench.content, Volume) else "image")
        bench.workspace.do(marking.title, ElementChange.make(region), *marking.changes(region))
        marking.done()

    def hover(self, bench: Bench, pointer: Pointer | None) -> None:
        return None

    def cancel(self, bench: Bench) -> None:
        """Esc: drop what is being drawn; with nothing begun, go back to the form."""
        begun, self._path = bool(self._path), []
        if not begun and bench.marking is not None:
            bench.marking.done()

    def preview(self) -> tuple[Outline, ...]:
        if len(self._path) < 2:
            return ()
        corners = [p.at for p in self._path] if self._outline else box_corners(self._path[0], self._path[-1])
        return (Outline(tuple(corners), closed=True),)


def box_corners(one: Pointer, other: Pointer) -> list[tuple[float, ...]]:
    """The four corners, in order round the box: upright in the picture, or in the plane of the view."""
    if one.plane is None:
        (left, top), (right, bottom) = one.at[:2], other.at[:2]
        rest = one.at[2:]
        return [(left, top, *rest), (right, top, *rest), (right, bottom, *rest), (left, bottom, *rest)]
    return [one.at, _shifted(one, other, one.plane, right=True), other.at, _shifted(one, other, one.plane, right=False)]


def _shifted(one: Pointer, other: Pointer, plane: Plane, *, right: bool) -> tuple[float, ...]:
    axis = plane.right if right else plane.down
    way = np.subtract(other.at, one.at)
    return tuple(float(v) for v in np.array(one.at) + float(way @ axis) * axis)


def _thinned(path: list[tuple[float, ...]]) -> list[tuple[float, ...]]:
    step = max(1, -(-len(path) // _MOST))
    return path[::step]


def _apart(one: Pointer, two: Pointer) -> float:
    return float(np.linalg.norm(np.subtract(one.at, two.at)))
