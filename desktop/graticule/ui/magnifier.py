"""The magnifying glass: held by a key, it shows what lies under the pointer larger, over everything else."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from graticule.ui.halo_text import LINE_PX, halo_text, size_of
from graticule.ui.theme import TOKENS

RADIUS_PX = 110.0
POWERS = (1.5, 2.0, 2.5, 3.0, 4.0, 6.0)


class Magnifier:
    """power: how much larger than the view round it."""

    def __init__(self) -> None:
        self.power = 2.5

    def change(self, steps: float) -> None:
        """Stronger or weaker by steps of the wheel."""
        at = min(range(len(POWERS)), key=lambda n: abs(POWERS[n] - self.power)) + (1 if steps > 0 else -1)
        self.power = POWERS[max(0, min(len(POWERS) - 1, at))]

    def box(self, at: QPointF) -> QRect:
        """What has to be repainted round the glass."""
        reach = RADIUS_PX + 4
        return QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach).toAlignedRect()

    def begin(self, painter: QPainter, at: QPointF) -> None:
        """From here on, what is drawn in the view's coordinates lands in the glass, magnified about `at`."""
        painter.save()
        glass = QPainterPath()
        glass.addEllipse(at, RADIUS_PX, RADIUS_PX)
        painter.setClipPath(glass)
        painter.fillPath(glass, QColor(TOKENS.image_ground))
        painter.translate(at)
        painter.scale(self.power, self.power)
        painter.translate(-at)

    def end(self, painter: QPainter, at: QPointF, ratio: float) -> None:
        """The rim of the glass, and how strong it is."""
        painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (QPen(QColor(TOKENS.halo), 4), QPen(QColor(TOKENS.image_text), 1.5)):
            painter.setPen(pen)
            painter.drawEllipse(at, RADIUS_PX, RADIUS_PX)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        text = f"{self.power:g} ×"
        painter.drawImage(round(at.x()) - size_of(text).width() // 2, round(at.y() + RADIUS_PX) - LINE_PX - 6,
                          halo_text(text, TOKENS.image_text, False, ratio))

    def seen(self, at: QPointF) -> QRectF:
        """The part of the view that the glass shows."""
        reach = RADIUS_PX / self.power
        return QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
