"""A colour map as Qt wants it: 256 colours for an image of indices."""

from functools import cache

from PySide6.QtGui import QImage, qRgb

from graticule.domain.geometry import Array
from graticule.imaging.colour_maps import GREY, table


@cache
def colour_table(name: str) -> tuple[int, ...]:
    return tuple(qRgb(int(r), int(g), int(b)) for r, g, b in table(name))


def mapped_image(grey: Array, colour_map: str) -> QImage:
    """The image of (height, width) uint8 greys in a colour map; it shares the array's memory, which must stay."""
    height, width = grey.shape
    if colour_map == GREY:
        return QImage(grey.data, width, height, grey.strides[0], QImage.Format.Format_Grayscale8)
    image = QImage(grey.data, width, height, grey.strides[0], QImage.Format.Format_Indexed8)
    image.setColorTable(list(colour_table(colour_map)))
    return image
