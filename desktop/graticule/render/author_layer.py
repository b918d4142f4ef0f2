"""Who made each voxel, in a view: the authors beside a label map, where a segment that is seen lies."""

import numpy as np

from graticule.domain.geometry import Array, Grid
from graticule.domain.labels import Box, LabelMap
from graticule.imaging.plane import ViewPlane
from graticule.render.overlay import LabelLayer
from graticule.render.reslice import Rectangle, SliceRenderer

# Author codes are stored from 0 (nobody knows) on; in this layer every code is one higher, so that 0 stays "nothing here".
SHIFT = 1


class AuthorLayer(LabelLayer):
    """seen: (256,) bool, label values whose voxels are coloured. Colour tables go by author code + SHIFT."""

    def __init__(self, group: LabelMap, grid: Grid) -> None:
        super().__init__(_Authors(group), grid)
        self._values = SliceRenderer(group.values, grid, labels=True)
        self.seen: Array = np.ones(256, dtype=bool)

    def _sampled(self, plane: ViewPlane, rectangle: Rectangle) -> Array:
        self._values.changed()
        authors = super()._sampled(plane, rectangle) + np.uint8(SHIFT)
        labels = self._values.slice(plane, rectangle)
        return np.asarray(np.where(self.seen[labels] & (labels != 0), authors, 0), dtype=np.uint8)


class _Authors:
    """A group's authors as something to be drawn."""

    def __init__(self, group: LabelMap) -> None:
        self._group = group

    @property
    def values(self) -> Array:
        return self._group.authors

    @property
    def box(self) -> Box | None:
        return self._group.box
