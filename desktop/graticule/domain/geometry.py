"""Where a voxel lies in the patient: DICOM LPS, millimetres; an integer index is a voxel centre."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from graticule.domain.errors import GraticuleError

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]

# Neighbouring slices further apart than this many usual steps leave a gap without data.
TOO_FAR = 1.5
# For each LPS axis: the letter towards which its positive and its negative direction points.
_LETTERS = (("L", "R"), ("P", "A"), ("H", "F"))


@dataclass(frozen=True, eq=False)
class Grid:
    """The native grid of a volume.

    shape: (k, j, i), as the array is stored in C order.
    affine: 4×4, maps (i, j, k, 1) to LPS millimetres; its columns may be oblique or sheared (gantry tilt).
    oriented: False when the file does not say how the patient lies; letters are then "?".
    levels: (k,) rising float64 where slices are unevenly spaced or missing: where slice k lies along the k column, in steps of
    it, the first at 0. None when slice k lies at step k. Indices stay slice numbers; only their places in the patient move.
    """

    shape: tuple[int, int, int]
    affine: Floats
    oriented: bool = True
    levels: Floats | None = None

    def __post_init__(self) -> None:
        if self.affine.shape != (4, 4) or not np.all(np.isfinite(self.affine)):
            raise GraticuleError("The image's position or spacing is not a number.", "Ask the sender for the original series.")
        if abs(np.linalg.det(self.affine[:3, :3])) < 1e-12:
            raise GraticuleError("The image's axes do not span a volume.", "Its orientation or spacing is damaged.")
        if self.levels is not None and (self.levels.shape != self.shape[:1] or not np.all(np.diff(self.levels) > 0)):
            raise GraticuleError("The places of the image's slices do not rise.", "Ask the sender for the original series.")

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
        """Volume of a voxel one regular step thick; of an uneven stack use `slice_ml`."""
        return float(abs(np.linalg.det(self.affine[:3, :3])) / 1000.0)

    @property
    def slice_ml(self) -> Floats:
        """(k,) volume of a voxel of each slice: its cell reaches half-way to its neighbours (an end's is symmetric)."""
        if self.levels is None or self.shape[0] < 2:
            return np.full(self.shape[0], self.voxel_ml)
        gaps = np.diff(self.levels)
        cells = (np.concatenate([gaps[:1], gaps]) + np.concatenate([gaps, gaps[-1:]])) / 2
        return np.asarray(cells * self.voxel_ml)

    @property
    def centre_mm(self) -> Floats:
        k, j, i = self.shape
        return self.to_patient(np.array([(i - 1) / 2, (j - 1) / 2, (k - 1) / 2]))

    def to_patient(self, ijk: npt.ArrayLike) -> Floats:
        """(…, 3) indices (i, j, k), fractional allowed → (…, 3) LPS millimetres."""
        index = np.asarray(ijk, dtype=np.float64)
        if self.levels is not None:
            index = np.concatenate([index[..., :2], self.level_of(index[..., 2])[..., None]], axis=-1)
        return np.asarray(index @ self.affine[:3, :3].T + self.affine[:3, 3])

    def to_index(self, lps_mm: npt.ArrayLike) -> Floats:
        """(…, 3) LPS millimetres → (…, 3) fractional (i, j, k)."""
        point = np.asarray(lps_mm, dtype=np.float64) - self.affine[:3, 3]
        index = np.asarray(point @ np.linalg.inv(self.affine[:3, :3]).T)
        if self.levels is not None:
            index[..., 2] = self.slice_of(index[..., 2])
        return index

    def level_of(self, k: npt.ArrayLike) -> Floats:
        """Slice numbers, fractional allowed → steps along the k column; beyond the ends one step per slice."""
        return _stretched(np.asarray(k, dtype=np.float64), np.arange(self.shape[0], dtype=np.float64), self.levels)

    def slice_of(self, level: npt.ArrayLike) -> Floats:
        """Steps along the k column → slice numbers, fractional: the inverse of `level_of`."""
        if self.levels is None:
            return np.asarray(level, dtype=np.float64)
        return _stretched(np.asarray(level, dtype=np.float64), self.levels, np.arange(self.shape[0], dtype=np.float64))

    def voxel_at(self, lps_mm: npt.ArrayLike) -> tuple[int, int, int] | None:
        """The (i, j, k) whose cell holds the point, or None outside the grid."""
        i, j, k = (int(v) for v in np.floor(self.to_index(lps_mm) + 0.5))
        inside = 0 <= i < self.shape[2] and 0 <= j < self.shape[1] and 0 <= k < self.shape[0]
        return (i, j, k) if inside else None

    def in_gap(self, lps_mm: npt.ArrayLike) -> bool:
        """Whether nothing was measured at a point: between slices further apart than `TOO_FAR` usual steps, and not within half
        a usual step of either."""
        if self.levels is None or self.shape[0] < 2:
            return False
        away = np.asarray(lps_mm, dtype=np.float64) - self.affine[:3, 3]
        level = float(away @ np.linalg.inv(self.affine[:3, :3])[2])
        k = int(np.clip(np.searchsorted(self.levels, level) - 1, 0, self.shape[0] - 2))
        apart, step = float(self.levels[k + 1] - self.levels[k]), float(np.median(np.diff(self.levels)))
        return apart > TOO_FAR * step and float(self.levels[k]) + step / 2 < level < float(self.levels[k + 1]) - step / 2

    def same_as(self, other: "Grid", tolerance_mm: float = 0.01) -> bool:
        """Whether the corner voxels (of every slice of an uneven stack) lie within `tolerance_mm` of each other."""
        if self.shape != other.shape:
            return False
        k, j, i = (n - 1 for n in self.shape)
        slices = (0, k) if self.levels is None and other.levels is None else range(k + 1)
        corners = np.array([(a, b, c) for a in (0, i) for b in (0, j) for c in slices], dtype=np.float64)
        return bool(np.abs(self.to_patient(corners) - other.to_patient(corners)).max() <= tolerance_mm)


def _stretched(values: Floats, known: Floats, places: Floats | None) -> Floats:
    """Piecewise linear from `known` (rising) to `places`; beyond the ends the slope is 1. None: nothing is stretched."""
    if places is None:
        return values
    inside = np.interp(values, known, places)
    return np.asarray(inside + np.minimum(values - known[0], 0) + np.maximum(values - known[-1], 0))


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
