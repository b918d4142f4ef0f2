"""A square of a segment's colour, or of a key's."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from graticule.ui.theme import TOKENS


class Swatch(QWidget):
    """Hollow when what it stands for is hidden."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(14, 14)
        self._colour, self._filled = TOKENS.faint, True

    def show_colour(self, colour: str, filled: bool) -> None:
        self._colour, self._filled = colour, filled
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(self._colour))
            painter.setBrush(QColor(self._colour) if self._filled else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -2, -2), 3, 3)
        finally:
            painter.end()
