"""The graphics that the files of a series bring along (60xx), on the planes they were drawn for."""

import numpy as np

from graticule.domain.geometry import Array, Grid
from graticule.imaging.plane import ViewPlane
from graticule.render.reslice import SliceRenderer


class FileGraphics:
    """overlay: (k, j, i) bool, shared with the volume, whose slices may still arrive."""

    def __init__(self, overlay: Array, grid: Grid) -> None:
        self._overlay = overlay
        self._renderer = SliceRenderer(overlay.view(np.uint8), grid, labels=True)

    def draw(self, plane: ViewPlane, k: int | None, argb: int) -> Array | None:
        """(height, width) uint32 premultiplied ARGB; None when the plane is no slice of the series (k None) or has no graphics.

        On other planes the lines of a drawing would be scattered points.
        """
        if k is None or not self._overlay[k].any():
            return None
        self._renderer.changed()
        return np.where(self._renderer.slice(plane) > 0, np.uint32(argb), np.uint32(0))
