"""Lengths on images: millimetres where the image justifies them, pixels where it does not, and why."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graticule.domain.geometry import Floats
from graticule.domain.picture import Calibrated, Picture

PER_UNIT = 1000
MM, PIXELS = "mm", "px"
_SQUARE = 1e-3


def to_stored(points: npt.ArrayLike) -> tuple[tuple[int, ...], ...]:
    """(n, 2 or 3) millimetres or pixels → whole µm or 1/1000 pixel."""
    return tuple(tuple(int(v) for v in row) for row in np.rint(np.asarray(points, dtype=np.float64) * PER_UNIT))


def from_stored(points: npt.ArrayLike) -> Floats:
    return np.asarray(points, dtype=np.float64) / PER_UNIT


@dataclass(frozen=True, slots=True)
class Scale:
    """What one column (`across`) and one row (`along`) measure in `unit`; `note` says why, or why not in mm."""

    across: float
    along: float
    unit: str
    note: str = ""

    def apply(self, points: Floats) -> Floats:
        """(n, 2 or 3) pixels → (n, 2) in `unit`."""
        return np.asarray(points[:, :2] * (self.across, self.along))


def scale_of(picture: Picture, points: Floats) -> Scale:
    """The scale that holds for all of (n, 2 or 3) points: in mm only where the file justifies it for every one of them."""
    if not picture.calibrated:
        return _of_whole(picture)
    found = {_part_at(picture, float(point[0]), float(point[1])) for point in points}
    part = found.pop() if len(found) == 1 else None
    if found:
        return Scale(1.0, 1.0, PIXELS, "crosses regions of different scale: no mm")
    if part is None:
        return Scale(1.0, 1.0, PIXELS, "outside every region with a scale: no mm")
    if part.pixel_mm is None:
        return Scale(1.0, 1.0, PIXELS, f"{part.kind} region, no distances: no mm")
    return Scale(part.pixel_mm[1], part.pixel_mm[0], MM, "by its ultrasound region")


def length_text(length: float, unit: str) -> str:
    """Millimetres to a tenth, pixels whole: finer would claim more than the image holds."""
    return f"{length:.1f}" if unit == MM else f"{length:.0f}"


def _part_at(picture: Picture, column: float, row: float) -> Calibrated | None:
    """The calibrated part a point lies in; its last edges belong to it, as a mark may end there."""
    return next((part for part in picture.calibrated
                 if part.left <= column <= part.right and part.top <= row <= part.bottom), None)


def _of_whole(picture: Picture) -> Scale:
    if picture.pixel_mm is None:
        even = abs(picture.pixel_aspect - 1.0) < _SQUARE
        return Scale(1.0, picture.pixel_aspect, PIXELS, "" if even else "pixels are not square: counted in pixel widths")
    row_mm, column_mm = picture.pixel_mm
    notes = []
    if "detector" in picture.pixel_mm_source:
        notes.append("at the detector")
    if abs(row_mm / column_mm - 1.0) > _SQUARE:
        notes.append(f"pixels {column_mm:g} × {row_mm:g} mm")
    return Scale(column_mm, row_mm, MM, ", ".join(notes))
