"""A thin bar under the overview: which parts of the record stood on the screen, as the study asks for it. Click goes to a gap."""

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from graticule.domain.recording import Recording
from graticule.domain.viewing import Look
from graticule.presenters.coverage import Seen, seen
from graticule.study.coverage import Coverage
from graticule.ui.ecg_overview import EDGE
from graticule.ui.theme import TOKENS
from graticule.ui.words import tr

HEIGHT_PX, EVERY_MS = 7, 2000


class SeenBar(QWidget):
    """looks: all of the case up to now. `chosen(seconds)`: somebody wants to look there."""

    chosen = Signal(float)

    def __init__(self, recording: Recording, condition: Coverage | None, looks: Callable[[], Sequence[Look]],
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recording, self._condition, self._looks = recording, condition or Coverage(), looks
        self._asked = condition is not None
        self.found = Seen((), 0)
        self.setFixedHeight(HEIGHT_PX)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(tr("What of the record was seen"))
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.refresh)

    def refresh(self) -> None:
        """Count again; cheap, since the viewing record has one row a page."""
        self.found = seen(self._looks(), self._recording.ticks, self._condition)
        words = tr("{share} % of the record seen", share=f"{self.found.permille / 10:g}")
        self.setToolTip(words + (". " + tr("The study asks for {words}.", words=self._condition.words()) if self._asked else ""))
        self.update()

    def showEvent(self, event: object) -> None:
        self.refresh()
        self._timer.start()

    def hideEvent(self, event: object) -> None:
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.fillRect(self.rect(), QColor(TOKENS.ground))
            whole = QRectF(EDGE, 1, self._room, HEIGHT_PX - 3)
            painter.fillRect(whole, QColor(TOKENS.line))
            ticks = max(1, self._recording.ticks)
            for start, end in self.found.spans:
                left, right = (EDGE + tick / ticks * self._room for tick in (start, end))
                painter.fillRect(QRectF(left, 1, max(1.0, right - left), HEIGHT_PX - 3), QColor(TOKENS.good))
        finally:
            painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """To the nearest part that was not seen."""
        share = max(0.0, min(1.0, (event.position().x() - EDGE) / self._room))
        tick, gaps = round(share * self._recording.ticks), self.found.gaps(self._recording.ticks)
        if gaps:
            start, end = min(gaps, key=lambda gap: max(gap[0] - tick, tick - gap[1], 0))
            tick = int(np.clip(tick, start, end))
        self.chosen.emit(self._recording.seconds(tick))

    @property
    def _room(self) -> float:
        return max(1.0, self.width() - EDGE - 8.0)
