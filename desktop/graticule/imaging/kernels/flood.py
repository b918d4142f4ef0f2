"""A flood from seeds through voxels of a range, a bounded number of steps at a time."""

import numpy as np

from graticule.domain.geometry import Array
from graticule.imaging.kernels.compiled import compiled


@compiled
def spread(values: Array, low: float, high: float, offsets: Array, metric: Array, levels: Array, centre: Array, reach: float,
           visited: Array, stack: Array, top: int, steps: int) -> tuple[int, int]:
    """Go on from stack[:top] (flat int64 indices, already visited = 1). visited: (k, j, i) uint8, becomes 1 where the flood came.

    offsets: (n, 3) int64 (k, j, i); metric: 3×3, mm² of (i, j, level) steps; centre: (i, j, level); reach: squared mm.
    Returns the new top and how often the flood met the limit.
    """
    planes, rows, columns = values.shape
    met = 0
    while top > 0 and steps > 0:
        steps -= 1
        top -= 1
        at = stack[top]
        k, j, i = at // (rows * columns), at // columns % rows, at % columns
        for n in range(offsets.shape[0]):
            z, y, x = k + offsets[n, 0], j + offsets[n, 1], i + offsets[n, 2]
            if z < 0 or y < 0 or x < 0 or z >= planes or y >= rows or x >= columns or visited[z, y, x]:
                continue
            value = values[z, y, x]
            if not (value >= low and value <= high):
                continue
            if reach < np.inf:
                a, b, c = x - centre[0], y - centre[1], levels[z] - centre[2]
                away = (metric[0, 0] * a * a + metric[1, 1] * b * b + metric[2, 2] * c * c
                        + 2 * (metric[0, 1] * a * b + metric[0, 2] * a * c + metric[1, 2] * b * c))
                if away > reach:
                    met += 1
                    continue
            visited[z, y, x] = 1
            stack[top] = (z * rows + y) * columns + x
            top += 1
    return top, met
