"""Profile: the values along a line, drawn as a curve beside the image."""

from typing import ClassVar

from graticule.editing.tools.measuring import MeasureTool
from graticule.imaging.shapes import PROFILE


class ProfileTool(MeasureTool):
    shape: ClassVar[str] = PROFILE
    name: ClassVar[str] = "profile"
    title: ClassVar[str] = "Profile"
    key: ClassVar[str] = ""
    hint: ClassVar[str] = "Drag a line: its values are plotted among the measurements; move its ends and the curve follows"
