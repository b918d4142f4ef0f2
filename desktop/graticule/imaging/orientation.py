"""Which way each view looks: the anatomical planes, the plane the scanner acquired, and the slices along each.

Radiological convention throughout: the patient's right on the viewer's left, axial slices seen from the feet.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graticule.domain.geometry import Floats, Grid

AXIAL, CORONAL, SAGITTAL = "axial", "coronal", "sagittal"
PLANES = (AXIAL, CORONAL, SAGITTAL)


@dataclass(frozen=True, eq=False)
class Axes:
    """A view's directions in LPS. `onward` is the normal in reading order: head to foot, front to back, right to left."""

    name: str
    right: Floats
    down: Floats
    onward: Floats
    acquired: bool = False


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


@dataclass(frozen=True, eq=False)
class Slices:
    """Evenly spaced slices along `onward`: slice q lies at `first_mm` + q · `step_mm` (a projection on `onward`)."""

    onward: Floats
    first_mm: float
    step_mm: float
    count: int

    def position_mm(self, index: int) -> float:
        return self.first_mm + index * self.step_mm

    def nearest(self, lps_mm: npt.ArrayLike) -> int:
        along = float(np.asarray(lps_mm, dtype=np.float64) @ self.onward)
        return int(np.clip(np.floor((along - self.first_mm) / self.step_mm + 0.5), 0, self.count - 1))

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
    step = float(abs(onward @ grid.affine[:3, axis]))
    return Slices(onward, low, step, round((high - low) / step) + 1)


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


def half_cell_mm(grid: Grid, direction: Floats) -> float:
    """Half the width of one voxel's cell along a unit direction: a plane closer than this to its centre cuts the cell."""
    return float(np.abs(direction @ grid.affine[:3, :3]).sum() / 2)
