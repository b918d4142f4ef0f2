"""Beats over the traces: letters while there is room, a band of colours where they would touch. One path a class, never an item
a beat."""

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from graticule.presenters.beat_marks import CLASS_OF, BeatClass, BeatMarks, Density, Letters
from graticule.presenters.ecg import EcgPresenter
from graticule.presenters.ecg_sheet import GUTTER_MM, TOP_MM
from graticule.ui.ecg_ink import Words, soft
from graticule.ui.ecg_paper import SheetItem
from graticule.ui.theme import BEAT_COLOURS, TOKENS

COLOURS = {kind: BEAT_COLOURS[kind.name.lower()] for kind in BeatClass if kind.name.lower() in BEAT_COLOURS}
DOT = "•"           # a normal beat: the eye should rest on the others
HIGH_MM = 2.4
DRAFT = 0.55        # what a machine found and nobody has looked at is paler


class BeatsItem(SheetItem):
    def __init__(self, view: EcgPresenter, beats: BeatMarks) -> None:
        super().__init__(view)
        self._beats = beats
        self._key: tuple = ()
        self._shown: Letters | Density | None = None

    def paint(self, painter: QPainter, option: object, widget: object = None) -> None:
        view = self.view
        start, end = view.shown_s
        columns = max(1, round((end - start) * view.speed_mm_s * view.scale))
        key = (self._beats.key(), start, end, columns)
        if key != self._key:
            self._key, self._shown = key, self._beats.shown(start, end, columns)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if isinstance(self._shown, Letters):
            self._letters(painter, self._shown)
        elif self._shown is not None:
            self._band(painter, self._shown, columns)

    @property
    def _top_mm(self) -> float:
        view = self.view
        return max(TOP_MM * 0.55, view.sheet.rows[0] - view.sheet.row_mm / 2) if view.sheet.rows else TOP_MM

    def _letters(self, painter: QPainter, shown: Letters) -> None:
        words = Words(painter, TOKENS.label_px, strong=True)
        for seconds, symbol, draft in zip(shown.seconds.tolist(), shown.symbols.tolist(), shown.drafts.tolist()):
            kind = BeatClass(int(CLASS_OF[symbol]))
            text = DOT if chr(symbol) == "N" else chr(symbol)
            colour = soft(COLOURS[kind], DRAFT) if draft else QColor(COLOURS[kind])
            words.write(words.box(self.view.x_mm(seconds), self._top_mm, text, anchor=0.5), text, colour, self.colours.ground)

    def _band(self, painter: QPainter, shown: Density, columns: int) -> None:
        """Every column has the colour of the gravest beat in it, so that one ventricular beat among thousands is seen."""
        gravest = shown.gravest
        width = 1 / self.view.scale
        painter.setPen(Qt.PenStyle.NoPen)
        edges = np.flatnonzero(np.diff(gravest, prepend=-2, append=-2))
        boxes: dict[int, list[QRectF]] = {}
        for first, last in zip(edges[:-1].tolist(), edges[1:].tolist()):
            box = QRectF(GUTTER_MM + first * width, self._top_mm, (last - first) * width, HIGH_MM)
            boxes.setdefault(int(gravest[first]), []).append(box)
        for kind, rects in boxes.items():
            if kind >= 0:
                painter.setBrush(QColor(COLOURS[BeatClass(kind)]))
                painter.drawRects(rects)
