"""Cells of eight voxels that hold a piece of surface, and the exact distance from each to the nearest of another mask."""

import numpy as np

from graticule.domain.geometry import Array
from graticule.imaging.kernels.compiled import compiled

NONE = np.int16(-1)


@compiled
def bounds(one: Array, two: Array, low: Array, high: Array) -> bool:
    """low, high: (3,) int64, become the box (k, j, i) of everything that is True in either; False when nothing is."""
    planes, rows, columns = one.shape
    low[:] = (planes, rows, columns)
    high[:] = 0
    for k in range(planes):
        for j in range(rows):
            first = 0
            while first < columns and not (one[k, j, first] or two[k, j, first]):
                first += 1
            if first == columns:
                continue
            last = columns - 1
            while not (one[k, j, last] or two[k, j, last]):
                last -= 1
            low[0], high[0] = min(low[0], k), max(high[0], k + 1)
            low[1], high[1] = min(low[1], j), max(high[1], j + 1)
            low[2], high[2] = min(low[2], first), max(high[2], last + 1)
    return bool(high[0] > 0)


@compiled
def overlap(one: Array, two: Array, counts: Array) -> None:
    """counts: (k, 3) int64, become the voxels of each slice of `one`, of `two` and of both."""
    planes, rows, columns = one.shape
    for k in range(planes):
        first = second = both = 0
        for j in range(rows):
            for i in range(columns):
                first += one[k, j, i]
                second += two[k, j, i]
                both += one[k, j, i] & two[k, j, i]
        counts[k, 0], counts[k, 1], counts[k, 2] = first, second, both


@compiled
def codes(padded: Array, out: Array) -> int:
    """padded: (k, j, i) uint8 0 or 1 with an empty border; out: one less along each axis, becomes the cells' codes (cubes.py).

    Returns how many cells hold a surface.
    """
    planes, rows, columns = out.shape
    found = 0
    for k in range(planes):
        for j in range(rows):
            a, b, c, d = padded[k, j], padded[k, j + 1], padded[k + 1, j], padded[k + 1, j + 1]
            row = out[k, j]
            for i in range(columns):
                row[i] = (a[i] << 7 | a[i + 1] << 6 | b[i] << 5 | b[i + 1] << 4
                          | c[i] << 3 | c[i + 1] << 2 | d[i] << 1 | d[i + 1])
            for i in range(columns):
                found += (row[i] != 0) & (row[i] != 255)
    return found


@compiled
def places(cells: Array, at: Array, kinds: Array) -> None:
    """at: (n, 3) int32 (k, j, i) of the cells that hold a surface; kinds: (n,) their codes."""
    planes, rows, columns = cells.shape
    n = 0
    for k in range(planes):
        for j in range(rows):
            row = cells[k, j]
            for i in range(columns):
                if row[i] != 0 and row[i] != 255:
                    at[n, 0], at[n, 1], at[n, 2] = k, j, i
                    kinds[n] = row[i]
                    n += 1


@compiled
def in_plane(cells: Array, first: int, stop: int, row_mm: float, column_mm: float, near: Array, filled: Array) -> None:
    """near: (k, j, i, 2) int16, of planes first … stop become the rows and columns to the nearest surface cell of the same plane.

    filled: (k,) bool, whether the plane has one. Lower envelopes as Felzenszwalb and Huttenlocher (2012) draw them.
    """
    _, rows, columns = cells.shape
    beside = np.empty((rows, columns), np.int16)
    has = np.empty(rows, np.bool_)
    line = np.empty(rows, np.int64)
    reach = np.empty(rows + 1, np.float64)
    for k in range(first, stop):
        filled[k] = _along_rows(cells[k], beside, has)
        if not filled[k]:
            continue
        for i in range(columns):
            count = 0
            for j in range(rows):
                if not has[j]:
                    continue
                height = (beside[j, i] * column_mm) ** 2
                start = -np.inf
                while count > 0:
                    other = line[count - 1]
                    lower = (beside[other, i] * column_mm) ** 2
                    # Where the two parabolas meet, in rows.
                    start = ((height - lower) / (row_mm * row_mm) + (j * j - other * other)) / (2.0 * (j - other))
                    if start > reach[count - 1]:
                        break
                    count -= 1
                    start = -np.inf
                line[count] = j
                reach[count] = start
                count += 1
            place = 0
            for j in range(rows):
                while place + 1 < count and reach[place + 1] < j:
                    place += 1
                other = line[place]
                near[k, j, i, 0] = abs(j - other)
                near[k, j, i, 1] = beside[other, i]


@compiled
def _along_rows(plane: Array, beside: Array, has: Array) -> bool:
    """beside: (j, i) int16 columns to the nearest surface cell of the row; has: (j,) whether the row has one."""
    rows, columns = plane.shape
    any_row = False
    for j in range(rows):
        last = -1
        has[j] = False
        for i in range(columns):
            if plane[j, i] != 0 and plane[j, i] != 255:
                last = i
                has[j] = True
            beside[j, i] = i - last if last >= 0 else 32767
        if not has[j]:
            continue
        any_row = True
        last = -1
        for i in range(columns - 1, -1, -1):
            if plane[j, i] != 0 and plane[j, i] != 255:
                last = i
            if last >= 0 and last - i < beside[j, i]:
                beside[j, i] = last - i
    return any_row


@compiled
def nearest(at: Array, first: int, stop: int, near: Array, filled: Array, steps: Array, out: Array) -> None:
    """out: (n,) float64, of cells first … stop of `at` becomes the distance in mm; steps: (3,) mm of k, j, i.

    Planes are looked at from the cell's own outwards, until they lie further away than the nearest surface found.
    """
    planes = near.shape[0]
    for n in range(first, stop):
        k, j, i = at[n]
        best = np.inf
        for step in range(planes):
            across = (step * steps[0]) ** 2
            if across >= best:
                break
            for plane in (k - step, k + step):
                if 0 <= plane < planes and filled[plane]:
                    down, beside = near[plane, j, i, 0] * steps[1], near[plane, j, i, 1] * steps[2]
                    best = min(best, across + down * down + beside * beside)
        out[n] = np.sqrt(best)
