"""Two signed distances, each carried along by its own shift, mixed."""

import numpy as np

from graticule.domain.geometry import Array
from graticule.imaging.kernels.compiled import compiled


@compiled
def _at(field: Array, y: float, x: float) -> float:
    """Bilinear; beyond the field the value of its rim and the way to it (in pixels, which is as good as far outside)."""
    rows, columns = field.shape
    inner_y, inner_x = min(max(y, 0.0), rows - 1.0), min(max(x, 0.0), columns - 1.0)
    j, i = min(int(inner_y), max(rows - 2, 0)), min(int(inner_x), max(columns - 2, 0))
    p, q = inner_y - j, inner_x - i
    below, beside = min(j + 1, rows - 1), min(i + 1, columns - 1)
    upper = (1 - q) * field[j, i] + q * field[j, beside]
    lower = (1 - q) * field[below, i] + q * field[below, beside]
    value = (1 - p) * upper + p * lower
    return float(value + abs(y - inner_y) + abs(x - inner_x))


@compiled
def _add(field: Array, weight: float, down: float, right: float, out: Array) -> None:
    """Add weight · field(row + down, column + right); the way is the same for all, so the mixing weights are found once."""
    rows, columns = field.shape
    j0, i0 = int(np.floor(down)), int(np.floor(right))
    p, q = down - j0, right - i0
    a, b, c, d = weight * (1 - p) * (1 - q), weight * (1 - p) * q, weight * p * (1 - q), weight * p * q
    for j in range(rows):
        row = j + j0
        inner = row >= 0 and row + 1 < rows
        for i in range(columns):
            column = i + i0
            if inner and column >= 0 and column + 1 < columns:
                value = (a * field[row, column] + b * field[row, column + 1] + c * field[row + 1, column]
                         + d * field[row + 1, column + 1])
            else:
                value = weight * _at(field, j + down, i + right)
            out[j, i] += np.float32(value)


@compiled
def blend(one: Array, two: Array, share: float, shift: Array, out: Array) -> None:
    """out: (rows, columns) float32 at `share` of the way; shift: (row, column) pixels from the first to the second."""
    out[:] = 0
    _add(one, 1 - share, -share * shift[0], -share * shift[1], out)
    _add(two, share, (1 - share) * shift[0], (1 - share) * shift[1], out)
