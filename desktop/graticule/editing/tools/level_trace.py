"""Level trace: the outline of equal intensity that passes under the hand; a click fills what it holds."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from graticule.domain.geometry import Floats
from graticule.editing.tools.in_hand import refuse_in_a_slab, segment_in_hand
from graticule.editing.tools.measuring import in_plane
from graticule.editing.tools.outlining import LEAST, OutlineOptions, OutlineTool, fill, line_of
from graticule.editing.tools.tool import Bench, Outline, Plane, Pointer
from graticule.imaging.authorship import GROWN
from graticule.imaging.plane_picture import PlanePicture, picture_of
from graticule.imaging.tracing import trace_level

BRIGHT, DARK = "bright", "dark"


@dataclass(frozen=True, slots=True)
class LevelTraceOptions(OutlineOptions):
    """side: whether what is at least as bright, or at least as dark, as the place under the hand is enclosed."""

    side: str = field(default=BRIGHT, metadata={"label": "Encloses", "choices": {BRIGHT: "Brighter", DARK: "Darker"}})


class LevelTraceTool(OutlineTool):
    name: ClassVar[str] = "level-trace"
    title: ClassVar[str] = "Level trace"
    key: ClassVar[str] = "Shift+V"
    hint: ClassVar[str] = "Move along the border until the outline fits, then click; Ctrl takes away"

    def __init__(self) -> None:
        super().__init__()
        self.options = LevelTraceOptions()
        self._picture: PlanePicture | None = None
        self._of: Pointer | None = None
        self._pixel: tuple[int, int] | None = None
        self._outline: Floats = np.zeros((0, 3))

    def press(self, bench: Bench, pointer: Pointer) -> None:
        refuse_in_a_slab(pointer)
        segment_in_hand(bench)
        self._trace(bench, pointer)
        if len(self._outline) >= LEAST and pointer.plane is not None:
            fill(bench, self._outline, pointer.plane, erase=self.takes(pointer), act=GROWN)

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        self._live = pointer

    def release(self, bench: Bench, pointer: Pointer) -> None:
        self._live = pointer

    def hover(self, bench: Bench, pointer: Pointer | None) -> None:
        super().hover(bench, pointer)
        if pointer is None:
            self._live = None
        else:
            self._trace(bench, pointer)

    def finish(self, bench: Bench) -> None:
        """There is nothing to close."""

    def changed(self, bench: Bench) -> None:
        self._pixel = None
        if self._live is not None:
            self._trace(bench, self._live)

    def forget(self) -> None:
        super().forget()
        self._picture = self._of = self._pixel = None
        self._outline = np.zeros((0, 3))

    def way(self, live: Pointer) -> tuple[Outline, ...]:
        return (line_of(self._outline, closed=True),) if len(self._outline) >= LEAST else ()

    def _trace(self, bench: Bench, pointer: Pointer) -> None:
        """Anew only when the hand is over another pixel."""
        at = np.array(pointer.at)
        if pointer.plane is None:
            return
        picture = self._shown(bench, pointer, pointer.plane, at)
        pixel = picture.pixel(at)
        if pixel == self._pixel:
            return
        self._pixel, self._outline = pixel, np.zeros((0, 3))
        if picture.holds(at):
            traced = trace_level(picture.values, pixel, bright=self.options.side == BRIGHT)
            self._outline = picture.points(traced.outline)

    def _shown(self, bench: Bench, pointer: Pointer, plane: Plane, at: Floats) -> PlanePicture:
        """The picture of the plane in view; another one when that is another plane."""
        same = self._of is not None and _same_plane(self._of, pointer)
        if self._picture is None or not same or self._picture.near_border(at):
            canvas = bench.canvas
            self._picture = picture_of(canvas.voxels, canvas.grid, at, plane.right, plane.down)
            self._of, self._pixel = pointer, None
        return self._picture


def _same_plane(one: Pointer, other: Pointer) -> bool:
    if one.plane is None or other.plane is None or not in_plane(one, other):
        return False
    return bool(np.allclose(one.plane.right, other.plane.right) and np.allclose(one.plane.down, other.plane.down))
