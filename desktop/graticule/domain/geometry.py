"""Where a voxel lies in the patient: DICOM LPS, millimetres; an integer index is a voxel centre."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from graticule.domain.errors import GraticuleError

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]

# For each LPS axis: the letter towards which its positive and its negative direction points.
_LETTERS = (("L", "R"), ("P", "A"), ("H", "F"))


@dataclass(frozen=True, eq=False)
class Grid:
    """The native grid of a volume.

    shape: (k, j, i), as the array is stored in C order.
    affine: 4×4, maps (i, j, k, 1) to LPS millimetres; its columns may be oblique or sheared (gantry tilt).
    oriented: False when the file does not say how the patient lies; letters are then "?".
    """

    shape: tuple[int, int, int]
    affine: Floats
    oriented: bool = True

    def __post_init__(self) -> None:
        if self.affine.shape != (4, 4) or not np.all(np.isfinite(self.affine)):
            raise GraticuleError("The image's position or spacing is not a number.", "Ask the sender for the original series.")
        if abs(np.linalg.det(self.affine[:3, :3])) < 1e-12:
            raise GraticuleError("The image's axes do not span a volume.", "Its orientation or spacing is damaged.")

    @property
    def spacing_mm(self) -> tuple[float, float, float]:
        """Length of one step along (k, j, i), in millimetres."""
        i, j, k = np.linalg.norm(self.affine[:3, :3], axis=0)
        return float(k), float(j), float(i)

    @property
    def direction(self) -> Floats:
        """3×3, unit columns: the i, j and k axes in LPS."""
        axes = self.affine[:3, :3]
        return np.asarray(axes / np.linalg.norm(axes, axis=0))

    @property
    def origin_mm(self) -> Floats:
        """LPS of the first voxel's centre."""
        return np.asarray(self.affine[:3, 3])

    @property
    def normal(self) -> Floats:
        """Unit normal of the acquisition plane, pointing to rising k."""
        i, j, k = self.direction.T
        n = np.cross(i, j)
        n /= np.linalg.norm(n)
        return n if float(n @ k) >= 0 else -n

    @property
    def tilt_deg(self) -> float:
        """Angle between the stacking direction and the slice normal; 0 for an untilted gantry."""
        cosine = float(np.clip(self.direction[:, 2] @ self.normal, -1.0, 1.0))
        return float(np.degrees(np.arccos(cosine)))

    @property
    def voxel_ml(self) -> float:
        return float(abs(np.linalg.det(self.affine[:3, :3])) / 1000.0)

    @property
    def centre_mm(self) -> Floats:
        k, j, i = self.shape
        return self.to_patient(np.array([(i - 1) / 2, (j - 1) / 2, (k - 1) / 2]))

    def to_patient(self, ijk: npt.ArrayLike) -> Floats:
        """(…, 3) indices (i, j, k), fractional allowed → (…, 3) LPS millimetres."""
        index = np.asarray(ijk, dtype=np.float64)
        return np.asarray(index @ self.affine[:3, :3].T + self.affine[:3, 3])

    def to_index(self, lps_mm: npt.ArrayLike) -> Floats:
        """(…, 3) LPS millimetres → (…, 3) fractional (i, j, k)."""
        point = np.asarray(lps_mm, dtype=np.float64) - self.affine[:3, 3]
        return np.asarray(point @ np.linalg.inv(self.affine[:3, :3]).T)

    def voxel_at(self, lps_mm: npt.ArrayLike) -> tuple[int, int, int] | None:
        """The (i, j, k) whose cell holds the point, or None outside the grid."""
        i, j, k = (int(v) for v in np.floor(self.to_index(lps_mm) + 0.5))
        inside = 0 <= i < self.shape[2] and 0 <= j < self.shape[1] and 0 <= k < self.shape[0]
        return (i, j, k) if inside else None

    def same_as(self, other: "Grid", tolerance_mm: float = 0.01) -> bool:
        """Whether the eight corner voxels lie within `tolerance_mm` of each other in both grids."""
        if self.shape != other.shape:
            return False
        k, j, i = (n - 1 for n in self.shape)
        corners = np.array([(a, b, c) for a in (0, i) for b in (0, j) for c in (0, k)], dtype=np.float64)
        return bool(np.abs(self.to_patient(corners) - other.to_patient(corners)).max() <= tolerance_mm)


def letters_for(direction: npt.ArrayLike, oriented: bool = True) -> str:
    """Orientation letters for a direction in LPS, strongest first ("L", "PH", …); "?" when unknown.

    A component counts when it exceeds 0.25 of the direction, at most two letters (three would crowd the edge).
    """
    if not oriented:
        return "?"
    vector = np.asarray(direction, dtype=np.float64)
    length = float(np.linalg.norm(vector))
    if length == 0 or not np.all(np.isfinite(vector)):
        return "?"
    vector = vector / length
    order = np.argsort(-np.abs(vector), kind="stable")[:2]
    return "".join(_LETTERS[axis][0 if vector[axis] > 0 else 1] for axis in order if abs(vector[axis]) > 0.25)
