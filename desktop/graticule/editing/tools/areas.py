"""What the ellipse and the rectangle share: spanned by a diagonal along the view's own directions."""

from collections.abc import Callable
from typing import ClassVar

import numpy as np

from graticule.domain.geometry import Floats
from graticule.editing.tools.measuring import MeasureTool
from graticule.editing.tools.tool import Pointer


class SpannedTool(MeasureTool):
    """Shift makes it as wide as it is high."""

    span: ClassVar[Callable[..., Floats]]

    def points(self, placed: list[Pointer]) -> Floats:
        points = super().points(placed)
        if len(points) < 2:
            return points
        right, down = directions(placed[0])
        return np.asarray(type(self).span(points[0], points[1], right, down, square=placed[1].shift))


def directions(pointer: Pointer) -> tuple[Floats, Floats]:
    """Unit vectors to the right and down: the view's in a volume, columns and rows in a picture."""
    if pointer.plane is not None:
        return pointer.plane.right, pointer.plane.down
    axes = np.eye(len(pointer.at))
    return axes[0], axes[1]
