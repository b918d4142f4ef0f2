"""A slice with another series over it: under the labels, over the greys."""

from functools import lru_cache

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter, QRegion
from PySide6.QtWidgets import QWidget

from graticule.domain.labels import Labels
from graticule.presenters.fusion import FusedView
from graticule.presenters.hand import Hand
from graticule.presenters.volume import Part, VolumePresenter
from graticule.render.fusion import FusedLayer
from graticule.ui.slice_view import SliceView

SQUARE_PX = 72


class FusedSliceView(SliceView):
    def __init__(self, volume: VolumePresenter, view: FusedView, labels: Labels, hand: Hand,
                 parent: QWidget | None = None) -> None:
        super().__init__(volume, view, labels, hand, parent)
        self._fused_view = view
        self._placed = view.fusion.grid
        self._fused = FusedLayer(view.fusion.over.voxels, self._placed)
        self._fused_stale = {Part.PLANE}

    def refresh(self, part: Part) -> None:
        if part in (Part.PLANE, Part.FUSION):
            self._fused_stale.add(part)
        super().refresh(part)

    def over_changed(self) -> None:
        """Slices of the series above have arrived."""
        self._fused.changed()
        self.refresh(Part.PLANE)

    def draw_over_grey(self, painter: QPainter) -> None:
        fusion, slab = self._fused_view.fusion, self._fused_view.slab
        look, plane = fusion.look, self._fused_view.device_plane
        if fusion.grid is not self._placed:
            self._placed, self._fused = fusion.grid, FusedLayer(fusion.over.voxels, fusion.grid)
            self._fused_stale.add(Part.PLANE)
        if Part.PLANE in self._fused_stale or self._fused.pixels.shape != (plane.height, plane.width):
            self._fused.draw(plane, look.window, look.colours, 1.0 if look.checkered else look.blend, fades=look.fades,
                             slab=slab)
        elif Part.FUSION in self._fused_stale:
            self._fused.recolour(look.window, look.colours, 1.0 if look.checkered else look.blend, fades=look.fades)
        self._fused_stale.clear()
        pixels = self._fused.pixels
        painter.save()
        if look.checkered:
            painter.setClipRegion(_every_other_square(self.width(), self.height()))
        painter.drawImage(0, 0, self._image(pixels, QImage.Format.Format_ARGB32_Premultiplied, pixels.shape[1] * 4))
        painter.restore()


@lru_cache(maxsize=8)
def _every_other_square(width: int, height: int) -> QRegion:
    squares = QRegion()
    for row in range(0, height, SQUARE_PX):
        for column in range(0, width, SQUARE_PX):
            if (row + column) // SQUARE_PX % 2:
                squares += QRect(column, row, SQUARE_PX, SQUARE_PX)
    return squares
