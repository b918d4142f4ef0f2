"""The heart-rate ruler under the pointer: hold its zero on one R, and the next R stands at the rate."""

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter

from graticule.ecg.calipers import rate_per_min
from graticule.presenters.ecg import EcgPresenter
from graticule.ui.ecg_ink import Words, pen, soft
from graticule.ui.ecg_paper import SheetItem
from graticule.ui.theme import TOKENS

# One for each bold line at 25 mm/s (200 ms), as cardiologists count: 300, 150, 100, 75, 60, 50 …
STEP_MS, STEPS = 200, 10
HIGH_MM, TICK_MM = 9.0, 3.0
LEAST_WORD_PX = 26


class RateRulerItem(SheetItem):
    """`at`: (seconds, mm from the top of the sheet) of the pointer, None while it is elsewhere."""

    def __init__(self, view: EcgPresenter) -> None:
        super().__init__(view)
        self.on = False
        self.at: tuple[float, float] | None = None

    def toggle(self) -> None:
        self.on = not self.on

    def point(self, x_mm: float, y_mm: float) -> None:
        self.at = (self.view.seconds(x_mm), y_mm)

    def paint(self, painter: QPainter, option: object, widget: object = None) -> None:
        view = self.view
        if not self.on or self.at is None or view.compressed:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        seconds, y = self.at
        left, width = view.x_mm(seconds), STEPS * STEP_MS / 1000 * view.speed_mm_s
        painter.fillRect(QRectF(left, y - HIGH_MM, width, HIGH_MM), soft(self.colours.ground, 0.85))
        painter.setPen(pen(TOKENS.accent_pressed))
        painter.drawLine(QPointF(left, y), QPointF(left + width, y))
        words, every = Words(painter), max(1, round(LEAST_WORD_PX / (STEP_MS / 1000 * view.speed_mm_s * view.scale)))
        for n in range(STEPS + 1):
            x = left + n * STEP_MS / 1000 * view.speed_mm_s
            painter.drawLine(QLineF(x, y - (HIGH_MM if n == 0 else TICK_MM), x, y))
            if n and n % every == 0:
                text = str(rate_per_min(n * STEP_MS))
                words.write(words.box(x, y - HIGH_MM, text, dy=2, anchor=0.5), text, TOKENS.accent_pressed)
