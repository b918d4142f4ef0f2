"""Label values turned into colours, with the outline of each label, over a rectangle of the screen."""

import numpy as np

from graticule.domain.geometry import Array
from graticule.imaging.kernels.compiled import compiled


@compiled
def tint(labels: Array, x0: int, y0: int, rim: int, fill: Array, line: Array, out: Array) -> None:
    """labels: (height, width) uint8 of the view. out: (h, w) uint32 of its rectangle at (x0, y0), filled in.

    fill, line: (256,) uint32. A labelled pixel within `rim` steps (up, down, left, right) of another label takes `line`; the
    view's own border is no edge. rim 0: no outline.
    """
    height, width = labels.shape
    high, wide = out.shape
    # The rectangle with `rim` pixels round it, as far as the view goes: from there an outline may reach in.
    top, left = max(0, y0 - rim), max(0, x0 - rim)
    rows, columns = min(height, y0 + high + rim) - top, min(width, x0 + wide + rim) - left
    part = labels[top:top + rows, left:left + columns]
    edge = np.zeros((rows, columns), dtype=np.uint8)
    if rim > 0:
        mark_edges(part, edge)
    for _ in range(rim - 1):
        edge = thicker(edge)
    for row in range(high):
        values, marked = part[row + y0 - top, x0 - left:x0 - left + wide], edge[row + y0 - top, x0 - left:x0 - left + wide]
        drawn = out[row]
        for column in range(wide):
            value = values[column]
            drawn[column] = line[value] if marked[column] and value else fill[value]


@compiled
def mark_edges(labels: Array, edge: Array) -> None:
    """edge: (rows, columns) uint8, 1 where a neighbour carries another label."""
    rows, columns = labels.shape
    for y in range(rows):
        here, to = labels[y], edge[y]
        for x in range(columns - 1):
            to[x] |= here[x] != here[x + 1]
        for x in range(1, columns):
            to[x] |= here[x] != here[x - 1]
        if y + 1 < rows:
            below = labels[y + 1]
            for x in range(columns):
                to[x] |= here[x] != below[x]
        if y > 0:
            above = labels[y - 1]
            for x in range(columns):
                to[x] |= here[x] != above[x]


@compiled
def thicker(edge: Array) -> Array:
    """Marked pixels and their four neighbours."""
    rows, columns = edge.shape
    out = edge.copy()
    for y in range(rows):
        here, to = edge[y], out[y]
        for x in range(columns - 1):
            to[x] |= here[x + 1]
        for x in range(1, columns):
            to[x] |= here[x - 1]
        if y + 1 < rows:
            below = edge[y + 1]
            for x in range(columns):
                to[x] |= below[x]
        if y > 0:
            above = edge[y - 1]
            for x in range(columns):
                to[x] |= above[x]
    return out
