"""Statements about the whole ECG: type a few letters, Enter; "+" and letters modify the one in hand; keys say how sure."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from graticule.domain.codes import Concept
from graticule.domain.errors import GraticuleError
from graticule.presenters.statements import Stated, Statements
from graticule.study.questions import CONFIDENCES, NOT_ASSESSABLE
from graticule.ui.pieces import label, push, shrinkable
from graticule.ui.words import tr

MOST_OFFERED, ROW_PX = 8, 24
_DATA = Qt.ItemDataRole.UserRole


class StatementsPanel(QWidget):
    """`failed(error)`: what was refused."""

    failed = Signal(object)

    def __init__(self, statements: Statements, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._statements = statements
        self._line = QLineEdit(self)
        self._line.setAccessibleName(tr("Statement"))
        self._line.setPlaceholderText(tr("Letters or number of a statement; + modifies"))
        self._line.textChanged.connect(self._typed)
        self._line.installEventFilter(self)
        self._offered, self._stated = QListWidget(self), QListWidget(self)
        for listed in (self._offered, self._stated):
            listed.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            listed.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._offered.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._offered.itemClicked.connect(lambda item: self._take(item.data(_DATA)))
        self._stated.setAccessibleName(tr("Statements made"))
        self._stated.installEventFilter(self)
        self._stated.currentRowChanged.connect(lambda row: self._say_conflict())
        self._sure, self._refused = QComboBox(self), QComboBox(self)
        for box, words in ((self._sure, [(tr("Not said"), None), *((tr(w), p) for w, p in CONFIDENCES.items())]),
                           (self._refused, [(tr("Assessable"), ""), *((tr(w), slug) for slug, w in NOT_ASSESSABLE.items())])):
            shrinkable(box)
            for text, value in words:
                box.addItem(text, value)
        self._sure.setAccessibleName(tr("How sure"))
        self._sure.activated.connect(lambda at: self._on_current(self._statements.be_sure, self._sure.itemData(at)))
        self._refused.setAccessibleName(tr("Whole ECG"))
        self._refused.activated.connect(lambda at: self._try(self._statements.refuse, self._refused.itemData(at)))
        self._withdraw = push(tr("Withdraw"), lambda: self._on_current(self._statements.withdraw), sign="trash")
        self._conflict = label("", "warn", wrap=True)
        self._lay_out()
        self.refresh(locked=False)

    def _lay_out(self) -> None:
        column, row = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        row.addWidget(self._sure, 1)
        row.addWidget(self._withdraw)
        for widget in (self._line, self._offered, self._stated, self._conflict, label(tr("How sure"), "muted")):
            column.addWidget(widget)
        column.addLayout(row)
        column.addWidget(self._refused)

    def refresh(self, *, locked: bool) -> None:
        """Show what the labels now say."""
        rows, at = self._statements.stated(), self._current()
        with QSignalBlocker(self._stated):
            self._stated.clear()
            for row in rows:
                item = QListWidgetItem(_words(row))
                item.setData(_DATA, row)
                item.setSizeHint(QSize(0, ROW_PX))
                item.setToolTip(item.text())
                self._stated.addItem(item)
            ids = [row.id for row in rows]
            self._stated.setCurrentRow(ids.index(at.id) if at and at.id in ids else len(rows) - 1)
        self._stated.setVisible(bool(rows))
        self._stated.setFixedHeight(max(1, min(MOST_OFFERED, len(rows))) * ROW_PX + 6)
        self._refused.setCurrentText(tr(self._statements.refused) if self._statements.refused else tr("Assessable"))
        for widget in (self._line, self._refused, self._sure, self._withdraw):
            widget.setEnabled(not locked)
        self._typed(self._line.text())
        self._say_conflict()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and watched is self._line:
            event.accept()
            return True
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return False
        return self._key(event) if watched is self._line else self._key_on_stated(event)

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            item = self._offered.currentItem()
            if item is not None and self._line.text().strip():
                self._take(item.data(_DATA))
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if key == Qt.Key.Key_Down else -1
            self._offered.setCurrentRow(max(0, min(self._offered.count() - 1, self._offered.currentRow() + step)))
        elif key == Qt.Key.Key_Escape and self._line.text():
            self._line.clear()
        else:
            return False
        return True

    def _key_on_stated(self, event: QKeyEvent) -> bool:
        if event.key() not in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            return False
        self._on_current(self._statements.withdraw)
        return True

    def _typed(self, text: str) -> None:
        self._offered.clear()
        offered = self._statements.offered(text)[:MOST_OFFERED] if text.strip() else []
        for concept in offered:
            number = ", ".join(concept.crosswalk.get("AHA", ()))
            item = QListWidgetItem(f"{concept.label}   {number}" + ("  ⚠" if concept.conflict else ""))
            item.setData(_DATA, concept)
            item.setSizeHint(QSize(0, ROW_PX))
            item.setToolTip(concept.conflict or concept.definition)
            self._offered.addItem(item)
        self._offered.setVisible(bool(offered))
        self._offered.setFixedHeight(max(1, len(offered)) * ROW_PX + 6)
        self._offered.setCurrentRow(0)

    def _take(self, concept: Concept) -> None:
        modifying, current = self._line.text().lstrip().startswith("+"), self._current()
        self._line.clear()
        if not modifying:
            self._try(self._statements.state, concept)
            self._stated.setCurrentRow(self._stated.count() - 1)
        elif current is not None:
            self._try(self._statements.modify, current.id, concept)

    def _current(self) -> Stated | None:
        item = self._stated.currentItem()
        return item.data(_DATA) if item is not None else None

    def _on_current(self, act: Callable[..., object], *more: object) -> None:
        current = self._current()
        if current is not None:
            self._try(act, current.id, *more)

    def _try(self, act: Callable[..., object], *given: object) -> None:
        try:
            act(*given)
        except GraticuleError as error:
            self.failed.emit(error)

    def _say_conflict(self) -> None:
        current = self._current()
        self._conflict.setText(current.conflict if current else "")
        self._conflict.setVisible(bool(current and current.conflict))
        if current is not None:
            self._sure.setCurrentIndex(max(0, self._sure.findData(current.confidence)))


def _words(row: Stated) -> str:
    sure = next((word for word, percent in CONFIDENCES.items() if percent == row.confidence), "")
    return f"{row.text}   {row.numbers}" + (f"   {tr(sure)}" if sure else "")
