"""The line on which the slices of a stack lie, and in millimetres how far each is from it. Numbers in, numbers out."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Floats

# Sideways distances from the line below this are rounding in headers; above, the line is drawn so that strays do not bend it.
STRAIGHT_MM = 0.05


@dataclass(frozen=True, eq=False, slots=True)
class Axes:
    """Orthonormal directions of a row (x) and a column (y) of a plane and its normal, LPS."""

    x: Floats
    y: Floats
    normal: Floats


@dataclass(frozen=True, eq=False, slots=True)
class Line:
    """start: (3,) LPS mm of the first slice's first pixel. rise: (3,) mm sideways and onwards for one mm along the normal.

    jitter_mm: the largest distance in the plane between a slice's first pixel and the line; worst: which slice.
    """

    start: Floats
    rise: Floats
    jitter_mm: float
    worst: int


def axes_of(orientation: Floats) -> Axes:
    """orientation: (6,) direction cosines of a row, then of a column, already of length 1 and at right angles."""
    x, y = orientation[:3], orientation[3:]
    normal = np.cross(x, y)
    return Axes(x, y, normal / np.linalg.norm(normal))


def line_through(positions: Floats, axes: Axes) -> Line:
    """The line of (k, 3) positions, k ≥ 2, in rising order along the normal: from the first to the last, unless one of those
    strays; then through most of them (median of slopes over half the stack, median of starts).
    """
    along = positions @ axes.normal
    sideways = positions - np.outer(along, axes.normal)
    onwards = (along - along[0])[:, None]
    start, slope = sideways[0], (sideways[-1] - sideways[0]) / onwards[-1]
    away = np.linalg.norm(sideways - start - onwards * slope, axis=1)
    if away.max() > STRAIGHT_MM:
        far = max(1, len(along) // 2)
        steady = _middle((sideways[far:] - sideways[:-far]) / (onwards[far:] - onwards[:-far]), axes)
        begin = _middle(sideways - onwards * steady, axes)
        beside = np.linalg.norm(sideways - begin - onwards * steady, axis=1)
        if np.median(beside) < np.median(away):
            start, slope, away = begin, steady, beside
    worst = int(away.argmax())
    return Line(start + along[0] * axes.normal, slope + axes.normal, float(away[worst]), worst)


def tilt_deg(rise: Floats, axes: Axes) -> tuple[float, float]:
    """(about the row axis, about the column axis), signed degrees between the stacking direction and the normal.

    About a row: positive when the stack runs towards later rows as it rises (the classic CT gantry tilt); about a column:
    positive when it runs towards later columns.
    """
    onwards = float(rise @ axes.normal)
    return (float(np.degrees(np.arctan2(rise @ axes.y, onwards))), float(np.degrees(np.arctan2(rise @ axes.x, onwards))))


def turned_mm(orientations: Floats, extent_mm: tuple[float, float]) -> float:
    """How far the far corner of a slice lies from where the first slice's directions would put it.

    orientations: (n, 6). extent_mm: (height, width) of a slice.
    """
    change = orientations - orientations[0]
    corner = change[:, :3] * extent_mm[1] + change[:, 3:] * extent_mm[0]
    return float(np.linalg.norm(corner, axis=1).max())


def _middle(vectors: Floats, axes: Axes) -> Floats:
    """(n, 3) vectors in the plane → their median, axis by axis."""
    return np.asarray(np.median(vectors @ axes.x) * axes.x + np.median(vectors @ axes.y) * axes.y)
