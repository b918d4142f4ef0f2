"""Seeds over an image: dots in a solid rim, so that nobody takes them for labels and the image is seen between."""

import numpy as np

from graticule.domain.geometry import Array
from graticule.render.overlay import LabelLayer, edges
from graticule.render.reslice import Rectangle

DOT_PX = 2
# Between the dots, so that they are seen on white as on black.
_SHADE = np.uint32(0x58000000)


class SeedLayer(LabelLayer):
    """Like a label layer, but its fill has gaps; fill and line are the same solid colours."""

    def _colour(self, rectangle: Rectangle, fill: Array, line: Array) -> None:
        super()._colour(rectangle, fill, line)
        x0, y0, x1, y1 = rectangle
        rim = self.line_px
        top, left = max(0, y0 - rim), max(0, x0 - rim)
        part = self._labels[top:y1 + rim, left:x1 + rim]
        edge = edges(part, rim)[y0 - top:y0 - top + y1 - y0, x0 - left:x0 - left + x1 - x0]
        y, x = np.ogrid[y0:y1, x0:x1]
        step = DOT_PX * rim
        drawn = self.pixels[y0:y1, x0:x1]
        drawn[((x // step + y // step) % 2 == 1) & ~edge & (drawn != 0)] = _SHADE
