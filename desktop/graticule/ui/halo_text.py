"""Text over images: light, with a dark rim, on a soft dark plate, drawn once and kept.

The plate is as dark as the colour of the words needs: at least 4.5 : 1 even over white (WCAG 2.1, 1.4.3), and no darker.
"""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter

from graticule.ui.theme import TOKENS, font

_RIM = ((-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1))
LINE_PX = TOKENS.overlay_px + 5
LEAST_CONTRAST = 4.5
PLATE_RADIUS = 3.0


@lru_cache(maxsize=400)
def halo_text(text: str, colour: str = TOKENS.image_text, strong: bool = False, ratio: float = 1.0) -> QImage:
    """One line as an image of device pixels; its size in the view is `size_of(...)`."""
    face, size = _face(strong), size_of(text, strong)
    image = QImage(round(size.width() * ratio), round(size.height() * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    try:
        _draw_plate(painter, size, colour)
        painter.setFont(face)
        base = QPointF(3, QFontMetrics(face).ascent() + 1)
        rim = QColor(TOKENS.halo)
        rim.setAlpha(120)
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
    return QSize(metrics.horizontalAdvance(text) + 7, metrics.height() + 2)


@lru_cache(maxsize=32)
def plate_alpha(colour: str) -> int:
    """How opaque (0…255) a black plate over white must be for words of this colour."""
    words = luminance(QColor(colour))
    for alpha in range(90, 256, 2):
        grey = 255 - alpha
        if contrast(words, luminance(QColor(grey, grey, grey))) >= LEAST_CONTRAST:
            return alpha
    return 255


def luminance(colour: QColor) -> float:
    """Relative luminance of an sRGB colour, 0…1 (WCAG 2.1)."""
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
             for part in (colour.redF(), colour.greenF(), colour.blueF())]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: float, two: float) -> float:
    """Of two luminances, 1…21."""
    return (max(one, two) + 0.05) / (min(one, two) + 0.05)


def _draw_plate(painter: QPainter, size: QSize, colour: str) -> None:
    plate = QColor(TOKENS.halo)
    plate.setAlpha(plate_alpha(colour))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(plate)
    painter.drawRoundedRect(QRectF(0, 0, size.width(), size.height()), PLATE_RADIUS, PLATE_RADIUS)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


@lru_cache(maxsize=2)
def _face(strong: bool) -> QFont:
    return font(TOKENS.overlay_px, QFont.Weight.DemiBold if strong else QFont.Weight.Medium, tabular=True)
