"""Ellipse: the values inside an oval."""

from typing import ClassVar

from graticule.editing.tools.areas import SpannedTool
from graticule.imaging.shapes import ELLIPSE, ellipse_between


class EllipseTool(SpannedTool):
    shape: ClassVar[str] = ELLIPSE
    span = staticmethod(ellipse_between)
    name: ClassVar[str] = "ellipse"
    title: ClassVar[str] = "Ellipse"
    key: ClassVar[str] = "U"
    hint: ClassVar[str] = "Drag from corner to corner, with Shift for a circle: mean, spread and area of the values inside"
