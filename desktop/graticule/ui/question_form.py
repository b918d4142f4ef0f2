"""The questions of the open case, on top of the right column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from graticule.editing.events import Bus, LabelsChanged, LockChanged
from graticule.study.question import Question
from graticule.study.questions import FINDING
from graticule.study.scores import Computed
from graticule.ui.pieces import label
from graticule.ui.question_card import QuestionCard
from graticule.ui.question_finding import FindingRow
from graticule.ui.question_marks import QuestionMarks
from graticule.ui.words import tr

if TYPE_CHECKING:
    from graticule.presenters.question_form import QuestionForm

LEGEND = "A absent · P possible · D definitely present · O the others are absent"


class QuestionPanel(QWidget):
    """One card a question, one row a finding. After an answer the focus goes to the next question that is still open."""

    refused = Signal(object)
    counted = Signal(str)
    asked_about = Signal(object)

    def __init__(self, form: QuestionForm, bus: Bus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = form
        self.marks = QuestionMarks(form, self)
        self.cards: list[Any] = []
        self._headings: list[tuple[QWidget, list[Any]]] = []
        self._scores: dict[str, QWidget] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(1)
        self._fill()
        self._leave = [bus.subscribe(LabelsChanged, self._on_labels), bus.subscribe(LockChanged, self._on_lock)]
        self.refresh()

    def attach(self, page: Any) -> None:
        """The page that shows the case, where answers are marked."""
        self.marks.attach(page)
        self.refresh()

    def refresh(self) -> None:
        asked = {question.id for question in self._form.asked()}
        for card in self.cards:
            card.setVisible(card.question.id in asked)
            if card.question.id in asked:
                card.refresh()
        for heading, cards in self._headings:
            heading.setVisible(any(card.question.id in asked for card in cards))
        self._show_scores()
        self.counted.emit(self.count())

    def count(self) -> str:
        answered, total = self._form.progress()
        return tr("{done} of {total} answered", done=answered, total=total)

    def focus_missing(self) -> None:
        """Put the focus on the first question that must still be answered."""
        missing = {question.id for question in self._form.missing()}
        self._focus(next((card for card in self.cards if missing & set(_covers(card))), None))

    def take_focus(self) -> None:
        """Put the focus on the first question that is still open, or on the first."""
        shown = [card for card in self.cards if not card.isHidden()]
        self._focus(next((card for card in shown if not self._complete(card)), shown[0] if shown else None))

    def shutdown(self) -> None:
        self._form.settle()
        for leave in self._leave:
            leave()

    def _fill(self) -> None:
        section, cards = "", []
        for question in self._form.questions:
            if question.row and question.row != question.id and self._in_row(question):
                continue
            if question.section != section:
                section, cards = question.section, []
                self._heading(section, question, cards)
            self._add(question, cards)

    def _in_row(self, question: Question) -> bool:
        return any(question.id in _covers(card) for card in self.cards)

    def _heading(self, section: str, question: Question, cards: list[Any]) -> None:
        if question.type == FINDING and not any(card.question.matrix == question.matrix for card in self.cards):
            legend = label(tr(LEGEND), "muted", wrap=True)
            legend.setContentsMargins(8, 6, 8, 0)
            self._headings.append((legend, cards))
            self._box.addWidget(legend)
        if section:
            heading = label(tr(section), "section")
            heading.setContentsMargins(8, 8, 8, 2)
            self._headings.append((heading, cards))
            self._box.addWidget(heading)

    def _add(self, question: Question, cards: list[Any]) -> None:
        make = FindingRow if question.type == FINDING else QuestionCard
        card = make(self._form, question, self.marks)
        card.refused.connect(self.refused)
        card.done.connect(lambda: self._next(card))
        card.step.connect(lambda step: self._step(card, step))
        card.focused.connect(lambda: self.asked_about.emit(card.question))
        cards.append(card)
        self.cards.append(card)
        self._box.addWidget(card)

    def _show_scores(self) -> None:
        found = {score.score.id: score for score in self._form.scores()}
        for name, score in found.items():
            if name not in self._scores:
                self._scores[name] = self._score_line(score)
            self._scores[name].setText(score_words(score))
        for name, line in self._scores.items():
            line.setVisible(name in found)

    def _score_line(self, score: Computed) -> QWidget:
        line = label("", "computed", wrap=True)
        line.setToolTip(tr("Computed from the answers above. {source}", source=score.score.source))
        line.setContentsMargins(10, 4, 10, 6)
        after = next((card for card in self.cards if card.question.id == score.score.after), None)
        self._box.insertWidget(self._box.indexOf(after) + 1 if after is not None else self._box.count(), line)
        return line

    def _complete(self, card: Any) -> bool:
        return all(self._form.answered(name) for name in _covers(card) if self._form.is_asked(name))

    def _next(self, card: Any) -> None:
        at = self.cards.index(card)
        later = [*self.cards[at + 1:], *self.cards[:at]]
        self._focus(next((other for other in later if not other.isHidden() and not self._complete(other)), None))

    def _step(self, card: Any, step: int) -> None:
        shown = [other for other in self.cards if not other.isHidden()]
        at = shown.index(card) + step
        if 0 <= at < len(shown):
            self._focus(shown[at])

    def _focus(self, card: Any) -> None:
        if card is None:
            return
        card.setFocus(Qt.FocusReason.TabFocusReason)
        area = self.parentWidget()
        while area is not None and not hasattr(area, "ensureWidgetVisible"):
            area = area.parentWidget()
        if area is not None:
            QApplication.sendPostedEvents()
            area.ensureWidgetVisible(card, 0, 24)

    def _on_labels(self, event: LabelsChanged) -> None:
        settled = event.committed or not self._form.staging  # an answer is staged and committed at once: look once
        if settled and any(kind in ("answer", "region") for kind, _ in event.touched.elements):
            self.refresh()

    def _on_lock(self, event: LockChanged) -> None:
        self.refresh()


def score_words(score: Computed) -> str:
    """ "3-point checklist, computed: 2 – Suspicious". """
    name = tr(score.score.text)
    if score.total is None:
        return tr("{name}, computed: {n} answers missing", name=name, n=score.missing)
    return tr("{name}, computed: {total}", name=name, total=score.total) + (f" – {tr(score.words)}" if score.words else "")


def _covers(card: Any) -> list[str]:
    return list(getattr(card, "covers", [card.question.id]))
