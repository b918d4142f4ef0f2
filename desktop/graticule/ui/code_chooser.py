"""The inline chooser: type a few letters, arrow, Enter. It stands on the paper beside what was dragged and blocks nothing."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from graticule.presenters.code_choice import Choice, CodeChoice
from graticule.ui.code_line import CHOICE, LINE_PX, CodeLine
from graticule.ui.theme import TOKENS, wide
from graticule.ui.words import tr

WIDTH, MOST_ROWS = wide(348), 7
STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: MOST_ROWS, Qt.Key.Key_PageUp: -MOST_ROWS}


class CodeChooser(QFrame):
    """Signals: `chosen(choice, reason)` with reason "" unless the reader overrode the measurement; `dismissed()`."""

    chosen = Signal(object, str)
    highlighted = Signal(object)
    dismissed = Signal()
    FULL_HEIGHT = 330

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("chooser")
        self.setStyleSheet(f"#chooser {{ background: {TOKENS.panel}; border: 1px solid {TOKENS.line};"
                           f" border-radius: {TOKENS.radius}px; }}")
        self.setFixedWidth(WIDTH)
        self._model: CodeChoice | None = None
        self._asking: Choice | None = None
        self._title = QLabel(self)
        self._title.setProperty("role", "section")
        self._line = QLineEdit(self)
        self._line.setAccessibleName(tr("Code"))
        self._line.textChanged.connect(self._typed)
        self._line.installEventFilter(self)
        self._list = QListWidget(self)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setItemDelegate(CodeLine(self._list))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.currentItemChanged.connect(lambda *_: self._tell_highlight())
        self._list.itemClicked.connect(lambda item: self._take(item.data(CHOICE)))
        self._verdict = QLabel(self)
        self._verdict.setWordWrap(True)
        self._keys = QLabel(self)
        self._keys.setProperty("role", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        for widget in (self._title, self._line, self._verdict, self._list, self._keys):
            column.addWidget(widget)
        self.hide()

    def open(self, model: CodeChoice, title: str) -> None:
        """Ask for a code. Letters typed now go here and to no tool."""
        self._model, self._asking = model, None
        self._title.setText(title)
        self._ask_code()
        self.show()
        self.raise_()
        self._line.setFocus(Qt.FocusReason.PopupFocusReason)

    @property
    def said(self) -> bool:
        """The reader has named a code, by letters or arrows: only now may the measurement answer."""
        return self._asking is not None or bool(self._line.text().strip()) or self._list.currentRow() > 0

    def take_key(self, key: str) -> bool:
        """Take the code of a single key; one that the measurement speaks against asks for its reason first."""
        choice = self._model.by_key(key) if self._model and key else None
        if choice is not None:
            self._take(choice)
        return choice is not None

    def take_slug(self, slug: str) -> bool:
        """Take a favourite, as `take_key` does."""
        choice = self._model.by_slug(slug) if self._model else None
        if choice is not None:
            self._take(choice)
        return choice is not None

    def type(self, letters: str) -> None:
        self._line.setText(letters)

    def refresh(self) -> None:
        """What was measured has arrived: judge the list again."""
        if self.isVisible() and self._asking is None:
            self._typed(self._line.text())

    def dismiss(self) -> None:
        """Away without an answer."""
        self._asking = None
        self.hide()
        self.dismissed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and self._key(event)

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self._escape()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif key in STEPS:
            self._list.setCurrentRow(max(0, min(self._list.count() - 1, self._list.currentRow() + STEPS[key])))
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier and self._model is not None and self._asking is None:
            return self.take_key(chr(key).lower() if 32 <= key < 127 else "")
        else:
            return False
        return True

    def _typed(self, text: str) -> None:
        if self._model is None or self._asking is not None:
            return
        self._list.clear()
        for choice in self._model.choices(text):
            item = QListWidgetItem(choice.concept.label)
            item.setData(CHOICE, choice)
            self._list.addItem(item)
        rows = max(1, min(MOST_ROWS, self._list.count()))
        self._list.setFixedHeight(rows * LINE_PX + 4)
        self._list.setCurrentRow(0)
        self._say_verdict()

    def _say_verdict(self) -> None:
        """What was measured says to the highlighted code; not before the reader has typed or moved."""
        item = self._list.currentItem()
        choice: Choice | None = item.data(CHOICE) if item is not None else None
        if choice is None:
            self._say(tr("No code fits these letters."), "warn")
        elif choice.sentence and self.said:
            self._say(choice.sentence, choice.tone)
        else:
            self._verdict.hide()
        self.adjustSize()

    def _say(self, sentence: str, tone: str) -> None:
        self._verdict.setText(sentence)
        self._verdict.setProperty("role", tone or "muted")
        self._verdict.style().unpolish(self._verdict)
        self._verdict.style().polish(self._verdict)
        self._verdict.show()

    def _enter(self) -> None:
        if self._asking is not None:
            self._answer(self._asking, self._line.text().strip())
            return
        item = self._list.currentItem()
        if item is not None:
            self._take(item.data(CHOICE))

    def _answer(self, asked: Choice, reason: str) -> None:
        """With a reason the reader's code stands; without one Enter takes what the evidence allows."""
        if reason:
            self._finish(asked, reason)
        elif asked.instead is not None and self._model is not None:
            self._finish(self._model.choice(asked.instead), "")

    def _take(self, choice: Choice) -> None:
        if choice.against:
            self._ask_reason(choice)
        else:
            self._finish(choice, "")

    def _finish(self, choice: Choice, reason: str) -> None:
        self.hide()
        self.chosen.emit(choice, reason)

    def _escape(self) -> None:
        if self._asking is not None:
            self._asking = None
            self._ask_code()
            return
        self.dismiss()

    def _ask_code(self) -> None:
        self._line.clear()
        self._line.setPlaceholderText(tr("A few letters: mob2, wenck, af …; sev, muscle @II"))
        self._list.show()
        self._keys.setText(tr("↑ ↓ choose   Enter tag   Alt+key at once   Esc cancel"))
        self._typed("")

    def _ask_reason(self, choice: Choice) -> None:
        self._asking = choice
        self._list.hide()
        self._line.clear()
        self._line.setPlaceholderText(tr("Why {code} all the same?", code=choice.concept.label))
        way_out = tr("Enter takes “{code}”.", code=choice.instead.label) if choice.instead else ""
        self._say(f"{choice.sentence} {way_out}", "bad")
        self._keys.setText(tr("Write a reason + Enter keep your code   Esc back"))
        self.adjustSize()

    def _tell_highlight(self) -> None:
        item = self._list.currentItem()
        if item is not None and self._asking is None:
            self._say_verdict()
            self.highlighted.emit(item.data(CHOICE))
