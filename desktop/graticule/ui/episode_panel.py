"""The list of episodes by time: click goes there, and what can be done with the chosen one stands under it."""

from PySide6.QtCore import QAbstractListModel, QItemSelectionModel, QModelIndex, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QHBoxLayout, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from graticule.presenters.episodes import Episodes, Row, short_title
from graticule.ui.ecg_marks import row_colour
from graticule.ui.pieces import label, push
from graticule.ui.theme import TOKENS, font, grown
from graticule.ui.words import tr

_ROW = Qt.ItemDataRole.UserRole
ROW_PX, MOST_SEEN = grown(42), 7


class EpisodePanel(QWidget):
    """`chosen(id)`: go there and take it in hand. `change(id)`, `delete(id)`: the reader asks for that."""

    chosen = Signal(str)
    change = Signal(str)
    delete = Signal(str)

    def __init__(self, episodes: Episodes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._episodes = episodes
        self._model = _Rows(self)
        self._empty = label(tr("No episode yet. Press E, drag along the strip, type a few letters of the code, press Enter."),
                            "muted", wrap=True)
        self._list = _List(self)
        self._list.setModel(self._model)
        self._list.setItemDelegate(_RowDelegate(self._list))
        self._list.clicked.connect(self._took)
        self._list.selectionModel().currentChanged.connect(self._took)
        self._list.activated.connect(lambda index: self.change.emit(index.data(_ROW).id))
        self._list.delete_pressed.connect(lambda: self._ask(self.delete))
        self._change = push(tr("Change code"), lambda: self._ask(self.change))
        self._delete = push(tr("Delete"), lambda: self._ask(self.delete), sign="trash")
        buttons = QHBoxLayout()
        buttons.addWidget(self._change)
        buttons.addWidget(self._delete)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._empty)
        column.addWidget(self._list)
        column.addLayout(buttons)
        self.refresh(None, locked=False)

    def refresh(self, selected: str | None, *, locked: bool) -> None:
        rows = self._episodes.rows()
        with QSignalBlocker(self._list.selectionModel()):
            self._model.show(rows)
        self._empty.setVisible(not rows)
        self._list.setVisible(bool(rows))
        self._list.setFixedHeight(min(MOST_SEEN, max(1, len(rows))) * ROW_PX + 2)
        self.select(selected)
        for button in (self._change, self._delete):
            button.setVisible(bool(rows))
            button.setEnabled(not locked and selected is not None)

    def select(self, episode_id: str | None) -> None:
        place = self._model.place(episode_id)
        with QSignalBlocker(self._list.selectionModel()):
            index = self._model.index(place)
            self._list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if place >= 0:
            self._list.scrollTo(self._model.index(place))
        self._list.viewport().update()

    def count(self) -> int:
        return self._model.rowCount()

    def _took(self, index: QModelIndex, *_: object) -> None:
        if index.isValid():
            self.chosen.emit(index.data(_ROW).id)

    def _ask(self, signal: Signal) -> None:
        index = self._list.currentIndex()
        if index.isValid():
            signal.emit(index.data(_ROW).id)


class _Rows(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []

    def show(self, rows: list[Row]) -> None:
        if rows is not self._rows:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()

    def place(self, episode_id: str | None) -> int:
        return next((n for n, row in enumerate(self._rows) if row.id == episode_id), -1) if episode_id else -1

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return len(self._rows)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self._rows[index.row()]
        if role == _ROW:
            return row
        return f"{row.span}  {row.label}" if role == Qt.ItemDataRole.DisplayRole else None


class _List(QListView):
    delete_pressed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Episodes"))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_pressed.emit()
            return
        super().keyPressEvent(event)


class _RowDelegate(QStyledItemDelegate):
    """Two lines: what it is, and when. Times stand in tabular figures so that they line up."""

    def sizeHint(self, option: QStyleOptionViewItem, index: object) -> QSize:
        return QSize(120, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: object) -> None:
        row: Row = index.data(_ROW)
        box = option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(TOKENS.accent_soft))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, QColor(TOKENS.hover))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(row_colour(row)))
        painter.drawRoundedRect(box.left() + 4, box.top() + 6, 4, box.height() - 12, 2, 2)
        first, second = box.adjusted(18, 4, -8, -ROW_PX // 2), box.adjusted(18, ROW_PX // 2, -8, -4)
        painter.setFont(font(TOKENS.body_px))
        painter.setPen(QColor(TOKENS.text))
        words = painter.fontMetrics().elidedText(row.label, Qt.TextElideMode.ElideRight, first.width())
        painter.drawText(first, Qt.AlignmentFlag.AlignVCenter, words)
        painter.setFont(font(TOKENS.label_px, tabular=True))
        painter.setPen(QColor(TOKENS.muted))
        painter.drawText(second, Qt.AlignmentFlag.AlignVCenter, f"{row.span}   {row.duration}")
        where = short_title(row.track) + (f" · {row.lead}" if row.lead else "")
        painter.drawText(second, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, where)
        painter.restore()
