"""The whole record in one bar: heart rate, the reader's episodes, and the window that is open. Click or drag to go there."""

import numpy as np
from pyqtgraph import functions
from PySide6.QtCore import QLineF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from graticule.domain.geometry import Array
from graticule.presenters.ecg import EcgPresenter
from graticule.presenters.ecg_caption import clock
from graticule.presenters.episodes import Episodes
from graticule.presenters.rate_trend import RateTrend
from graticule.presenters.time_marks import time_marks
from graticule.ui.ecg_ink import soft
from graticule.ui.ecg_marks import row_colour
from graticule.ui.theme import TOKENS, font
from graticule.ui.words import tr

FEW_BEATS = 300
HEIGHT, EDGE, TREND_TOP, TREND_HEIGHT, BAND, TIMES = 84, 52, 6, 42, 6, 16


class OverviewBar(QWidget):
    """`chosen(seconds)`: the instant that should stand in the middle of the strip."""

    chosen = Signal(float)

    def __init__(self, view: EcgPresenter, episodes: Episodes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view, self._episodes = view, episodes
        self._trend: RateTrend | None = None
        self._drawn: QPixmap | None = None
        self.setFixedHeight(HEIGHT)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(tr("The whole record. Click or drag to go there."))
        self.setAccessibleName(tr("Overview of the whole record"))

    def set_peaks(self, peaks: Array) -> None:
        self._trend = RateTrend(peaks, self._view.recording)
        self.forget()

    def forget(self) -> None:
        """Episodes or the rate changed: draw the record again."""
        self._drawn = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.drawPixmap(0, 0, self._record())
            self._window(painter)
        finally:
            painter.end()

    def _record(self) -> QPixmap:
        """Everything but the window, drawn once: it does not change while the strip scrolls."""
        ratio = self.devicePixelRatioF()
        if self._drawn is None or self._drawn.size() != self.size() * ratio:
            self._drawn = QPixmap(self.size() * ratio)
            self._drawn.setDevicePixelRatio(ratio)
            self._drawn.fill(QColor(TOKENS.ground))
            painter = QPainter(self._drawn)
            try:
                painter.setFont(font(TOKENS.overlay_px, tabular=True))
                self._times(painter)
                self._rate(painter)
                self._bands(painter)
            finally:
                painter.end()
        return self._drawn

    def _times(self, painter: QPainter) -> None:
        end = self._view.duration_s
        top = TREND_TOP + TREND_HEIGHT
        for mark in time_marks(0, end, self._room / end, 90):
            x = self._x(mark.seconds)
            painter.setPen(QColor(TOKENS.line))
            painter.drawLine(int(x), TREND_TOP, int(x), top)
            painter.setPen(QColor(TOKENS.muted))
            if x < self.width() - 40:
                painter.drawText(QRectF(x + 3, HEIGHT - TIMES, 80, TIMES), Qt.AlignmentFlag.AlignLeft, mark.text)

    def _rate(self, painter: QPainter) -> None:
        painter.setPen(QColor(TOKENS.muted))
        trend = self._trend
        low, high = trend.range if trend else (40, 120)
        for value, flag in ((high, Qt.AlignmentFlag.AlignTop), (low, Qt.AlignmentFlag.AlignBottom)):
            box = QRectF(0, TREND_TOP - 2, EDGE - 8, TREND_HEIGHT + 4)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | flag, f"{value}/min")
        if trend is None or not trend.times_s.size:
            return
        times, low_rates, high_rates = trend.columns(int(self._room))
        painter.setPen(QPen(soft(TOKENS.text, 0.85), 2))
        scale = TREND_HEIGHT / (high - low)
        base = TREND_TOP + TREND_HEIGHT
        tops, bottoms = base - (np.minimum(high_rates, high) - low) * scale, base - (np.maximum(low_rates, low) - low) * scale
        xs = EDGE + times / self._view.duration_s * self._room
        if xs.size < FEW_BEATS:
            painter.setPen(QPen(soft(TOKENS.text, 0.35), 1))
            painter.drawPolyline(functions.arrayToQPolygonF(xs, (tops + bottoms) / 2))
            painter.setPen(QPen(soft(TOKENS.text, 0.85), 3))
        painter.drawLines([QLineF(x, y0, x, max(y1, y0 + 1.5)) for x, y0, y1 in zip(xs, tops, bottoms)])

    def _bands(self, painter: QPainter) -> None:
        for n, track in enumerate(self._episodes.tracks):
            y = TREND_TOP + TREND_HEIGHT + 3 + n * (BAND + 1)
            end = self._view.duration_s
            for row in self._episodes.shown(track, 0.0, end, end / self._room):
                left = self._x(row.start_s)
                painter.fillRect(QRectF(left, y, max(2.0, self._x(row.end_s) - left), BAND), QColor(row_colour(row)))

    def _window(self, painter: QPainter) -> None:
        start, end = self._view.shown_s
        left, right = self._x(start), self._x(end)
        box = QRectF(left, TREND_TOP - 4, max(4.0, right - left), HEIGHT - TIMES - TREND_TOP + 4)
        painter.fillRect(box, soft(TOKENS.accent, 0.25))
        painter.setPen(QColor(TOKENS.accent))
        painter.drawRect(box)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.chosen.emit(self._seconds(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.chosen.emit(self._seconds(event.position().x()))

    @property
    def _room(self) -> float:
        return max(1.0, self.width() - EDGE - 8.0)

    def _x(self, seconds: float) -> float:
        return EDGE + seconds / self._view.duration_s * self._room

    def _seconds(self, x: float) -> float:
        share = (x - EDGE) / self._room
        return max(0.0, min(1.0, share)) * self._view.duration_s

    def describe(self) -> str:
        """For screen readers and for tests: what the window shows of the whole."""
        start, end = self._view.shown_s
        return f"{clock(start)}–{clock(end)} / {clock(self._view.duration_s)}"
