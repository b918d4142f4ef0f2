"""The areas that were drawn on a few planes, found again in the voxels they became: their outlines, each on its plane.

The plane with the largest area is taken first, then the next among the voxels that are left (in the manner of RANSAC: Fischler
and Bolles, CACM 1981). Slices of the grid and planes fitted to small neighbourhoods compete; lines one voxel wide, which are
other planes seen from the side, are taken away from each area.
"""

from dataclasses import dataclass

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Floats, Grid
from graticule.domain.labels import Box
from graticule.domain.progress import Progress, Silent
from graticule.imaging.contours import area_of, outlines
from graticule.imaging.inside import Sheet
from graticule.imaging.patch import grid_of

_TRIES, _NEAR, _REFITS = 120, 90, 3
_MOST_PLANES, _MOST_POINTS = 24, 20_000
# An area this small against the largest is no drawn plane any more; nor is one with as much beside it as a body has.
_LEAST_SHARE, _MOST_BESIDE = 0.12, 0.5
_SLACK = 1.1


@dataclass(frozen=True, eq=False)
class _Plane:
    """reach: how far from it (mm) the centres of voxels it cuts lie."""

    origin: Floats
    normal: Floats
    reach: float

    def away(self, points: Floats) -> Floats:
        return np.asarray((points - self.origin) @ self.normal)

    def on(self, points: Floats) -> Array:
        return np.asarray(np.abs(self.away(points)) <= self.reach * _SLACK)


def outlines_of(mask: Array, box: Box, grid: Grid, progress: Progress | None = None) -> list[Floats]:
    """mask: (k, j, i) bool of `box` of the whole `grid`. (n, 3) LPS mm closed outlines, the largest area first.

    GraticuleError when what is drawn does not lie on at least two planes.
    """
    inner, progress = grid_of(grid, box), progress or Silent()
    k, j, i = np.nonzero(mask)
    index = np.stack([i, j, k], axis=-1)
    points = inner.to_patient(index.astype(np.float64))
    left, found, largest = np.ones(len(points), dtype=bool), list[Floats](), 0.0
    random = np.random.default_rng(0)
    for number in range(_MOST_PLANES):
        progress.step(number, _MOST_PLANES)
        plane, area = _best(points[left], index[left], inner, random)
        if plane is None or area < largest * _LEAST_SHARE or not _sheet(plane, points):
            break
        largest = max(largest, area)
        found += _outlined(plane, points[plane.on(points)], inner)
        left &= ~plane.on(points)
    if len(found) < 2:
        raise GraticuleError("A surface needs areas drawn on at least two planes.",
                             "Draw the outline on another plane, best across the first.")
    return found


def _plane(origin: Floats, normal: Floats, grid: Grid) -> _Plane:
    normal = np.asarray(normal, dtype=np.float64) / np.linalg.norm(normal)
    return _Plane(origin, normal, float(np.abs(normal @ _steps(grid)).sum()) / 2)


def _steps(grid: Grid) -> Floats:
    """3×3 mm of a step along i, j and k; of an uneven stack its mean step."""
    steps = grid.affine[:3, :3].copy()
    if grid.levels is not None and grid.shape[0] > 1:
        steps[:, 2] *= float(np.diff(grid.levels).mean())
    return np.asarray(steps)


def _best(points: Floats, index: Array, grid: Grid, random: np.random.Generator) -> tuple[_Plane | None, float]:
    """The plane that holds the largest area, and that in mm²; (None, 0) when nothing is left."""
    if len(points) < 3:
        return None, 0.0
    some = points if len(points) <= _MOST_POINTS else points[random.choice(len(points), _MOST_POINTS, replace=False)]
    share, cell = len(points) / len(some), abs(float(np.linalg.det(_steps(grid))))
    best, area = None, 0.0
    for plane in (*_slices(points, index, grid), *_fitted(some, grid, random)):
        size = float(np.count_nonzero(plane.on(some))) * share * cell / (2 * plane.reach)
        # A slice of the grid is preferred to a plane that only nearly is one.
        if size > area * (1.02 if best is not None else 1.0):
            best, area = plane, size
    return best, area


def _slices(points: Floats, index: Array, grid: Grid) -> list[_Plane]:
    """Of each axis the slice that holds most voxels."""
    across, found = np.linalg.inv(_steps(grid)), []
    for column in range(3):
        n = int(np.argmax(np.bincount(index[:, column])))
        found.append(_plane(points[index[:, column] == n].mean(axis=0), across[column], grid))
    return found


def _fitted(points: Floats, grid: Grid, random: np.random.Generator) -> list[_Plane]:
    """Planes through neighbourhoods, each fitted again to what lies on it."""
    from scipy.spatial import cKDTree

    tree, found = cKDTree(points), list[_Plane]()
    for start in random.choice(len(points), min(_TRIES, len(points)), replace=False):
        _, near = tree.query(points[start], k=min(_NEAR, len(points)))
        sheet = Sheet.through(points[near])
        for _ in range(_REFITS):
            if sheet is None:
                break
            plane = _plane(sheet.origin, sheet.normal, grid)
            on = points[plane.on(points)]
            found.append(plane)
            sheet = Sheet.through(on) if len(on) > 2 else None
    return found


def _sheet(plane: _Plane, points: Floats) -> bool:
    """Whether a plane is drawn by itself: on one side at least, much less lies beside it."""
    away, thick = plane.away(points), 2 * plane.reach
    own = np.count_nonzero(np.abs(away) <= plane.reach)
    beside = [np.count_nonzero((side * away > plane.reach * _SLACK) & (side * away <= plane.reach * _SLACK + thick))
              for side in (1, -1)]
    return bool(max(beside) < own * _MOST_BESIDE)


def _outlined(plane: _Plane, points: Floats, grid: Grid) -> list[Floats]:
    """The outlines of a cloud of voxel centres on their plane, drawn as pixels and closed over the gaps between them."""
    from scipy.ndimage import binary_closing, binary_dilation, binary_opening

    first = np.cross(plane.normal, np.eye(3)[int(np.argmin(np.abs(plane.normal)))])
    first /= np.linalg.norm(first)
    second, lengths = np.cross(plane.normal, first), np.linalg.norm(_steps(grid), axis=0)
    fine, wide = float(lengths.min()) / 3, float(lengths.max())
    flat = np.stack([(points - plane.origin) @ first, (points - plane.origin) @ second], axis=1)
    gap, thin = int(np.ceil(0.75 * wide / fine)), int(np.ceil(wide / fine))
    low, rim = flat.min(axis=0), 2 * (gap + thin) + 2
    at = np.rint((flat - low) / fine).astype(int) + rim
    drawn = np.zeros(at.max(axis=0) + rim + 1, dtype=bool)
    drawn[at[:, 0], at[:, 1]] = True
    # Each centre stands for its cell: closing fills them, and the half cell that the rim lacks is one pixel and a half.
    body = binary_dilation(binary_opening(binary_closing(drawn, _disc(gap)), _disc(thin)), _disc(1))
    loops = [loop[:, ::-1] for loop in outlines(body) if area_of(loop) > (2 * thin) ** 2]
    return [plane.origin + ((loop - rim) * fine + low) @ np.stack([first, second]) for loop in loops]


def _disc(reach: int) -> Array:
    y, x = np.ogrid[-reach:reach + 1, -reach:reach + 1]
    return np.asarray(y * y + x * x <= reach * reach)
