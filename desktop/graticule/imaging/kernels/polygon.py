"""Even-odd tests of many points against one closed polygon, through a table of the edges that cross each strip."""

import numpy as np

from graticule.domain.geometry import Array
from graticule.imaging.kernels.compiled import compiled


@compiled
def strips(corners: Array, low: float, step: float, count: int) -> tuple[Array, Array]:
    """(count + 1,) starts and the edge numbers: which edges meet the strip of y from low + n · step to the next."""
    edges = corners.shape[0]
    starts = np.zeros(count + 1, np.int64)
    for again in range(2):
        if again:
            for n in range(count):
                starts[n + 1] += starts[n]
            listed, at = np.empty(starts[count], np.int64), starts.copy()
        for edge in range(edges):
            y0, y1 = corners[edge, 1], corners[(edge + 1) % edges, 1]
            first = max(0, int((min(y0, y1) - low) / step) - 1)
            last = min(count - 1, int((max(y0, y1) - low) / step) + 1)
            for n in range(first, last + 1):
                if again:
                    listed[at[n]] = edge
                    at[n] += 1
                else:
                    starts[n + 1] += 1
    return starts, listed


@compiled
def inside(corners: Array, starts: Array, listed: Array, low: float, step: float, x: float, y: float) -> bool:
    strip = (y - low) / step
    if not (strip >= 0 and strip < starts.size - 1):
        return False
    odd, edges = False, corners.shape[0]
    for n in range(starts[int(strip)], starts[int(strip) + 1]):
        x0, y0 = corners[listed[n]]
        x1, y1 = corners[(listed[n] + 1) % edges]
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            odd = not odd
    return odd


@compiled
def mark(corners: Array, low: float, step: float, count: int, x: Array, y: Array, out: Array) -> None:
    """out: (n,) bool, whether each point (x, y) lies inside."""
    starts, listed = strips(corners, low, step, count)
    for n in range(x.size):
        out[n] = inside(corners, starts, listed, low, step, x[n], y[n])


@compiled
def mark_projected(corners: Array, low: float, step: float, count: int, index: Array, levels: Array, matrix: Array, reach: Array,
                   out: Array) -> None:
    """out: (n,) bool, whether each (i, j, k) is seen inside the polygon and as far away as `reach` says.

    matrix: 4×4, (i, j, level, 1) → homogeneous (x, y, depth, w); reach: (2,) depths; behind the eye (w ≤ 0) nothing is seen.
    """
    starts, listed = strips(corners, low, step, count)
    for n in range(index.shape[0]):
        i, j, level = index[n, 0], index[n, 1], levels[index[n, 2]]
        w = matrix[3, 0] * i + matrix[3, 1] * j + matrix[3, 2] * level + matrix[3, 3]
        out[n] = False
        if w <= 0:
            continue
        depth = (matrix[2, 0] * i + matrix[2, 1] * j + matrix[2, 2] * level + matrix[2, 3]) / w
        if depth < reach[0] or depth > reach[1]:
            continue
        x = (matrix[0, 0] * i + matrix[0, 1] * j + matrix[0, 2] * level + matrix[0, 3]) / w
        y = (matrix[1, 0] * i + matrix[1, 1] * j + matrix[1, 2] * level + matrix[1, 3]) / w
        out[n] = inside(corners, starts, listed, low, step, x, y)
