"""Cobb angle: between two lines, such as the end plates of two vertebrae."""

from typing import ClassVar

from graticule.editing.tools.measuring import MeasureTool
from graticule.imaging.shapes import COBB


class CobbTool(MeasureTool):
    shape: ClassVar[str] = COBB
    name: ClassVar[str] = "cobb"
    title: ClassVar[str] = "Cobb angle"
    key: ClassVar[str] = ""
    needs: ClassVar[int] = 4
    starts: ClassVar[tuple[int, ...]] = (0, 2)
    hint: ClassVar[str] = "Drag along one end plate, then along the other; it does not matter which way"
