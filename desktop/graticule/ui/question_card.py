"""One question in the right column: text, answers, confidence, marks, “not assessable”, and what contradicts it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from graticule.study.question import Question
from graticule.study.questions import BOOL, CONFIDENCES, NOT_ASSESSABLE, NUMBER, REGIONS, TEXT, TYPES
from graticule.ui.keys import is_on, letter, shown_keys
from graticule.ui.pieces import label
from graticule.ui.question_inputs import INPUTS, Segments
from graticule.ui.question_keys import FormPart, open_menu, reasons_menu, ring
from graticule.ui.question_notes import AnswerNotes
from graticule.ui.theme import TOKENS, pixmap
from graticule.ui.words import tr

if TYPE_CHECKING:
    from graticule.presenters.question_form import QuestionForm
    from graticule.ui.question_marks import QuestionMarks

CONFIDENCE_WORDS = {"low": "Low", "medium": "Medium", "high": "High"}
SIDE_UNKNOWN = "The file does not say which side of the image is left: sides cannot be answered."
SHRINK_MS = 60
_ARROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down)


class QuestionCard(FormPart):
    """Takes the focus as a whole: a 2 px ring and a caption say that the keys answer now."""

    def __init__(self, form: QuestionForm, question: Question, marks: QuestionMarks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form, self._marks, self.question = form, marks, question
        self.setAccessibleName(question.text)
        self.setAccessibleDescription(question.help)
        self._state = label("", "muted")
        self._caption = label("", "muted", wrap=True)
        self._place = QVBoxLayout()
        self._confidence = Segments({step: tr(word) for step, word in CONFIDENCE_WORDS.items()}, self._sure)
        self._sure_row = self._confidence_row()
        self._reasons = reasons_menu(self, self._cannot, self._take_back)
        self._not_assessable = self._not_assessable_button()
        self._notes = AnswerNotes(form, question.id, marks, self)
        self._make_input()
        self._arrange()
        self.refresh()

    def refresh(self) -> None:
        offered = self._form.question(self.question.id)
        if offered.choices != self.question.choices:
            self.question = offered
            self._make_input()
        answer = self._form.answer(self.question.id)
        reason = answer.not_assessable if answer else None
        self._input.show_value(answer.value if answer else None)
        sure = answer.confidence if answer else None
        self._confidence.show_value(next((step for step, percent in CONFIDENCES.items() if percent == sure), None))
        self._fold()
        self._sure_row.setVisible(self.question.confidence and answer is not None and not reason)
        self._not_assessable.setChecked(bool(reason))
        why = f": {tr(NOT_ASSESSABLE[reason])}" if reason in NOT_ASSESSABLE else "…"
        self._not_assessable.setText(tr("Not assessable") + why)
        blind = self._form.side_unknown(self.question.id)
        self._input.setEnabled(not blind)
        self._notes.refresh(tr(SIDE_UNKNOWN) if blind else "")
        self._show_state()
        self.setEnabled(not self._form.locked)

    def after(self, *, stay: bool = False) -> None:
        """Go on to the next question once nothing more is needed here (unless the hand is still stepping)."""
        self.refresh()
        several = self.question.type in ("multi", REGIONS)
        if self._form.answered(self.question.id) and not stay and not several:
            self.done.emit()

    def key(self, key: str) -> Callable[[], object] | None:
        typed = self.question.type in (NUMBER, TEXT)
        if key == letter("form.not-assessable") and self.question.may_be_not_assessable and not typed and not self._gives("0"):
            return self._open_reasons
        if not typed and self._gives(key):
            return lambda: self._form.press(self.question.id, key)
        if key == letter("form.draw") and self._asks_marks():
            return self.draw
        if key == letter("form.look") and self._form.regions(self.question.id):
            return lambda: self._marks.jump(self._form.regions(self.question.id)[0])
        return None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        surer = is_on(event, "form.surer")
        if (surer or is_on(event, "form.less-sure")) and not self._sure_row.isHidden():
            self._step_confidence(1 if surer else -1)
        elif event.key() == Qt.Key.Key_0 and event.modifiers() & Qt.KeyboardModifier.AltModifier and self._can_reason():
            self._open_reasons()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrows and Enter of a one-line field belong to the form."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self.question.type == NUMBER:
            if event.key() in _ARROWS:
                self.step.emit(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
                self.attempt(self._form.settle)
                return True
        if event.type() is QEvent.Type.FocusIn:
            self.focused.emit()
            self._caption.setVisible(True)
        elif event.type() is QEvent.Type.FocusOut:
            self._leave_field()
        return super().eventFilter(watched, event)

    def _leave_field(self) -> None:
        if self.button_is_down():
            QTimer.singleShot(SHRINK_MS, self, self._leave_field)
        elif self._input.field is None or not self._input.field.hasFocus():
            self._caption.setVisible(False)
            self.refresh()

    def draw(self) -> None:
        self._marks.draw(self.question.id, lambda: self.setFocus(Qt.FocusReason.OtherFocusReason))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._caption.setText(self._keys())
        self._caption.setVisible(True)
        self._fold()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is Qt.FocusReason.PopupFocusReason:
            self._caption.setVisible(False)
        else:
            self._shrink()

    def button_is_down(self) -> bool:
        return QApplication.mouseButtons() != Qt.MouseButton.NoButton

    def _shrink(self) -> None:
        """Take less room without the focus, but only once no button is down: what is pressed must not move away from under it."""
        if self.button_is_down():
            QTimer.singleShot(SHRINK_MS, self, self._shrink)
        elif not self.hasFocus():
            self._caption.setVisible(False)
            self._fold()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.hasFocus() or self._input.field is not None:
            return
        painter = QPainter(self)
        try:
            ring(painter, self, TOKENS.accent, TOKENS.focus_ring, TOKENS.radius)
        finally:
            painter.end()

    def _fold(self) -> None:
        """A long list that is answered takes one line until the question has the focus again."""
        if getattr(self._input, "long", False):
            answer = self._form.answer(self.question.id)
            self._input.fold(answer is not None and answer.value is not None and not self.hasFocus())

    def _gives(self, key: str) -> bool:
        return any(key in option.keys for option in TYPES[self.question.type].options(self.question))

    def _asks_marks(self) -> bool:
        return self._marks.can_draw and (bool(self.question.marks.need) or self.question.type == REGIONS)

    @property
    def _short(self) -> bool:
        """A plain yes or no stands on the line of its question."""
        return self.question.type == BOOL and not self.question.confidence and not self.question.may_be_not_assessable

    def _can_reason(self) -> bool:
        return self.question.may_be_not_assessable

    def _open_reasons(self) -> None:
        open_menu(self._reasons, self)

    def _step_confidence(self, step: int) -> None:
        answer = self._form.answer(self.question.id)
        steps = list(CONFIDENCES)
        percents = list(CONFIDENCES.values())
        at = percents.index(answer.confidence) if answer and answer.confidence in percents else (0 if step < 0 else -1)
        self.attempt(lambda: self._form.confidence(self.question.id, steps[max(0, min(len(steps) - 1, at + step))]), stay=True)

    def _sure(self, step: str) -> None:
        self._mouse(lambda: self._form.confidence(self.question.id, step))

    def _cannot(self, reason: str) -> None:
        self._mouse(lambda: self._form.not_assessable(self.question.id, reason))

    def _take_back(self) -> None:
        self._mouse(lambda: self._form.clear(self.question.id))

    def _given(self, value: object) -> None:
        if self.question.type == "multi":
            self._mouse(lambda: self._form.toggle(self.question.id, str(value)))
        else:
            self._mouse(lambda: self._form.give(self.question.id, value))

    def _mouse(self, act: Callable[[], object]) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.attempt(act)

    def _show_state(self) -> None:
        self._state.setToolTip("")
        if self._form.answered(self.question.id):
            self._state.setPixmap(pixmap("check", TOKENS.small_icon, TOKENS.good))
            self._state.setToolTip(tr("Answered"))
            return
        answer = self._form.answer(self.question.id)
        if self._form.locked:
            self._state.setText(tr("Not answered"))
        elif answer is not None and answer.value is not None and self.question.confidence and answer.confidence is None:
            self._state.setText(tr("How sure?"))
        else:
            self._state.setText("" if self._short else tr("Required") if self.question.required else tr("Optional"))

    def _keys(self) -> str:
        parts = []
        if self.question.type in (NUMBER, TEXT):
            parts += [tr("Alt+0 not assessable")] if self._can_reason() else []
        else:
            parts += [tr("Press the letter or digit of an answer")]
            sure = f"{shown_keys('form.less-sure', least=1)} {shown_keys('form.surer', least=1)}"
            parts += [tr("{keys} how sure", keys=sure)] if self.question.confidence else []
            parts += [tr("{keys} draw", keys=shown_keys("form.draw", least=1))] if self._asks_marks() else []
            reason = letter("form.not-assessable")
            parts += [tr("{keys} not assessable", keys=reason.upper())] if self._can_reason() and not self._gives(reason) else []
        return "  ·  ".join(parts)

    def _confidence_row(self) -> QWidget:
        row = QWidget()
        box = QVBoxLayout(row)
        box.setContentsMargins(0, 4, 0, 0)
        box.setSpacing(4)
        box.addWidget(label(tr("How sure are you?"), "muted"))
        box.addWidget(self._confidence)
        return row

    def _not_assessable_button(self) -> QToolButton:
        button = QToolButton(self)  # shown without a parent it would be a window for a moment, and take the keys away
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setProperty("quiet", True)
        button.setMenu(self._reasons)
        button.setVisible(self.question.may_be_not_assessable)
        return button

    def _make_input(self) -> None:
        while (item := self._place.takeAt(0)) is not None:
            item.widget().deleteLater()
        self._input = INPUTS[self.question.type](self._form, self.question, self._given)
        self._place.addWidget(self._input)
        field = self._input.field
        self.setFocusProxy(field)
        if field is not None:
            field.installEventFilter(self)
            self._caption.setText(self._keys())

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        text = label(tr(self.question.text), "question", wrap=True)
        text.setToolTip(tr(self.question.help) if self.question.help else "")
        head.addWidget(text, 1)
        head.addWidget(self._state, 0, Qt.AlignmentFlag.AlignTop)
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 3 if self._short else 8, 10, 3 if self._short else 8)
        box.setSpacing(5)
        self._state.setMinimumWidth(TOKENS.small_icon)
        box.addLayout(head)
        if self._short:
            head.insertLayout(1, self._place)
        else:
            box.addLayout(self._place)
        box.addWidget(self._sure_row)
        box.addWidget(self._notes)
        box.addWidget(self._not_assessable, 0, Qt.AlignmentFlag.AlignLeft)
        box.addWidget(self._caption)
        self._caption.setVisible(False)
