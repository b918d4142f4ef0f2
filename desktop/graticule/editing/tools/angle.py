"""Angle at a corner: one side, then the end of the other."""

from typing import ClassVar

from graticule.editing.tools.measuring import MeasureTool
from graticule.imaging.shapes import ANGLE


class AngleTool(MeasureTool):
    shape: ClassVar[str] = ANGLE
    name: ClassVar[str] = "angle"
    title: ClassVar[str] = "Angle"
    key: ClassVar[str] = "A"
    needs: ClassVar[int] = 3
    hint: ClassVar[str] = "Drag one side to the corner, then click where the other side ends"
