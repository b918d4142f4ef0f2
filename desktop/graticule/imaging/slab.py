"""A slab: what lies within a thickness round a plane, seen as one picture."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from graticule.domain.geometry import Floats, Grid

LEAST_MM, MOST_MM = 1.0, 500.0
# While the hand moves, fewer samples: gaps between them may miss a thin bright line for a moment.
MOST_SAMPLES, QUICK_SAMPLES = 400, 12


class Through(StrEnum):
    """What is taken of the values along the line of sight."""

    MAX = "max"
    MIN = "min"
    MEAN = "mean"


WORDS = {Through.MAX: "MIP", Through.MIN: "MinIP", Through.MEAN: "Mean"}


@dataclass(frozen=True, slots=True)
class Slab:
    """`thickness_mm` in the patient, half of it on either side of the plane."""

    through: Through = Through.MAX
    thickness_mm: float = 10.0

    @property
    def words(self) -> str:
        """"MIP 20 mm", for the caption."""
        return f"{WORDS[self.through]} {self.thickness_mm:g} mm"

    def resized(self, steps: float) -> "Slab":
        """One step of the wheel is a fifth, rounded to whole millimetres."""
        wanted = self.thickness_mm * 1.2**steps
        rounded = np.ceil(wanted) if steps > 0 else np.floor(wanted)
        return self.of(float(rounded))

    def of(self, thickness_mm: float) -> "Slab":
        return Slab(self.through, float(np.clip(round(thickness_mm, 1), LEAST_MM, MOST_MM)))

    def offsets_mm(self, grid: Grid, normal: Floats, *, quick: bool = False) -> Floats:
        """(n,) where along the (3,) unit normal values are taken, the plane itself in the middle: no more than half a voxel
        layer apart, so that nothing thinner than a voxel is stepped over."""
        layer = float(np.min(np.abs(1.0 / _across(grid, normal)))) / 2
        half = max(1, int(np.ceil(self.thickness_mm / 2 / max(layer, 1e-3))))
        half = min(half, (QUICK_SAMPLES if quick else MOST_SAMPLES) // 2)
        return np.linspace(-self.thickness_mm / 2, self.thickness_mm / 2, 2 * half + 1)


def _across(grid: Grid, normal: Floats) -> Floats:
    """(3,) index steps per millimetre along the normal, none of them zero."""
    steps = np.linalg.inv(grid.affine[:3, :3]) @ normal
    if grid.levels is not None and grid.shape[0] > 1:
        steps[2] /= min(1.0, float(np.diff(grid.levels).min()))
    return np.asarray(np.where(np.abs(steps) < 1e-9, 1e-9, steps))
