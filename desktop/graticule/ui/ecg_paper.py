"""The paper: 1 mm and 5 mm lines that stay true at every zoom, and time marks along its top."""

import math

import numpy as np
from pyqtgraph import GraphicsObject
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap

from graticule.presenters.ecg import EcgPresenter
from graticule.presenters.ecg_sheet import BOLD_MM, GUTTER_MM, TOP_MM, Layout
from graticule.presenters.time_marks import TimeMark, time_marks
from graticule.ui.ecg_ink import LIGHT, PaperColours, Words, pen

LEAST_FINE_PX_MM = 2.2


class SheetItem(GraphicsObject):
    """Something drawn over the whole visible sheet; it asks the presenter at paint time."""

    def __init__(self, view: EcgPresenter) -> None:
        super().__init__()
        self.view = view
        self.colours: PaperColours = LIGHT
        self._rect = QRectF(0, 0, 1, 1)

    def set_rect(self, rect: QRectF) -> None:
        if rect != self._rect:
            self.prepareGeometryChange()
            self._rect = QRectF(rect)

    def boundingRect(self) -> QRectF:
        return self._rect


class PaperItem(SheetItem):
    """Drawn without smoothing: a line is one whole pixel, as on print.

    The ruled paper is drawn once per zoom, one bold square wider than the window, and slid under the traces: half a pixel
    at most from where each line belongs, and the distance between lines is exact.
    """

    def __init__(self, view: EcgPresenter) -> None:
        super().__init__(view)
        self._ruled: QPixmap | None = None
        self._ruled_for: tuple = ()

    def paint(self, painter: QPainter, option: object, widget: object = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if self.view.compressed:
            painter.fillRect(self._rect, QColor(self.colours.ground))
            self._compressed_grid(painter)
        else:
            self._lay_paper(painter)
        if self.view.layout is Layout.STRIP:
            self._time_marks(painter)

    def _lay_paper(self, painter: QPainter) -> None:
        view, rect = self.view, self._rect
        ratio = painter.device().devicePixelRatioF()
        scrolled = view.first_s * view.speed_mm_s if view.layout is Layout.STRIP else 0.0
        left = (rect.left() - GUTTER_MM + scrolled) % BOLD_MM
        top = rect.top() % BOLD_MM
        paper = self._paper(ratio)
        painter.save()
        painter.resetTransform()
        snap = view.scale * ratio
        painter.drawPixmap(QPointF(-round(left * snap) / ratio, -round(top * snap) / ratio), paper)
        painter.restore()

    def _paper(self, ratio: float) -> QPixmap:
        """Ruled from a bold line at its top left corner, in whole pixels of the screen."""
        scale = self.view.scale
        width, height = self._rect.width() + BOLD_MM, self._rect.height() + BOLD_MM
        key = (scale, round(width * scale), round(height * scale), ratio, self.colours)
        if self._ruled is None or key != self._ruled_for:
            self._ruled, self._ruled_for = QPixmap(math.ceil(width * scale * ratio), math.ceil(height * scale * ratio)), key
            self._ruled.setDevicePixelRatio(ratio)
            self._ruled.fill(QColor(self.colours.ground))
            painter = QPainter(self._ruled)
            try:
                painter.scale(scale, scale)
                area = QRectF(0, 0, width, height)
                if scale >= LEAST_FINE_PX_MM:
                    painter.setPen(pen(self.colours.fine))
                    painter.drawLines([*_upright(area, 1.0), *_level(area, 1.0)])
                painter.setPen(pen(self.colours.coarse))
                painter.drawLines([*_upright(area, BOLD_MM), *_level(area, BOLD_MM)])
            finally:
                painter.end()
        return self._ruled

    def _compressed_grid(self, painter: QPainter) -> None:
        """Where millimetres no longer help: lines at the time marks, and every half millivolt."""
        view, rect = self.view, self._rect
        painter.setPen(pen(self.colours.fine))
        painter.drawLines(_level(rect, BOLD_MM))
        painter.setPen(pen(self.colours.coarse))
        painter.drawLines([QLineF(x, rect.top(), x, rect.bottom()) for x in (view.x_mm(mark.seconds) for mark in self._marks())])

    def _time_marks(self, painter: QPainter) -> None:
        words, view, rect = Words(painter), self.view, self._rect
        painter.setPen(pen(self.colours.text))
        for mark in self._marks():
            x = view.x_mm(mark.seconds)
            painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.top() + TOP_MM * 0.2))
            box = words.box(x, rect.top(), mark.text, dx=3, dy=2)
            if box.right() < rect.width() * view.scale:
                words.write(box, mark.text, self.colours.text, self.colours.ground)

    def _marks(self) -> list[TimeMark]:
        start, end = self.view.shown_s
        return time_marks(start, end, self.view.speed_mm_s * self.view.scale)


def _upright(rect: QRectF, step_mm: float) -> list[QLineF]:
    first = step_mm * math.ceil(rect.left() / step_mm)
    return [QLineF(x, rect.top(), x, rect.bottom()) for x in np.arange(first, rect.right(), step_mm).tolist()]


def _level(rect: QRectF, step_mm: float) -> list[QLineF]:
    first = step_mm * math.ceil(rect.top() / step_mm)
    return [QLineF(rect.left(), y, rect.right(), y) for y in np.arange(first, rect.bottom(), step_mm).tolist()]
