"""A confusion matrix whose cells can be clicked, or walked with the arrow keys."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from graticule.presenters.ec57 import Cell, Table
from graticule.ui.theme import TOKENS, font, grown
from graticule.ui.words import tr

ROW_PX, HEAD_PX = grown(26), grown(20)
LEAST_COLUMN_PX = grown(34)
MOVES = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}


class CellMatrix(QWidget):
    """`chosen(row, column)`: a cell was taken, even an empty one."""

    chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table: Table | None = None
        self.cell: Cell | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Rows: the reference. Columns: what is tested."))

    def show_table(self, table: Table | None) -> None:
        self._table, self.cell = table, None
        self.setFixedHeight(HEAD_PX + ROW_PX * len(table.rows) + 1 if table else 0)
        self.updateGeometry()
        self.update()

    def choose(self, cell: Cell) -> None:
        self.cell = cell
        self.update()
        self.chosen.emit(*cell)

    def sizeHint(self) -> QSize:
        return QSize(LEAST_COLUMN_PX * 8, self.height())

    def box(self, row: int, column: int) -> QRect:
        """Where a cell is drawn; row or column −1 for the names."""
        assert self._table is not None
        names = self._names_px
        wide = (self.width() - names) / len(self._table.columns)
        left = 0 if column < 0 else names + round(column * wide)
        right = names if column < 0 else names + round((column + 1) * wide)
        top = 0 if row < 0 else HEAD_PX + row * ROW_PX
        return QRect(left, top, right - left, HEAD_PX if row < 0 else ROW_PX)

    @property
    def _names_px(self) -> int:
        words = [tr(row) for row in self._table.rows] if self._table else []
        return max((self.fontMetrics().horizontalAdvance(word) for word in words), default=0) + 16

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._at(event.position().toPoint())
        if cell is not None:
            self.choose(cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = MOVES.get(Qt.Key(event.key()))
        if move is None or self._table is None:
            super().keyPressEvent(event)
            return
        rows, columns = self._table.rows, self._table.columns
        row, column = (rows.index(self.cell[0]), columns.index(self.cell[1])) if self.cell else (0, 0)
        self.choose((rows[(row + move[0]) % len(rows)], columns[(column + move[1]) % len(columns)]))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._table is None:
            return
        painter = QPainter(self)
        painter.setFont(font(TOKENS.label_px, tabular=True))
        for column, name in enumerate(self._table.columns):
            self._write(painter, self.box(-1, column), tr(name), TOKENS.muted)
        for row, name in enumerate(self._table.rows):
            self._write(painter, self.box(row, -1), tr(name), TOKENS.muted)
            for column, other in enumerate(self._table.columns):
                self._paint_cell(painter, self.box(row, column), (name, other))

    def _paint_cell(self, painter: QPainter, box: QRect, cell: Cell) -> None:
        assert self._table is not None
        count = self._table.counts.get(cell, 0)
        agree = cell in self._table.agree
        inner = box.adjusted(1, 1, -1, -1)
        if cell == self.cell:
            painter.fillRect(inner, QColor(TOKENS.accent_soft))
        elif count:
            tint = QColor(TOKENS.good if agree else TOKENS.bad)
            tint.setAlpha(36)
            painter.fillRect(inner, tint)
        colour = TOKENS.text if count else TOKENS.muted
        self._write(painter, inner, str(count) if count else "·", colour)
        if cell == self.cell:
            painter.setPen(QColor(TOKENS.accent))
            painter.drawRect(inner.adjusted(0, 0, -1, -1))

    def _write(self, painter: QPainter, box: QRect, words: str, colour: str) -> None:
        painter.setPen(QColor(colour))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _at(self, point: QPoint) -> Cell | None:
        if self._table is None:
            return None
        return next(((row, column) for r, row in enumerate(self._table.rows) for c, column in enumerate(self._table.columns)
                     if self.box(r, c).contains(point)), None)
