"""A short list of places that a click brings into view: connected parts of a segment, or where two masks differ."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QVBoxLayout, QWidget

from graticule.ui.pieces import label
from graticule.ui.theme import grown
from graticule.ui.words import tr, trn

ROW_PX, MOST_ROWS = grown(24), 5


class PartList(QWidget):
    """chosen(place in the list): by click, Enter or arrows."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head = label("", "muted")
        self.list = QListWidget()
        self.list.setStyleSheet(f"QListWidget::item {{ height: {ROW_PX}px; padding-left: 4px; }}")
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.itemClicked.connect(lambda item: self.chosen.emit(self.list.row(item)))
        self.list.itemActivated.connect(lambda item: self.chosen.emit(self.list.row(item)))
        box = QVBoxLayout(self)
        box.setContentsMargins(2, 0, 2, 0)
        box.setSpacing(2)
        box.addWidget(self._head)
        box.addWidget(self.list)
        self.hide()

    def show_parts(self, texts: list[str], count: int) -> None:
        """texts: of the largest; count: how many parts there are. Hidden while there are fewer than two."""
        more = tr(", the largest {n}:", n=len(texts)) if len(texts) < count else ":"
        self._fill(trn(count, "1 part", "{n} separate parts") + more, [f"{n}  {text}" for n, text in enumerate(texts, 1)])

    def show_places(self, head: str, texts: list[str]) -> None:
        self._fill(head, texts)

    def _fill(self, head: str, texts: list[str]) -> None:
        self._head.setText(head)
        self.list.clear()
        self.list.addItems(texts)
        self.list.setAccessibleName(head)
        self.list.setFixedHeight(ROW_PX * min(MOST_ROWS, max(1, len(texts))) + 4)
        self.setVisible(bool(texts))
