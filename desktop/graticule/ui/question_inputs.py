"""One small widget per type of question. To add a type: a class here, listed in INPUTS (see `study/questions.py`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QPlainTextEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from graticule.study.question import Question
from graticule.study.questions import (
    BODY_SITE,
    BOOL,
    CHOICE,
    FINDING,
    LATERALITY,
    MULTI,
    NUMBER,
    ORDINAL,
    REGIONS,
    TEXT,
    TYPES,
    Option,
)
from graticule.ui.body_map import BodyMap
from graticule.ui.pieces import label
from graticule.ui.theme import wide
from graticule.ui.words import tr

if TYPE_CHECKING:
    from graticule.presenters.question_form import QuestionForm

# A text becomes an answer when the hand rests this long, and whenever the field is left; each letter of it is kept at once.
REST_MS = 500
_WORDS_IN_A_ROW = 26
_LONG_LIST = 6

Give = Callable[[Any], None]


class QuestionInput(Protocol):
    """A QWidget made with (form, question, give): it calls `give(value)` when the reader answers with one act."""

    field: QWidget | None
    """What takes the letters while the question has the focus; None where keys answer."""

    def show_value(self, value: Any) -> None:
        """Show this answer; None: not answered."""
        ...


class Segments(QWidget):
    """Buttons of which one (or several) is down, in a row or one below the other; its key stands before each word."""

    field: QWidget | None = None

    def __init__(self, words: Mapping[Any, str], give: Give, *, upright: bool = False, keys: Sequence[str] = (),
                 headings: Mapping[Any, str] = MappingProxyType({})) -> None:
        super().__init__()
        self._values = list(words)
        self._headings: list[QWidget] = []
        compact = upright and len(words) > _LONG_LIST
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        box = QVBoxLayout(self) if upright else QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(3)
        for place, (value, word) in enumerate(words.items(), start=1):
            key = keys[place - 1].upper() if len(keys) >= place and keys[place - 1] else ""
            if value in headings:
                self._headings.append(label(headings[value], "muted"))
                box.addWidget(self._headings[-1])
            button = _button(f"{key}   {word}" if key else word, upright, compact)
            button.clicked.connect(lambda down=False, value=value: give(value))
            self._group.addButton(button, place)
            box.addWidget(button, 0 if upright else 1)

    def fold(self, folded: bool) -> None:
        """Of a long list show only what was chosen, until the question has the focus again."""
        for button in self._group.buttons():
            button.setVisible(not folded or button.isChecked())
        for heading in self._headings:
            heading.setVisible(not folded)

    @property
    def long(self) -> bool:
        return len(self._values) > _LONG_LIST

    def show_value(self, value: Any) -> None:
        held = value if isinstance(value, list) else [value]
        for place, own in enumerate(self._values, start=1):
            self._group.button(place).setChecked(any(type(own) is type(one) and own == one for one in held))


class OptionsInput(Segments):
    """Every type whose answers stand in a list."""

    def __init__(self, form: QuestionForm, question: Question, give: Give) -> None:
        options = TYPES[question.type].options(question)
        words = {_hashable(option.value): tr(option.label) for option in options}
        in_a_row = question.type in (BOOL, LATERALITY, FINDING) or question.layout == "row"
        upright = not in_a_row or sum(len(word) + 5 for word in words.values()) > _WORDS_IN_A_ROW * 2
        super().__init__(words, give, upright=upright, keys=shown_keys(options), headings=_headings(question))


class NumberInput(QWidget):
    """A field with its unit. The number is an answer when the field is left or Enter is pressed; every digit is kept at once."""

    def __init__(self, form: QuestionForm, question: Question, give: Give) -> None:
        super().__init__()
        self._form, self._question = form, question
        self.field = _Line(form.settle)
        self.field.setMaximumWidth(wide(120))
        self.field.setAccessibleName(question.text)
        self.field.textEdited.connect(self._typed)
        self._fault = label("", "warn", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field)
        row.addWidget(label(question.quantity.unit))
        row.addWidget(label(_limits(question), "muted"), 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(row)
        box.addWidget(self._fault)

    def show_value(self, value: Any) -> None:
        text = self._form.typed(self._question.id)
        if self.field.text() != text:
            self.field.setText(text)
        fault = "" if self.field.hasFocus() else self._form.fault(self._question.id)
        self._fault.setText(tr(fault) if fault else "")
        self._fault.setVisible(bool(fault))

    def _typed(self, text: str) -> None:
        self._form.type(self._question.id, text)


class TextInput(QWidget):
    """Free text, an answer when the hand rests: a sentence is one act. Every letter is kept at once, a power cut loses none."""

    def __init__(self, form: QuestionForm, question: Question, give: Give) -> None:
        super().__init__()
        self._form, self._question = form, question
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(form.settle)
        self.field = _Page(form.settle)
        self.field.setAccessibleName(question.text)
        self.field.setFixedHeight(64)
        self.field.textChanged.connect(self._typed)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self.field)
        box.addWidget(label(tr("May identify: write no name, date or number of the patient."), "muted", wrap=True))

    def show_value(self, value: Any) -> None:
        text = self._form.typed(self._question.id)
        if self.field.toPlainText() != text:
            self.field.blockSignals(True)
            self.field.setPlainText(text)
            self.field.blockSignals(False)

    def _typed(self) -> None:
        self._form.type(self._question.id, self.field.toPlainText())
        self._rest.start()


class BodySiteInput(QWidget):
    """A body map beside the list of sites: a click gives the place, a key gives the site."""

    field: QWidget | None = None

    def __init__(self, form: QuestionForm, question: Question, give: Give) -> None:
        super().__init__()
        self._map = BodyMap({choice.value for choice in question.choices})
        self._map.pointed.connect(give)
        options = TYPES[BODY_SITE].options(question)
        self._list = Segments({option.value["site"]: tr(option.label) for option in options}, lambda site: give({"site": site}),
                              upright=True, keys=shown_keys(options))
        self.long = True
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addWidget(self._map, 0, Qt.AlignmentFlag.AlignTop)
        box.addWidget(self._list, 1)

    def show_value(self, value: Any) -> None:
        self._list.show_value(value["site"] if value else None)
        self._map.show_places([(value["view"], value["at"])] if value and "at" in value else [])

    def fold(self, folded: bool) -> None:
        self._list.fold(folded)
        self._map.setVisible(not folded)


class RegionsInput(QWidget):
    """Answered by drawing: the card has the buttons for it, here stands what says that there is nothing to draw."""

    field: QWidget | None = None

    def __init__(self, form: QuestionForm, question: Question, give: Give) -> None:
        super().__init__()
        self._none = Segments({False: tr("Nothing to mark")}, give, keys=("n",))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._none)

    def show_value(self, value: Any) -> None:
        self._none.show_value(value)


class _Line(QLineEdit):
    """Keeps its number when it is left."""

    def __init__(self, settle: Callable[[], None]) -> None:
        super().__init__()
        self._settle = settle

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._settle()


class _Page(QPlainTextEdit):
    """Keeps its text when it is left; Tab goes on."""

    def __init__(self, settle: Callable[[], None]) -> None:
        super().__init__()
        self._settle = settle
        self.setTabChangesFocus(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._settle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not self.toPlainText():
            event.ignore()
        else:
            super().keyPressEvent(event)


def shown_keys(options: Sequence[Option]) -> list[str]:
    return [option.keys[0] if option.keys else "" for option in options]


def _headings(question: Question) -> dict[str, str]:
    """The first word of each answer's taxonomy path, before the first answer under it."""
    found: dict[str, str] = {}
    for choice in question.choices:
        if choice.path and choice.path[0] not in found.values():
            found[choice.value] = choice.path[0]
    return {value: tr(word) for value, word in found.items()} if len(found) > 1 else {}


def _limits(question: Question) -> str:
    low, high = question.quantity.low, question.quantity.high
    return f"{low}–{high}" if low and high else f"≥ {low}" if low else f"≤ {high}" if high else ""


def _hashable(value: Any) -> Any:
    return value["site"] if isinstance(value, dict) else value


def _button(words: str, upright: bool, compact: bool = False) -> QPushButton:
    """The frame round the question takes the focus, so that the keys have one place to go."""
    made = QPushButton(words)
    made.setCheckable(True)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setProperty("choice", upright)
    made.setProperty("compact", compact)
    if upright:
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        made.setMinimumWidth(wide(100))
    return made


INPUTS: Mapping[str, Callable[[Any, Question, Give], Any]] = MappingProxyType({
    BOOL: OptionsInput, CHOICE: OptionsInput, MULTI: OptionsInput, ORDINAL: OptionsInput, LATERALITY: OptionsInput,
    FINDING: OptionsInput, NUMBER: NumberInput, TEXT: TextInput, REGIONS: RegionsInput, BODY_SITE: BodySiteInput})
