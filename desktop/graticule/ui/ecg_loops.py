"""Vector loops of the usual beat in three planes, from leads that were derived: it says so, and by whose numbers."""

import numpy as np
from pyqtgraph import functions
from PySide6.QtCore import QLineF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from graticule.ecg.vector import KORS, PLANES, frank_beat, loop
from graticule.presenters.ecg_measures import Measures
from graticule.ui.ecg_ink import LIGHT, Words, pen
from graticule.ui.theme import TOKENS
from graticule.ui.words import tr

HEAD_PX, FOOT_PX = 18, 18
# P and T in paler ink than the QRS, whose direction of turning is what is looked for.
TICK_S = 0.01


class LoopsView(QWidget):
    def __init__(self, measures: Measures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._measures = measures
        self.method = KORS
        self.setMinimumHeight(150)
        self.setAccessibleName(tr("Vector loops, derived from the twelve leads"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.fillRect(self.rect(), QColor(LIGHT.ground))
            vector = frank_beat(self._measures.now.beat, self.method) if self._measures.now else None
            words = Words(painter)
            text = tr("Derived: {method}; dots every 10 ms of the QRS", method=self.method) if vector is not None else \
                tr("Vector loops need leads I, II and V1–V6.")
            words.write(words.box(6, self.height() - FOOT_PX, text), text, LIGHT.text)
            if vector is not None:
                self._loops(painter, words, vector - vector[:, [self._measures.now.beat.onset]])
        finally:
            painter.end()

    def _loops(self, painter: QPainter, words: Words, vector: np.ndarray) -> None:
        side = self.width() / len(PLANES)
        room = min(side, self.height() - HEAD_PX - FOOT_PX)
        scale = 0.46 * room / max(0.2, float(np.nanmax(np.abs(vector))))
        marks, rate = self._measures.marks, self._measures.now.beat.rate_hz
        for n, plane in enumerate(PLANES):
            points = loop(vector, plane)
            x, y = (n + 0.5) * side + points[:, 0] * scale, HEAD_PX + room / 2 - points[:, 1] * scale
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(pen(LIGHT.coarse))
            centre = HEAD_PX + room / 2
            painter.drawLines([QLineF((n + 0.5) * side - room / 2, centre, (n + 0.5) * side + room / 2, centre),
                               QLineF((n + 0.5) * side, HEAD_PX, (n + 0.5) * side, HEAD_PX + room)])
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(pen(LIGHT.text))
            painter.drawPolyline(functions.arrayToQPolygonF(x, y))
            first, last = marks.qrs_on, marks.qrs_off
            if first is not None and last is not None:
                painter.setPen(pen(TOKENS.accent_pressed))
                painter.drawPolyline(functions.arrayToQPolygonF(x[first:last + 1], y[first:last + 1]))
                for at in range(first, last, max(1, round(TICK_S * rate))):
                    painter.drawEllipse(int(x[at]) - 1, int(y[at]) - 1, 2, 2)
            words.write(words.box((n + 0.5) * side, 0, tr(plane), anchor=0.5), tr(plane), LIGHT.trace)
