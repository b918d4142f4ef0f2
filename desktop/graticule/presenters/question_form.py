"""The questions beside an open case: what is asked now, what was answered, what is missing, what contradicts what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from graticule.domain.edits import ElementChange
from graticule.domain.elements import Answer, Region
from graticule.domain.errors import GraticuleError
from graticule.editing.marking import Marking
from graticule.presenters.open_case import OpenCase
from graticule.presenters.unfinished import Unfinished
from graticule.study.answering import Asking, all_others_absent, consequences, facts_of
from graticule.study.conditions import Known
from graticule.study.question import MARKS_REQUIRED, Question
from graticule.study.questions import (
    ABSENT,
    BODY_SITE,
    CONFIDENCES,
    FINDING,
    LATERALITY,
    MULTI,
    NOT_ASSESSABLE,
    NUMBER,
    REGIONS,
    TEXT,
    TYPES,
    Number,
    SeveralOf,
    value_of_key,
)
from graticule.study.scores import Computed, computed, limitations_now
from graticule.study.sides import Conflict, conflicts, side_on_body_map, sides_known

DERMOSCOPY = "DMS"


@dataclass(frozen=True, slots=True)
class _Now:
    """What follows from the answers as they are; worked out once for each state of them."""

    answers: Mapping[str, Answer]
    asked: Mapping[str, Question]
    known: Known


class QuestionForm:
    """Every answer is one act of the workspace: undone, journalled and signed like a stroke.

    What is being typed (a text, a number) waits in `_typed` until `settle`, so that a word is one act, not one a letter; with
    `unfinished` every letter of it outlives a crash, and stands in its field again when the case is opened next.
    """

    def __init__(self, opened: OpenCase, facts: Mapping[str, Any] | None = None, unfinished: Unfinished | None = None) -> None:
        self._opened = opened
        self._workspace = opened.workspace
        self.questions: tuple[Question, ...] = tuple(opened.protocol.questions_for(opened.case))
        self._asking = Asking(self.questions, {**facts_of(opened.case), **(facts or {})}, sides_known(opened.content))
        self._unfinished = unfinished
        self._typed: dict[str, str] = self._left_unfinished()
        self._state: tuple[tuple[int, ...], _Now] | None = None

    # Asked

    @property
    def locked(self) -> bool:
        return self._workspace.locked

    @property
    def staging(self) -> bool:
        """Whether an act is half done: what is asked may change with its end."""
        return self._workspace.staging

    @property
    def sides_known(self) -> bool:
        return self._asking.sides_known

    def asked(self) -> list[Question]:
        """What is asked now, with the choices that are offered now."""
        return list(self._now().asked.values())

    def is_asked(self, question_id: str) -> bool:
        return question_id in self._now().asked

    def question(self, question_id: str) -> Question:
        now = self._now().asked
        return now[question_id] if question_id in now else next(q for q in self.questions if q.id == question_id)

    def answer(self, question_id: str) -> Answer | None:
        return self._workspace.labels.get(Answer, question_id)

    def side_unknown(self, question_id: str) -> bool:
        """Left and right cannot be told on this image, so this question cannot be answered."""
        return self._asking.side_unknown(self.question(question_id))

    def regions(self, question_id: str) -> list[Region]:
        """The regions the answer refers to, as far as they still exist."""
        answer = self.answer(question_id)
        found = [self._workspace.labels.get(Region, name) for name in answer.evidence] if answer else []
        return [region for region in found if region is not None]

    def scores(self) -> list[Computed]:
        """The protocol's computed scores that concern questions asked now."""
        now = self._now()
        return [computed(score, now.known.values) for score in self._opened.protocol.scores
                if all(term.question in now.asked for term in score.terms)]

    def limitations(self, question_id: str) -> list[str]:
        return limitations_now(self._opened.protocol.limitations, self._now().known).get(question_id, [])

    # Answering

    def give(self, question_id: str, value: Any) -> None:
        """Answer with a value of the question's type; GraticuleError when it is not one. The same value again changes nothing."""
        question = self.question(question_id)
        fault = TYPES[question.type].check(value, question)
        if fault:
            raise GraticuleError(fault)
        if self._asking.side_unknown(question):
            raise GraticuleError("This file does not say which side of the image is left.", "Left and right cannot be answered.")
        before = self.answer(question_id)
        if before is not None and before.value == value and type(before.value) is type(value):
            return
        after = replace(before or Answer(id=question_id), value=value, not_assessable=None, explanation="", provenance="hand")
        self._set(question, after)

    def press(self, question_id: str, key: str) -> bool:
        """Answer with the key of one of its answers; False when the key gives none."""
        question = self.question(question_id)
        value = value_of_key(question, key)
        if value is None:
            return False
        self._give_pressed(question, value)
        return True

    def digit(self, question_id: str, digit: int) -> bool:
        """Answer with the value that stands at place `digit` (1, 2, …); False when none stands there."""
        question = self.question(question_id)
        options = TYPES[question.type].options(question)
        if not 1 <= digit <= len(options):
            return False
        self._give_pressed(question, options[digit - 1].value)
        return True

    def digits(self, question_id: str) -> int:
        """How many digits answer this question."""
        question = self.question(question_id)
        return min(9, len(TYPES[question.type].options(question)))

    def toggle(self, question_id: str, one: str) -> None:
        """Add or take away one answer of several; taking the last one away withdraws the answer."""
        question = self.question(question_id)
        before = self.answer(question_id)
        held = before.value if before is not None and before.value else []
        several = TYPES[MULTI]
        assert isinstance(several, SeveralOf)
        after = several.toggled(held, one, question)
        if after:
            self.give(question_id, after)
        else:
            self.clear(question_id)

    def rest_absent(self, matrix: str) -> None:
        """Every finding of the matrix that nobody answered is absent."""
        changes = all_others_absent(self._asking, self._now().answers, matrix)
        self._commit("Answer: the other findings are absent", changes)

    def not_assessable(self, question_id: str, reason: str) -> None:
        """Say, with a coded reason, that the question cannot be answered."""
        question = self.question(question_id)
        if not question.may_be_not_assessable or reason not in NOT_ASSESSABLE:
            raise GraticuleError("This question must be answered.", "Choose one of its answers.")
        self._typed.pop(question_id, None)
        self._set(question, Answer(id=question_id, not_assessable=reason))
        self._keep()

    def confidence(self, question_id: str, step: str) -> None:
        """How sure the reader is: "low", "medium" or "high"; only of a question that was answered."""
        before = self.answer(question_id)
        if before is None or before.not_assessable:
            raise GraticuleError("Answer the question first.")
        self._set(self.question(question_id), replace(before, confidence=CONFIDENCES[step]))

    def explain(self, question_id: str, words: str) -> None:
        """Why the answer stands although something speaks against it."""
        before = self.answer(question_id)
        if before is None or not words.strip():
            raise GraticuleError("Write why, or change the answer.")
        self._set(self.question(question_id), replace(before, explanation=words.strip()))

    def clear(self, question_id: str) -> None:
        self._typed.pop(question_id, None)
        if self.answer(question_id) is not None:
            question = self.question(question_id)
            self._commit(_title(question), consequences(self._asking, self._now().answers, None, question_id))
        self._keep()

    # Typing

    def type(self, question_id: str, text: str) -> None:
        """A text or number as it stands in its field: kept at once, an answer only with `settle`."""
        self._typed[question_id] = text
        self._keep()

    def typed(self, question_id: str) -> str:
        """What stands in the field: what is being typed, or the answer."""
        answer = self.answer(question_id)
        return self._typed.get(question_id, str(answer.value) if answer and answer.value is not None else "")

    def fault(self, question_id: str) -> str:
        """Why what is being typed is no answer; "" when it is one, or when nothing is typed."""
        question, text = self.question(question_id), self._typed.get(question_id, "")
        return (TYPES[question.type].check(_value_of(question, text), question) or "") if text.strip() else ""

    def settle(self) -> None:
        """Make what was typed an answer, one act a question. What is no answer stays in its field."""
        for question_id in list(self._typed):
            text, question = self._typed[question_id], self.question(question_id)
            if self.locked or not self.is_asked(question_id):
                self._drop(question_id)
            elif not text.strip():
                self.clear(question_id)
            elif not self.fault(question_id):
                self.give(question_id, _value_of(question, text))
                self._drop(question_id)

    def _drop(self, question_id: str) -> None:
        """Its words are an answer now, or withdrawn; kept until that was written."""
        if self._typed.pop(question_id, None) is not None:
            self._keep()

    def _keep(self) -> None:
        if self._unfinished is not None:
            self._unfinished.keep(self._typed)

    def _left_unfinished(self) -> dict[str, str]:
        """What a crash, or leaving a field with what is no answer, left; nothing of a signed case, nor of other questions."""
        if self._unfinished is None:
            return {}
        if self.locked:
            self._unfinished.keep({})
            return {}
        fields = {question.id for question in self.questions if question.type in (TEXT, NUMBER)}
        return {name: text for name, text in self._unfinished.texts.items() if name in fields}

    # Marks

    def marking(self, question_id: str, done: Callable[[], None]) -> Marking:
        """What the mark tool draws for this question."""
        question = self.question(question_id)
        code = self._opened.ontology.slug(question.code).code if question.code else None

        def changes(region: Region) -> tuple[ElementChange, ...]:
            before = self.answer(question_id)
            if question.type == FINDING and (before is None or before.value == ABSENT):
                raise GraticuleError("Say first whether the finding is present.", "P is possible, D definitely present.")
            value = True if question.type == REGIONS else before.value if before else None
            kept = tuple(known.id for known in self.regions(question_id))
            after = replace(before or Answer(id=question_id), value=value, not_assessable=None, evidence=(*kept, region.id))
            return (ElementChange("answer", question_id, before, after),)

        return Marking(question_id, f"Mark {question.text}", question.marks.shape, code, changes, done)

    # Missing

    def conflicts(self, question_id: str = "") -> list[Conflict]:
        """What contradicts a side that was answered, unless the reader explained it; of one question, or of all."""
        wanted = [question_id] if question_id else list(self._now().asked)
        return [conflict for name in wanted for conflict in self._conflicts_of(self.question(name))]

    def answered(self, question_id: str) -> bool:
        """Whether nothing more is needed: a value (with confidence and marks, where asked) or a reason why there is none."""
        answer, question = self.answer(question_id), self.question(question_id)
        if question_id in self._typed and self.fault(question_id):
            return False
        if self._asking.side_unknown(question):
            return True
        if answer is None:
            return False
        if answer.not_assessable:
            return True
        if answer.value is None or (question.confidence and answer.confidence is None):
            return False
        return not self._mark_missing(question, answer) and not self._conflicts_of(question)

    def missing(self) -> list[Question]:
        """Questions that still need something, in order: required ones, half-given ones, and sides that contradict something."""
        return [question for question in self.asked() if not self.answered(question.id)
                and (question.required or self.answer(question.id) is not None or self.fault(question.id))]

    def progress(self) -> tuple[int, int]:
        asked = [question for question in self.asked() if not self._asking.side_unknown(question)]
        return sum(self.answered(question.id) for question in asked), len(asked)

    # Inside

    def _give_pressed(self, question: Question, value: Any) -> None:
        if question.type == MULTI:
            self.toggle(question.id, value)
        elif question.type == BODY_SITE and (before := self.answer(question.id)) and before.value \
                and before.value["site"] == value["site"]:
            return
        else:
            self.give(question.id, value)

    def _mark_missing(self, question: Question, answer: Answer) -> bool:
        wanted = question.marks.need == MARKS_REQUIRED or question.type == REGIONS
        return wanted and answer.value not in (False, ABSENT) and not self.regions(question.id)

    def _conflicts_of(self, question: Question) -> list[Conflict]:
        answer = self.answer(question.id)
        if question.type != LATERALITY or answer is None or answer.explanation or not answer.value:
            return []
        linked = [region for other in self.questions if question.row and other.row == question.row
                  for region in self.regions(other.id)]
        linked += self.regions(question.id)
        if not question.row:
            linked += [r for other in self.asked() if other.type == REGIONS and other.section == question.section
                       and question.of_image for r in self.regions(other.id)]
        laterality = str(self._opened.case.facts.get("laterality", ""))
        found = conflicts(question.id, answer.value, laterality, linked, self._opened.content)
        return [*found, *self._against_the_map(question, answer.value)]

    def _against_the_map(self, question: Question, side: str) -> list[Conflict]:
        for other in self.asked():
            given = self.answer(other.id) if other.type == BODY_SITE and other.section == question.section else None
            if given is not None and given.value and "at" in given.value:
                pointed = side_on_body_map(given.value["view"], given.value["at"])
                if side in ("R", "L") and pointed and pointed != side:
                    return [Conflict(question.id, "The place on the body map lies on the other side.")]
        return []

    def _set(self, question: Question, answer: Answer) -> None:
        if answer != self.answer(question.id):
            self._commit(_title(question), consequences(self._asking, self._now().answers, answer, question.id))

    def _commit(self, title: str, changes: Mapping[str, Answer | None]) -> None:
        """All of it as one act, with the regions that belonged only to what was withdrawn or is absent now."""
        orphans = self._orphans(changes)
        acts = []
        for name, after in changes.items():
            if after is not None and after.value in (ABSENT, False, None) and after.evidence:
                after = replace(after, evidence=())
            before = self.answer(name)
            if before != after:
                acts.append(ElementChange("answer", name, before, after))
        if acts:
            self._workspace.do(title, *acts, *(ElementChange.remove(region) for region in orphans))

    def _orphans(self, changes: Mapping[str, Answer | None]) -> list[Region]:
        gone = [name for name, after in changes.items() if after is None or after.value in (ABSENT, False, None)]
        kept = {region.id for question in self.questions if question.id not in gone for region in self.regions(question.id)}
        return [region for name in gone for region in self.regions(name) if region.id not in kept]

    def _now(self) -> _Now:
        given = {answer.id: answer for answer in self._workspace.labels.of(Answer)}
        key = tuple(map(id, given.values()))
        if self._state is None or self._state[0] != key:
            asked = {question.id: question for question in self._asking.asked(given)}
            self._state = key, _Now(given, asked, self._asking.known(given))
        return self._state[1]


def _facts_of(opened: OpenCase) -> dict[str, Any]:
    facts = dict(opened.case.facts)
    facts.setdefault("acquisition", "dermoscopic" if opened.case.modality == DERMOSCOPY else "clinical")
    return facts


def _value_of(question: Question, text: str) -> Any:
    if question.type == NUMBER:
        number = TYPES[NUMBER]
        assert isinstance(number, Number)
        return number.typed(text, question)
    return text.strip() if question.type == TEXT else text


def _title(question: Question) -> str:
    return f"Answer: {question.text.rstrip('?').strip()}"
