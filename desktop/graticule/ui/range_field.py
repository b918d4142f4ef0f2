"""A range of values on the histogram of an image: its ends are dragged, or typed below."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QLocale, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from graticule.domain.geometry import Floats
from graticule.imaging.threshold import Counts, Range
from graticule.ui.pieces import label
from graticule.ui.theme import TOKENS, font, grown
from graticule.ui.words import tr

PLOT_PX, GRAB_PX, EDGE_PX, FOOT_PX = 84, 9, 6, 7
# Tails with less than this share of all values are not drawn; an end dragged to the border of the plot means all of them.
_TAIL = 2e-4
LOW, HIGH, BOTH = "low", "high", "both"


class RangeField(QWidget):
    """moved: the range, while an end is dragged and when a number is typed."""

    moved = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.range = Range()
        self._places = 0
        self._plot = _Plot(self._dragged)
        self._unit = label("", "muted")
        self._boxes = {end: self._box(end) for end in (LOW, HIGH)}
        self._plot.setAccessibleName(tr("Histogram"))
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self._boxes[LOW], 1)
        row.addWidget(QLabel("–"))
        row.addWidget(self._boxes[HIGH], 1)
        row.addWidget(self._unit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._plot)
        column.addLayout(row)

    def show_counts(self, counts: Counts | None, unit: str) -> None:
        """The histogram to drag on; None while it is being counted."""
        self._unit.setText(unit)
        self._unit.setVisible(bool(unit))
        if counts is self._plot.counts:
            return
        self._plot.show_counts(counts)
        self._places = 0 if counts is None else decimals_for(counts)

    def show_range(self, chosen: Range) -> None:
        """Where the ends are now."""
        self.range = chosen
        self._plot.show_range(chosen)
        for end, box in self._boxes.items():
            value = getattr(chosen, end)
            shown = float(value) if np.isfinite(value) else self._plot.end(end)
            box.setText(QLocale.c().toString(shown, "f", self._places))

    def _box(self, end: str) -> QLineEdit:
        box = QLineEdit()
        box.setAlignment(Qt.AlignmentFlag.AlignRight)
        box.setFont(font(TOKENS.body_px, tabular=True))
        box.setAccessibleName(tr("Lower end") if end == LOW else tr("Upper end"))
        box.editingFinished.connect(lambda: self._typed(end, box.text()))
        return box

    def _typed(self, end: str, text: str) -> None:
        """A number, with a point or a comma; anything else is put back."""
        value, understood = QLocale.c().toDouble(text.replace(",", ".").strip())
        if not understood or text == QLocale.c().toString(float(getattr(self.range, end)), "f", self._places):
            self.show_range(self.range)
            return
        self._tell(Range(value, max(value, self.range.high)) if end == LOW else Range(min(value, self.range.low), value))

    def _dragged(self, chosen: Range) -> None:
        self._tell(Range(round(chosen.low, self._places), round(chosen.high, self._places)))

    def _tell(self, chosen: Range) -> None:
        if chosen != self.range:
            self.show_range(chosen)
            self.moved.emit(chosen)


class _Plot(QWidget):
    """The bars, by the logarithm of how often a value occurs, and the two ends over them."""

    def __init__(self, dragged: Callable[[Range], None]) -> None:
        super().__init__()
        self.counts: Counts | None = None
        self._dragged = dragged
        self._range = Range()
        self._span = (0.0, 1.0)
        self._tops: Floats = np.zeros(0)
        self._held = ""
        self._grip = 0.0
        self.setFixedHeight(grown(PLOT_PX))
        self.setMinimumWidth(120)
        self.setMouseTracking(True)

    def show_counts(self, counts: Counts | None) -> None:
        self.counts = counts
        if counts is not None:
            share = np.cumsum(counts.counts) / max(int(counts.counts.sum()), 1)
            first, last = int(np.searchsorted(share, _TAIL)), int(np.searchsorted(share, 1 - _TAIL))
            self._span = counts.first + first * counts.step, counts.upper_edge(min(last, counts.counts.size - 1))
            tops = np.log1p(counts.counts[first:last + 1].astype(np.float64))
            self._tops = tops / max(float(tops.max()), 1e-9)
        self.update()

    def show_range(self, chosen: Range) -> None:
        self._range = chosen
        self.update()

    def end(self, which: str) -> float:
        """The lowest or highest value there is."""
        if self.counts is None:
            return 0.0
        return self.counts.first if which == LOW else self.counts.upper_edge(self.counts.counts.size - 1)

    # --- painting ---------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.fillRect(self.rect(), QColor(TOKENS.ground))
            if self.counts is None:
                painter.setPen(QColor(TOKENS.faint))
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr("Counting values…"))
                return
            self._draw_bars(painter)
            self._draw_ends(painter)
        finally:
            painter.end()

    def _draw_bars(self, painter: QPainter) -> None:
        base, room = self.height() - FOOT_PX, self.height() - FOOT_PX - 4
        xs = np.linspace(EDGE_PX, self.width() - EDGE_PX, self._tops.size + 1)
        points = [QPointF(xs[0], base)]
        for n, top in enumerate(self._tops):
            points += [QPointF(xs[n], base - top * room), QPointF(xs[n + 1], base - top * room)]
        shape = QPolygonF([*points, QPointF(xs[-1], base)])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(TOKENS.line))
        painter.drawPolygon(shape)
        low, high = self._place(LOW), self._place(HIGH)
        painter.save()
        painter.setClipRect(QRectF(low, 0, high - low, self.height()))
        soft = QColor(TOKENS.accent)
        soft.setAlpha(36)
        painter.fillRect(QRectF(low, 0, high - low, base), soft)
        painter.setBrush(QColor(TOKENS.accent))
        painter.drawPolygon(shape)
        painter.restore()

    def _draw_ends(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        base = self.height() - FOOT_PX
        for end in (LOW, HIGH):
            x = round(self._place(end)) + 0.5
            painter.setPen(QPen(QColor(TOKENS.text), 2 if self._held in (end, BOTH) else 1.4))
            painter.drawLine(QPointF(x, 0), QPointF(x, base))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(TOKENS.text))
            painter.drawPolygon(QPolygonF([QPointF(x, base - 6), QPointF(x + 5, base + 4), QPointF(x - 5, base + 4)]))

    # --- the hand ---------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.counts is not None and event.button() == Qt.MouseButton.LeftButton:
            self._held = self._near(event.position().x())
            self._grip = self._value(event.position().x())
            if self._held != BOTH:
                self._carry(event.position().x())
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self._carry(event.position().x())
        else:
            near = self._near(event.position().x())
            self.setCursor(Qt.CursorShape.SizeAllCursor if near == BOTH else Qt.CursorShape.SizeHorCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = ""
        self.update()

    def _near(self, x: float) -> str:
        """Which end a press here takes; both when it lies well between them."""
        low, high = self._place(LOW), self._place(HIGH)
        if low + GRAB_PX < x < high - GRAB_PX and (self._range.low > self._span[0] or self._range.high < self._span[1]):
            return BOTH
        return LOW if abs(x - low) < abs(x - high) or (low == high and x < low) else HIGH

    def _carry(self, x: float) -> None:
        value, now = self._value(x), self._range
        if self._held == BOTH:
            step = value - self._grip
            low, high = self._known(LOW) + step, self._known(HIGH) + step
            if self.end(LOW) <= low and high <= self.end(HIGH):
                self._grip = value
                self._dragged(Range(low, high))
        elif self._held == LOW:
            self._dragged(replace(now, low=min(value, self._known(HIGH)), high=self._known(HIGH)))
        else:
            self._dragged(replace(now, low=self._known(LOW), high=max(value, self._known(LOW))))

    def _known(self, end: str) -> float:
        value = float(getattr(self._range, end))
        return value if np.isfinite(value) else self.end(end)

    def _place(self, end: str) -> float:
        low, high = self._span
        share = (self._known(end) - low) / max(high - low, 1e-12)
        return float(EDGE_PX + min(1.0, max(0.0, share)) * (self.width() - 2 * EDGE_PX))

    def _value(self, x: float) -> float:
        """At the borders of the plot, the lowest and highest value there is."""
        share = (x - EDGE_PX) / max(self.width() - 2 * EDGE_PX, 1)
        if share <= 0:
            return self.end(LOW)
        return self.end(HIGH) if share >= 1 else self._span[0] + share * (self._span[1] - self._span[0])


def decimals_for(counts: Counts) -> int:
    """As many as tell one bin from the next: none for HU, three for a map of 0 to 1."""
    return int(min(6, max(0, np.ceil(-np.log10(max(counts.step, 1e-9))))))
