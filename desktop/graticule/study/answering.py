"""What one answer does to the others: hidden ones are withdrawn, “No finding” and findings exclude each other.

Pure: takes the answers as they are and the one that is given, returns every answer that changes. The form commits them
together, so one undo takes all of it back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from graticule.domain.case import Case
from graticule.domain.elements import Answer
from graticule.study.conditions import Known, holds
from graticule.study.question import Question
from graticule.study.questions import ABSENT, BODY_SITE, FINDING, LATERALITY, MULTI, PRESENT

# Provenance of an answer that followed from another one ("No finding", "all others absent").
IMPLIED = "implied"

DERMOSCOPY = "DMS"
Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Asking:
    """The questions of a case, with what is known of it. sides_known: the file says which side of the image is left."""

    questions: tuple[Question, ...]
    facts: Mapping[str, Any]
    sides_known: bool = True

    def known(self, answers: Answers) -> Known:
        values = {q.id: answers[q.id].value for q in self.questions if q.id in answers}
        paths = {q.id: choice.path for q in self.questions if q.id in answers and (choice := q.choice(answers[q.id].value))}
        return Known(values, paths, self.facts)

    def asked(self, answers: Answers) -> list[Question]:
        """The questions that are asked now, each with the choices offered now."""
        known = self.known(answers)
        return [offered(question, known) for question in self.questions if holds(question.when, known)]

    def side_unknown(self, question: Question) -> bool:
        """A side is asked, but nobody can tell left from right on this image."""
        return question.type == LATERALITY and question.of_image and not self.sides_known


def facts_of(case: Case) -> dict[str, Any]:
    """The facts that conditions may ask about: the case's own, and how a skin picture was taken where the file does not say."""
    return {"acquisition": "dermoscopic" if case.modality == DERMOSCOPY else "clinical", **case.facts}


def offered(question: Question, known: Known) -> Question:
    if not any(choice.when for choice in question.choices):
        return question
    return replace(question, choices=tuple(choice for choice in question.choices if holds(choice.when, known)))


def consequences(asking: Asking, answers: Answers, given: Answer | None, question_id: str) -> dict[str, Answer | None]:
    """Every answer that changes when `given` (None: taken back) becomes the answer to `question_id`; None: withdrawn."""
    after: dict[str, Answer] = {**answers}
    _put(after, question_id, given)
    _exclude(asking, after, question_id)
    _withdraw(asking, after)
    asked = {question.id for question in asking.questions}
    return {name: after.get(name) for name in asked if answers.get(name) != after.get(name)}


def all_others_absent(asking: Asking, answers: Answers, matrix: str) -> dict[str, Answer | None]:
    """Findings of the matrix nobody has answered, as absent; “No finding” becomes present when nothing was found."""
    rows = [question for question in asking.asked(answers) if question.matrix == matrix and question.type == FINDING]
    open_rows = [question for question in rows if question.id not in answers and not question.clears]
    changes: dict[str, Answer | None] = {q.id: Answer(id=q.id, value=ABSENT, provenance=IMPLIED) for q in open_rows}
    found = any(answers[q.id].value != ABSENT for q in rows if q.id in answers and not q.clears)
    for row in rows:
        if row.clears and row.id not in answers:
            changes[row.id] = Answer(id=row.id, value=ABSENT if found else PRESENT, provenance=IMPLIED)
    return changes


def _exclude(asking: Asking, after: dict[str, Answer], question_id: str) -> None:
    """“No finding” present: every finding of the matrix is absent. A finding that is not absent: “No finding” is absent."""
    own = next((q for q in asking.questions if q.id == question_id), None)
    given = after.get(question_id)
    if own is None or own.type != FINDING or given is None or given.value in (None, ABSENT):
        return
    for other in asking.questions:
        if other.matrix != own.matrix or other.type != FINDING or other.id == own.id or not (own.clears or other.clears):
            continue
        if own.clears and given.value != PRESENT:
            continue
        if after.get(other.id) is None or after[other.id].value != ABSENT:
            after[other.id] = Answer(id=other.id, value=ABSENT, provenance=IMPLIED)


def _withdraw(asking: Asking, after: dict[str, Answer]) -> None:
    """One pass is enough: a condition may only look back."""
    for question in asking.questions:
        if question.id not in after:
            continue
        known = asking.known(after)
        if not holds(question.when, known) or not _still_offered(offered(question, known), after[question.id].value):
            del after[question.id]


def _still_offered(question: Question, value: Any) -> bool:
    if value is None or not question.choices or question.type == BODY_SITE:
        return True
    return all(question.choice(one) for one in value) if question.type == MULTI else question.choice(value) is not None


def _put(answers: dict[str, Answer], name: str, answer: Answer | None) -> None:
    if answer is None:
        answers.pop(name, None)
    else:
        answers[name] = answer
