"""Convex polygons cut by half-planes (Sutherland and Hodgman 1974)."""

import numpy as np

from graticule.domain.geometry import Floats


def kept_side(polygon: Floats, across: float, along: float, offset: float) -> Floats:
    """The part of a convex (n, 2) polygon where across · x + along · y + offset ≥ 0; (0, 2) when none is."""
    if len(polygon) == 0:
        return polygon
    values = polygon @ (across, along) + offset
    kept: list[Floats] = []
    for at in range(len(polygon)):
        here, there = polygon[at - 1], polygon[at]
        one, two = float(values[at - 1]), float(values[at])
        if (one >= 0) != (two >= 0):
            kept.append(here + (there - here) * (one / (one - two)))
        if two >= 0:
            kept.append(there)
    return np.array(kept).reshape(-1, 2)
