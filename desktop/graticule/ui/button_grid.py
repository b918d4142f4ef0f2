"""Buttons in rows of equal cells: as many side by side as their words allow, fewer in a narrow column or with large text."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

GAP_PX = 4


class ButtonGrid(QWidget):
    """most: how many stand side by side where there is room."""

    def __init__(self, buttons: Sequence[QPushButton], most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons, self._most = list(buttons), most
        for button in self._buttons:
            button.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def columns(self, width: int) -> int:
        widest = self.minimumSizeHint().width()
        return max(1, min(self._most, (width + GAP_PX) // (widest + GAP_PX)))

    def sizeHint(self) -> QSize:
        return QSize(self._most * (self.minimumSizeHint().width() + GAP_PX) - GAP_PX, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(max((button.minimumSizeHint().width() for button in self._buttons), default=0), self._high())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns, high = self.columns(self.width()), self._high()
        shown = [button for button in self._buttons if not button.isHidden()]
        rows = -(-len(shown) // columns)
        self.setFixedHeight(max(0, rows * (high + GAP_PX) - GAP_PX))
        wide = (self.width() - GAP_PX * (columns - 1)) // columns
        for at, button in enumerate(shown):
            row, column = divmod(at, columns)
            button.setGeometry(column * (wide + GAP_PX), row * (high + GAP_PX), wide, high)

    def _high(self) -> int:
        return max((button.sizeHint().height() for button in self._buttons), default=0)
