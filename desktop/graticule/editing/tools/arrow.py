"""Arrow with a note: points at something and says a word."""

from typing import ClassVar

from graticule.editing.tools.measuring import MeasureTool
from graticule.imaging.shapes import ARROW


class ArrowTool(MeasureTool):
    """The first point is the tip; the note is the mark's name, written where the marks are listed."""

    shape: ClassVar[str] = ARROW
    name: ClassVar[str] = "arrow"
    title: ClassVar[str] = "Arrow and note"
    key: ClassVar[str] = ""
    hint: ClassVar[str] = "Press at what you mean, drag to where the words shall stand, then type them"
