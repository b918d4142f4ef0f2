"""Smoothing that stops at edges, diffusion whose flow dies where neighbouring values differ much (Perona and Malik 1990), and
the basins of a slope."""

import numpy as np

from graticule.domain.geometry import Array
from graticule.imaging.kernels.compiled import compiled


@compiled
def steepness(field: Array, steps: Array) -> float:
    """Mean square of the slope between neighbours of a (k, j, i) field; steps: (3,) lengths along (k, j, i)."""
    planes, rows, columns = field.shape
    total, count = 0.0, 0
    for k in range(planes):
        for j in range(rows):
            for i in range(columns):
                here = field[k, j, i]
                if k + 1 < planes:
                    total += ((field[k + 1, j, i] - here) / steps[0]) ** 2
                    count += 1
                if j + 1 < rows:
                    total += ((field[k, j + 1, i] - here) / steps[1]) ** 2
                    count += 1
                if i + 1 < columns:
                    total += ((field[k, j, i + 1] - here) / steps[2]) ** 2
                    count += 1
    return total / max(1, count)


@compiled
def calm(field: Array, steps: Array, conductance: float, time: float, passes: int) -> Array:
    """The field after so many passes. conductance: in shares of the root mean square slope, which each pass measures anew."""
    planes, rows, columns = field.shape
    now, then = field.copy(), np.empty_like(field)
    weight = time / (steps * steps)
    for _ in range(passes):
        limit = max(2.0 * conductance * conductance * steepness(now, steps), 1e-12)
        for k in range(planes):
            for j in range(rows):
                for i in range(columns):
                    here, gain = now[k, j, i], 0.0
                    for axis in range(3):
                        for side in (-1, 1):
                            a, b, c = k + side * (axis == 0), j + side * (axis == 1), i + side * (axis == 2)
                            if a < 0 or b < 0 or c < 0 or a >= planes or b >= rows or c >= columns:
                                continue
                            away = now[a, b, c] - here
                            slope = away / steps[axis]
                            gain += weight[axis] * away / (1.0 + slope * slope / limit)
                    then[k, j, i] = here + gain
        now, then = then, now
    return now


@compiled
def descend(slope: Array) -> Array:
    """(k, j, i) int32 numbers from 0: the voxels from which water runs down a slope to the same lowest place."""
    planes, rows, columns = slope.shape
    size = slope.size
    flat, way = slope.reshape(-1), np.empty(size, np.int32)
    for k in range(planes):
        for j in range(rows):
            for i in range(columns):
                here = (k * rows + j) * columns + i
                best, lowest = here, flat[here]
                for axis in range(3):
                    for side in (-1, 1):
                        a, b, c = k + side * (axis == 0), j + side * (axis == 1), i + side * (axis == 2)
                        if a < 0 or b < 0 or c < 0 or a >= planes or b >= rows or c >= columns:
                            continue
                        there = (a * rows + b) * columns + c
                        # On even ground water runs to the first voxel, so that it never runs in a circle.
                        if flat[there] < lowest or (flat[there] == lowest and there < best):
                            best, lowest = there, flat[there]
                way[here] = best
    numbers, count = np.full(size, -1, np.int32), 0
    for start in range(size):
        at = start
        while way[at] != at and numbers[at] < 0:
            at = way[at]
        if numbers[at] < 0:
            numbers[at] = count
            count += 1
        number, at = numbers[at], start
        while numbers[at] < 0:
            numbers[at] = number
            at = way[at]
    return numbers.reshape(slope.shape)
