"""A sum of distances to many points: the biharmonic radial function of space."""

import numpy as np

from graticule.domain.geometry import Array
from graticule.imaging.kernels.compiled import compiled


@compiled
def evaluate(at: Array, points: Array, weights: Array, out: Array) -> None:
    """out: (n,) float32 at (n, 3) places; weights: (m + 4,), of |x − point| of the (m, 3) points, then of 1, x, y, z."""
    count = points.shape[0]
    for n in range(at.shape[0]):
        x, y, z = at[n, 0], at[n, 1], at[n, 2]
        total = weights[count] + weights[count + 1] * x + weights[count + 2] * y + weights[count + 3] * z
        for m in range(count):
            a, b, c = x - points[m, 0], y - points[m, 1], z - points[m, 2]
            total += weights[m] * np.sqrt(a * a + b * b + c * c)
        out[n] = total
