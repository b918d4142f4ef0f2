"""Which way each view looks: the anatomical planes, the plane the scanner acquired, and the slices along each.

Radiological convention throughout: the patient's right on the viewer's left, axial slices seen from the feet.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from graticule.domain.geometry import Floats, Grid
from graticule.imaging.gaps import usual_step
from graticule.imaging.rigid import rotation

AXIAL, CORONAL, SAGITTAL = "axial", "coronal", "sagittal"
PLANES = (AXIAL, CORONAL, SAGITTAL)
# Cosine above which a view is said to lie in the plane of the slices.
ALONG = 0.9999


@dataclass(frozen=True, eq=False)
class Axes:
    """A view's directions in LPS. `onward` is the normal in reading order: head to foot, front to back, right to left."""

    name: str
    right: Floats
    down: Floats
    onward: Floats
    acquired: bool = False

    def turned(self, axis: npt.ArrayLike, degrees: float) -> "Axes":
        """Rotated about an axis (LPS, right-handed), and made exactly perpendicular again."""
        turn = rotation(axis, degrees)
        right = turn @ self.right
        down = turn @ self.down
        right = right / np.linalg.norm(right)
        down = down - (down @ right) * right
        down = down / np.linalg.norm(down)
        onward = np.cross(right, down)
        return Axes(self.name, right, down, onward if onward @ (turn @ self.onward) >= 0 else -onward)


def _axes(name: str, right: tuple[int, ...], down: tuple[int, ...], onward: tuple[int, ...]) -> Axes:
    return Axes(name, np.array(right, dtype=np.float64), np.array(down, dtype=np.float64), np.array(onward, dtype=np.float64))


ANATOMICAL = {
    AXIAL: _axes(AXIAL, (1, 0, 0), (0, 1, 0), (0, 0, -1)),
    CORONAL: _axes(CORONAL, (1, 0, 0), (0, 0, -1), (0, 1, 0)),
    SAGITTAL: _axes(SAGITTAL, (0, 1, 0), (0, 0, -1), (1, 0, 0)),
}


def acquisition_axes(grid: Grid) -> Axes:
    """The plane of the slices as they were acquired, turned and mirrored to the nearest anatomical plane's convention."""
    nearest = max(ANATOMICAL.values(), key=lambda axes: abs(float(grid.normal @ axes.onward)))
    first, second = grid.direction[:, 0], grid.direction[:, 1]
    if abs(float(first @ nearest.right)) < abs(float(second @ nearest.right)):
        first, second = second, first
    right = first if first @ nearest.right >= 0 else -first
    # Rows and columns are perpendicular in every sound file; a rounding error is taken out of the second.
    down = second - (second @ right) * right
    down = down / np.linalg.norm(down)
    down = down if down @ nearest.down >= 0 else -down
    normal = np.cross(right, down)
    return Axes(nearest.name, right, down, normal if normal @ nearest.onward >= 0 else -normal, acquired=True)


def is_oblique(axes: Axes, tolerance_deg: float = 1.0) -> bool:
    """Whether the view leans more than `tolerance_deg` from the anatomical plane of its name."""
    anatomical = ANATOMICAL[axes.name]
    limit = np.cos(np.radians(tolerance_deg))
    return bool(axes.right @ anatomical.right < limit or axes.down @ anatomical.down < limit)


def leaning_deg(axes: Axes) -> float:
    """Angle between the view's plane and the anatomical plane of its name."""
    return float(np.degrees(np.arccos(np.clip(axes.onward @ ANATOMICAL[axes.name].onward, -1.0, 1.0))))


@dataclass(frozen=True, eq=False)
class Slices:
    """Slices along `onward`: slice q lies at `first_mm` + q · `step_mm` (a projection on `onward`).

    places_mm: (count,) rising, where the slices of an uneven stack lie instead; `step_mm` is then the usual distance.
    """

    onward: Floats
    first_mm: float
    step_mm: float
    count: int
    places_mm: Floats | None = None

    def position_mm(self, index: int) -> float:
        if self.places_mm is not None:
            return float(self.places_mm[max(0, min(self.count - 1, index))])
        return self.first_mm + index * self.step_mm

    def apart_mm(self, index: int) -> float:
        """From this slice to the next in reading order; at the end, to the one before."""
        index = max(0, min(self.count - 2, index))
        return self.position_mm(index + 1) - self.position_mm(index) if self.count > 1 else self.step_mm

    def nearest(self, lps_mm: npt.ArrayLike) -> int:
        along = float(np.asarray(lps_mm, dtype=np.float64) @ self.onward)
        if self.places_mm is not None:
            return int(np.argmin(np.abs(self.places_mm - along)))
        return int(np.clip(np.floor((along - self.first_mm) / self.step_mm + 0.5), 0, self.count - 1))

    def through(self, lps_mm: npt.ArrayLike) -> "Slices":
        """The same steps, moved so that one of them passes exactly through the point (kept inside the stack)."""
        along = float(np.asarray(lps_mm, dtype=np.float64) @ self.onward)
        last = self.first_mm + (self.count - 1) * self.step_mm
        along = min(max(along, self.first_mm), last)
        before = int(np.floor((along - self.first_mm) / self.step_mm + 1e-9))
        after = int(np.floor((last - along) / self.step_mm + 1e-9))
        return replace(self, first_mm=along - before * self.step_mm, count=before + after + 1, places_mm=None)

    def moved(self, lps_mm: Floats, index: int) -> Floats:
        """The point, moved along the normal onto slice `index` (kept inside the stack)."""
        index = max(0, min(self.count - 1, index))
        return np.asarray(lps_mm + (self.position_mm(index) - float(lps_mm @ self.onward)) * self.onward)


def slices_along(grid: Grid, onward: Floats) -> Slices:
    """Slices through voxel centres, one voxel layer a step; on an oblique grid the layer that leans least."""
    corners = corner_centres(grid) @ onward
    low, high = float(corners.min()), float(corners.max())
    steps = np.abs(onward @ grid.direction)
    axis = int(np.argmax(steps))
    step = float(abs(onward @ grid.affine[:3, axis])) * (usual_step(grid) if axis == 2 else 1.0)
    if grid.levels is not None and abs(float(onward @ grid.normal)) > ALONG:
        return Slices(onward, low, step, grid.shape[0], _places_mm(grid, onward))
    return Slices(onward, low, step, round((high - low) / step) + 1)


def _places_mm(grid: Grid, onward: Floats) -> Floats:
    middles = np.zeros((grid.shape[0], 3))
    middles[:, 2] = np.arange(grid.shape[0])
    return np.sort(grid.to_patient(middles) @ onward)


def corner_centres(grid: Grid) -> Floats:
    """(8, 3) LPS of the centres of the corner voxels."""
    return grid.to_patient(_corners(grid, 0.0))


def outer_corners(grid: Grid) -> Floats:
    """(8, 3) LPS of the outer corners of the grid, half a voxel beyond the corner voxels' centres."""
    return grid.to_patient(_corners(grid, 0.5))


def _corners(grid: Grid, beyond: float) -> Floats:
    k, j, i = grid.shape
    ranges = [(-beyond, n - 1 + beyond) for n in (i, j, k)]
    return np.array([(a, b, c) for a in ranges[0] for b in ranges[1] for c in ranges[2]], dtype=np.float64)
