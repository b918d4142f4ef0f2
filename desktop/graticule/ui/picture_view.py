"""A picture or a frame of a loop: windowed greys or colours, smooth at any size, turned as asked, with marks over it."""

import math

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QTransform
from PySide6.QtWidgets import QWidget

from graticule.domain.edits import Touched
from graticule.domain.geometry import Array
from graticule.presenters.hand import Hand
from graticule.presenters.picture import PicturePresenter, halved
from graticule.presenters.proposed import Preview
from graticule.render.grey import to_grey
from graticule.ui.colour_table import mapped_image
from graticule.ui.label_layers import LabelLayers
from graticule.ui.theme import TOKENS
from graticule.ui.viewport import ZOOM_PER_STEP, Viewport


class PictureView(Viewport):
    """Reduced pictures are drawn from halved copies, so that fine lines do not vanish between screen pixels."""

    def __init__(self, view: PicturePresenter, hand: Hand, parent: QWidget | None = None) -> None:
        super().__init__(view, hand, "", parent)
        self._picture_view = view
        self._segments = LabelLayers(hand.bench.workspace.labels, view.labels.grid, view.labels.colours,
                                     view.labels.shares)
        self._drawn: tuple[object, ...] = ()
        self._levels: list[Array] = []
        self._frame = -1
        self._images: dict[int, tuple[QImage, Array]] = {}

    def window_changed(self) -> None:
        self._images.clear()
        self.update()

    def samples_changed(self) -> None:
        """The pixels have arrived."""
        self._frame = -1
        self.window_changed()

    def labels_changed(self, touched: Touched) -> None:
        """Voxels or elements changed: only what this frame shows of them is drawn again."""
        if touched.elements:
            self.labels_look_changed()
        for group, box in touched.boxes:
            found = self._picture_view.labels.rectangle_of(box, self.ratio)
            if found is not None:
                self._segments.changed(group, found)
                x0, y0, x1, y1 = (value / self.ratio for value in found)
                self.update(QRectF(x0 - 2, y0 - 2, x1 - x0 + 4, y1 - y0 + 4).toAlignedRect())

    def labels_look_changed(self) -> None:
        """Other colours, opacity or hidden segments."""
        self._segments.stale = True
        self.update()

    def show_preview(self, preview: Preview | None) -> None:
        """What a tool proposes; None for nothing."""
        self._segments.show_preview(preview)
        self.update()

    def wheel_steps(self, steps: float, at: QPointF) -> None:
        """Through the frames of a loop; a single picture is zoomed."""
        if self._picture_view.count > 1:
            self._picture_view.scroll(-int(steps))
        else:
            self._picture_view.zoom(ZOOM_PER_STEP**steps, at.toTuple())

    def draw_image(self, painter: QPainter, clip: QRect) -> None:
        painter.fillRect(clip, QColor(TOKENS.image_ground))
        if self.loading is None and self._here():
            self._draw(painter, self._level(1.0))
            self._draw_segments(painter)

    def draw_magnified(self, painter: QPainter, seen: QRectF, power: float) -> None:
        if self.loading is None and self._here():
            self._draw(painter, self._level(power))
            self._segments.draw(painter, self.ratio)

    def _draw_segments(self, painter: QPainter) -> None:
        """As the picture lies now: all of them anew when it has moved, else only what changed."""
        view = self._picture_view
        lies = (view.place.matrix.tobytes(), view.on_screen((0.0, 0.0)), view.index, self.size(), self.ratio)
        self._segments.stale |= lies != self._drawn
        self._drawn = lies
        self._segments.renew(view.labels.device_plane(self.ratio), view.labels.label_look, self.ratio)
        self._segments.draw(painter, self.ratio)

    def _here(self) -> bool:
        """Whether the frame has been decoded; one that has not is no picture of black."""
        arrived, index = self._picture_view.picture.arrived, self._picture_view.index
        return index >= arrived.size or bool(arrived[index])

    def _draw(self, painter: QPainter, level: int) -> None:
        view = self._picture_view
        self._take_frame()
        image, level = self._image(level)
        painter.save()
        painter.setTransform(_to_screen(view), True)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        size = 1 << level
        # A halved copy lacks an odd last row or column; it must not be stretched over the place of it.
        painter.drawImage(QRectF(0, 0, image.width() * size, image.height() * size), image, QRectF(image.rect()))
        self._draw_overlay(painter)
        self._draw_shutter(painter)
        painter.restore()

    def _draw_overlay(self, painter: QPainter) -> None:
        """The file's own graphics (60xx)."""
        view = self._picture_view
        drawn = view.picture.overlay_of(view.index) if view.show_overlay else None
        if drawn is not None:
            colour = QColor(TOKENS.image_text)
            pixels = np.where(drawn, np.uint32(colour.rgba()), np.uint32(0))
            height, width = pixels.shape
            image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied)
            painter.drawImage(QRectF(0, 0, width, height), image, QRectF(image.rect()))

    def _draw_shutter(self, painter: QPainter) -> None:
        """What the sender covered: black, as on film."""
        view = self._picture_view
        if view.shutter is None:
            return
        left, top, right, bottom = view.shutter
        columns, rows = float(view.picture.columns), float(view.picture.rows)
        for box in (QRectF(0, 0, columns, top), QRectF(0, bottom, columns, rows - bottom), QRectF(0, top, left, bottom - top),
                    QRectF(right, top, columns - right, bottom - top)):
            if box.width() > 0 and box.height() > 0:
                painter.fillRect(box, QColor(TOKENS.image_ground))

    def _take_frame(self) -> None:
        view = self._picture_view
        if self._frame != view.index:
            self._frame = view.index
            self._levels = [np.ascontiguousarray(view.picture.frame(view.index))]
            self._images.clear()

    def _level(self, power: float) -> int:
        """How often the picture may be halved and still has a pixel for each of the screen."""
        reduced = 1.0 / (self._picture_view.scale * self.ratio * power)
        return max(0, int(math.log2(reduced) + 1e-6)) if reduced > 1 else 0

    def _image(self, level: int) -> tuple[QImage, int]:
        """The image halved so often, or as often as its size allows."""
        while len(self._levels) <= level and min(self._levels[-1].shape[:2]) > 1:
            self._levels.append(halved(self._levels[-1]))
        level = min(level, len(self._levels) - 1)
        if level not in self._images:
            self._images[level] = self._make(self._levels[level])
        return self._images[level][0], level

    def _make(self, pixels: Array) -> tuple[QImage, Array]:
        height, width = pixels.shape[:2]
        if pixels.ndim == 3:
            return QImage(pixels.data, width, height, width * 3, QImage.Format.Format_RGB888), pixels
        grey = to_grey(pixels, self._picture_view.display_window)
        return mapped_image(grey, self._picture_view.colour_map), grey


def _to_screen(view: PicturePresenter) -> QTransform:
    (a, b), (c, d) = view.place.matrix
    x, y = view.on_screen((0.0, 0.0))
    return QTransform(a, c, b, d, x, y)
