"""Polygon: corner by corner; the values inside."""

from typing import ClassVar

import numpy as np

from graticule.editing.tools.measuring import MeasureTool, apart, in_plane
from graticule.editing.tools.tool import Bench, Outline, Pointer
from graticule.imaging.shapes import POLYGON

LEAST = 3


class PolygonTool(MeasureTool):
    shape: ClassVar[str] = POLYGON
    name: ClassVar[str] = "polygon"
    title: ClassVar[str] = "Polygon"
    key: ClassVar[str] = ""
    needs: ClassVar[int] = 1_000_000
    hint: ClassVar[str] = "Click corner by corner; a double click, Enter or a click on the first corner closes it; Esc gives up"

    def press(self, bench: Bench, pointer: Pointer) -> None:
        if self._placed and not in_plane(self._placed[0], pointer):
            self._placed.clear()
        if self._placed and self._closes(pointer):
            self.finish(bench)
            return
        super().press(bench, pointer)
        if self._held is None and self._placed and apart(self._placed[-1], pointer) > pointer.reach[0] / 2:
            self._placed.append(pointer)

    def release(self, bench: Bench, pointer: Pointer) -> None:
        if self._held is not None:
            super().release(bench, pointer)
        else:
            self._follow(bench, pointer)

    def finish(self, bench: Bench) -> None:
        """Close it (Enter); with fewer than three corners it is given up."""
        if len(self._placed) >= LEAST:
            self._finish(bench)
        else:
            self._forget()

    def preview(self) -> tuple[Outline, ...]:
        """Open as long as it grows, with the first corner to aim at."""
        if not self._placed or self._live is None:
            return super().preview()
        way = tuple(pointer.at for pointer in (*self._placed, self._live))
        return Outline(way, style="mark"), Outline((self._placed[0].at,), style="handle")

    def _closes(self, pointer: Pointer) -> bool:
        if len(self._placed) < LEAST:
            return False
        return bool(min(apart(self._placed[0], pointer), apart(self._placed[-1], pointer)) <= np.max(pointer.reach))
