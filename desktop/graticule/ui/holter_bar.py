"""The whole record in one bar: beats by class, what was offered, and how much of it a reader has taken. Click goes there."""

import numpy as np
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from graticule.presenters.ecg import EcgPresenter
from graticule.presenters.holter import HolterDesk
from graticule.presenters.holter_views import density
from graticule.ui.ecg_ink import soft
from graticule.ui.holter_ink import palette
from graticule.ui.theme import TOKENS, font
from graticule.ui.words import tr

# Rows from top to bottom: (words, ranks of letters that count in it).
ROWS = (("V", (5, 3)), ("S", (4,)), ("/", (1,)))
ROW, EDGE, COVER, EVENTS = 12, 52, 8, 7


class HolterBar(QWidget):
    """`went(seconds)`: a click or a drag along the record."""

    went = Signal(float)

    def __init__(self, view: EcgPresenter, desk: HolterDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view, self._desk = view, desk
        self._drawn: QPixmap | None = None
        self.setFixedHeight(len(ROWS) * ROW + EVENTS + COVER + 12)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(tr("Beats by class, events, and what a reader has taken (the bar below). Click to go there."))
        self.setAccessibleName(tr("Beats and review of the whole record"))

    def refresh(self) -> None:
        self._drawn = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._drawn is None or self._drawn.size() != self.size() * self.devicePixelRatioF():
            self._drawn = self._record()
        painter = QPainter(self)
        try:
            painter.drawPixmap(0, 0, self._drawn)
            start, end = (self._x(seconds) for seconds in self._view.shown_s)
            painter.setPen(QColor(TOKENS.accent))
            painter.setBrush(soft(TOKENS.accent, 0.2))
            painter.drawRect(QRectF(start, 1, max(3.0, end - start), self.height() - 3))
        finally:
            painter.end()

    def _record(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        drawn = QPixmap(self.size() * ratio)
        drawn.setDevicePixelRatio(ratio)
        drawn.fill(QColor(TOKENS.ground))
        painter = QPainter(drawn)
        try:
            painter.setFont(font(TOKENS.overlay_px))
            self._classes(painter)
            self._events(painter)
            self._coverage(painter)
        finally:
            painter.end()
        return drawn

    def _classes(self, painter: QPainter) -> None:
        """A column's strength is its share of such beats, so that one in a thousand is still seen."""
        columns = int(self._room)
        counts = density(self._desk.recording, self._desk.beats.beats(), columns)
        colours = palette()
        for n, (words, ranks) in enumerate(ROWS):
            top = 4 + n * ROW
            mine = counts[list(ranks)].sum(axis=0)
            most = max(1.0, float(np.percentile(mine[mine > 0], 95))) if mine.any() else 1.0
            share = np.where(mine > 0, 0.35 + 0.65 * np.clip(mine / most, 0, 1), 0)
            rgba = np.zeros((1, columns, 4), np.uint8)
            rgba[0] = colours[1 + ranks[0]]
            rgba[0, :, 3] = (share * 255).astype(np.uint8)
            image = QImage(rgba.data, columns, 1, columns * 4, QImage.Format.Format_RGBA8888)
            painter.drawImage(QRectF(EDGE, top, columns, ROW - 2), image)
            self._name(painter, words, top, ROW - 2)

    def _events(self, painter: QPainter) -> None:
        top = 5 + len(ROWS) * ROW
        self._name(painter, tr("Events"), top, EVENTS)
        for offer in self._desk.review.offers():
            left, right = self._x(self._desk.recording.seconds(offer.candidate.start)), self._x(
                self._desk.recording.seconds(offer.candidate.end))
            colour = TOKENS.good if offer.verdict == "accepted" else TOKENS.faint if offer.verdict else TOKENS.warn
            painter.fillRect(QRectF(left, top, max(2.0, right - left), EVENTS), QColor(colour))

    def _coverage(self, painter: QPainter) -> None:
        top, columns = 8 + len(ROWS) * ROW + EVENTS, int(self._room)
        total, taken = self._desk.coverage(columns)
        self._name(painter, tr("Taken"), top, COVER)
        painter.fillRect(QRectF(EDGE, top, columns, COVER), QColor(TOKENS.raised))
        whole = (total > 0) & (taken == total)
        some = (taken > 0) & ~whole
        for mask, alpha in ((whole, 1.0), (some, 0.45)):
            edges = np.flatnonzero(np.diff(mask.astype(np.int8), prepend=0, append=0))
            for first, last in zip(edges[::2].tolist(), edges[1::2].tolist()):
                painter.fillRect(QRectF(EDGE + first, top, last - first, COVER), soft(TOKENS.good, alpha))

    def _name(self, painter: QPainter, text: str, top: float, height: float) -> None:
        painter.setPen(QColor(TOKENS.muted))
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, top - 3, EDGE - 6, height + 6), side, text)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._go(event)

    def _go(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            share = (event.position().x() - EDGE) / self._room
            self.went.emit(max(0.0, min(1.0, share)) * self._view.duration_s)

    @property
    def _room(self) -> float:
        return max(8.0, self.width() - EDGE - 8.0)

    def _x(self, seconds: float) -> float:
        return EDGE + seconds / self._view.duration_s * self._room
