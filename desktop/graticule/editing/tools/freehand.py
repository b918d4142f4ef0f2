"""Freehand: drawn round a structure in one stroke; the values inside."""

from typing import ClassVar

from graticule.editing.tools.measuring import MeasureTool, apart
from graticule.editing.tools.tool import Bench, Outline, Pointer
from graticule.imaging.shapes import FREEHAND

LEAST = 3


class FreehandTool(MeasureTool):
    shape: ClassVar[str] = FREEHAND
    name: ClassVar[str] = "freehand"
    title: ClassVar[str] = "Freehand"
    key: ClassVar[str] = ""
    needs: ClassVar[int] = 1_000_000
    hint: ClassVar[str] = "Draw round the structure in one stroke; it closes where you let go"

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        super().drag(bench, pointer)
        if self._held is None and self._placed and apart(self._placed[-1], pointer) > pointer.reach[0] / 4:
            self._placed.append(pointer)

    def release(self, bench: Bench, pointer: Pointer) -> None:
        if self._held is not None:
            super().release(bench, pointer)
            return
        if len(self._placed) > LEAST:
            self._finish(bench)
        else:
            self._forget()

    def preview(self) -> tuple[Outline, ...]:
        if len(self._placed) < 2:
            return super().preview()
        return (Outline(tuple(pointer.at for pointer in self._placed), style="mark"),)
