"""The name of the series that stands in another's place: a frame round the view and a plate nobody can overlook."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from graticule.ui.halo_text import LINE_PX
from graticule.ui.overlays import CORNER_LINES
from graticule.ui.theme import TOKENS, font
from graticule.ui.words import tr

FRAME_PX, EDGE, PAD = 3, 8, 8


def draw_instead(painter: QPainter, box: QRect, name: str, ratio: float) -> None:
    """In amber, which nothing else on an image is but a warning: what is seen is not the series of this view."""
    painter.save()
    pen = QPen(QColor(TOKENS.warn), FRAME_PX)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    half = FRAME_PX / 2
    painter.drawRect(QRectF(box).adjusted(half, half, -half, -half))
    face = font(TOKENS.body_px, font().weight().DemiBold)
    metrics = QFontMetrics(face)
    text = metrics.elidedText(tr("Instead: {name}", name=name), Qt.TextElideMode.ElideRight, box.width() - 2 * (EDGE + PAD))
    width, height = metrics.horizontalAdvance(text) + 2 * PAD, metrics.height() + PAD
    # Below the lines of the corners, which a narrow view brings to its middle.
    plate = QRectF((box.width() - width) / 2, EDGE + CORNER_LINES * LINE_PX + 4, width, height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(TOKENS.warn))
    painter.drawRoundedRect(plate, 4, 4)
    painter.setPen(QColor(TOKENS.on_accent))
    painter.setFont(face)
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
