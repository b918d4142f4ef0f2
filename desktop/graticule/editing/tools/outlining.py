"""What the outline tools share: places set on one plane, filled on the native grid when the outline closes."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from graticule.domain.case import Kind
from graticule.domain.elements import Segment
from graticule.domain.geometry import Array, Floats
from graticule.editing.handwork import drawn, nothing_changes
from graticule.editing.tools.in_hand import refuse_in_a_slab, segment_in_hand, segment_name, would_do
from graticule.editing.tools.measuring import apart, as_places, in_plane
from graticule.editing.tools.tool import Bench, Outline, Plane, Pointer
from graticule.imaging.authorship import HAND
from graticule.imaging.raster import polygon

LEAST = 3


@dataclass(frozen=True, slots=True)
class OutlineOptions:
    """subtract: what is outlined is taken from the segment."""

    subtract: bool = field(default=False, metadata={"label": "Take away instead (Ctrl)"})


class OutlineTool:
    """Whether an outline gives or takes is settled where it begins: Ctrl at its first place takes."""

    group: ClassVar[str] = "mark"
    family: ClassVar[str] = "outline"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.VOLUME, Kind.IMAGE)
    options: Any

    def __init__(self) -> None:
        self.options = OutlineOptions()
        self._placed: list[Pointer] = []
        self._live: Pointer | None = None
        self._erase = False
        self._sign = ""

    # --- for subclasses ---------------------------------------------------------------------------------------------

    def corners(self) -> Floats:
        """(n, 3) points of the outline as it stands."""
        return np.array([pointer.at for pointer in self._placed], dtype=np.float64).reshape(-1, 3)

    def takes(self, pointer: Pointer) -> bool:
        return bool(self.options.subtract) or pointer.control

    def begin(self, bench: Bench, pointer: Pointer) -> None:
        """A press: an outline left on another plane is given up, and nothing begins where nothing may be drawn."""
        if self._placed and not in_plane(self._placed[0], pointer):
            self.forget()
        refuse_in_a_slab(pointer)
        segment_in_hand(bench)
        if not self._placed:
            self._erase = self.takes(pointer)
        self._live = pointer

    def close(self, bench: Bench) -> None:
        """Fill what is outlined, as one act; with fewer than three places it is given up."""
        corners, plane, erase = self.corners(), self._placed[0].plane if self._placed else None, self._erase
        self.forget()
        if len(corners) >= LEAST and plane is not None:
            fill(bench, corners, plane, erase=erase)

    def closes(self, pointer: Pointer) -> bool:
        """A press on the first place, or once more on the last."""
        if len(self._placed) < LEAST:
            return False
        return bool(min(apart(self._placed[0], pointer), apart(self._placed[-1], pointer)) <= np.max(pointer.reach))

    def forget(self) -> None:
        self._placed = []

    # --- gestures ---------------------------------------------------------------------------------------------------

    def hover(self, bench: Bench, pointer: Pointer | None) -> None:
        if pointer is None:
            self._live = self._live if self._placed else None
            return
        if not self._placed:
            self._erase = self.takes(pointer)
        elif not in_plane(self._placed[0], pointer):
            return
        self._live = pointer
        self._sign = would_do(bench, verb_of(self._erase), erase=self._erase)

    def finish(self, bench: Bench) -> None:
        self.close(bench)

    def take_back(self, bench: Bench) -> None:
        """The last place goes."""
        if self._placed:
            self._placed.pop()

    def put_away(self, bench: Bench) -> None:
        self.forget()

    def cancel(self, bench: Bench) -> None:
        self.forget()
        bench.workspace.cancel()

    def preview(self) -> tuple[Outline, ...]:
        """The way so far, the place to aim at for closing it, and what it will do."""
        if self._live is None:
            return ()
        return (*self.way(self._live), Outline((self._live.at,), style="sign", label=self._sign))

    def way(self, live: Pointer) -> tuple[Outline, ...]:
        if not self._placed:
            return ()
        points = [*(pointer.at for pointer in self._placed), live.at]
        return Outline(tuple(points), style="mark"), Outline((self._placed[0].at,), style="handle")


def verb_of(erase: bool) -> str:
    return "Erase" if erase else "Fill"


def fill(bench: Bench, corners: Floats, plane: Plane, *, erase: bool, act: int = HAND) -> None:
    """Give the selected segment what an outline on a plane holds, or take it away, as one act."""
    segment = segment_in_hand(bench)
    index = polygon(bench.canvas.grid, corners, plane.normal).flat(bench.canvas.grid.shape)
    fill_voxels(bench, segment, index, erase=erase, act=act)


def fill_voxels(bench: Bench, segment: Segment, index: Array, *, erase: bool, act: int = HAND) -> None:
    change = drawn(bench.workspace.labels, segment, index, bench.paint, bench.canvas, erase=erase, act=act)
    if change is None:
        raise nothing_changes()
    bench.workspace.do(f"{verb_of(erase)} {segment_name(bench, segment)}", change)


def line_of(points: Floats, *, closed: bool = False, style: str = "mark") -> Outline:
    """(n, 3) points as a preview."""
    return Outline(as_places(points), closed=closed, style=style)
