"""The window on the sheet: a pyqtgraph view whose unit is the millimetre. It turns Qt events into places on the paper."""

import math

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QGraphicsView, QWidget

from graticule.presenters.ecg import EcgPresenter
from graticule.ui.ecg_ink import PaperColours
from graticule.ui.ecg_paper import PaperItem, SheetItem
from graticule.ui.ecg_traces import TracesItem, visible_rect

NOTCH = 120.0


class EcgView(pg.GraphicsView):
    """Signals carry (x, y) in millimetres of the sheet and the keyboard modifiers."""

    pressed = Signal(float, float, object)
    dragged = Signal(float, float, object)
    released = Signal(float, float, object)
    hovered = Signal(float, float, object)
    clicked_twice = Signal(float, float)
    left_view = Signal()
    moved = Signal()          # what is shown changed: scrolled, zoomed, resized

    def __init__(self, presenter: EcgPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent, useOpenGL=False, background=None)
        self.presenter = presenter
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setAspectLocked(True)
        self.enableMouse(False)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
        self.setMinimumSize(320, 200)
        self.traces = TracesItem(presenter)
        self.items_in_order: list[SheetItem] = [PaperItem(presenter), self.traces]
        for item in self.items_in_order:
            self.addItem(item)
        self._panning: QPointF | None = None
        self._notches = self._zoomed = 0.0

    def add(self, item: SheetItem) -> None:
        """Lay an item over those already there."""
        item.setZValue(len(self.items_in_order))
        self.items_in_order.append(item)
        self.addItem(item)

    def set_colours(self, colours: PaperColours) -> None:
        for item in self.items_in_order:
            item.colours = colours
        self.viewport().update()

    def refresh(self) -> None:
        """The presenter changed: show what it now says."""
        rect = visible_rect(self.presenter)
        for item in self.items_in_order:
            item.set_rect(rect)
        self.setRange(rect, padding=0)
        self.viewport().update()
        self.moved.emit()

    def repaint_marks(self) -> None:
        """Only what lies over the traces changed."""
        self.viewport().update()

    def updateMatrix(self, propagate: bool = True) -> None:
        """Exactly the presenter's scale. Qt's own fitting keeps a margin of two pixels, which would make 25 mm/s a lie."""
        if not hasattr(self, "presenter"):
            return
        scale = self.presenter.scale
        self.setTransform(QTransform.fromScale(scale, scale))
        self.setSceneRect(QRectF(self.range.topLeft(), QSizeF(1, 1)))

    def px(self, x_mm: float, y_mm: float) -> QPoint:
        """Where a place of the sheet stands in this widget."""
        p, scale = self.presenter, self.presenter.scale
        return QPoint(round((x_mm - p.left_mm) * scale), round((y_mm - p.top_mm) * scale))

    def mm(self, at: QPointF) -> tuple[float, float]:
        p, scale = self.presenter, self.presenter.scale
        return p.left_mm + at.x() / scale, p.top_mm + at.y() / scale

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "presenter"):
            self.presenter.resize(self.width(), self.height())
            self.refresh()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() is Qt.MouseButton.MiddleButton:
            self._panning = event.position()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() is Qt.MouseButton.LeftButton:
            self.pressed.emit(*self.mm(event.position()), event.modifiers())
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._panning is not None:
            self.pan_by(event.position() - self._panning)
            self._panning = event.position()
        elif event.buttons() & Qt.MouseButton.LeftButton:
            self.dragged.emit(*self.mm(event.position()), event.modifiers())
        else:
            self.hovered.emit(*self.mm(event.position()), event.modifiers())
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.MiddleButton:
            self._panning = None
            self.viewport().unsetCursor()
        elif event.button() is Qt.MouseButton.LeftButton:
            self.released.emit(*self.mm(event.position()), event.modifiers())
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.clicked_twice.emit(*self.mm(event.position()))
        event.accept()

    def pan_by(self, pixels: QPointF) -> None:
        self.presenter.pan(pixels.x() / self.presenter.scale, pixels.y() / self.presenter.scale)
        self.refresh()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Wheel: time. Ctrl: zoom about the pointer. Shift: up and down. Touchpads send pixels, wheels send angles."""
        pixels, angle = event.pixelDelta(), event.angleDelta()
        x_mm, y_mm = self.mm(event.position())
        modifiers = event.modifiers()
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            self._zoom((angle.y() or pixels.y()) / NOTCH, x_mm, y_mm)
        elif modifiers & Qt.KeyboardModifier.ShiftModifier:
            self.presenter.pan(0, (angle.y() or angle.x()) / NOTCH * 10)
        elif not pixels.isNull() and abs(pixels.x()) > abs(pixels.y()):
            self.presenter.pan(pixels.x() / self.presenter.scale, 0)
        else:
            self._scroll(-(angle.y() or angle.x()) / NOTCH)
        self.refresh()
        event.accept()

    def _zoom(self, notches: float, x_mm: float, y_mm: float) -> None:
        """Touchpads send crumbs of a notch: they are gathered, since the paper speed changes by whole steps."""
        self._zoomed += notches
        if abs(self._zoomed) >= 0.5:
            self.presenter.zoom(math.pow(1.2, self._zoomed), x_mm, y_mm)
            self._zoomed = 0.0

    def _scroll(self, notches: float) -> None:
        """Fine wheels send parts of a notch; a page turns by whole ones."""
        self._notches += notches
        whole = math.trunc(self._notches) if self.presenter.turns_pages else self._notches
        if whole:
            self._notches -= whole
            self.presenter.scroll(whole)

    def leaveEvent(self, event: QEvent) -> None:
        self.left_view.emit()
        super().leaveEvent(event)
