"""Drawn graphics of presentation states and reports as shapes of ours."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from graticule.domain.geometry import Floats
from graticule.imaging.shapes import ELLIPSE, LINE, POINT, POLYGON, POLYLINE

Shape = tuple[str, Floats]


def shapes_of(kind: str, points: Floats) -> Iterable[Shape]:
    """(shape, (n, d) points) of a graphic type of PS3.3 C.10.5.1.2, C.18.6.1.2 or C.18.9.1.2; nothing for what is no drawing.

    INTERPOLATED is drawn through its points by straight lines: the standard leaves the curve to the viewer.
    """
    if kind in ("POINT", "MULTIPOINT"):
        return [(POINT, point[None]) for point in points]
    if kind == "CIRCLE" and len(points) == 2:
        return [(ELLIPSE, _circle(points))]
    if kind in ("ELLIPSE", "ELLIPSOID") and len(points) >= 4:
        return [(ELLIPSE, points[:4])]
    if kind == "POLYGON" and len(points) > 2:
        return [(POLYGON, _open(points))]
    if kind in ("POLYLINE", "INTERPOLATED") and len(points) > 1:
        return [_way(points)]
    return []


def pairs(values: Any, width: int = 2) -> Floats:
    """Graphic Data as (n, width); a broken rest is left out."""
    flat = np.array([float(value) for value in values or ()], dtype=np.float64)
    return flat[:flat.size // width * width].reshape(-1, width)


def _way(points: Floats) -> Shape:
    if len(points) == 2:
        return LINE, points
    closed = bool(np.allclose(points[0], points[-1]))
    return (POLYGON, points[:-1]) if closed and len(points) > 3 else (POLYLINE, points)


def _open(points: Floats) -> Floats:
    return points[:-1] if len(points) > 3 and np.allclose(points[0], points[-1]) else points


def _circle(points: Floats) -> Floats:
    """Centre and a point on it → the ends of two axes, along the image's own directions."""
    middle, radius = points[0], float(np.linalg.norm(points[1] - points[0]))
    across, along = np.zeros(points.shape[1]), np.zeros(points.shape[1])
    across[0], along[1] = radius, radius
    return np.stack([middle - across, middle + across, middle - along, middle + along])
