"""Length: a line between two points. In mm where the image justifies it, in pixels where it does not."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from graticule.domain.case import Kind
from graticule.domain.edits import ElementChange
from graticule.domain.elements import Region
from graticule.domain.errors import GraticuleError
from graticule.domain.picture import Picture
from graticule.domain.volume import Volume
from graticule.editing.tools.look import NoOptions
from graticule.editing.tools.tool import Bench, Outline, Pointer
from graticule.imaging.lengths import from_stored, length_in_picture, length_in_volume, to_stored

LINE, PATIENT, IMAGE = "line", "patient", "image"


@dataclass(frozen=True, slots=True)
class _Held:
    region: Region
    end: int


class LengthTool:
    """Press at one end, release at the other; press on an end of an old line to move it."""

    name: ClassVar[str] = "length"
    title: ClassVar[str] = "Length"
    key: ClassVar[str] = "D"
    group: ClassVar[str] = "measure"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.VOLUME, Kind.IMAGE)
    hint: ClassVar[str] = "Drag from end to end; drag an end to move it; right-click a line to delete it"
    options: Any = NoOptions()

    def __init__(self) -> None:
        self._start: Pointer | None = None
        self._end: Pointer | None = None
        self._held: _Held | None = None
        self._label = ""

    def press(self, bench: Bench, pointer: Pointer) -> None:
        self._held = end_under(bench, pointer)
        if self._held is None:
            self._start = self._end = pointer
            self._label = ""

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        if self._held is not None:
            bench.workspace.cancel()
            bench.workspace.stage(ElementChange.replace(self._held.region, _moved(bench, self._held, pointer)))
        elif self._start is not None:
            self._end = pointer
            self._label = " ".join(_length(bench, to_stored([self._start.at, pointer.at])))

    def release(self, bench: Bench, pointer: Pointer) -> None:
        self.drag(bench, pointer)
        start, held = self._start, self._held
        self._start = self._end = self._held = None
        if held is not None:
            moved = bench.workspace.labels.get(Region, held.region.id)
            bench.workspace.commit(f"Change length to {moved.value} {moved.unit}" if moved else "Change length")
        elif start is not None and _apart(start, pointer) > max(pointer.reach[0] / 2, 1e-6):
            self._draw(bench, start, pointer)

    def hover(self, bench: Bench, pointer: Pointer | None) -> None:
        return None

    def cancel(self, bench: Bench) -> None:
        self._start = self._end = self._held = None
        bench.workspace.cancel()

    def preview(self) -> tuple[Outline, ...]:
        if self._start is None or self._end is None:
            return ()
        return (Outline((self._start.at, self._end.at), label=self._label),)

    def _draw(self, bench: Bench, start: Pointer, end: Pointer) -> None:
        points = to_stored([start.at, end.at])
        value, unit = _length(bench, points)
        number = 1 + max((line.number for line in bench.workspace.labels.of(Region)), default=0)
        space = PATIENT if isinstance(bench.content, Volume) else IMAGE
        line = Region(id=bench.new_id(), shape=LINE, space=space, points=points, value=value, unit=unit, number=number)
        bench.workspace.set(f"Measure length {value} {unit}", line)


def end_under(bench: Bench, pointer: Pointer) -> "_Held | None":
    """The end of a line that a press here would hold."""
    for region in bench.workspace.labels.of(Region):
        if region.shape != LINE or len(region.points[0]) != len(pointer.at):
            continue
        away = np.linalg.norm(from_stored(region.points) - pointer.at, axis=1)
        if float(away.min()) <= pointer.reach[0]:
            return _Held(region, int(away.argmin()))
    return None


def _moved(bench: Bench, held: _Held, pointer: Pointer) -> Region:
    points = list(held.region.points)
    points[held.end] = to_stored([pointer.at])[0]
    value, unit = _length(bench, tuple(points))
    return replace(held.region, points=tuple(points), value=value, unit=unit)


def _length(bench: Bench, points: tuple[tuple[int, ...], ...]) -> tuple[str, str]:
    if isinstance(bench.content, Volume):
        return length_in_volume(points)
    if isinstance(bench.content, Picture):
        return length_in_picture(points, bench.content)
    raise GraticuleError("Lengths are measured on images.")


def _apart(one: Pointer, two: Pointer) -> float:
    return float(np.linalg.norm(np.subtract(one.at, two.at)))
