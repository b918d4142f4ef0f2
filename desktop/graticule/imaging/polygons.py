"""Which of many points lie in a closed polygon, even-odd."""

import numpy as np

from graticule.domain.geometry import Array, Floats


def strips_of(corners: Floats) -> tuple[float, float, int]:
    """(lowest y, height, number) of the strips that sort the edges: as many as there are corners."""
    low, high = float(corners[:, 1].min()), float(corners[:, 1].max())
    count = int(np.clip(len(corners), 1, 4096))
    return low, max((high - low) / count, 1e-12) * (1 + 1e-9), count


def points_inside(corners: Floats, points: Floats) -> Array:
    """(n,) bool for (n, 2) points; corners: (m, 2), m ≥ 3. Overlaps of the outline with itself count as outside (even-odd)."""
    from graticule.imaging.kernels.polygon import mark

    out = np.zeros(len(points), dtype=bool)
    if len(corners) >= 3:
        corners = np.ascontiguousarray(corners, dtype=np.float64)
        mark(corners, *strips_of(corners), np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1]), out)
    return out
