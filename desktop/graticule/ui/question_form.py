"""The questions of the open case, on top of the right column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from graticule.editing.events import Bus, LabelsChanged, LockChanged
from graticule.ui.question_card import QuestionCard
from graticule.ui.words import tr

if TYPE_CHECKING:
    from graticule.presenters.question_form import QuestionForm


class QuestionPanel(QWidget):
    """One card a question. After an answer the focus goes to the next question that is still open."""

    refused = Signal(object)
    counted = Signal(str)

    def __init__(self, form: QuestionForm, bus: Bus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = form
        self.cards = [QuestionCard(form, question) for question in form.questions]
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        for card in self.cards:
            card.refused.connect(self.refused)
            card.done.connect(self._next)
            box.addWidget(card)
        self._leave = [bus.subscribe(LabelsChanged, self._on_labels), bus.subscribe(LockChanged, self._on_lock)]

    def refresh(self) -> None:
        for card in self.cards:
            card.refresh()
        self.counted.emit(self.count())

    def count(self) -> str:
        answered, total = self._form.progress()
        return tr("{done} of {total} answered", done=answered, total=total)

    def focus_missing(self) -> None:
        """Put the focus on the first question that must still be answered."""
        missing = {question.id for question in self._form.missing()}
        self._focus(next((card for card in self.cards if card.question.id in missing), None))

    def shutdown(self) -> None:
        for leave in self._leave:
            leave()

    def _next(self) -> None:
        sender = self.sender()
        at = self.cards.index(sender) if sender in self.cards else -1
        later = [*self.cards[at + 1:], *self.cards[:at]]
        self._focus(next((card for card in later if not self._form.answered(card.question.id)), None))

    @staticmethod
    def _focus(card: QuestionCard | None) -> None:
        if card is not None:
            card.setFocus(Qt.FocusReason.TabFocusReason)

    def _on_labels(self, event: LabelsChanged) -> None:
        if any(kind == "answer" for kind, _ in event.touched.elements):
            self.refresh()

    def _on_lock(self, event: LockChanged) -> None:
        self.refresh()
