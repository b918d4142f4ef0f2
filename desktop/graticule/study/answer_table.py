"""The answers of a case as a table: one row a question asked, with codes, confidence and reason, and what was computed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graticule.domain.case import Case
from graticule.domain.codes import Ontology
from graticule.domain.elements import Answer, Region
from graticule.domain.labels import Labels
from graticule.study.answering import IMPLIED, Asking, facts_of
from graticule.study.protocol import Protocol
from graticule.study.question import Question
from graticule.study.questions import MULTI, NOT_ASSESSABLE, TYPES
from graticule.study.scores import computed, limitations_now

COLUMNS = ("case", "question", "text", "type", "value", "label", "unit", "code", "external_codes", "taxonomy", "confidence",
           "not_assessable", "reason", "explanation", "evidence", "origin", "limitation")
COMPUTED, GIVEN = "computed", "given"


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One line; every field is text, "" where there is nothing."""

    cells: Mapping[str, str]


def answer_rows(case: Case, labels: Labels, protocol: Protocol, ontology: Ontology) -> list[AnswerRow]:
    """Questions that are asked of the case, in order; unanswered ones with an empty value. Then the computed scores."""
    answers = {answer.id: answer for answer in labels.of(Answer)}
    asking = Asking(tuple(protocol.questions_for(case)), facts_of(case))
    known = asking.known(answers)
    said = limitations_now(protocol.limitations, known)
    asked = asking.asked(answers)
    regions = {region.id for region in labels.of(Region)}
    rows = [_row(case, question, answers.get(question.id), ontology, said.get(question.id, ()), regions) for question in asked]
    ids = {question.id for question in asked}
    scores = [computed(score, known.values) for score in protocol.scores if all(term.question in ids for term in score.terms)]
    return [*rows, *(_computed_row(case, result.score.id, result.score.text, result.total or "", result.words,
                                   result.score.source) for result in scores)]


def _row(case: Case, question: Question, answer: Answer | None, ontology: Ontology, limits: Sequence[str],
         regions: set[str]) -> AnswerRow:
    value = answer.value if answer else None
    codes = [code for code in _codes(question, value) if code]
    reason = (answer.not_assessable or "") if answer else ""
    evidence = [name for name in answer.evidence if name in regions] if answer else []
    return _made({
        "case": case.id, "question": question.id, "text": question.text, "type": question.type,
        "value": "" if value is None else TYPES[question.type].category(value) or str(value),
        "label": "" if value is None else TYPES[question.type].words(value, question), "unit": question.quantity.unit,
        "code": "|".join(codes), "external_codes": "|".join(_external(codes, ontology)), "taxonomy": _taxonomy(question, value),
        "confidence": "" if answer is None or answer.confidence is None else str(answer.confidence),
        "not_assessable": reason, "reason": NOT_ASSESSABLE.get(reason, ""),
        "explanation": answer.explanation if answer else "", "evidence": "|".join(evidence),
        "origin": _origin(answer), "limitation": " ".join(limits)})


def _computed_row(case: Case, name: str, text: str, total: str, words: str, source: str) -> AnswerRow:
    return _made({"case": case.id, "question": name, "text": text, "type": COMPUTED, "value": total, "label": words,
                  "origin": COMPUTED, "explanation": source})


def _origin(answer: Answer | None) -> str:
    if answer is None:
        return ""
    return IMPLIED if answer.provenance == IMPLIED else GIVEN


def _made(cells: Mapping[str, str]) -> AnswerRow:
    return AnswerRow({name: cells.get(name, "") for name in COLUMNS})


def _codes(question: Question, value: Any) -> list[str]:
    """The finding that is asked about, then what was chosen."""
    if value is None:
        return [question.code]
    chosen = value if question.type == MULTI else [value["site"] if isinstance(value, Mapping) else value]
    return [question.code, *(choice.code for choice in question.choices if choice.value in chosen)]


def _external(codes: Sequence[str], ontology: Ontology) -> list[str]:
    """What other vocabularies call it ("SCT:36118008"); nothing where no code was verified."""
    found = []
    for code in codes:
        concept = next((concept for concept in ontology if concept.code.code == code), None)
        for scheme, values in (concept.crosswalk if concept else {}).items():
            found += [f"{scheme}:{value}" for value in values]
    return found


def _taxonomy(question: Question, value: Any) -> str:
    choice = question.choice(value) if isinstance(value, str) else None
    return ":".join(choice.path) if choice else ""
