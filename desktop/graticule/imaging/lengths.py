"""Lengths on images: millimetres where the image justifies them, pixels where it does not."""

import numpy as np
import numpy.typing as npt

from graticule.domain.geometry import Floats
from graticule.domain.picture import Picture

PER_UNIT = 1000


def to_stored(points: npt.ArrayLike) -> tuple[tuple[int, ...], ...]:
    """(n, 2 or 3) millimetres or pixels → whole µm or 1/1000 pixel."""
    return tuple(tuple(int(v) for v in row) for row in np.rint(np.asarray(points, dtype=np.float64) * PER_UNIT))


def from_stored(points: npt.ArrayLike) -> Floats:
    return np.asarray(points, dtype=np.float64) / PER_UNIT


def length_in_volume(points: tuple[tuple[int, ...], ...]) -> tuple[str, str]:
    """("28.4", "mm") of a line in µm LPS."""
    start, end = from_stored(points)
    return f"{float(np.linalg.norm(end - start)):.1f}", "mm"


def length_in_picture(points: tuple[tuple[int, ...], ...], picture: Picture) -> tuple[str, str]:
    """The length of a line in 1/1000 pixel: in mm when the file says how large a pixel is, else in px."""
    start, end = from_stored(points)
    across, along = end - start
    if picture.pixel_mm is None:
        return f"{float(np.hypot(across, along)):.0f}", "px"
    row_mm, column_mm = picture.pixel_mm
    return f"{float(np.hypot(across * column_mm, along * row_mm)):.1f}", "mm"
