"""The median of a mask over a ball: sums along rows, so the work grows with the rows of the ball and not with its voxels."""

import numpy as np

from graticule.domain.geometry import Array
from graticule.imaging.kernels.compiled import compiled


@compiled
def majority(mask: Array, ball: Array, out: Array) -> None:
    """out: (k, j, i) bool. ball: (k, 2·K + 1, 2·J + 1) int32 half widths in columns, −1 for no row; beyond the array nothing
    is counted."""
    planes, rows, columns = mask.shape
    high, wide = ball.shape[1] // 2, ball.shape[2] // 2
    sums = np.zeros((planes, rows, columns + 1), np.int32)
    for k in range(planes):
        for j in range(rows):
            for i in range(columns):
                sums[k, j, i + 1] = sums[k, j, i] + mask[k, j, i]
    found, total = np.empty(columns, np.int32), np.empty(columns, np.int32)
    for k in range(planes):
        for j in range(rows):
            found[:] = 0
            total[:] = 0
            for z in range(max(0, k - high), min(planes, k + high + 1)):
                for y in range(max(0, j - wide), min(rows, j + wide + 1)):
                    reach = ball[k, z - k + high, y - j + wide]
                    if reach < 0:
                        continue
                    row = sums[z, y]
                    for i in range(columns):
                        low, top = max(0, i - reach), min(columns, i + reach + 1)
                        found[i] += row[top] - row[low]
                        total[i] += top - low
            for i in range(columns):
                out[k, j, i] = 2 * found[i] > total[i]
