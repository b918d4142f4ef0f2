"""A closed surface of triangles round the voxels of a mask, in LPS mm."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from graticule.domain.geometry import Array, Floats, Grid
from graticule.imaging.cells import SurfaceCells
from graticule.imaging.cubes import pieces

SMOOTHING_STEPS = 12


@dataclass(frozen=True, eq=False, slots=True)
class Mesh:
    """points: (n, 3) LPS mm. triangles: (m, 3) int numbers of points, counter-clockwise seen from outside."""

    points: Floats
    triangles: Array

    @property
    def ml(self) -> float:
        """What the surface encloses (divergence theorem)."""
        a, b, c = (self.points[self.triangles[:, n]] - self.points[0] for n in range(3))
        return float((a * np.cross(b, c)).sum() / 6000)

    @property
    def mm2(self) -> float:
        a, b, c = (self.points[self.triangles[:, n]] for n in range(3))
        return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)

    @property
    def closed(self) -> bool:
        """Whether every edge is run along once each way."""
        edges = np.concatenate([self.triangles[:, [0, 1]], self.triangles[:, [1, 2]], self.triangles[:, [2, 0]]])
        there, back = (np.sort(pair @ np.array([len(self.points), 1])) for pair in (edges, edges[:, ::-1]))
        return bool(np.array_equal(there, back))


def mesh_of(mask: Array, corner: tuple[int, int, int], grid: Grid, smoothing: int = SMOOTHING_STEPS) -> Mesh:
    """mask: (k, j, i) bool of a box of the grid that begins at `corner`.

    Corners of the raw surface lie midway between voxel centres. smoothing: so often each moves towards its neighbours' middle
    and a little back (Taubin 1995), never further than half a voxel from where it began along any axis.
    """
    index, triangles = _triangles(mask)
    smoothed = _smoothed(index, triangles, smoothing)
    points = grid.to_patient((smoothed + np.array(corner))[:, ::-1])
    if np.linalg.det(grid.affine[:3, :3]) > 0:
        triangles = triangles[:, ::-1]
    return Mesh(points, triangles)


def _triangles(mask: Array) -> tuple[Floats, Array]:
    """(n, 3) (k, j, i) indices and triangles, the outside on a fixed side of each."""
    at, kinds = _cells(mask)
    found = [np.zeros((0, 3, 3))]
    for code in np.unique(kinds).tolist():
        found += [at[kinds == code][:, None, :] - 1 + triangle for triangle in _cut(code)]
    corners = np.concatenate(found).reshape(-1, 3)
    whole = np.rint(corners * 2).astype(np.int64) + 2
    size = whole.max(axis=0) + 1 if len(whole) else np.ones(3, np.int64)
    names, which = np.unique((whole[:, 0] * size[1] + whole[:, 1]) * size[2] + whole[:, 2], return_inverse=True)
    points = np.stack([names // (size[1] * size[2]), names // size[2] % size[1], names % size[2]], axis=1)
    return (points - 2) / 2, which.reshape(-1, 3)


def _cells(mask: Array) -> tuple[Array, Array]:
    cells = SurfaceCells.of(mask, np.zeros(3, np.int64), Grid((*mask.shape,), np.eye(4)))
    return cells.at, cells.cells[tuple(cells.at.T)]


@cache
def _cut(code: int) -> list[Floats]:
    """(3, 3) corners of each triangle of a cell; labelled voxels that touch by an edge stay apart, in every cell alike."""
    made = []
    for loop in pieces(code, joined=False):
        outline = np.array(loop)
        if not _outwards(outline, code):
            outline = outline[::-1]
        made += [outline[[0, n, n + 1]] for n in range(1, len(outline) - 1)]
    return made


def _outwards(outline: Floats, code: int) -> bool:
    """Whether the outline runs so that, on the face it crosses first, the labelled voxel lies to its left seen from outside."""
    first, way = outline[0], outline[1] - outline[0]
    face = next(axis for axis in range(3) if first[axis] == outline[1][axis] and first[axis] != 0.5)
    out = np.zeros(3)
    out[face] = 1.0 if first[face] == 1 else -1.0
    left = np.cross(out, way)
    end = first.copy()
    end[first == 0.5] += 0.5 if left[first == 0.5][0] > 0 else -0.5
    k, j, i = (int(v) for v in end)
    return not bool(code >> (4 * (1 - k) + 2 * (1 - j) + 1 - i) & 1)


def _smoothed(points: Floats, triangles: Array, steps: int) -> Floats:
    if not len(points) or not steps:
        return points
    one = np.concatenate([triangles[:, n] for n in (0, 1, 2)])
    two = np.concatenate([triangles[:, n] for n in (1, 2, 0)])
    degree = np.bincount(one, minlength=len(points))[:, None]
    moved = points.copy()
    for step in range(2 * steps):
        middle = np.stack([np.bincount(one, moved[two, axis], len(points)) for axis in range(3)], axis=1) / degree
        moved += (0.5 if step % 2 == 0 else -0.53) * (middle - moved)
        np.clip(moved, points - 0.5, points + 0.5, out=moved)
    return moved
