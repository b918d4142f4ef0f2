"""One volume in colour over the slice of another: resampled onto the same plane, windowed, coloured and blended."""

from functools import lru_cache

import numpy as np

from graticule.domain.geometry import Array, Grid
from graticule.domain.volume import Window
from graticule.imaging.colour_maps import table
from graticule.imaging.plane import ViewPlane
from graticule.imaging.slab import Slab
from graticule.render.grey import to_grey
from graticule.render.reslice import SliceRenderer

# Below this share of the window an overlay that fades is clear, so that the anatomy under cold tissue stays visible.
FADE_UNTIL = 0.25


@lru_cache(maxsize=16)
def blend_table(colours: str, blend: float, fades: bool) -> Array:
    """(256,) uint32 premultiplied ARGB by grey: the colour map at an opacity of `blend` (0…1), rising from 0 where it fades."""
    rgb = table(colours).astype(np.float64)
    alpha = np.full(256, min(1.0, max(0.0, blend)))
    if fades:
        alpha *= np.clip(np.arange(256) / (255 * FADE_UNTIL), 0.0, 1.0)
    channels = np.rint(rgb * alpha[:, None]).astype(np.uint32)
    packed = (np.rint(alpha * 255).astype(np.uint32) << 24) | (channels[:, 0] << 16) | (channels[:, 1] << 8) | channels[:, 2]
    packed.flags.writeable = False
    return np.asarray(packed)


class FusedLayer:
    """The overlay of one view. grid: where its voxels lie in the space of the series below.

    `pixels` is (height, width) uint32 premultiplied ARGB, kept between calls.
    """

    def __init__(self, voxels: Array, grid: Grid) -> None:
        self._renderer = SliceRenderer(voxels, grid)
        self._values: Array | None = None
        self._grey: Array = np.zeros((0, 0), dtype=np.uint8)
        self.pixels: Array = np.zeros((0, 0), dtype=np.uint32)

    def changed(self) -> None:
        """Samples were written."""
        self._renderer.changed()
        self._values = None

    def draw(self, plane: ViewPlane, window: Window, colours: str, blend: float, *, fades: bool,
             slab: Slab | None = None) -> None:
        """Resample on the view's plane and colour; pixels beyond the grid stay clear."""
        self._values = self._renderer.slice(plane, slab=slab)
        self.recolour(window, colours, blend, fades=fades)

    def recolour(self, window: Window, colours: str, blend: float, *, fades: bool) -> None:
        """Another window, map or blend of the same slice."""
        values = self._values
        if values is None:
            return
        if self._grey.shape != values.shape:
            self._grey = np.empty(values.shape, dtype=np.uint8)
            self.pixels = np.empty(values.shape, dtype=np.uint32)
        to_grey(values, window, self._renderer.outside, self._grey)
        np.take(blend_table(colours, round(blend, 3), fades), self._grey, out=self.pixels, mode="clip")
        self.pixels[values == values.dtype.type(self._renderer.outside)] = 0
