"""Full disclosure: a minute a line, every beat in the colour of its class. Click to go there, drag to choose beats."""

from collections import OrderedDict

import numpy as np
from pyqtgraph import functions
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from graticule.domain.geometry import Array
from graticule.presenters.ecg import EcgPresenter
from graticule.presenters.holter import HolterDesk
from graticule.presenters.time_marks import mark_text
from graticule.ui.ecg_ink import LIGHT, PaperColours, Words, pen, soft
from graticule.ui.ecg_traces import finite_runs
from graticule.ui.holter_ink import colour_of
from graticule.ui.theme import TOKENS
from graticule.ui.words import tr

LINE_S, LINE_PX, LEFT_PX, HEAD_PX = 60.0, 40, 64, 18
PX_PER_MV, BEFORE_S, AFTER_S = 13.0, 0.12, 0.30
MOST_KEPT, CLICK_PX = 240, 4


class Disclosure(QAbstractScrollArea):
    """`went(seconds)`: a click. `chose(start, end)`: seconds between which beats are chosen."""

    went = Signal(float)
    chose = Signal(float, float)

    def __init__(self, view: EcgPresenter, desk: HolterDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view, self._desk = view, desk
        self._colours: PaperColours = LIGHT
        self._lines: OrderedDict[tuple, QPixmap] = OrderedDict()
        self._drawn_for: object = None
        self._from: QPointF | None = None
        self._to: QPointF | None = None
        self.lead = (view.recording.lead("II") or view.recording.lead("MLII") or view.recording.leads[0]).name
        self.setAccessibleName(tr("Full disclosure, a minute a line"))
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.verticalScrollBar().valueChanged.connect(lambda _: self.viewport().update())

    @property
    def count(self) -> int:
        """Lines of the whole record."""
        return max(1, int(np.ceil(self._view.duration_s / LINE_S)))

    def refresh(self) -> None:
        """Beats changed: lines are drawn again as they are seen."""
        self.viewport().update()

    def reveal(self, seconds: float) -> None:
        """Scroll the line of an instant into sight; nothing moves when it is seen."""
        line, bar = int(seconds // LINE_S), self.verticalScrollBar()
        if not bar.value() <= line < bar.value() + max(1, self._seen):
            bar.setValue(line - self._seen // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        beats = self._desk.beats.beats()
        if beats is not self._drawn_for:
            self._drawn_for = beats
            self._lines.clear()
        painter = QPainter(self.viewport())
        try:
            painter.fillRect(self.viewport().rect(), QColor(self._colours.ground))
            words = Words(painter)
            head = tr("{lead}, a minute a line, not to scale · drafts are pale", lead=self.lead)
            words.write(words.box(LEFT_PX, 0, head, dy=2), head, self._colours.text)
            first = self.verticalScrollBar().value()
            for n, line in enumerate(range(first, min(self.count, first + self._seen + 1))):
                painter.drawPixmap(0, HEAD_PX + n * LINE_PX, self._line(line))
            self._chosen(painter, first)
            self._window(painter, first)
        finally:
            painter.end()

    def _line(self, line: int) -> QPixmap:
        ratio, key = self.devicePixelRatioF(), (line, self.viewport().width())
        if key not in self._lines:
            drawn = QPixmap(round(self.viewport().width() * ratio), round(LINE_PX * ratio))
            drawn.setDevicePixelRatio(ratio)
            drawn.fill(QColor(self._colours.ground))
            painter = QPainter(drawn)
            try:
                self._draw(painter, line)
            finally:
                painter.end()
            if not self._view.waiting:
                self._lines[key] = drawn
                while len(self._lines) > MOST_KEPT:
                    self._lines.popitem(last=False)
            return drawn
        self._lines.move_to_end(key)
        return self._lines[key]

    def _draw(self, painter: QPainter, line: int) -> None:
        start, middle = line * LINE_S, 0.56 * LINE_PX
        end = min(start + LINE_S, self._view.duration_s)
        words, text = Words(painter), mark_text(start)
        words.write(words.box(LEFT_PX, middle, text, dx=-8, dy=-words.metrics.height() / 2, anchor=1.0), text, self._colours.text)
        drawn = self._view.traces[self.lead].between(start, end, int(self._room))
        x = LEFT_PX + (drawn.seconds - start) / LINE_S * self._room
        y = np.clip(middle - drawn.millivolts * PX_PER_MV, 1, LINE_PX - 1)
        self._polyline(painter, x, y, soft(self._colours.trace, 0.7))
        self._classes(painter, x, y, start, end)

    def _classes(self, painter: QPainter, x: Array, y: Array, start: float, end: float) -> None:
        """What is not a usual beat is drawn over again in its colour, drafts paler."""
        beats, rate = self._desk.beats.beats(), float(self._view.recording.rate)
        part = beats.between(round(start * rate), round(end * rate))
        for tick, letter, draft in zip(beats.ticks[part].tolist(), beats.symbols[part].tolist(), beats.drafts[part].tolist()):
            if chr(letter) == "N":
                continue
            at = LEFT_PX + (tick / rate - start) / LINE_S * self._room
            mine = (x >= at - BEFORE_S / LINE_S * self._room) & (x <= at + AFTER_S / LINE_S * self._room)
            colour = QColor(colour_of(chr(letter)))
            self._polyline(painter, x[mine], y[mine], soft(colour.name(), 0.65 if draft else 1.0), 1.4)
            painter.fillRect(QRectF(at - 1, 0, 2.5, 4), colour if not draft else soft(colour.name(), 0.6))

    @staticmethod
    def _polyline(painter: QPainter, x: Array, y: Array, colour: QColor, width: float = 1.0) -> None:
        made = pen(colour)
        made.setWidthF(width)
        painter.setPen(made)
        for run in finite_runs(y):
            painter.drawPolyline(functions.arrayToQPolygonF(x[run], y[run]))

    def _chosen(self, painter: QPainter, first: int) -> None:
        rate, chosen = float(self._view.recording.rate), self._desk.chosen
        low, high = np.searchsorted(chosen, (first * LINE_S * rate, (first + self._seen + 1) * LINE_S * rate))
        for tick in chosen[low:high].tolist():
            n, into = divmod(tick / rate, LINE_S)
            x = LEFT_PX + into / LINE_S * self._room
            painter.fillRect(QRectF(x - 3, HEAD_PX + (n - first + 1) * LINE_PX - 5, 6, 4), QColor(TOKENS.warn))
        if self._from is not None and self._to is not None:
            self._band(painter, first, *sorted((self._seconds(self._from), self._seconds(self._to))), TOKENS.warn, 0.25)

    def _window(self, painter: QPainter, first: int) -> None:
        self._band(painter, first, *self._view.shown_s, TOKENS.accent, 0.16)

    def _band(self, painter: QPainter, first: int, start: float, end: float, colour: str, alpha: float) -> None:
        painter.setPen(pen(colour))
        painter.setBrush(soft(colour, alpha))
        for line in range(max(first, int(start // LINE_S)), min(first + self._seen + 1, int(end // LINE_S) + 1)):
            left, right = (min(max(seconds - line * LINE_S, 0.0), LINE_S) / LINE_S * self._room for seconds in (start, end))
            painter.drawRect(QRectF(LEFT_PX + left, HEAD_PX + (line - first) * LINE_PX + 1, max(2.0, right - left), LINE_PX - 2))

    # Hand

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() - round(event.angleDelta().y() / 120 * 3))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._from, self._to = event.position(), None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is not None and (self._to is not None or (event.position() - self._from).manhattanLength() > CLICK_PX):
            self._to = event.position()
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._from is None:
            return
        start, end = self._from, self._to
        self._from = self._to = None
        if end is None:
            self.went.emit(self._seconds(event.position()))
        else:
            self.chose.emit(*sorted((self._seconds(start), self._seconds(end))))
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.verticalScrollBar().setRange(0, max(0, self.count - self._seen))
        self.verticalScrollBar().setPageStep(max(1, self._seen))

    @property
    def _seen(self) -> int:
        return max(1, (self.viewport().height() - HEAD_PX) // LINE_PX)

    @property
    def _room(self) -> float:
        return max(1.0, self.viewport().width() - LEFT_PX - 10.0)

    def _seconds(self, at: QPointF) -> float:
        line = self.verticalScrollBar().value() + (at.y() - HEAD_PX) // LINE_PX
        into = max(0.0, min(1.0, (at.x() - LEFT_PX) / self._room)) * LINE_S
        return max(0.0, min(self._view.duration_s, line * LINE_S + into))
