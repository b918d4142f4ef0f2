"""A single picture: windowed greys or colours, smooth at any size, with marks over it."""

import math

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from graticule.domain.geometry import Array
from graticule.presenters.hand import Hand
from graticule.presenters.picture import PicturePresenter, halved
from graticule.render.grey import to_grey
from graticule.ui.theme import TOKENS
from graticule.ui.viewport import ZOOM_PER_STEP, Viewport


class PictureView(Viewport):
    """Reduced pictures are drawn from halved copies, so that fine lines do not vanish between screen pixels."""

    def __init__(self, view: PicturePresenter, hand: Hand, parent: QWidget | None = None) -> None:
        super().__init__(view, hand, "", parent)
        self._picture_view = view
        self._levels: list[Array] = [np.ascontiguousarray(view.picture.pixels)]
        self._images: dict[int, tuple[QImage, Array]] = {}

    def window_changed(self) -> None:
        self._images.clear()
        self.update()

    def samples_changed(self) -> None:
        """The pixels have arrived."""
        self._levels = [np.ascontiguousarray(self._picture_view.picture.pixels)]
        self.window_changed()

    def wheel_steps(self, steps: float, at: QPointF) -> None:
        self._picture_view.zoom(ZOOM_PER_STEP**steps, at.toTuple())

    def draw_image(self, painter: QPainter, clip: QRect) -> None:
        painter.fillRect(clip, QColor(TOKENS.image_ground))
        if self.loading is not None:
            return
        view = self._picture_view
        image, _ = self._image(self._level())
        left, top = view.on_screen((0.0, 0.0))
        box = QRectF(left, top, view.picture.columns * view.scale, view.picture.rows * view.scale)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        painter.drawImage(box, image, QRectF(image.rect()))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)

    def _level(self) -> int:
        """How often the picture may be halved and still has a pixel for each of the screen."""
        reduced = 1.0 / (self._picture_view.scale * self.ratio)
        return max(0, int(math.log2(reduced) + 1e-6)) if reduced > 1 else 0

    def _image(self, level: int) -> tuple[QImage, Array]:
        while len(self._levels) <= level:
            self._levels.append(halved(self._levels[-1]))
        if level not in self._images:
            self._images[level] = self._make(self._levels[level])
        return self._images[level]

    def _make(self, pixels: Array) -> tuple[QImage, Array]:
        height, width = pixels.shape[:2]
        if pixels.ndim == 3:
            return QImage(pixels.data, width, height, width * 3, QImage.Format.Format_RGB888), pixels
        grey = to_grey(pixels, self._picture_view.display_window)
        return QImage(grey.data, width, height, width, QImage.Format.Format_Grayscale8), grey
