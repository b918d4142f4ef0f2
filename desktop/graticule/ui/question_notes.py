"""What stands below an answer: the regions it refers to, its limitations, and a contradiction with the place to explain it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from graticule.domain.errors import GraticuleError
from graticule.study.questions import REGIONS
from graticule.ui.pieces import label, push
from graticule.ui.words import tr, trn

if TYPE_CHECKING:
    from graticule.presenters.question_form import QuestionForm
    from graticule.ui.question_marks import QuestionMarks


class AnswerNotes(QWidget):
    """part: the card or row it belongs to; it has `draw`, `refresh` and the signals of a FormPart."""

    def __init__(self, form: QuestionForm, question_id: str, marks: QuestionMarks, part: QWidget) -> None:
        super().__init__(part)
        self._form, self._id, self._marks, self._part = form, question_id, marks, part
        self._warn = label("", "warn", wrap=True)
        self._why = QLineEdit()
        self._why.setPlaceholderText(tr("Explain why the answer stands, or change it"))
        self._why.returnPressed.connect(self._explain)
        self._draw = push(tr("Draw"), part.draw)
        self._draw.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._jump = push("", self._look)
        self._jump.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._draw)
        row.addWidget(self._jump)
        row.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addLayout(row)
        box.addWidget(self._warn)
        box.addWidget(self._why)

    def refresh(self, said: str = "") -> None:
        question, answer = self._form.question(self._id), self._form.answer(self._id)
        regions, conflicts = self._form.regions(self._id), self._form.conflicts(self._id)
        explained = answer.explanation if answer else ""
        sentences = [said] if said else []
        sentences += [tr(conflict.sentence) for conflict in conflicts]
        sentences += [tr(sentence) for sentence in self._form.limitations(self._id)]
        sentences += [tr("Explained: {words}", words=explained)] if explained else []
        self._warn.setText("\n".join(sentences))
        self._warn.setVisible(bool(sentences))
        self._why.setVisible(bool(conflicts))
        wants = self._marks.can_draw and (question.type == REGIONS or bool(question.marks.need))
        self._draw.setText(tr("X   Draw the outline") if question.marks.shape == "polygon" else tr("X   Draw a box"))
        self._draw.setVisible(wants)
        self._jump.setText(trn(len(regions), "J   1 mark", "J   {n} marks"))
        self._jump.setVisible(bool(regions) and self._marks.can_draw)
        self.setVisible(bool(sentences) or wants or bool(regions))

    def _look(self) -> None:
        regions = self._form.regions(self._id)
        if regions:
            self._marks.jump(regions[0])

    def _explain(self) -> None:
        try:
            self._form.explain(self._id, self._why.text())
        except GraticuleError as error:
            self._part.refused.emit(error)
            return
        self._why.clear()
        self._part.refresh()
        self._part.done.emit()
