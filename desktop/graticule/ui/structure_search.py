"""The field that adds a structure: a few letters, a short list below, Enter takes the first."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from graticule.presenters.segments import SegmentsPresenter
from graticule.ui.theme import grown
from graticule.ui.words import tr

FOUND_ROWS = 6
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class StructureSearch(QWidget):
    """taken(Concept, typed letters)."""

    taken = Signal(object, str)

    def __init__(self, segments: SegmentsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._segments = segments
        self.typed = QLineEdit()
        self.typed.setPlaceholderText(tr("Add a structure: liver, mass …"))
        self.typed.setAccessibleName(tr("Add a structure"))
        self.typed.textChanged.connect(self._search)
        self.typed.returnPressed.connect(self._take_current)
        self.typed.installEventFilter(self)
        self._found = QListWidget()
        self._found.itemClicked.connect(self._take)
        self._found.itemActivated.connect(self._take)
        self._found.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._found.setStyleSheet("QListWidget::item { padding-left: 8px; }")
        self._found.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.typed)
        column.addWidget(self._found)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows walk through the list while the letters stay where they are; Esc gives up."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and self._found.isVisibleTo(self):
            if event.key() in _STEPS:
                at = self._found.currentRow() + _STEPS[Qt.Key(event.key())]
                self._found.setCurrentRow(max(0, min(self._found.count() - 1, at)))
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.typed.clear()
                return True
        return False

    def _search(self, text: str) -> None:
        self._found.clear()
        found = self._segments.search(text)[:FOUND_ROWS] if text.strip() else []
        for concept in found:
            item = QListWidgetItem(concept.label)
            item.setSizeHint(QSize(100, grown(28)))
            item.setToolTip(concept.definition)
            item.setData(Qt.ItemDataRole.UserRole, concept)
            self._found.addItem(item)
        if text.strip() and not found:
            item = QListWidgetItem(tr("No structure fits these letters"))
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self._found.addItem(item)
        self._found.setVisible(self._found.count() > 0)
        self._found.setFixedHeight(grown(28) * max(1, self._found.count()) + 4)
        if found:
            self._found.setCurrentRow(0)

    def _take_current(self) -> None:
        item = self._found.currentItem() or self._found.item(0)
        if item is not None:
            self._take(item)

    def _take(self, item: QListWidgetItem) -> None:
        concept, typed = item.data(Qt.ItemDataRole.UserRole), self.typed.text()
        if concept is not None:
            self.typed.clear()
            self.taken.emit(concept, typed)
