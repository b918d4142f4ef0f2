"""Editing a protocol's questions without code: every change is a new document, so undo is going back to the one before."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from graticule.domain.codes import Concept, Ontology
from graticule.domain.errors import GraticuleError
from graticule.study.conditions import parse_condition
from graticule.study.findings import MATRIX, expanded
from graticule.study.protocol import Protocol, parse_protocol
from graticule.study.questions import CHOICE, MULTI, NUMBER, ORDINAL

Document = Mapping[str, Any]

LISTED = (CHOICE, MULTI, ORDINAL, "body-site")
NEW_CHOICES: Sequence[Mapping[str, Any]] = ({"value": "a1", "label": "First answer"}, {"value": "a2", "label": "Second answer"})


class FormEditor:
    """The document as it is being made. `identify` gives the id under which it would be stored."""

    def __init__(self, document: Document, ontology: Ontology, identify: Callable[[Document], str]) -> None:
        self._document: dict[str, Any] = deepcopy(dict(document))
        self._ontology, self._identify = ontology, identify
        self._before: list[dict[str, Any]] = []
        self._after: list[dict[str, Any]] = []
        self._saved = deepcopy(self._document)

    # Asked

    @property
    def document(self) -> Document:
        return self._document

    @property
    def changed(self) -> bool:
        return self._document != self._saved

    @property
    def id(self) -> str:
        """The id the document would have: any change makes another one."""
        return self._identify(self._document)

    def questions(self) -> list[Document]:
        return list(self._document["questions"])

    def question(self, at: int) -> Document:
        return dict(self._document["questions"][at])

    def earlier(self, at: int) -> list[tuple[str, str]]:
        """(id, text) of the questions a condition of this one may look back to, matrix rows among them."""
        return [(str(item["id"]), str(item["text"])) for item in expanded(self._document["questions"][:at])]

    def answers_of(self, question_id: str) -> list[tuple[Any, str]]:
        """(value, words) a condition may ask for."""
        from graticule.study.questions import TYPES

        question = next((q for q in self._parsed_questions() if q.id == question_id), None)
        if question is None:
            return []
        return [(option.value["site"] if isinstance(option.value, dict) else option.value, option.label)
                for option in TYPES[question.type].options(question)]

    def concepts(self, typed: str, limit: int = 30) -> list[Concept]:
        """Codes of the ontology that the typed letters fit."""
        return self._ontology.search(typed)[:limit]

    def faults(self) -> list[str]:
        """Why the document could not be read under, in sentences; [] when it can."""
        try:
            protocol = parse_protocol(self._document)
        except GraticuleError as error:
            return [str(error)]
        return [*_choice_faults(protocol), *self._code_faults(protocol), *_key_faults(protocol)]

    def parsed(self) -> Protocol | None:
        """For the preview; None while the document cannot be read."""
        try:
            return parse_protocol(self._document)
        except GraticuleError:
            return None

    # Changed

    def set_header(self, name: str, value: str) -> None:
        self._change({**self._document, name: value})

    def add(self, type_: str, at: int | None = None) -> int:
        """A new question after `at` (None: last); its place."""
        place = len(self._document["questions"]) if at is None else at + 1
        number = 1 + max((int(q["id"][1:]) for q in self._document["questions"] if q["id"][:1] == "q" and q["id"][1:].isdigit()),
                         default=0)
        near = self._document["questions"][at] if at is not None else {}
        fresh: dict[str, Any] = {"id": f"q{number}", "text": "New question", "type": type_,
                                 "kinds": list(near.get("kinds", ["image"])), "section": near.get("section", "")}
        if near.get("modalities"):
            fresh["modalities"] = list(near["modalities"])
        if type_ in LISTED:
            fresh["choices"] = deepcopy(list(NEW_CHOICES))
        if type_ == NUMBER:
            fresh["decimals"] = 0
        if type_ == MATRIX:
            fresh["rows"] = [{"id": "f1", "label": "First finding"}]
        self._replace([*self._document["questions"][:place], fresh, *self._document["questions"][place:]])
        return place

    def insert(self, items: Sequence[Document], at: int) -> None:
        """Take over questions of another form, after `at`."""
        held = {item["id"] for item in self._document["questions"]}
        fresh = [deepcopy(dict(item)) for item in items if item["id"] not in held]
        self._replace([*self._document["questions"][:at + 1], *fresh, *self._document["questions"][at + 1:]])

    def remove(self, at: int) -> None:
        self._replace([item for place, item in enumerate(self._document["questions"]) if place != at])

    def move(self, at: int, step: int) -> int:
        """One place up (−1) or down (1); where it stands then."""
        items = list(self._document["questions"])
        to = max(0, min(len(items) - 1, at + step))
        if to != at:
            items.insert(to, items.pop(at))
            self._replace(items)
        return to

    def set(self, at: int, **fields: Any) -> None:
        """Change fields of a question; None takes a field away."""
        item = {**self._document["questions"][at], **fields}
        kept = {name: value for name, value in item.items() if value is not None}
        if kept != self._document["questions"][at]:
            self._replace([kept if place == at else other for place, other in enumerate(self._document["questions"])])

    def set_condition(self, at: int, question_id: str, values: Sequence[Any]) -> None:
        """Ask it only when an earlier question has one of these answers; always, when no question is named."""
        when = {"question": question_id, "is": list(values)} if question_id and values else None
        parse_condition(when)
        self.set(at, when=when)

    def take(self, document: Document) -> None:
        """Begin with another document."""
        self._document = deepcopy(dict(document))
        self._before.clear()
        self._after.clear()
        self.saved()

    def undo(self) -> bool:
        return self._step(self._before, self._after)

    def redo(self) -> bool:
        return self._step(self._after, self._before)

    def saved(self) -> None:
        self._saved = deepcopy(self._document)

    # Inside

    def _replace(self, questions: Sequence[Document]) -> None:
        self._change({**self._document, "questions": [deepcopy(dict(item)) for item in questions]})

    def _change(self, document: Document) -> None:
        if document == self._document:
            return
        self._before.append(self._document)
        self._after.clear()
        self._document = deepcopy(dict(document))

    def _step(self, source: list[dict[str, Any]], target: list[dict[str, Any]]) -> bool:
        if not source:
            return False
        target.append(self._document)
        self._document = source.pop()
        return True

    def _parsed_questions(self) -> Sequence[Any]:
        protocol = self.parsed()
        return protocol.questions if protocol else ()

    def _code_faults(self, protocol: Protocol) -> list[str]:
        known = {concept.code.code for concept in self._ontology}
        wanted = [(q.text, code) for q in protocol.questions for code in (q.code, *(c.code for c in q.choices)) if code]
        return [f"“{text}” uses the code “{code}”, which no table has." for text, code in wanted if code not in known]


def _choice_faults(protocol: Protocol) -> list[str]:
    found = []
    for question in protocol.questions:
        values = [choice.value for choice in question.choices]
        if question.type in LISTED and len(values) < 2:
            found.append(f"“{question.text}” needs at least two answers.")
        if len(set(values)) < len(values):
            found.append(f"“{question.text}” has an answer twice.")
    return found


def _key_faults(protocol: Protocol) -> list[str]:
    found = []
    for question in protocol.questions:
        keys = [choice.key.lower() for choice in question.choices if choice.key]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            found.append(f"“{question.text}” gives the key {twice[0].upper()} to two answers.")
    return found
