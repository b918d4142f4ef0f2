"""The worklist's rows for Qt, and how one row is drawn."""

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from graticule.domain.case import State
from graticule.presenters.worklist import KIND_ICONS, STATE_WORDS, Worklist, WorklistRow
from graticule.ui.theme import TOKENS, font, grown, icon, wide
from graticule.ui.words import tr

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole

STATE_COLOURS = {State.NEW: TOKENS.muted, State.IN_PROGRESS: TOKENS.warn, State.FINISHED: TOKENS.text,
                 State.SEALED: TOKENS.good, State.SYNCED: TOKENS.good}
HEIGHT, STRIP_HEIGHT, PAD = grown(46), grown(40), 12
LINE, SIGN = wide(18), wide(14)


class WorklistModel(QAbstractListModel):
    """Lines as they are now, made when they are painted: 100,000 cases cost what stands on the screen."""

    def __init__(self) -> None:
        super().__init__()
        self._worklist = Worklist()
        self._places: list[int] = []
        self._lines: dict[int, int] = {}
        self._shown: tuple[object, list[int]] = (None, [])

    def show(self, worklist: Worklist) -> None:
        """Ask again what is shown. When only states changed nothing is told: the view paints anew and lays no line out."""
        places = worklist.places()
        shown = worklist.order, places
        same = shown == self._shown
        self._worklist = worklist
        if same:
            return
        self.beginResetModel()
        self._places, self._shown = places, shown
        self._lines = {}
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._places)

    def row(self, line: int) -> WorklistRow:
        return self._worklist.row(self._places[line], self._places[line - 1] if line else None)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in (ROW, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        row = self.row(index.row())
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        return "\n".join([f"{row.place}. {row.title}", f"{row.modality} · {tr(STATE_WORDS[row.state][0])}", *row.warnings])

    def place_of(self, case_id: str) -> QModelIndex:
        case_at = self._worklist.place(case_id)
        if case_at is None:
            return QModelIndex()
        if not self._lines:
            self._lines = {place: line for line, place in enumerate(self._places)}
        return self.index(self._lines[case_at]) if case_at in self._lines else QModelIndex()


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
        left, right = rect.left() + PAD, rect.right() - PAD
        top = rect.top() + (rect.height() - 2 * LINE + 2) // 2
        _sign(painter, KIND_ICONS[row.kind], TOKENS.text if row.current else TOKENS.muted, left, top + 1, TOKENS.small_icon)
        text = left + TOKENS.small_icon + 8
        bold = QFont.Weight.Medium if row.current or not row.done else QFont.Weight.Normal
        _write(painter, row.title, font(TOKENS.body_px, bold), TOKENS.muted if row.done and not row.current else TOKENS.text,
               QRect(text, top, right - text, LINE), middle=True)
        word, sign = STATE_WORDS[row.state]
        _sign(painter, sign, STATE_COLOURS[row.state], text, top + LINE + (LINE - SIGN) // 2, SIGN)
        state = QRect(text + LINE, top + LINE, right - text - LINE, LINE)
        used = _write(painter, tr(word), font(TOKENS.label_px), STATE_COLOURS[row.state], state)
        whose = f"{tr('Patient')} {row.patient} · {row.modality}" if row.patient else row.modality
        _write(painter, whose, font(TOKENS.label_px), TOKENS.muted, state.adjusted(used + 12, 0, 0, 0), right=True)
        if row.first and row.place > 1:
            painter.fillRect(QRect(rect.left(), rect.top(), rect.width(), 1), QColor(TOKENS.line))
        if row.warnings:
            _sign(painter, "warning", TOKENS.warn, left + 1, top + LINE + (LINE - SIGN) // 2, SIGN)


def _sign(painter: QPainter, name: str, colour: str, x: int, y: int, size: int) -> None:
    icon(name, colour).paint(painter, QRect(x, y, size, size))


def _write(painter: QPainter, text: str, face: QFont, colour: str, rect: QRect, *, right: bool = False,
           middle: bool = False) -> int:
    """Draw one line, shortened at its end or in the middle to fit; the width it took."""
    painter.setFont(face)
    painter.setPen(QColor(colour))
    metrics = QFontMetrics(face)
    elide = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
    shown = metrics.elidedText(text, elide, max(0, rect.width()))
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter, shown)
    return metrics.horizontalAdvance(shown)
