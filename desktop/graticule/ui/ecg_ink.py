"""Paper and ink: the colours of a sheet, and words written in screen pixels at a place given in millimetres."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap

from graticule.ui.theme import TOKENS, font

HALO_PX, MOST_STAMPS = 1, 1024
_stamps: dict[tuple, QPixmap] = {}


@dataclass(frozen=True)
class PaperColours:
    ground: str
    fine: str
    coarse: str
    trace: str
    text: str


LIGHT = PaperColours(TOKENS.paper_ground, TOKENS.paper_fine, TOKENS.paper_coarse, TOKENS.paper_trace, TOKENS.paper_text)
DARK = PaperColours(TOKENS.dark_paper_ground, TOKENS.dark_paper_fine, TOKENS.dark_paper_coarse, TOKENS.dark_paper_trace,
                    TOKENS.dark_paper_text)


def pen(colour: str | QColor, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """One screen pixel wide at every zoom."""
    made = QPen(QColor(colour), 0, style)
    made.setCosmetic(True)
    return made


def soft(colour: str, alpha: float) -> QColor:
    made = QColor(colour)
    made.setAlphaF(alpha)
    return made


def readable_on(colour: str) -> QColor:
    """Black or white, whichever is easier to read on a colour."""
    return QColor(TOKENS.paper_trace if QColor(colour).lightnessF() > 0.42 else TOKENS.paper_ground)


class Words:
    """Writes at places of the sheet with letters of a fixed size. Use it between `begin` and `end` of one paint."""

    def __init__(self, painter: QPainter, pixels: int = TOKENS.overlay_px, *, strong: bool = False) -> None:
        self._painter = painter
        self._to_screen = painter.worldTransform()
        face = font(pixels, tabular=True)
        if strong:
            face.setWeight(face.Weight.DemiBold)
        self._face, self._key = face, face.key()
        self.metrics = QFontMetricsF(face)

    def width(self, text: str) -> float:
        return self.metrics.horizontalAdvance(text)

    def box(self, x_mm: float, y_mm: float, text: str, *, dx: float = 0, dy: float = 0, anchor: float = 0.0) -> QRectF:
        """Screen rectangle of `text`: its top at y + dy px; at x + dx px its left (anchor 0), middle (0.5) or right (1) edge."""
        at = self._to_screen.map(QPointF(x_mm, y_mm))
        width = self.width(text)
        return QRectF(round(at.x() + dx - anchor * width), round(at.y() + dy), width, self.metrics.height())

    def write(self, box: QRectF, text: str, colour: str | QColor, halo: str | QColor | None = None) -> None:
        p = self._painter
        p.save()
        p.resetTransform()
        if halo is None:
            p.setFont(self._face)
            p.setPen(QColor(colour))
            p.drawText(QPointF(box.left(), box.top() + self.metrics.ascent()), text)
        else:
            p.drawPixmap(box.topLeft() - QPointF(HALO_PX, HALO_PX), self._stamp(text, QColor(colour), QColor(halo)))
        p.restore()

    def _stamp(self, text: str, colour: QColor, halo: QColor) -> QPixmap:
        """Words with a halo are five drawings on one another, and stand on the sheet again and again: they are kept."""
        ratio = self._painter.device().devicePixelRatioF()
        key = (text, colour.rgba(), halo.rgba(), self._key, ratio)
        made = _stamps.get(key)
        if made is None:
            if len(_stamps) >= MOST_STAMPS:
                _stamps.clear()
            made = _stamps[key] = self._drawn(text, colour, halo, ratio)
        return made

    def _drawn(self, text: str, colour: QColor, halo: QColor, ratio: float) -> QPixmap:
        size = QSizeF(self.width(text) + 2 * HALO_PX + 1, self.metrics.height() + 2 * HALO_PX)
        made = QPixmap((size * ratio).toSize() + QSize(1, 1))
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setFont(self._face)
        base = QPointF(HALO_PX, HALO_PX + self.metrics.ascent())
        painter.setPen(halo)
        for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            painter.drawText(base + QPointF(dx, dy), text)
        painter.setPen(colour)
        painter.drawText(base, text)
        painter.end()
        return made

    def chip(self, box: QRectF, text: str, ground: str | QColor, colour: str | QColor) -> None:
        """Words on a small filled plate."""
        p = self._painter
        p.save()
        p.resetTransform()
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QColor(ground))
        p.drawRoundedRect(box.adjusted(-5, -2, 5, 2), 3, 3)
        p.restore()
        self.write(box, text, colour)

    def fitted(self, text: str, width_px: float) -> str:
        """The text, shortened with an ellipsis to a width; "" when not even two letters fit."""
        if self.width(text) <= width_px:
            return text
        if width_px < self.width("Mo…"):
            return ""
        return self.metrics.elidedText(text, Qt.TextElideMode.ElideRight, width_px)
