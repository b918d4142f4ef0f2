"""What was measured on a volume file's geometry: rows of the case's sheet, and the doubts that follow from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from graticule.domain.geometry import Floats, Grid
from graticule.domain.volume import Doubt
from graticule.formats.titles import millimetres

Sign = tuple[str, str, str]
# Single precision in the header makes this much at the far corner of any real volume.
SAME_MM = 0.1
SHEAR_DEG = 0.1
NO_POSITION = Doubt("no-position", "The file does not say how the patient lies: directions are unknown.")
NO_SCALE = Doubt("no-scale", "The file gives no valid voxel size: nothing can be measured in mm.")
COLOUR = Doubt("colour-as-grey", "The file holds colours; their brightness is shown as grey.")


@dataclass(frozen=True, eq=False, slots=True)
class Place:
    """Where a file's voxels lie. measured: whether its steps are mm. source: what in the file says how the patient lies."""

    grid: Grid
    measured: bool
    source: str
    signs: tuple[Sign, ...]
    doubts: tuple[Doubt, ...]


def sheet(place: Place, stored: str) -> tuple[Sign, ...]:
    """The rows of a volume file. stored: how its numbers are kept."""
    grid, measured = place.grid, place.measured
    k, j, i = grid.spacing_mm
    size = " × ".join(millimetres(step) for step in (i, j, k)) if measured else "not stated"
    rows: list[Sign] = [
        ("Voxels", " × ".join(str(n) for n in grid.shape[::-1]), ""),
        ("Voxel size", size, "" if measured else "bad"),
        ("Stored as", stored, ""),
        ("Directions", place.source if grid.oriented else "not stated", "" if grid.oriented else "bad"),
    ]
    if measured and shear_deg(grid) > SHEAR_DEG:
        rows.append(("Axes", f"{shear_deg(grid):.1f}° from a right angle", "warn"))
    if grid.oriented and np.linalg.det(grid.affine[:3, :3]) < 0:
        rows.append(("Order of axes", "left-handed", ""))
    return (*rows, *place.signs)


def shear_doubts(grid: Grid) -> tuple[Doubt, ...]:
    shear = shear_deg(grid)
    if shear <= SHEAR_DEG:
        return ()
    return (Doubt("tilt", f"The axes are {shear:.1f}° from a right angle, as with a tilted gantry; geometry follows them."),)


def shear_deg(grid: Grid) -> float:
    """How far the worst pair of axes is from a right angle, in degrees."""
    axes = grid.direction
    cosines = np.clip(np.abs([axes[:, a] @ axes[:, b] for a, b in ((0, 1), (0, 2), (1, 2))]), 0, 1)
    return float(np.degrees(np.arcsin(cosines.max())))


def apart_mm(one: Floats, other: Floats, shape: tuple[int, int, int]) -> float:
    """How far two affines put the same corner of a volume (k, j, i) apart, at most, in the unit of the affines."""
    k, j, i = (n - 1 for n in shape)
    corners = np.array([(*corner, 1) for corner in product((0, i), (0, j), (0, k))], dtype=np.float64)
    return float(np.linalg.norm((corners @ (one - other).T)[:, :3], axis=1).max())


def usable(affine: Floats) -> bool:
    """Whether a 4×4 affine places voxels at all: finite numbers of a sane size, axes that span a volume."""
    if not np.all(np.isfinite(affine)) or np.abs(affine).max() > 1e7:
        return False
    lengths = np.linalg.norm(affine[:3, :3], axis=0)
    if lengths.min() < 1e-6:
        return False
    return bool(abs(np.linalg.det(affine[:3, :3] / lengths)) > 1e-3)


def steps_only(shape: tuple[int, int, int], steps: Sequence[float], known: int = 3) -> tuple[Grid, bool]:
    """(a grid along the array's own axes, whether all its steps are given), when nothing says where the axes point.

    steps: mm along (i, j, k); what is missing, zero or no number becomes 1. known: axes that the file has (2: a single slice).
    """
    lengths = np.abs(np.array([*steps, 0.0, 0.0, 0.0][:3], dtype=np.float64))
    given = np.isfinite(lengths) & (lengths > 1e-6) & (lengths < 1e6)
    grid = Grid(shape, np.diag([*np.where(given, lengths, 1.0), 1.0]), oriented=False)
    return grid, bool(given[:max(1, min(3, known))].all())
