"""Agreement on answers, question by question, of two stores or two label sources."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from graticule.domain.elements import Answer
from graticule.domain.errors import GraticuleError
from graticule.quality.answers import AnswerAgreement, classes_agree, numbers_agree, sets_agree
from graticule.store.store import Store
from graticule.study.protocol import Protocol, parse_protocol
from graticule.study.question import Question
from graticule.study.questions import MEASURED, NOT_COMPARED, RANKED, SETS, TYPES

ANSWERS = "answers"

# Case id → question id → answer.
Read = Mapping[str, Mapping[str, Answer]]


def read_of(store: Store) -> tuple[Read, Protocol]:
    """Every answer of the store's reader, and what was asked."""
    protocol = parse_protocol(store.protocols.current()[1])
    found = {case.id: {answer.id: answer for answer in store.labels.open(case.id, None).labels.of(Answer)}
             for case in store.cases.all() if case.id in store.labels.states()}
    return found, protocol


def answer_rows(one: Read, two: Read, protocol: Protocol) -> Iterator[dict[str, Any]]:
    """One row a question that both sides were asked, in the protocol's order."""
    for question in protocol.questions:
        if TYPES[question.type].scale == NOT_COMPARED:
            continue
        first, second = _given(one, question), _given(two, question)
        if first or second:
            found = {name: value for name, value in asdict(_agreement(question, first, second)).items() if value is not None}
            yield {"kind": ANSWERS, "question": question.id, "type": question.type, **found}


def _given(read: Read, question: Question) -> dict[str, Any]:
    return {case: answers[question.id].value for case, answers in read.items()
            if question.id in answers and answers[question.id].value is not None}


def _agreement(question: Question, one: Mapping[str, Any], two: Mapping[str, Any]) -> AnswerAgreement:
    type_ = TYPES[question.type]
    if type_.scale == MEASURED:
        return numbers_agree(one, two)
    if type_.scale == SETS:
        members = [choice.value for choice in question.choices]
        first, second = ({case: frozenset(value) for case, value in side.items()} for side in (one, two))
        return sets_agree(first, second, members)
    order = [type_.category(option.value) for option in type_.options(question)] if type_.scale == RANKED else []
    mine, theirs = ({case: type_.category(value) for case, value in side.items()} for side in (one, two))
    return classes_agree(mine, theirs, order)


def refuse_other_protocol(one: Protocol, two: Protocol) -> None:
    if one.document != two.document:
        raise GraticuleError("The two stores were read under different protocols.", "Compare reads of one version.")
