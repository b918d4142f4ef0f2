"""Outlines of a mask's slice and back: closed lines midway between labelled and unlabelled pixel centres.

Every labelled pixel's centre lies inside and every other's outside, so filling by centres gives the mask back without loss.
Pixels that touch only by a corner stay apart.
"""

from collections.abc import Iterable

import numpy as np

from graticule.domain.geometry import Array, Floats


def outlines(mask: Array) -> list[Floats]:
    """(n, 2) (column, row) of each closed outline of a (j, i) bool array; holes run the other way round (negative area)."""
    after = _steps(mask)
    found = []
    while after:
        start, point = after.popitem()
        loop = [start]
        while point != start:
            loop.append(point)
            point = after.pop(point)
        found.append(np.array([(column, row) for row, column in loop]) / 2 - 1)
    return found


def _steps(mask: Array) -> dict[tuple[int, int], tuple[int, int]]:
    """From each point of the outlines to the next, in half pixels (row, column) of the mask with an empty border."""
    padded = np.pad(mask, 1)
    corners = [padded[:-1, :-1], padded[:-1, 1:], padded[1:, 1:], padded[1:, :-1]]  # clockwise from top left
    sides = [(0, 1), (1, 2), (2, 1), (1, 0)]  # middles of top, right, bottom and left, in half pixels from the top left corner
    after: dict[tuple[int, int], tuple[int, int]] = {}
    for leaving in range(4):
        # A line leaves where, going clockwise, labelled is followed by unlabelled, and arrives where that run began.
        at = corners[leaving] & ~corners[(leaving + 1) % 4]
        for run in range(1, 4):
            here = at & ~corners[(leaving - run) % 4]
            at = at & corners[(leaving - run) % 4]
            begin, end = sides[leaving], sides[(leaving - run) % 4]
            for row, column in np.argwhere(here).tolist():
                after[2 * row + begin[0], 2 * column + begin[1]] = (2 * row + end[0], 2 * column + end[1])
    return after


def area_of(outline: Floats) -> float:
    """Of a closed (n, 2) outline; negative for a hole."""
    x, y = outline.T
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def keyholed(loops: list[Floats]) -> list[Floats]:
    """The outlines with every hole joined to what surrounds it by a channel of no width (the way CLOSED_PLANAR has holes).

    The channel runs between pixel centres, never through one.
    """
    joined = [loop for loop in loops if area_of(loop) > 0]
    holes = sorted((loop for loop in loops if area_of(loop) < 0), key=lambda loop: float(loop[:, 1].min()))
    for hole in holes:
        _join(joined, hole)
    return joined


def _join(loops: list[Floats], hole: Floats) -> None:
    turned = np.roll(hole, -int(np.argmin(hole[:, 1])), axis=0)  # begins at its top
    gate = (turned[0] + turned[1]) / 2
    best, where = -np.inf, (0, 0)
    for number, loop in enumerate(loops):
        after = np.roll(loop, -1, axis=0)
        run = after[:, 0] - loop[:, 0]
        crossed = (loop[:, 0] < gate[0]) != (after[:, 0] < gate[0])
        share = np.divide(gate[0] - loop[:, 0], run, out=np.zeros_like(run), where=crossed)
        rows = loop[:, 1] + share * (after[:, 1] - loop[:, 1])
        rows = np.where(crossed & (rows < gate[1]), rows, -np.inf)
        if rows.max() > best:
            best, where = float(rows.max()), (number, int(np.argmax(rows)))
    number, edge = where
    mouth = np.array([[gate[0], best]])
    way = np.concatenate([mouth, gate[None], turned[1:], turned[:1], gate[None], mouth])
    loops[number] = np.concatenate([loops[number][:edge + 1], way, loops[number][edge + 1:]])


def straightened(loop: Floats) -> Floats:
    """The outline without points in the middle of a straight line, and without points said twice in a row."""
    loop = loop[(loop != np.roll(loop, 1, axis=0)).any(axis=1)]
    before, after = loop - np.roll(loop, 1, axis=0), np.roll(loop, -1, axis=0) - loop
    bent = np.abs(before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]) > 1e-9
    back = (before * after).sum(axis=1) < 0
    return np.asarray(loop[bent | back])


def filled(loops: Iterable[Floats], shape: tuple[int, int]) -> Array:
    """(j, i) bool: pixels whose centre lies inside an odd number of closed (n, 2) (column, row) outlines.

    Holes drawn as outlines of their own (XOR) and keyholes come out alike. A centre on a line belongs to what is right of it.
    """
    rows, columns = shape
    toggles = np.zeros((rows, columns + 1), np.int32)
    for loop in loops:
        _toggle(toggles, loop)
    return np.asarray(np.cumsum(toggles, axis=1)[:, :columns] % 2 == 1)


def _toggle(toggles: Array, loop: Floats) -> None:
    after = np.roll(loop, -1, axis=0)
    up = loop[:, 1] > after[:, 1]
    top, bottom = np.where(up[:, None], after, loop), np.where(up[:, None], loop, after)
    first = np.clip(np.ceil(top[:, 1]), 0, toggles.shape[0]).astype(int)
    stop = np.clip(np.ceil(bottom[:, 1]), 0, toggles.shape[0]).astype(int)
    edge = np.repeat(np.arange(len(loop)), stop - first)
    if not edge.size:
        return
    row = np.arange(len(edge)) - np.repeat(np.cumsum(stop - first) - (stop - first), stop - first) + first[edge]
    share = (row - top[edge, 1]) / (bottom[edge, 1] - top[edge, 1])
    crossing = top[edge, 0] + share * (bottom[edge, 0] - top[edge, 0])
    column = np.clip(np.ceil(crossing), 0, toggles.shape[1] - 1).astype(int)
    np.add.at(toggles, (row, column), 1)
