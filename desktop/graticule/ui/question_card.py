"""One question in the right column: text, answers, confidence, “not assessable”."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from graticule.domain.errors import GraticuleError
from graticule.study.protocol import Question
from graticule.study.questions import CONFIDENCES, NOT_ASSESSABLE
from graticule.ui.pieces import label
from graticule.ui.question_inputs import INPUTS, Segments
from graticule.ui.theme import TOKENS, pixmap
from graticule.ui.words import tr

if TYPE_CHECKING:
    from graticule.presenters.question_form import QuestionForm

CONFIDENCE_WORDS = {"low": "Low", "medium": "Medium", "high": "High"}


class QuestionCard(QFrame):
    """Takes the focus as a whole: a 2 px ring and a caption say that the digits answer now."""

    done = Signal()
    refused = Signal(object)

    def __init__(self, form: QuestionForm, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form, self.question = form, question
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(question.text)
        self._state = label("", "muted")
        self._caption = label(self._keys(), "muted")
        self._input = INPUTS[question.type](question, lambda value: self._act(lambda: form.give(question.id, value)))
        self._confidence = Segments({step: tr(word) for step, word in CONFIDENCE_WORDS.items()}, self._sure)
        self._sure_row = self._confidence_row()
        self._not_assessable = self._not_assessable_button()
        self._arrange()
        self.refresh()

    def refresh(self) -> None:
        answer = self._form.answer(self.question.id)
        reason = answer.not_assessable if answer else None
        self._input.show_value(answer.value if answer else None)
        sure = answer.confidence if answer else None
        self._confidence.show_value(next((step for step, percent in CONFIDENCES.items() if percent == sure), None))
        self._sure_row.setVisible(self.question.confidence and answer is not None and not reason)
        self._not_assessable.setChecked(bool(reason))
        words = tr("Not assessable") + (f": {tr(NOT_ASSESSABLE[reason])}" if reason in NOT_ASSESSABLE else "…")
        self._not_assessable.setText(words)
        self._show_state()
        self.setEnabled(not self._form.locked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or not self._key(event.key()):
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._caption.setVisible(True)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._caption.setVisible(False)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.hasFocus():
            return
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(TOKENS.accent), TOKENS.focus_ring))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), TOKENS.radius, TOKENS.radius)
        finally:
            painter.end()

    def _key(self, key: int) -> bool:
        digit = key - Qt.Key.Key_0
        if digit == 0 and self.question.may_be_not_assessable:
            self._not_assessable.showMenu()
            return True
        if 1 <= digit <= 9:
            self._act(lambda: self._form.digit(self.question.id, digit))
            return True
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not self._sure_row.isHidden():
            self._step_confidence(1 if key == Qt.Key.Key_Right else -1)
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.done.emit()
            return True
        return False

    def _step_confidence(self, step: int) -> None:
        answer = self._form.answer(self.question.id)
        steps = list(CONFIDENCES)
        percents = list(CONFIDENCES.values())
        at = percents.index(answer.confidence) if answer and answer.confidence in percents else (0 if step < 0 else -1)
        self._act(lambda: self._form.confidence(self.question.id, steps[max(0, min(len(steps) - 1, at + step))]), stay=True)

    def _sure(self, step: str) -> None:
        self._act(lambda: self._form.confidence(self.question.id, step))

    def _cannot(self, reason: str) -> None:
        self._act(lambda: self._form.not_assessable(self.question.id, reason))

    def _act(self, act: Callable[[], object], *, stay: bool = False) -> None:
        """Answer, and go on to the next question once nothing more is needed here (unless the hand is still stepping)."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        try:
            act()
        except GraticuleError as error:
            self.refresh()
            self.refused.emit(error)
            return
        self.refresh()
        if self._form.answered(self.question.id) and not stay:
            self.done.emit()

    def _show_state(self) -> None:
        if self._form.answered(self.question.id):
            self._state.setPixmap(pixmap("check", TOKENS.small_icon, TOKENS.good))
            self._state.setToolTip(tr("Answered"))
            return
        answer = self._form.answer(self.question.id)
        self._state.setToolTip("")
        if self._form.locked:
            self._state.setText(tr("Not answered"))
            return
        self._state.setText(tr("How sure?") if answer else (tr("Required") if self.question.required else tr("Optional")))

    def _keys(self) -> str:
        many = self._form.digits(self.question.id)
        parts = [tr("1–{n} answer", n=many)]
        if self.question.confidence:
            parts.append(tr("← → how sure"))
        if self.question.may_be_not_assessable:
            parts.append(tr("0 not assessable"))
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
        button = QToolButton()
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setProperty("quiet", True)
        menu = QMenu(button)
        for reason, words in NOT_ASSESSABLE.items():
            menu.addAction(tr(words), lambda reason=reason: self._cannot(reason))
        menu.addSeparator()
        menu.addAction(tr("Take the answer back"), lambda: self._act(lambda: self._form.clear(self.question.id)))
        button.setMenu(menu)
        button.setVisible(self.question.may_be_not_assessable)
        return button

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        text = label(tr(self.question.text), "question", wrap=True)
        text.setToolTip(tr(self.question.help) if self.question.help else "")
        head.addWidget(text, 1)
        head.addWidget(self._state, 0, Qt.AlignmentFlag.AlignTop)
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 10, 10, 10)
        box.setSpacing(6)
        box.addLayout(head)
        if self.question.help:
            box.addWidget(label(tr(self.question.help), "muted", wrap=True))
        box.addWidget(self._input)
        box.addWidget(self._sure_row)
        box.addWidget(self._not_assessable, 0, Qt.AlignmentFlag.AlignLeft)
        box.addWidget(self._caption)
        self._caption.setVisible(False)
