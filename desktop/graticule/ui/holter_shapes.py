"""Shapes of beats: each as a tile with its beats laid over each other. Click chooses a shape, Ctrl+click several."""

import numpy as np
from pyqtgraph import functions
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPixmap, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from graticule.domain.geometry import Array
from graticule.ecg.beat_shapes import windows
from graticule.presenters.holter import HolterDesk
from graticule.ui.ecg_ink import Words, soft
from graticule.ui.holter_ink import colour_of
from graticule.ui.theme import TOKENS, font
from graticule.ui.words import tr

TILE_W, TILE_H, GAP, HEAD = 176, 150, 8, 22
MOST_BEATS, BEFORE_S, AFTER_S = 40, 0.25, 0.45


class ShapesView(QAbstractScrollArea):
    """`chose(shapes)`: numbers of the shapes in hand. `went(tick)`: a double click, to the first of its beats."""

    chose = Signal(object)
    went = Signal(int)

    def __init__(self, desk: HolterDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.picked: set[int] = set()
        self._tiles: dict[int, QPixmap] = {}
        self._drawn_for: object = None
        self._letters: list[str] = []
        self.setAccessibleName(tr("Shapes of beats"))
        self.verticalScrollBar().valueChanged.connect(lambda _: self.viewport().update())
        self.verticalScrollBar().setSingleStep(40)

    @property
    def numbers(self) -> list[int]:
        """Shapes that have beats, those with most first."""
        drafts = self._desk.beats.drafts
        counts = np.empty(0) if drafts is None else drafts.shapes.counts
        return [int(n) for n in np.argsort(-counts, kind="stable") if counts[n]]

    def join(self) -> None:
        """Make the shapes in hand one."""
        if len(self.picked) > 1:
            self._desk.join_shapes(sorted(self.picked))
            self.picked = {min(self.picked)}
            self.refresh()
            self.chose.emit(sorted(self.picked))

    def refresh(self) -> None:
        self._tiles.clear()
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        beats = self._desk.beats.beats()
        if beats is not self._drawn_for:
            self._drawn_for = beats
            self._tiles.clear()
        self._scroll_range()
        painter = QPainter(self.viewport())
        try:
            painter.fillRect(self.viewport().rect(), QColor(TOKENS.ground))
            numbers = self.numbers
            if not numbers:
                painter.setPen(QColor(TOKENS.muted))
                painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, tr("No beats were found yet."))
            for place, number in enumerate(numbers):
                box = self._box(place)
                if box.bottom() > 0 and box.top() < self.viewport().height():
                    painter.drawPixmap(box.topLeft(), self._tile(number))
                    picked = number in self.picked
                    painter.setPen(QColor(TOKENS.accent if picked else TOKENS.line))
                    painter.setBrush(soft(TOKENS.accent, 0.12) if picked else Qt.BrushStyle.NoBrush)
                    painter.drawRect(box)
        finally:
            painter.end()

    def _tile(self, number: int) -> QPixmap:
        if number not in self._tiles:
            ratio = self.devicePixelRatioF()
            tile = QPixmap(round(TILE_W * ratio), round(TILE_H * ratio))
            tile.setDevicePixelRatio(ratio)
            tile.fill(QColor(TOKENS.panel))
            painter = QPainter(tile)
            try:
                self._draw(painter, number)
            finally:
                painter.end()
            self._tiles[number] = tile
        return self._tiles[number]

    def _draw(self, painter: QPainter, number: int) -> None:
        drafts = self._desk.beats.drafts
        assert drafts is not None
        ticks = self._desk.beats.of_shape([number])
        letter, draft = self._letter(ticks)
        self._caption(painter, number, ticks.size, letter, draft)
        if not ticks.size:
            return
        recording = self._desk.recording
        lead = recording.lead(drafts.shapes.leads[0])
        assert lead is not None
        shown = ticks[np.linspace(0, ticks.size - 1, min(ticks.size, MOST_BEATS)).astype(int)]
        rows = np.stack(list(windows(lead, shown, float(recording.rate), BEFORE_S, AFTER_S, recording.ticks)))
        rows -= np.median(rows, axis=1, keepdims=True)
        x = 6 + np.arange(rows.shape[1]) / rows.shape[1] * (TILE_W - 12)
        scale = min(38.0, (TILE_H - HEAD - 14) / max(0.3, float(np.ptp(np.percentile(rows, (1, 99), axis=0)))))
        base = HEAD + 6 + (TILE_H - HEAD - 12) * 0.5 + float(np.percentile(rows, 99) + np.percentile(rows, 1)) / 2 * scale
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setClipRect(1, HEAD, TILE_W - 2, TILE_H - HEAD - 1)
        painter.setPen(soft(TOKENS.text, 0.22))
        for row in rows:
            painter.drawPolyline(functions.arrayToQPolygonF(x, base - row * scale))
        painter.setPen(QColor(colour_of(letter)))
        painter.drawPolyline(functions.arrayToQPolygonF(x, base - np.median(rows, axis=0) * scale))

    def _caption(self, painter: QPainter, number: int, count: int, letter: str, draft: bool) -> None:
        words = Words(painter, TOKENS.label_px, strong=True)
        share = 100 * count / max(1, len(self._desk.beats.beats()))
        text = f"{letter}  {count:,} · {share:.1f} %"
        words.write(words.box(0, 0, text, dx=8, dy=4), text, QColor(colour_of(letter)))
        painter.setFont(font(TOKENS.overlay_px))
        painter.setPen(QColor(TOKENS.muted))
        said = tr("draft") if draft else tr("accepted")
        painter.drawText(QRectF(0, 4, TILE_W - 8, 16), Qt.AlignmentFlag.AlignRight, said)

    def _letter(self, ticks: Array) -> tuple[str, bool]:
        """(the letter most of these beats have, whether any of them is still a draft)."""
        beats = self._desk.beats.beats()
        mine = np.searchsorted(beats.ticks, ticks)
        if not mine.size:
            return "Q", False
        return chr(int(np.bincount(beats.symbols[mine]).argmax())), bool(beats.drafts[mine].any())

    # Hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._at(event.position())
        if number is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.picked ^= {number}
        else:
            self.picked = {number}
        self.viewport().update()
        self.chose.emit(sorted(self.picked))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        number = self._at(event.position())
        ticks = self._desk.beats.of_shape([number]) if number is not None else np.empty(0)
        if ticks.size:
            self.went.emit(int(ticks[0]))

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() - event.angleDelta().y() // 2)
        event.accept()

    def _scroll_range(self) -> None:
        rows = -(-len(self.numbers) // self._columns)
        self.verticalScrollBar().setRange(0, max(0, rows * (TILE_H + GAP) + GAP - self.viewport().height()))
        self.verticalScrollBar().setPageStep(self.viewport().height())

    @property
    def _columns(self) -> int:
        return max(1, (self.viewport().width() - GAP) // (TILE_W + GAP))

    def _box(self, place: int) -> QRectF:
        row, column = divmod(place, self._columns)
        top = GAP + row * (TILE_H + GAP) - self.verticalScrollBar().value()
        return QRectF(GAP + column * (TILE_W + GAP), top, TILE_W, TILE_H)

    def _at(self, at: QPointF) -> int | None:
        return next((number for place, number in enumerate(self.numbers) if self._box(place).contains(at)), None)
