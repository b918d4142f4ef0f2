"""Eraser: take voxels of the selected segment away again, in millimetres."""

from typing import ClassVar

from graticule.domain.case import Kind
from graticule.editing.tools.strokes import StrokeTool
from graticule.editing.tools.tool import Pointer


class EraserTool(StrokeTool):
    """Only the selected segment is erased: its neighbours stay, whatever the circle touches."""

    name: ClassVar[str] = "eraser"
    title: ClassVar[str] = "Eraser"
    key: ClassVar[str] = "E"
    group: ClassVar[str] = "mark"
    family: ClassVar[str] = "paint"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.VOLUME, Kind.IMAGE)
    hint: ClassVar[str] = "Drag to erase the selected segment; Shift+wheel or [ ] size; Q W segment; hold G to peek"

    def erases(self, pointer: Pointer) -> bool:
        return True
