"""Level tracing: the outline of equal intensity that passes under the hand, and what it encloses."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Array, Floats
from graticule.imaging.islands import fill_holes, keep_at


@dataclass(frozen=True, eq=False)
class Traced:
    """mask: (rows, columns) bool, what the outline holds; outline: (n, 2) (column, row) corners of it, closed; level: its
    intensity."""

    mask: Array
    outline: Floats
    level: float


def trace_level(picture: Array, place: tuple[int, int], *, bright: bool = True) -> Traced:
    """picture: (rows, columns); place: (row, column). What is at least as bright (or dark) as there and connected to it,
    holes filled."""
    level = float(picture[place])
    mask = picture >= level if bright else picture <= level
    region = keep_at(mask[None], [(0, *place)], 6)
    region = fill_holes(region, each_slice=True)[0]
    return Traced(region, outline_of(region), level)


def outline_of(mask: Array) -> Floats:
    """(n, 2) float64 (column, row) corners of the longest outline of a (rows, columns) bool mask, along the sides of its pixels.

    Pixel (row, column) spans column … column + 1; corners on straight sides are left out. Empty for an empty mask.
    """
    loops = outlines_of(mask)
    return max(loops, key=_length) if loops else np.zeros((0, 2))


def outlines_of(mask: Array) -> list[Floats]:
    """Every closed outline of a mask, with the mask to the right of the way; pixels that only touch by a corner stay apart."""
    wide = np.pad(mask, 1).astype(np.int8)
    across, down = np.diff(wide, axis=0)[:, 1:-1], np.diff(wide, axis=1)[1:-1]
    ways: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for row, column in np.argwhere(across):
        one, two = (int(row), int(column)), (int(row), int(column) + 1)
        start, end = (one, two) if across[row, column] > 0 else (two, one)
        ways.setdefault(start, []).append(end)
    for row, column in np.argwhere(down):
        one, two = (int(row), int(column)), (int(row) + 1, int(column))
        start, end = (two, one) if down[row, column] > 0 else (one, two)
        ways.setdefault(start, []).append(end)
    return _loops(ways)


def _loops(ways: dict[tuple[int, int], list[tuple[int, int]]]) -> list[Floats]:
    loops = []
    while ways:
        start = next(iter(ways))
        path, came, at = [start], (0, 0), start
        while True:
            choices = ways[at]
            turn = _sharpest_right(came, at, choices)
            following = choices.pop(turn)
            if not choices:
                del ways[at]
            came, at = (following[0] - at[0], following[1] - at[1]), following
            if at == start:
                break
            path.append(at)
        loops.append(_corners(np.array(path, dtype=np.float64)[:, ::-1]))
    return loops


def _sharpest_right(came: tuple[int, int], at: tuple[int, int], choices: list[tuple[int, int]]) -> int:
    """Where two pixels touch by a corner the way turns right, round its own pixel."""
    if len(choices) == 1:
        return 0
    rights = [came[1] * (end[0] - at[0]) - came[0] * (end[1] - at[1]) for end in choices]
    return int(np.argmax(rights))


def _corners(points: Floats) -> Floats:
    before, after = points - np.roll(points, 1, axis=0), np.roll(points, -1, axis=0) - points
    return np.asarray(points[before[:, 0] * after[:, 1] != before[:, 1] * after[:, 0]])


def _length(loop: Floats) -> float:
    return float(np.abs(np.diff(loop, axis=0, append=loop[:1])).sum())
