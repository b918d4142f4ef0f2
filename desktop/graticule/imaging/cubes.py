"""The surface inside one cell of eight neighbouring voxel centres: its pieces, their triangles and their area (marching cubes,
Lorensen and Cline 1987), with every corner of the surface midway between a labelled voxel and one that is not.

A cell's code has bit 4·(1−k) + 2·(1−j) + (1−i) set where the voxel at its corner (k, j, i) is labelled, so 0 and 255 hold no
surface: the same code as the published surface-distance of DeepMind, whose areas these are.
"""

import itertools
from collections import defaultdict
from functools import cache

import numpy as np

from graticule.domain.geometry import Array, Floats

Corner = tuple[int, ...]
Middle = tuple[float, float, float]

# A piece with more than three corners is seldom flat, so its area hangs on how it is cut into triangles. These codes are cut
# otherwise than as a fan from their first corner: the number of the cut for each piece, in the order of `_cuts`.
_OTHER_CUTS = {
    7: (3,), 11: (3,), 13: (2,), 19: (3,), 21: (1,), 27: (2,), 29: (2,), 35: (3,), 39: (2,), 42: (1,), 45: (0, 2), 46: (2,),
    49: (2,), 57: (2, 0), 59: (2,), 69: (3,), 71: (2,), 75: (0, 3), 76: (1,), 78: (2,), 81: (2,), 89: (2, 0), 93: (2,),
    99: (0, 3), 101: (3, 0), 106: (0, 1), 108: (1, 0), 114: (2,), 115: (1,), 116: (2,), 117: (3,),
}


def pieces(code: int, joined: bool) -> list[list[Middle]]:
    """Closed outlines of the surface's pieces, corners (k, j, i) in 0…1 of the cell.

    joined: where two labelled voxels of a face lie across, whether they hang together there.
    """
    links = defaultdict(list)
    for axis, side in itertools.product(range(3), (0, 1)):
        for one, two in _across_face(code, axis, side, joined):
            links[one].append(two)
            links[two].append(one)
    found, seen = [], set[Middle]()
    for start in sorted(links):
        if start not in seen:
            found.append(_round(links, start, seen))
    return found


def _round(links: dict[Middle, list[Middle]], start: Middle, seen: set[Middle]) -> list[Middle]:
    loop = [start]
    seen.add(start)
    while following := [middle for middle in links[loop[-1]] if middle not in seen]:
        loop.append(following[0])
        seen.add(following[0])
    return loop


def _across_face(code: int, axis: int, side: int, joined: bool) -> list[tuple[Middle, Middle]]:
    """The lines that the surface draws on one face of the cell."""
    ring: list[Corner] = []
    for first, second in ((0, 0), (1, 0), (1, 1), (0, 1)):
        rest = [first, second]
        rest.insert(axis, side)
        ring.append(tuple(rest))
    labelled = [_labelled(code, corner) for corner in ring]
    crossed = [n for n in range(4) if labelled[n] != labelled[(n + 1) % 4]]
    middles = [_middle(ring[n], ring[(n + 1) % 4]) for n in range(4)]
    if len(crossed) == 2:
        return [(middles[crossed[0]], middles[crossed[1]])]
    return [(middles[n - 1], middles[n]) for n in range(4) if crossed and labelled[n] is not joined]


def _labelled(code: int, corner: Corner) -> bool:
    k, j, i = corner
    return bool(code >> (4 * (1 - k) + 2 * (1 - j) + 1 - i) & 1)


def _middle(one: Corner, two: Corner) -> Middle:
    k, j, i = ((a + b) / 2 for a, b in zip(one, two, strict=True))
    return k, j, i


@cache
def _cuts(first: int, last: int) -> tuple[tuple[tuple[int, int, int], ...], ...]:
    """All ways to cut the corners first … last of an outline into triangles."""
    if last - first < 2:
        return ((),)
    return tuple((*left, (first, middle, last), *right) for middle in range(first + 1, last)
                 for left in _cuts(first, middle) for right in _cuts(middle, last))


@cache
def triangle_normals() -> tuple[Array, Array]:
    """(256, 5, 3) float64: for each code, half the cross products (k, j, i) of its triangles' edges, whose length is the area in
    a cell of side 1, zero where there are fewer; and (256,) whether the code holds a surface."""
    normals = np.zeros((256, 5, 3))
    for code in range(128):
        found = list(_normals(code))
        normals[code, :len(found)] = np.reshape(found, (-1, 3))
        normals[255 - code] = normals[code]
    return normals, np.array([0 < code < 255 for code in range(256)])


def _normals(code: int) -> list[Floats]:
    """Where a face is in doubt, the rarer kind of voxel stays apart."""
    loops = pieces(code, joined=bin(code).count("1") > 4)
    found = []
    for loop, cut in zip(loops, _OTHER_CUTS.get(code, (0,) * len(loops)), strict=True):
        at = np.array(loop)
        found += [np.cross(at[b] - at[a], at[c] - at[a]) / 2 for a, b, c in _cuts(0, len(loop) - 1)[cut]]
    return found


def areas(steps: Floats) -> Floats:
    """(…, 256) mm²: the surface inside a cell of each code. steps: (…, 3, 3) rows are the cell's k, j and i edges in mm,
    which need not be at right angles."""
    normals, _ = triangle_normals()
    flat = np.stack([np.cross(steps[..., 1, :], steps[..., 2, :]), np.cross(steps[..., 2, :], steps[..., 0, :]),
                     np.cross(steps[..., 0, :], steps[..., 1, :])], axis=-2)
    return np.asarray(np.linalg.norm(np.einsum("cta,...ad->...ctd", normals, flat), axis=-1).sum(axis=-1))
