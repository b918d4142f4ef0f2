"""Where the label maps of a picture lie for formats that hold volumes: its pixels, one frame above the other."""

import numpy as np

from graticule.domain.geometry import Grid
from graticule.domain.picture import Picture

MM, NO_UNIT = "mm", "unknown"


def picture_grid(picture: Picture) -> tuple[Grid, str]:
    """(grid of (frames, rows, columns), unit of its lengths): no place in the patient, and millimetres only where the file has
    one scale for the whole picture."""
    row, column = picture.pixel_mm or (1.0, 1.0)
    grid = Grid(picture.labels_shape, np.diag([column, row, 1.0, 1.0]), oriented=False)
    return grid, MM if picture.pixel_mm is not None else NO_UNIT
