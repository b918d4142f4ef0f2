"""Where a view shows nothing because nothing was measured: the strips between slices that lie too far apart."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Floats, Grid
from graticule.imaging.clipping import kept_side
from graticule.imaging.gaps import gaps_of
from graticule.imaging.plane import ViewPlane


@dataclass(frozen=True, eq=False)
class GapMark:
    """outline: (n, 2) convex polygon in the view's pixels. words: "Gap of 12.0 mm: no data"."""

    outline: Floats
    words: str


def gap_marks(plane: ViewPlane, grid: Grid) -> tuple[GapMark, ...]:
    """A mark for every gap that the plane shows; none for an even stack."""
    gaps = gaps_of(grid)
    if not gaps:
        return ()
    rows = plane.pixel_to_index(np.asarray(np.linalg.inv(grid.affine)))[:3]
    marks = []
    for gap in gaps:
        limits = ((-0.5, grid.shape[2] - 0.5), (-0.5, grid.shape[1] - 0.5), (gap.low, gap.high))
        outline = np.array([(0, 0), (plane.width, 0), (plane.width, plane.height), (0, plane.height)], dtype=np.float64)
        for row, (low, high) in zip(rows, limits, strict=True):
            # Pixel numbers count from centres; the screen counts from corners.
            across, along, offset = float(row[0]), float(row[1]), float(row[3] - (row[0] + row[1]) / 2)
            outline = kept_side(outline, across, along, offset - low)
            outline = kept_side(outline, -across, -along, high - offset)
        if len(outline) >= 3:
            marks.append(GapMark(outline, gap.words))
    return tuple(marks)
