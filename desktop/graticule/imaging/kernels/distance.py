"""Exact Euclidean distances on a grid whose planes may lie unevenly: one pass along each axis.

Felzenszwalb and Huttenlocher, Distance Transforms of Sampled Functions (Theory of Computing 8, 2012), with real positions.
"""

import numpy as np

from graticule.domain.geometry import Array
from graticule.imaging.kernels.compiled import compiled

FAR = np.float32(1e18)


@compiled
def along_rows(mask: Array, x: Array, out: Array) -> None:
    """out: (k, j, i) float32, squared distance to the nearest True of the same row, or FAR. x: (i,) mm."""
    planes, rows, columns = mask.shape
    for k in range(planes):
        for j in range(rows):
            last = -1
            for i in range(columns):
                if mask[k, j, i]:
                    last = i
                    out[k, j, i] = 0.0
                else:
                    out[k, j, i] = FAR if last < 0 else np.float32((x[i] - x[last]) ** 2)
            last = -1
            if out[k, j, columns - 1] >= FAR:
                continue
            for i in range(columns - 1, -1, -1):
                if mask[k, j, i]:
                    last = i
                elif last >= 0:
                    away = np.float32((x[i] - x[last]) ** 2)
                    if away < out[k, j, i]:
                        out[k, j, i] = away


@compiled
def _line(values: Array, x: Array, place: Array, edge: Array, out: Array) -> None:
    """The lower envelope of the parabolas (x − x[n])² + values[n]."""
    size, top = values.size, -1
    for n in range(size):
        if values[n] >= FAR:
            continue
        start = -np.inf
        while top >= 0:
            other = place[top]
            start = ((values[n] + x[n] * x[n]) - (values[other] + x[other] * x[other])) / (2.0 * (x[n] - x[other]))
            if start > edge[top]:
                break
            top -= 1
            start = -np.inf
        top += 1
        place[top] = n
        edge[top] = start
    if top < 0:
        for n in range(size):
            out[n] = FAR
        return
    at = 0
    for n in range(size):
        while at < top and edge[at + 1] < x[n]:
            at += 1
        away = x[n] - x[place[at]]
        out[n] = np.float32(away * away + values[place[at]])


@compiled
def along_columns(squared: Array, y: Array) -> None:
    """In place along j of (k, j, i); y: (j,) mm."""
    planes, rows, columns = squared.shape
    values, out = np.empty(rows, np.float64), np.empty(rows, np.float64)
    place, edge = np.empty(rows, np.int64), np.empty(rows + 1, np.float64)
    for k in range(planes):
        for i in range(columns):
            for j in range(rows):
                values[j] = squared[k, j, i]
            _line(values, y, place, edge, out)
            for j in range(rows):
                squared[k, j, i] = out[j]


@compiled
def along_stack(squared: Array, z: Array) -> None:
    """In place along k of (k, j, i); z: (k,) mm."""
    planes, rows, columns = squared.shape
    values, out = np.empty(planes, np.float64), np.empty(planes, np.float64)
    place, edge = np.empty(planes, np.int64), np.empty(planes + 1, np.float64)
    for j in range(rows):
        for i in range(columns):
            for k in range(planes):
                values[k] = squared[k, j, i]
            _line(values, z, place, edge, out)
            for k in range(planes):
                squared[k, j, i] = out[k]
