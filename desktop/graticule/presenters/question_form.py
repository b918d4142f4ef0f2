"""The questions beside an open case: what is asked, what was answered, what is missing."""

from dataclasses import replace
from typing import Any

from graticule.domain.edits import ElementChange
from graticule.domain.elements import Answer
from graticule.domain.errors import GraticuleError
from graticule.presenters.open_case import OpenCase
from graticule.study.protocol import Question
from graticule.study.questions import CONFIDENCES, NOT_ASSESSABLE, TYPES


class QuestionForm:
    """Every answer is one act of the workspace: undone, journalled and signed like a stroke."""

    def __init__(self, opened: OpenCase) -> None:
        self._workspace = opened.workspace
        self.questions: tuple[Question, ...] = tuple(opened.protocol.questions_for(opened.case))

    @property
    def locked(self) -> bool:
        return self._workspace.locked

    def question(self, question_id: str) -> Question:
        return next(question for question in self.questions if question.id == question_id)

    def answer(self, question_id: str) -> Answer | None:
        return self._workspace.labels.get(Answer, question_id)

    def give(self, question_id: str, value: Any) -> None:
        """Answer with a value of the question's type; GraticuleError when it is not one. The same value again changes nothing."""
        question = self.question(question_id)
        fault = TYPES[question.type].check(value, _choices(question))
        if fault:
            raise GraticuleError(fault)
        before = self.answer(question_id)
        self._set(question, replace(before or Answer(id=question_id), value=value, not_assessable=None))

    def not_assessable(self, question_id: str, reason: str) -> None:
        """Say, with a coded reason, that the question cannot be answered."""
        question = self.question(question_id)
        if not question.may_be_not_assessable or reason not in NOT_ASSESSABLE:
            raise GraticuleError("This question must be answered.", "Choose one of its answers.")
        self._set(question, Answer(id=question_id, not_assessable=reason))

    def confidence(self, question_id: str, step: str) -> None:
        """How sure the reader is: "low", "medium" or "high"; only of a question that was answered."""
        before = self.answer(question_id)
        if before is None or before.not_assessable:
            raise GraticuleError("Answer the question first.")
        self._set(self.question(question_id), replace(before, confidence=CONFIDENCES[step]))

    def clear(self, question_id: str) -> None:
        before = self.answer(question_id)
        if before is not None:
            self._workspace.do(_title(self.question(question_id)), ElementChange.remove(before))

    def digit(self, question_id: str, digit: int) -> bool:
        """Answer with the value that stands at place `digit` (1, 2, …); False when none stands there."""
        question = self.question(question_id)
        keys = TYPES[question.type].keys(_choices(question))
        if not 1 <= digit <= len(keys):
            return False
        self.give(question_id, keys[digit - 1])
        return True

    def digits(self, question_id: str) -> int:
        """How many digits answer this question."""
        question = self.question(question_id)
        return min(9, len(TYPES[question.type].keys(_choices(question))))

    def answered(self, question_id: str) -> bool:
        """Whether nothing more is needed: a value (with confidence, where it is asked) or a reason why there is none."""
        answer = self.answer(question_id)
        if answer is None:
            return False
        if answer.not_assessable:
            return True
        return answer.value is not None and (answer.confidence is not None or not self.question(question_id).confidence)

    def missing(self) -> list[Question]:
        """Required questions that still need something, in order."""
        return [question for question in self.questions if question.required and not self.answered(question.id)]

    def progress(self) -> tuple[int, int]:
        return sum(self.answered(question.id) for question in self.questions), len(self.questions)

    def _set(self, question: Question, answer: Answer) -> None:
        if answer != self.answer(question.id):
            self._workspace.set(_title(question), answer)


def _title(question: Question) -> str:
    return f"Answer: {question.text.rstrip('?').strip()}"


def _choices(question: Question) -> tuple[str, ...]:
    return tuple(choice.value for choice in question.choices)
