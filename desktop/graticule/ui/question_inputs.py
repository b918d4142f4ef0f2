"""One small widget per type of question. To add a type: a class here, listed in INPUTS (see `study/questions.py`)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from graticule.study.protocol import BOOL, CHOICE, Question
from graticule.ui.words import tr


class QuestionInput(Protocol):
    """A QWidget made with (question, give): it calls `give(value)` when the reader answers."""

    def show_value(self, value: Any) -> None:
        """Show this answer; None: not answered."""
        ...


class Segments(QWidget):
    """Buttons of which one is down, in a row or one below the other; a digit stands before each word when `numbered`."""

    def __init__(self, words: Mapping[Any, str], give: Callable[[Any], None], *, upright: bool = False,
                 numbered: bool = False) -> None:
        super().__init__()
        self._values = list(words)
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        box = QVBoxLayout(self) if upright else QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        for place, (value, word) in enumerate(words.items(), start=1):
            button = _button(f"{place}   {word}" if numbered else word, upright)
            button.clicked.connect(lambda down=False, value=value: give(value))
            self._group.addButton(button, place)
            box.addWidget(button, 0 if upright else 1)

    def show_value(self, value: Any) -> None:
        for place, own in enumerate(self._values, start=1):
            self._group.button(place).setChecked(value is not None and type(own) is type(value) and own == value)


class YesNoInput(Segments):
    def __init__(self, question: Question, give: Callable[[Any], None]) -> None:
        super().__init__({True: tr("Yes"), False: tr("No")}, give, numbered=True)


class ChoiceInput(Segments):
    def __init__(self, question: Question, give: Callable[[Any], None]) -> None:
        super().__init__({choice.value: tr(choice.label) for choice in question.choices}, give, upright=True, numbered=True)


def _button(words: str, upright: bool) -> QPushButton:
    """The frame round the question takes the focus, so that the digits have one place to go."""
    made = QPushButton(words)
    made.setCheckable(True)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setProperty("choice", upright)
    return made


INPUTS: Mapping[str, Callable[[Question, Callable[[Any], None]], Any]] = MappingProxyType({BOOL: YesNoInput, CHOICE: ChoiceInput})
