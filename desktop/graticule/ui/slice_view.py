"""A slice of a volume with its labels: asks `render` for pixels at paint time, and only for those that changed."""

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from graticule.domain.edits import Touched
from graticule.domain.geometry import Array
from graticule.domain.labels import Labels
from graticule.presenters.hand import Hand
from graticule.presenters.plane_view import PlaneView
from graticule.presenters.volume import GRID_LAYOUT, Part, VolumePresenter
from graticule.render.grey import to_grey
from graticule.render.overlay import LabelLayer, colour_table
from graticule.render.reslice import Rectangle, SliceRenderer
from graticule.ui.theme import PLANE_COLOURS
from graticule.ui.viewport import Viewport

CROSSHAIR_GAP_PX = 14.0


class SliceView(Viewport):
    """What has to be renewed is only noted here (`refresh`, `labels_changed`); `paintEvent` does it."""

    def __init__(self, volume: VolumePresenter, view: PlaneView, labels: Labels, hand: Hand,
                 parent: QWidget | None = None) -> None:
        super().__init__(view, hand, PLANE_COLOURS[view.name], parent)
        self._volume = volume
        self._plane_view = view
        self._labels = labels
        self._renderer = SliceRenderer(volume.volume.voxels, volume.volume.grid)
        self._layers: dict[str, LabelLayer] = {}
        self._tables: dict[str, tuple[Array, Array]] = {}
        self._values: Array | None = None
        self._grey: Array = np.zeros((0, 0), dtype=np.uint8)
        self._patches: dict[str, Rectangle] = {}
        self._stale = {Part.PLANE, Part.WINDOW, Part.LABELS}

    def refresh(self, part: Part) -> None:
        """Something of this view is out of date."""
        self._stale.add(part)
        self.update()

    def samples_changed(self) -> None:
        """A slice of the series has arrived."""
        self._renderer.changed()
        self.refresh(Part.PLANE)

    def labels_changed(self, touched: Touched) -> None:
        """Voxels or elements changed: note the rectangle that this slice shows of it."""
        if touched.elements:
            self.refresh(Part.LABELS)
        for group, box in touched.boxes:
            found = self._volume.rectangle_of(self._plane_view, box)
            if found is None:
                continue
            self._patches[group] = _hull(self._patches.get(group), found)
            self.update(self._logical(found))

    def wheel_steps(self, steps: float, at: QPointF) -> None:
        self._plane_view.scroll(-int(steps))

    def draw_image(self, painter: QPainter, clip: QRect) -> None:
        self._renew()
        painter.drawImage(0, 0, self._image(self._grey, QImage.Format.Format_Grayscale8, self._grey.shape[1]))
        for layer in self._layers.values():
            if not layer.empty:
                pixels = layer.pixels
                painter.drawImage(0, 0, self._image(pixels, QImage.Format.Format_ARGB32_Premultiplied, pixels.shape[1] * 4))

    def draw_between(self, painter: QPainter) -> None:
        """Where the other two planes cut this one, with a gap round the point they share."""
        if self._volume.layout != GRID_LAYOUT:
            return
        centre = QPointF(*self._plane_view.crosshair())
        reach = float(self.width() + self.height())
        for other in self._volume.views.values():
            if other is self._plane_view:
                continue
            direction = self._plane_view.cut_by(other)
            if direction is None:
                continue
            along = QPointF(*direction)
            colour = QColor(PLANE_COLOURS[other.name])
            colour.setAlpha(170)
            painter.setPen(QPen(colour, 1))
            gap, far = along * CROSSHAIR_GAP_PX, along * reach
            painter.drawLines([QLineF(centre - far, centre - gap), QLineF(centre + gap, centre + far)])

    # --- renewing ---------------------------------------------------------------------------------------------------

    def _renew(self) -> None:
        plane = self._plane_view.device_plane
        if self._values is None or Part.PLANE in self._stale:
            self._values = self._renderer.slice(plane)
            self._stale |= {Part.WINDOW, Part.LABELS}
        if Part.WINDOW in self._stale:
            if self._grey.shape != self._values.shape:
                self._grey = np.empty(self._values.shape, dtype=np.uint8)
            to_grey(self._values, self._volume.display_window, self._renderer.outside, self._grey)
        if Part.LABELS in self._stale:
            self._draw_labels()
        else:
            self._patch_labels()
        self._patches.clear()
        self._stale.clear()

    def _draw_labels(self) -> None:
        plane = self._plane_view.device_plane
        for group in self._labels.groups:
            self._tables[group] = self._colours(group)
            self._layer(group).line_px = max(1, round(self.ratio))
            self._layer(group).draw(plane, *self._tables[group])

    def _patch_labels(self) -> None:
        plane = self._plane_view.device_plane
        for group, rectangle in self._patches.items():
            if group in self._layers:
                self._layers[group].patch(plane, rectangle, *self._tables[group])
            else:
                self._tables[group] = self._colours(group)
                self._layer(group).draw(plane, *self._tables[group])

    def _layer(self, group: str) -> LabelLayer:
        if group not in self._layers:
            self._layers[group] = LabelLayer(self._labels.groups[group], self._volume.volume.grid)
        return self._layers[group]

    def _colours(self, group: str) -> tuple[Array, Array]:
        look, colours = self._volume.label_look, self._volume.colours(group)
        return colour_table(colours, 0.0 if look.outline_only else look.opacity), colour_table(colours, 1.0)

    def _image(self, pixels: Array, form: QImage.Format, bytes_per_line: int) -> QImage:
        height, width = pixels.shape
        image = QImage(pixels.data, width, height, bytes_per_line, form)
        image.setDevicePixelRatio(self.ratio)
        return image

    def _logical(self, rectangle: Rectangle) -> QRect:
        x0, y0, x1, y1 = (value / self.ratio for value in rectangle)
        return QRectF(x0 - 2, y0 - 2, x1 - x0 + 4, y1 - y0 + 4).toAlignedRect()


def _hull(one: Rectangle | None, other: Rectangle) -> Rectangle:
    if one is None:
        return other
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
