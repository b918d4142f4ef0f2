"""A rectangular window onto the patient: what one view shows, in millimetres and screen pixels."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from graticule.domain.geometry import Floats


@dataclass(frozen=True, eq=False)
class ViewPlane:
    """`width` × `height` pixels of `mm_per_pixel`, from the outer `corner_mm` of the top-left pixel.

    right, down: unit vectors in LPS. A pixel's centre is at (x + 0.5, y + 0.5).
    """

    right: Floats
    down: Floats
    corner_mm: Floats
    mm_per_pixel: float
    width: int
    height: int

    @cached_property
    def normal(self) -> Floats:
        return np.asarray(np.cross(self.right, self.down))

    def to_patient(self, x: npt.ArrayLike, y: npt.ArrayLike) -> Floats:
        """Screen (…,) x and y in pixels → (…, 3) LPS millimetres."""
        across = np.asarray(x, dtype=np.float64)[..., None] * self.right
        along = np.asarray(y, dtype=np.float64)[..., None] * self.down
        return np.asarray(self.corner_mm + (across + along) * self.mm_per_pixel)

    def to_screen(self, lps_mm: npt.ArrayLike) -> Floats:
        """(…, 3) LPS millimetres → (…, 2) pixels; a point off the plane falls onto it along the normal."""
        away = np.asarray(lps_mm, dtype=np.float64) - self.corner_mm
        return np.stack([away @ self.right, away @ self.down], axis=-1) / self.mm_per_pixel

    def distance_mm(self, lps_mm: npt.ArrayLike) -> Floats:
        """Signed distance of (…, 3) points from the plane, positive along the normal."""
        return np.asarray((np.asarray(lps_mm, dtype=np.float64) - self.corner_mm) @ self.normal)

    def in_pixels_of(self, ratio: float) -> "ViewPlane":
        """The same window in pixels `ratio` times as fine (device pixels of a dense screen)."""
        return replace(self, mm_per_pixel=self.mm_per_pixel / ratio, width=max(1, round(self.width * ratio)),
                       height=max(1, round(self.height * ratio)))

    def pixel_to_index(self, patient_to_index: Floats) -> Floats:
        """4×4: (x, y, slab step in mm, 1) of pixel numbers → fractional (i, j, k). Integer x is a pixel's centre.

        patient_to_index: 4×4, the inverse of a grid's affine.
        """
        to_patient = np.eye(4)
        to_patient[:3, 0] = self.right * self.mm_per_pixel
        to_patient[:3, 1] = self.down * self.mm_per_pixel
        to_patient[:3, 2] = self.normal
        to_patient[:3, 3] = self.to_patient(0.5, 0.5)
        matrix = patient_to_index @ to_patient
        matrix[:3, :3][np.abs(matrix[:3, :3]) < 1e-12] = 0.0
        return np.asarray(matrix)

    def rectangle_of(self, points_mm: Floats, margin_px: int = 1) -> tuple[int, int, int, int] | None:
        """Pixels (x0, y0, x1, y1), ends excluded, that hold the (n, 3) points and a margin; None when none is in view."""
        screen = self.to_screen(points_mm)
        low, high = np.floor(screen.min(axis=0)) - margin_px, np.ceil(screen.max(axis=0)) + margin_px
        x0, y0 = max(0, int(low[0])), max(0, int(low[1]))
        x1, y1 = min(self.width, int(high[0])), min(self.height, int(high[1]))
        return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None
