"""The worklist's rows for Qt, and how one row is drawn."""

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from graticule.domain.case import State
from graticule.presenters.worklist import KIND_ICONS, STATE_WORDS, WorklistRow
from graticule.ui.theme import TOKENS, font, icon
from graticule.ui.words import tr

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole

STATE_COLOURS = {State.NEW: TOKENS.muted, State.IN_PROGRESS: TOKENS.warn, State.FINISHED: TOKENS.text,
                 State.SEALED: TOKENS.good, State.SYNCED: TOKENS.good}
HEIGHT, STRIP_HEIGHT, PAD = 46, 40, 12


class WorklistModel(QAbstractListModel):
    """Rows as they are now; `show` replaces them and keeps the view where it was when only states changed."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[WorklistRow] = []

    def show(self, rows: list[WorklistRow]) -> None:
        if [row.case_id for row in rows] == [row.case_id for row in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return "\n".join([f"{row.place}. {row.title}", f"{row.modality} · {tr(STATE_WORDS[row.state][0])}", *row.warnings])
        return None

    def place_of(self, case_id: str) -> QModelIndex:
        return next((self.index(at) for at, row in enumerate(self._rows) if row.case_id == case_id), QModelIndex())


class WorklistDelegate(QStyledItemDelegate):
    """Two lines a case: what it is, and how far it is. As a strip, only its signs."""

    strip = False

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(TOKENS.strip_width, STRIP_HEIGHT) if self.strip else QSize(TOKENS.worklist_width, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: WorklistRow = index.data(ROW)
        painter.save()
        try:
            self._ground(painter, option, row)
            draw = self._draw_strip if self.strip else self._draw_lines
            draw(painter, option.rect, row)
        finally:
            painter.restore()

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, row: WorklistRow) -> None:
        rect = option.rect
        if row.current:
            painter.fillRect(rect, QColor(TOKENS.accent_soft))
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), QColor(TOKENS.accent))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(TOKENS.hover))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(TOKENS.accent))
            for inset in range(TOKENS.focus_ring):
                painter.drawRect(rect.adjusted(inset, inset, -1 - inset, -1 - inset))

    def _draw_strip(self, painter: QPainter, rect: QRect, row: WorklistRow) -> None:
        middle = rect.center()
        _sign(painter, KIND_ICONS[row.kind], TOKENS.text if row.current else TOKENS.muted, middle.x() - 9, middle.y() - 9, 18)
        if row.done:
            _sign(painter, "check", TOKENS.good, rect.right() - 15, rect.bottom() - 16, 12)

    def _draw_lines(self, painter: QPainter, rect: QRect, row: WorklistRow) -> None:
        left, right, top = rect.left() + PAD, rect.right() - PAD, rect.top() + 6
        _sign(painter, KIND_ICONS[row.kind], TOKENS.text if row.current else TOKENS.muted, left, top + 1, TOKENS.small_icon)
        text = left + TOKENS.small_icon + 8
        bold = QFont.Weight.Medium if row.current or not row.done else QFont.Weight.Normal
        _write(painter, row.title, font(TOKENS.body_px, bold), TOKENS.muted if row.done and not row.current else TOKENS.text,
               QRect(text, top, right - text, 18))
        word, sign = STATE_WORDS[row.state]
        _sign(painter, sign, STATE_COLOURS[row.state], text, top + 20, 14)
        state = QRect(text + 18, top + 18, right - text - 18, 18)
        used = _write(painter, tr(word), font(TOKENS.label_px), STATE_COLOURS[row.state], state)
        _write(painter, row.modality, font(TOKENS.label_px), TOKENS.muted, state.adjusted(used + 12, 0, 0, 0), right=True)
        if row.warnings:
            _sign(painter, "warning", TOKENS.warn, left + 1, top + 20, 14)


def _sign(painter: QPainter, name: str, colour: str, x: int, y: int, size: int) -> None:
    icon(name, colour).paint(painter, QRect(x, y, size, size))


def _write(painter: QPainter, text: str, face: QFont, colour: str, rect: QRect, *, right: bool = False) -> int:
    """Draw one line, shortened to fit; the width it took."""
    painter.setFont(face)
    painter.setPen(QColor(colour))
    metrics = QFontMetrics(face)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, rect.width()))
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter, shown)
    return metrics.horizontalAdvance(shown)
