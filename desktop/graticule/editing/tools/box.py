"""Rectangle: the values inside a box."""

from typing import ClassVar

from graticule.editing.tools.areas import SpannedTool
from graticule.imaging.shapes import BOX, box_between


class BoxTool(SpannedTool):
    shape: ClassVar[str] = BOX
    span = staticmethod(box_between)
    name: ClassVar[str] = "box"
    title: ClassVar[str] = "Rectangle"
    key: ClassVar[str] = ""
    hint: ClassVar[str] = "Drag from corner to corner, with Shift for a square: mean, spread and area of the values inside"
