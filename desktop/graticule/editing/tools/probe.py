"""Probe: the value at a point, kept."""

from typing import ClassVar

from graticule.editing.tools.measuring import MeasureTool
from graticule.editing.tools.tool import Bench, Pointer
from graticule.imaging.shapes import POINT


class ProbeTool(MeasureTool):
    shape: ClassVar[str] = POINT
    name: ClassVar[str] = "probe"
    title: ClassVar[str] = "Probe"
    key: ClassVar[str] = ""
    needs: ClassVar[int] = 1
    hint: ClassVar[str] = "Click to keep the value at that place; drag the mark to read elsewhere"

    def release(self, bench: Bench, pointer: Pointer) -> None:
        if self._held is None and self._placed:
            self._placed = [pointer]
        super().release(bench, pointer)
