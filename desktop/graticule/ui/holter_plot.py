"""A plot of beats: tachogram, trend or Lorenz plot. The points are one picture, however many there are."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from graticule.domain.geometry import Array
from graticule.presenters.holter_beats import among
from graticule.presenters.holter_views import Points
from graticule.presenters.time_marks import mark_text
from graticule.ui.holter_ink import palette
from graticule.ui.theme import TOKENS, font

FEW = 5000
CHOSEN, CHOSEN_COLOUR = 255, (255, 214, 64, 255)


class TimeAxis(pg.AxisItem):
    """Seconds as hours, minutes and seconds."""

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [mark_text(max(0.0, value)) for value in values]


class BrushBox(pg.ViewBox):
    """Left button: a rectangle that chooses, or a click. Middle and right pan; the wheel zooms."""

    brushed = Signal(object)
    clicked = Signal(object)

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.setMouseMode(pg.ViewBox.PanMode)
        self._rubber = pg.QtWidgets.QGraphicsRectItem()
        self._rubber.setPen(pg.mkPen(TOKENS.accent))
        self._rubber.setBrush(pg.mkBrush(76, 141, 255, 50))
        self._rubber.setZValue(50)
        self._rubber.hide()
        self.addItem(self._rubber, ignoreBounds=True)

    def mouseDragEvent(self, event: object, axis: int | None = None) -> None:
        if event.button() != Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            if event.button() == Qt.MouseButton.MiddleButton or event.button() == Qt.MouseButton.RightButton:  # type: ignore[attr-defined]
                event.accept()  # type: ignore[attr-defined]
                now, before = (self.mapToView(at) for at in (event.pos(), event.lastPos()))  # type: ignore[attr-defined]
                self.translateBy(x=before.x() - now.x(), y=before.y() - now.y())
            return
        event.accept()  # type: ignore[attr-defined]
        box = QRectF(self.mapToView(event.buttonDownPos()), self.mapToView(event.pos())).normalized()  # type: ignore[attr-defined]
        self._rubber.setRect(box)
        self._rubber.setVisible(not event.isFinish())  # type: ignore[attr-defined]
        if event.isFinish():  # type: ignore[attr-defined]
            self.brushed.emit(box)

    def mouseClickEvent(self, event: object) -> None:
        if event.button() == Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            event.accept()  # type: ignore[attr-defined]
            self.clicked.emit(self.mapToView(event.pos()))  # type: ignore[attr-defined]


class BeatPlot(pg.PlotWidget):
    """`went(tick)`: a point was clicked. `chose(ticks)`: a rectangle was drawn."""

    went = Signal(int)
    chose = Signal(object)

    def __init__(self, across: str, up: str, *, in_time: bool, parent: QWidget | None = None) -> None:
        self._box = BrushBox()
        axes = {"bottom": TimeAxis("bottom")} if in_time else {}
        super().__init__(parent, viewBox=self._box, axisItems=axes, background=TOKENS.ground)
        self._points: Points | None = None
        self._chosen: Array = np.empty(0, np.int64)
        self._seen: tuple = ()
        self._image = pg.ImageItem(axisOrder="row-major")
        self._palette = np.zeros((256, 4), np.uint8)   # as a table of colours the picture need not be made in four bytes a pixel
        self._palette[:16] = palette()
        self._palette[CHOSEN] = CHOSEN_COLOUR
        self.addItem(self._image, ignoreBounds=True)
        self._cursor = pg.InfiniteLine(angle=90, pen=pg.mkPen(TOKENS.accent, width=1)) if in_time else None
        if self._cursor is not None:
            self.addItem(self._cursor, ignoreBounds=True)
        for side, text in (("bottom", across), ("left", up)):
            axis = self.getAxis(side)
            axis.setTickFont(font(TOKENS.overlay_px, tabular=True))
            axis.setTextPen(TOKENS.muted)
            axis.setPen(TOKENS.line)
            self.setLabel(side, text, color=TOKENS.muted)
        self.hideButtons()
        self._box.sigRangeChanged.connect(self._soon)
        self._box.sigResized.connect(self._soon)
        self._box.brushed.connect(self._brushed)
        self._box.clicked.connect(self._clicked)
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self.draw)

    def show_points(self, points: Points, limits: tuple[float, float, float, float]) -> None:
        """limits: left, right, bottom, top of the whole; the view keeps where it is unless nothing was shown before."""
        first = self._points is None
        self._points = points
        left, right, bottom, top = limits
        self._box.setLimits(xMin=left, xMax=right, yMin=bottom, yMax=top)
        if first:
            self._box.setRange(xRange=(left, right), yRange=(bottom, top), padding=0)
        self._soon()

    def show_chosen(self, ticks: Array) -> None:
        self._chosen = ticks
        self._soon()

    def show_window(self, seconds: float) -> None:
        if self._cursor is not None:
            self._cursor.setPos(seconds)

    def draw(self) -> None:
        """The points of what is seen, as one picture."""
        if self._points is None or not self.isVisible():
            return
        (left, right), (bottom, top) = self._box.viewRange()
        width, height = max(8, int(self._box.width())), max(8, int(self._box.height()))
        seen = (left, right, bottom, top, width, height, id(self._points), id(self._chosen))
        if seen == self._seen:
            return   # one gesture tells of its range more than once
        self._seen = seen
        size = 3 if self._points.ticks.size < FEW else 2
        values = self._points.picture(left, right, bottom, top, width, height, size=size)
        if self._chosen.size:
            values[self._only_chosen().picture(left, right, bottom, top, width, height, size=size + 1) > 0] = CHOSEN
        self._image.setImage(values, autoLevels=False, lut=self._palette)
        self._image.setRect(QRectF(left, bottom, right - left, top - bottom))

    def _only_chosen(self) -> Points:
        points = self._points
        assert points is not None
        at = among(points.ticks, self._chosen)
        return Points(points.x[at], points.y[at], points.ticks[at], points.kinds[at], points.drafts[at], points.ordered)

    def _soon(self, *_: object) -> None:
        self._timer.start()

    def _brushed(self, box: QRectF) -> None:
        if self._points is not None:
            self.chose.emit(self._points.inside(box.left(), box.right(), box.top(), box.bottom()))

    def _clicked(self, at: QPointF) -> None:
        unit_x, unit_y = self._box.viewPixelSize()
        tick = self._points.nearest(at.x(), at.y(), unit_x, unit_y) if self._points else None
        if tick is not None:
            self.went.emit(tick)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)
        self._soon()

