"""What a segment means, coded: five fields, each found by a few letters, from the keyboard alone."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from graticule.domain.codes import Code, Concept
from graticule.presenters.segment_meaning import FIELDS, REQUIRED, Meaning, choices, objection, with_choice
from graticule.presenters.segments import SegmentsPresenter
from graticule.ui.pieces import dialog_foot, label, push
from graticule.ui.theme import grown, wide
from graticule.ui.words import tr

ROWS, ROW_PX, WIDTH = 7, grown(26), wide(430)
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_WORDS = {"category": "Category", "type": "Type", "modifier": "Modifier", "region": "Region", "laterality": "Side"}


class CodeField(QLineEdit):
    """Shows the words of its code; while it has the keyboard, letters search. typed_in: letters changed, or focus came."""

    typed_in = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.setAccessibleName(tr(_WORDS[name]))
        self.setPlaceholderText(tr("Type a few letters") if name in REQUIRED else tr("None"))
        self.textEdited.connect(lambda text: self.typed_in.emit())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()
        self.typed_in.emit()

    @property
    def letters(self) -> str:
        """What was typed, "" while the words of its code stand there."""
        return self.text() if self.isModified() else ""

    def show_words(self, words: str) -> None:
        self.setText(words)
        self.setModified(False)


class MeaningDialog(QDialog):
    """`codes()` after it was accepted."""

    def __init__(self, segments: SegmentsPresenter, segment_id: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._segments = segments
        self._segment = segments.segment(segment_id)
        self._meaning = Meaning.of(self._segment)
        self.setWindowTitle(tr("Meaning of {name}", name=segments.name_of(self._segment)))
        self.setFixedWidth(WIDTH)
        self._fields = {name: CodeField(name) for name in FIELDS}
        self._current = "type"
        self._list = QListWidget()
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setFixedHeight(ROWS * ROW_PX + 4)
        self._list.setStyleSheet("QListWidget::item { padding-left: 8px; }")
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.itemClicked.connect(self._take)
        self._list.currentItemChanged.connect(lambda *_: self._explain())
        self._explained = label("", "muted", wrap=True)
        self._explained.setMinimumHeight(grown(34))
        self._explained.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._objection = label("", "warn", wrap=True)
        self._go = push(tr("Take this meaning"), self.accept, primary=True)
        self._lay_out()
        for field in self._fields.values():
            field.typed_in.connect(lambda field=field: self._search(field))
            field.installEventFilter(self)
        self._show()
        self._fields["type"].setFocus()
        self._search(self._fields["type"])

    def codes(self) -> tuple[Code, Code, Code | None, Code | None, Code | None]:
        """Category, type, modifier, region, side."""
        return self._meaning.codes

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows walk the list; Enter takes a code and goes to the next field, and with nothing typed accepts the dialog."""
        if not (isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and isinstance(watched, CodeField)):
            return False
        if event.key() in _STEPS:
            at = self._list.currentRow() + _STEPS[Qt.Key(event.key())]
            self._list.setCurrentRow(max(0, min(self._list.count() - 1, at)))
            watched.setModified(True)
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and watched.isModified():
            self._enter(watched)
            return True
        return False

    def _enter(self, field: CodeField) -> None:
        if not field.text().strip() and field.name not in REQUIRED:
            self._meaning = self._meaning.with_code(field.name, None)
            self._show()
        elif self._list.currentItem() is not None:
            self._take(self._list.currentItem())
        (self._go if field.name == FIELDS[-1] else self._fields[FIELDS[FIELDS.index(field.name) + 1]]).setFocus()

    def _search(self, field: CodeField) -> None:
        self._current = field.name
        self._list.clear()
        for concept in choices(self._segments.ontology, field.name, field.letters, self._meaning):
            item = QListWidgetItem(concept.label)
            item.setData(Qt.ItemDataRole.UserRole, concept)
            item.setSizeHint(QSize(100, ROW_PX))
            self._list.addItem(item)
        self._choose_current(field)

    def _choose_current(self, field: CodeField) -> None:
        """The best fit while letters are typed, else the code that stands there."""
        code = getattr(self._meaning, field.name)
        rows = [row for row in range(self._list.count()) if _concept(self._list.item(row)).code == code]
        self._list.setCurrentRow(0 if field.letters else rows[0] if rows else -1)
        self._explain()

    def _take(self, item: QListWidgetItem) -> None:
        self._meaning = with_choice(self._segments.ontology, self._meaning, self._current, _concept(item))
        self._show()

    def _explain(self) -> None:
        item = self._list.currentItem()
        empty = tr("No code fits these letters.") if not self._list.count() else ""
        self._explained.setText(_concept(item).definition if item is not None else empty)

    def _show(self) -> None:
        for name, field in self._fields.items():
            code = getattr(self._meaning, name)
            field.show_words("" if code is None else self._segments.ontology.label(code))
        said = objection(self._segment, self._meaning, self._segments.lies.get(self._segment.id, ""))
        self._objection.setText(tr(said))
        self._objection.setVisible(bool(said))

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for row, (name, field) in enumerate(self._fields.items()):
            grid.addWidget(label(tr(_WORDS[name]), "muted"), row, 0)
            grid.addWidget(field, row, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 14)
        box.setSpacing(10)
        box.addLayout(grid)
        box.addWidget(self._list)
        box.addWidget(self._explained)
        box.addWidget(self._objection)
        box.addLayout(dialog_foot(self, self._go))


def _concept(item: QListWidgetItem) -> Concept:
    concept: Concept = item.data(Qt.ItemDataRole.UserRole)
    return concept
