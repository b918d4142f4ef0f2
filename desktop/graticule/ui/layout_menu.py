"""The popup that chooses a layout: a small grid of squares, by hovering and clicking or by arrow keys and Enter."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from graticule.presenters.layout import MOST
from graticule.ui.theme import TOKENS
from graticule.ui.words import tr

CELL_PX, GAP_PX = 34, 5
_STEPS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}


class LayoutGrid(QWidget):
    """Three by three squares; those up to the pointer are lit."""

    chosen = Signal(int, int)
    pointed = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows, self.columns = 1, 1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        side = MOST * CELL_PX + (MOST - 1) * GAP_PX
        self.setFixedSize(QSize(side, side))
        self.setAccessibleName(tr("Layout"))

    def point_to(self, rows: int, columns: int) -> None:
        self.rows, self.columns = min(max(rows, 1), MOST), min(max(columns, 1), MOST)
        self.pointed.emit(self.rows, self.columns)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            for row in range(MOST):
                for column in range(MOST):
                    lit = row < self.rows and column < self.columns
                    painter.setPen(QColor(TOKENS.accent if lit else TOKENS.line))
                    painter.setBrush(QColor(TOKENS.accent_soft if lit else TOKENS.raised))
                    painter.drawRoundedRect(_cell(row, column), 3, 3)
        finally:
            painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.point_to(*_under(event.position().toPoint()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.point_to(*_under(event.position().toPoint()))
        self.chosen.emit(self.rows, self.columns)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _STEPS:
            down, right = _STEPS[event.key()]
            self.point_to(self.rows + down, self.columns + right)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self.rows, self.columns)
        else:
            super().keyPressEvent(event)


class LayoutPopup(QWidget):
    """`chosen(rows, columns)`; gone after a choice, Escape or a click elsewhere."""

    chosen = Signal(int, int)

    def __init__(self, rows: int, columns: int, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("popup")
        self.grid = LayoutGrid()
        self._words = QLabel()
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 8)
        column.addWidget(self.grid)
        column.addWidget(self._words)
        self.grid.pointed.connect(self._say)
        self.grid.chosen.connect(self._choose)
        self.grid.point_to(rows, columns)

    def open_at(self, at: QPoint) -> None:
        self.move(at)
        self.show()
        self.grid.setFocus()

    def _say(self, rows: int, columns: int) -> None:
        self._words.setText(f"{rows} × {columns}")

    def _choose(self, rows: int, columns: int) -> None:
        self.close()
        self.chosen.emit(rows, columns)


def _cell(row: int, column: int) -> QRect:
    step = CELL_PX + GAP_PX
    return QRect(column * step, row * step, CELL_PX - 1, CELL_PX - 1)


def _under(at: QPoint) -> tuple[int, int]:
    step = CELL_PX + GAP_PX
    return at.y() // step + 1, at.x() // step + 1
