"""Text over images: light with a dark rim, drawn once and kept, since the same words stand there at every frame."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter

from graticule.ui.theme import TOKENS, font

_RIM = ((-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1))
LINE_PX = TOKENS.overlay_px + 5


@lru_cache(maxsize=400)
def halo_text(text: str, colour: str = TOKENS.image_text, strong: bool = False, ratio: float = 1.0) -> QImage:
    """One line as an image of device pixels; its size in the view is `size_of(...)`."""
    face, size = _face(strong), size_of(text, strong)
    image = QImage(round(size.width() * ratio), round(size.height() * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    try:
        painter.setFont(face)
        base = QPointF(2, QFontMetrics(face).ascent() + 1)
        rim = QColor(TOKENS.halo)
        rim.setAlpha(170)
        painter.setPen(rim)
        for x, y in _RIM:
            painter.drawText(base + QPointF(x, y), text)
        painter.setPen(QColor(colour))
        painter.drawText(base, text)
    finally:
        painter.end()
    return image


@lru_cache(maxsize=800)
def size_of(text: str, strong: bool = False) -> QSize:
    metrics = QFontMetrics(_face(strong))
    return QSize(metrics.horizontalAdvance(text) + 5, metrics.height() + 2)


@lru_cache(maxsize=2)
def _face(strong: bool) -> QFont:
    return font(TOKENS.overlay_px, QFont.Weight.DemiBold if strong else QFont.Weight.Medium, tabular=True)
