"""Full disclosure round the strip: a minute a line. Click to go there, drag along it to tag a long stretch."""

import numpy as np
from pyqtgraph import functions
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from graticule.editing.tools.episode import EpisodeTool
from graticule.presenters.context_lines import ContextLine, context_lines
from graticule.presenters.ecg import EcgPresenter
from graticule.presenters.ecg_sheet import GUTTER_MM
from graticule.presenters.episodes import Episodes
from graticule.presenters.time_marks import mark_text, time_marks
from graticule.ui.ecg_ink import LIGHT, PaperColours, Words, pen, soft
from graticule.ui.ecg_marks import row_colour
from graticule.ui.ecg_traces import finite_runs
from graticule.ui.theme import TOKENS
from graticule.ui.words import tr

LINE_PX, BAND_PX, HEAD_PX, MOST_LINES = 44, 4, 20, 5
PX_PER_MV = 14.0
CLICK_PX = 4


class ContextView(QWidget):
    """`chosen(seconds)`: a click. `pressed`, `dragged`, `released` (seconds): a stretch drawn over lines."""

    chosen = Signal(float)
    pressed = Signal(float)
    dragged = Signal(float)
    released = Signal(float)

    def __init__(self, view: EcgPresenter, episodes: Episodes, tool: EpisodeTool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view, self._episodes, self._tool = view, episodes, tool
        self._colours: PaperColours = LIGHT
        self._lead = view.recording.lead("II") or view.recording.leads[0]
        self._drawn: QPixmap | None = None
        self._drawn_for: tuple = ()
        self._from: QPointF | None = None
        self._dragging = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(tr("A minute a line. Click to go there, drag to tag a long stretch."))
        self.setAccessibleName(tr("The minutes round the strip"))

    def set_colours(self, colours: PaperColours) -> None:
        self._colours = colours
        self.forget()

    def forget(self) -> None:
        """Episodes or samples changed: draw the lines again."""
        self._drawn_for = ()
        self.update()

    @staticmethod
    def height_for(room_px: int) -> int:
        """As many whole lines as fit; 0 when fewer than two would."""
        lines = min(MOST_LINES, (room_px - HEAD_PX) // LINE_PX)
        return HEAD_PX + lines * LINE_PX if lines >= 2 else 0

    @property
    def lines(self) -> list[ContextLine]:
        start, end = self._view.shown_s
        return context_lines(self._view.duration_s, (start + end) / 2, max(1, (self.height() - HEAD_PX) // LINE_PX))

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            lines = self.lines
            painter.drawPixmap(0, 0, self._record(lines))
            self._stretch(painter, lines, *self._view.shown_s, TOKENS.accent, 0.18)
            span = self._tool.span
            if span is not None:
                seconds = self._view.recording.seconds
                self._stretch(painter, lines, seconds(span.start), seconds(span.end), TOKENS.warn, 0.30)
        finally:
            painter.end()

    def _record(self, lines: list[ContextLine]) -> QPixmap:
        ratio = self.devicePixelRatioF()
        key = (lines[0].start_s, len(lines), self.width(), self.height(), ratio, self._colours)
        if self._drawn is None or key != self._drawn_for:
            self._drawn, self._drawn_for = QPixmap(self.size() * ratio), key
            self._drawn.setDevicePixelRatio(ratio)
            self._drawn.fill(QColor(self._colours.ground))
            painter = QPainter(self._drawn)
            try:
                self._draw(painter, lines)
            finally:
                painter.end()
        return self._drawn

    def _draw(self, painter: QPainter, lines: list[ContextLine]) -> None:
        words = Words(painter)
        head = tr("{lead}, a minute a line, not to scale", lead=self._lead.name)
        words.write(words.box(self._left, 0, head, dy=4), head, self._colours.text)
        painter.setPen(pen(self._colours.coarse))
        painter.drawLine(QPointF(0, 0), QPointF(self.width(), 0))
        painter.setPen(pen(self._colours.fine))
        for mark in time_marks(lines[0].start_s, lines[0].end_s, self._room / (lines[0].end_s - lines[0].start_s), 56):
            x = self._x(mark.seconds, lines[0])
            painter.drawLine(QPointF(x, HEAD_PX), QPointF(x, self.height()))
        for n, line in enumerate(lines):
            self._line(painter, words, n, line)

    def _line(self, painter: QPainter, words: Words, n: int, line: ContextLine) -> None:
        middle = HEAD_PX + (n + 0.55) * LINE_PX
        text = mark_text(line.start_s)
        at = words.box(self._left, middle, text, dx=-8, dy=-words.metrics.height() / 2, anchor=1.0)
        words.write(at, text, self._colours.text)
        drawn = self._view.traces[self._lead.name].between(line.start_s, min(line.end_s, self._view.duration_s), int(self._room))
        x = self._left + (drawn.seconds - line.start_s) / (line.end_s - line.start_s) * self._room
        y = np.clip(middle - drawn.millivolts * PX_PER_MV, middle - 0.6 * LINE_PX, middle + 0.45 * LINE_PX)
        painter.setPen(pen(soft(self._colours.trace, 0.75)))
        for run in finite_runs(y):
            painter.drawPolyline(functions.arrayToQPolygonF(x[run], y[run]))
        for place, track in enumerate(self._episodes.tracks):
            top = HEAD_PX + (n + 1) * LINE_PX - (len(self._episodes.tracks) - place) * (BAND_PX + 1)
            for row in self._episodes.shown(track, line.start_s, line.end_s, (line.end_s - line.start_s) / self._room):
                left, right = self._x(max(row.start_s, line.start_s), line), self._x(min(row.end_s, line.end_s), line)
                painter.fillRect(QRectF(left, top, max(2.0, right - left), BAND_PX), QColor(row_colour(row)))

    def _stretch(self, painter: QPainter, lines: list[ContextLine], start: float, end: float, colour: str,
                 alpha: float) -> None:
        painter.setPen(pen(colour))
        painter.setBrush(soft(colour, alpha))
        for n, line in enumerate(lines):
            if start < line.end_s and end > line.start_s:
                left, right = self._x(max(start, line.start_s), line), self._x(min(end, line.end_s), line)
                painter.drawRect(QRectF(left, HEAD_PX + n * LINE_PX + 1, max(2.0, right - left), LINE_PX - 2))

    # Hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._from, self._dragging = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is None:
            return
        if not self._dragging and (event.position() - self._from).manhattanLength() > CLICK_PX:
            self._dragging = True
            self.pressed.emit(self._seconds(self._from))
        if self._dragging:
            self.dragged.emit(self._seconds(event.position()))
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._from is None:
            return
        (self.released if self._dragging else self.chosen).emit(self._seconds(event.position()))
        self._from, self._dragging = None, False

    @property
    def _left(self) -> float:
        return GUTTER_MM * self._view.fit_scale

    @property
    def _room(self) -> float:
        return max(1.0, self.width() - self._left - 12.0)

    def _x(self, seconds: float, line: ContextLine) -> float:
        return self._left + (seconds - line.start_s) / (line.end_s - line.start_s) * self._room

    def _seconds(self, at: QPointF) -> float:
        lines = self.lines
        n = max(0, min(len(lines) - 1, int((at.y() - HEAD_PX) // LINE_PX)))
        share = max(0.0, min(1.0, (at.x() - self._left) / self._room))
        line = lines[n]
        return min(self._view.duration_s, line.start_s + share * (line.end_s - line.start_s))
