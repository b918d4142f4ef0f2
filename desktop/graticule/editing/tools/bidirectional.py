"""Two diameters of a lesion: the longest, and the longest perpendicular to it (RECIST 1.1)."""

from typing import ClassVar

import numpy as np

from graticule.domain.geometry import Floats
from graticule.editing.tools.measuring import MeasureTool
from graticule.editing.tools.tool import Pointer
from graticule.imaging.shapes import BIDIRECTIONAL, across_line


class BidirectionalTool(MeasureTool):
    shape: ClassVar[str] = BIDIRECTIONAL
    name: ClassVar[str] = "bidirectional"
    title: ClassVar[str] = "Two diameters"
    key: ClassVar[str] = "K"
    needs: ClassVar[int] = 4
    starts: ClassVar[tuple[int, ...]] = (0, 2)
    hint: ClassVar[str] = "Drag the longest diameter, then drag the widest place across it: the second line stays perpendicular"

    def points(self, placed: list[Pointer]) -> Floats:
        points = super().points(placed)
        if len(points) == 4:
            return np.concatenate([points[:2], across_line(points[:2], points[2], points[3])])
        return points
