"""The usual beat, large, with its marks to drag; single beats over one another behind it when asked for."""

import numpy as np
from pyqtgraph import functions
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from graticule.ecg.fiducials import Mark
from graticule.presenters.ecg_measures import MARK_WORDS, Measures
from graticule.ui.ecg_ink import LIGHT, Words, pen, soft
from graticule.ui.theme import TOKENS
from graticule.ui.words import tr

HEIGHT, EDGE_PX, HEAD_PX, REACH_PX = 230, 8, 16, 7
LEAST_RANGE_MV = 1.0
MOST_BEHIND = 60
SMALL_S, LARGE_S, SMALL_MV, LARGE_MV = 0.04, 0.2, 0.1, 0.5


class BeatView(QWidget):
    """`moved`: a mark was dragged."""

    moved = Signal()

    def __init__(self, measures: Measures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._measures = measures
        self._held: Mark | None = None
        self.superimposed = False
        self.setMinimumHeight(HEIGHT)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("The usual beat; drag its marks"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.fillRect(self.rect(), QColor(LIGHT.ground))
            if self._measures.now is not None:
                self._draw(painter)
        finally:
            painter.end()

    def _draw(self, painter: QPainter) -> None:
        self._grid(painter)
        beat = self._measures.now.beat
        chosen = range(len(beat.names)) if self._measures.lead is None else [beat.names.index(self._measures.lead)]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        if self.superimposed:
            painter.setPen(pen(soft(LIGHT.trace, 0.16)))
            step = max(1, len(beat.beats) // MOST_BEHIND)
            for values in beat.beats[::step]:
                self._lines(painter, values[chosen])
        painter.setPen(pen(LIGHT.trace))
        self._lines(painter, beat.values[chosen])
        self._marks(painter)

    def _lines(self, painter: QPainter, rows: np.ndarray) -> None:
        x = self._x(np.arange(rows.shape[1]))
        for row in rows:
            good = np.isfinite(row)
            painter.drawPolyline(functions.arrayToQPolygonF(x[good], self._y(row[good])))

    def _grid(self, painter: QPainter) -> None:
        beat = self._measures.now.beat
        low, high = self._range
        for colour, seconds, millivolts in ((LIGHT.fine, SMALL_S, SMALL_MV), (LIGHT.coarse, LARGE_S, LARGE_MV)):
            painter.setPen(pen(colour))
            step = seconds * beat.rate_hz
            xs = self._x(np.arange(beat.onset % step, beat.values.shape[1], step))
            ys = self._y(np.arange(np.ceil(low / millivolts) * millivolts, high, millivolts))
            if min(abs(self._x(step) - self._x(0)), abs(self._y(millivolts) - self._y(0))) < 3:
                continue
            painter.drawLines([QLineF(at, HEAD_PX, at, self.height()) for at in xs.tolist()])
            painter.drawLines([QLineF(0, at, self.width(), at) for at in ys.tolist() if at > HEAD_PX])

    def _marks(self, painter: QPainter) -> None:
        marks, words = self._measures.marks, Words(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for mark in Mark:
            at = marks.at(mark)
            if at is None:
                continue
            x = float(self._x(at))
            painter.setPen(pen(TOKENS.accent_pressed, Qt.PenStyle.SolidLine if mark in marks.moved else Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, HEAD_PX), QPointF(x, self.height()))
            text = tr(MARK_WORDS[mark])
            words.write(words.box(x, 0, text, anchor=1.0 if mark is Mark.P_OFF else 0.5), text, TOKENS.accent_pressed)

    # Where things stand

    @property
    def _range(self) -> tuple[float, float]:
        beat = self._measures.now.beat
        rows = beat.values if self._measures.lead is None else beat.lead(self._measures.lead)
        low, high = float(np.nanmin(rows)), float(np.nanmax(rows))
        lack = max(0.0, LEAST_RANGE_MV - (high - low)) / 2 + 0.05
        return low - lack, high + lack

    def _x(self, sample: object) -> np.ndarray:
        size = self._measures.now.beat.values.shape[1]
        return EDGE_PX + np.asarray(sample) * (self.width() - 2 * EDGE_PX) / (size - 1)

    def _y(self, millivolts: object) -> np.ndarray:
        low, high = self._range
        room = self.height() - HEAD_PX - EDGE_PX
        return HEAD_PX + (high - np.asarray(millivolts)) / (high - low) * room

    def _sample(self, x: float) -> int:
        size = self._measures.now.beat.values.shape[1]
        return round((x - EDGE_PX) * (size - 1) / max(1, self.width() - 2 * EDGE_PX))

    # Hand

    def _near(self, x: float) -> Mark | None:
        if self._measures.now is None:
            return None
        marks = self._measures.marks
        near = [(abs(float(self._x(at)) - x), mark) for mark in Mark if (at := marks.at(mark)) is not None]
        distance, mark = min(near, default=(REACH_PX + 1, None))
        return mark if distance <= REACH_PX else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._held = self._near(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._held is not None:
            self._measures.move(self._held, self._sample(x))
            self.update()
            self.moved.emit()
        else:
            near = self._near(x)
            self.setCursor(Qt.CursorShape.SizeHorCursor if near else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = None

    def mark_rect(self, mark: Mark) -> QRectF | None:
        """Where a mark can be taken hold of."""
        at = self._measures.marks.at(mark) if self._measures.now else None
        return None if at is None else QRectF(float(self._x(at)) - 2, HEAD_PX, 4, self.height() - HEAD_PX)
