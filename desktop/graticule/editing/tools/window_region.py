"""Window from region: the greys are spread over the values inside a box."""

from typing import ClassVar

import numpy as np

from graticule.domain.case import Kind
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Floats
from graticule.domain.picture import Picture
from graticule.domain.volume import Volume, Window
from graticule.editing.tools.areas import directions
from graticule.editing.tools.look import IMAGES, LookTool
from graticule.editing.tools.measuring import apart, sketch
from graticule.editing.tools.tool import Bench, Outline, Pointer
from graticule.imaging.histogram import window_of
from graticule.imaging.inside import pixels_inside, voxels_inside
from graticule.imaging.measure import frame_of
from graticule.imaging.shapes import BOX, box_between


class WindowRegionTool(LookTool):
    name: ClassVar[str] = "window-region"
    title: ClassVar[str] = "Window from region"
    key: ClassVar[str] = ""
    group: ClassVar[str] = "look"
    kinds: ClassVar[tuple[Kind, ...]] = IMAGES
    hint: ClassVar[str] = "Drag a box: the window takes the values inside, from the 2nd to the 98th percentile"

    def release(self, bench: Bench, pointer: Pointer) -> None:
        first = self._first
        super().release(bench, pointer)
        if first is None or bench.view is None or apart(first, pointer) < pointer.reach[0] / 2:
            return
        found = window_of(*_values(bench, _box(first, pointer)))
        if found is None:
            raise GraticuleError("There are no values in this box.", "Drag it over the image.")
        bench.view.set_window(Window(found[0], found[1], "From region"))

    def preview(self) -> tuple[Outline, ...]:
        if self._first is None or self._last is None:
            return ()
        return sketch(BOX, _box(self._first, self._last), style="guide")


def _box(first: Pointer, last: Pointer) -> Floats:
    return box_between(np.array(first.at), np.array(last.at), *directions(first))


def _values(bench: Bench, points: Floats) -> tuple[Array, tuple[float, float] | None]:
    content = bench.content
    if isinstance(content, Volume):
        i, j, k = voxels_inside(content.grid, BOX, points).T
        return content.voxels[k, j, i], content.blank
    if isinstance(content, Picture) and not content.colour:
        rows, columns = pixels_inside((content.rows, content.columns), BOX, points)
        return content.frame(frame_of(points))[rows, columns], content.blank
    raise GraticuleError("Only grey images have a window.")
