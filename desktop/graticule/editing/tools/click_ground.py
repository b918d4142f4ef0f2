"""Where a lesion's growth curve is sought: in the volume, or in one frame of a picture, which has no third side."""

from dataclasses import dataclass, replace

import numpy as np

from graticule.domain.geometry import Array, Floats, Grid
from graticule.domain.labels import Box
from graticule.editing.canvas import FRAMES_APART, Canvas
from graticule.editing.tools.computing import Voxel
from graticule.imaging.growth_curve import ClickParameters, GrowthCurve, from_line_in, in_box, line_box
from graticule.imaging.patch import ball_box

_LEAST_PIXELS = 20


@dataclass(frozen=True, eq=False)
class ClickGround:
    """voxels, grid: what is searched; its first slice is slice `first` of the canvas."""

    voxels: Array
    grid: Grid
    first: int
    flat: bool

    @classmethod
    def of(cls, canvas: Canvas, k: int, reach: float) -> "ClickGround":
        """Round slice k. A frame of a picture counts as thick as twice the reach: so a round spot is as compact as a ball."""
        if canvas.pixel is None:
            return cls(canvas.voxels, canvas.grid, 0, False)
        affine = canvas.grid.affine.copy()
        affine[2, 2], affine[2, 3] = 2 * reach, k * FRAMES_APART
        return cls(canvas.voxels[k:k + 1], Grid((1, *canvas.grid.shape[1:]), affine, oriented=False), k, True)

    def box_round(self, at: Voxel, reach: float) -> Box:
        """Of the canvas."""
        return self._shifted(ball_box(self.grid, (at[0] - self.first, *at[1:]), reach), self.first)

    def box_of_line(self, ends: Floats) -> Box:
        return self._shifted(line_box(self.grid, ends), self.first)

    def click(self, box: Box, at: Voxel, wanted: ClickParameters, allowed: Array | None) -> GrowthCurve:
        """The curve of the part under voxel `at` of the canvas; box, allowed: as of the canvas."""
        own = self._shifted(box, -self.first)
        return self._placed(in_box(self.voxels, self.grid, own, (at[0] - self.first, *at[1:]), self._sized(wanted), allowed))

    def line(self, box: Box, ends: Floats, wanted: ClickParameters, allowed: Array | None) -> GrowthCurve:
        own = self._shifted(box, -self.first)
        return self._placed(from_line_in(self.voxels, self.grid, own, ends, self._sized(wanted), allowed))

    def _sized(self, wanted: ClickParameters) -> ClickParameters:
        """Sizes in pixels where there are no millilitres."""
        if not self.flat:
            return wanted
        pixel = self.grid.voxel_ml
        most = np.pi * wanted.reach_mm**2 / max(float(np.prod(self.grid.spacing_mm[1:])), 1e-9)
        return replace(wanted, least_ml=_LEAST_PIXELS * pixel, most_ml=max(float(most), _LEAST_PIXELS + 1.0) * pixel)

    def _placed(self, curve: GrowthCurve) -> GrowthCurve:
        return replace(curve, box=self._shifted(curve.box, self.first)) if self.first else curve

    @staticmethod
    def _shifted(box: Box, by: int) -> Box:
        return slice(box[0].start + by, box[0].stop + by), box[1], box[2]
