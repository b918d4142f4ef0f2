"""Length: a line between two points. In mm where the image justifies it, in pixels where it does not."""

from typing import ClassVar

from graticule.editing.tools.marks import IMAGE, PATIENT
from graticule.editing.tools.measuring import MeasureTool
from graticule.imaging.shapes import LINE

__all__ = ["IMAGE", "LINE", "PATIENT", "LengthTool"]


class LengthTool(MeasureTool):
    shape: ClassVar[str] = LINE
    name: ClassVar[str] = "length"
    title: ClassVar[str] = "Length"
    key: ClassVar[str] = "D"
    hint: ClassVar[str] = "Drag from end to end, or click both; drag an end to move it; Delete removes the mark under the pointer"
