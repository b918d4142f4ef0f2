"""The protocol: an immutable, versioned document that says what is asked, with which codes, and who may see what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import InvalidOperation
from typing import Any

from graticule.domain.case import Case, Kind
from graticule.domain.errors import GraticuleError
from graticule.study.conditions import parse_condition, refuse_later
from graticule.study.coverage import Coverage, parse_coverage
from graticule.study.findings import expanded
from graticule.study.question import Choice, Marks, Quantity, Question
from graticule.study.questions import BOOL, CHOICE, LATERALITY, TYPES
from graticule.study.scores import Limitation, Score, parse_limitation, parse_score

__all__ = ["BOOL", "CHOICE", "QUESTION_TYPES", "Blinding", "Choice", "Protocol", "Question", "SegmentTemplate", "parse_protocol"]

QUESTION_TYPES = tuple(TYPES)
_SIDES = "RLBM"
# Whether assistants may propose masks.
ALLOWED, AFTER_READ, NEVER = "allowed", "after-read", "never"


@dataclass(frozen=True, slots=True)
class SegmentTemplate:
    """A structure the protocol asks to be outlined, offered in the segment list."""

    name: str
    colour: str
    category: str
    type: str
    modalities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Blinding:
    """What readers may not see. `others_until`: "sealed" (own read of the round) or "never".

    context: which of the case's clinical words are shown; None: none while the identity is hidden, otherwise all.
    priors: earlier examinations are "allowed", shown "undated" (not even their distance in days), or "hidden".
    """

    identity_hidden: bool = True
    others_until: str = "never"
    context: tuple[str, ...] | None = None
    priors: str = "allowed"

    def shows(self, word: str) -> bool:
        return word in self.context if self.context is not None else not self.identity_hidden


@dataclass(frozen=True, slots=True)
class Protocol:
    """The parsed document. `document` is the JSON that is hashed and stored; it is never rewritten from the fields.

    ontology: the tables (names in resources/ontology) whose codes this protocol uses.
    episode_tracks: tracks to be tagged on an ECG. scores: computed from the answers, never stored.
    limitations: sentences that stand with an answer while their condition holds.
    deidentify: the profile by which every import must be de-identified, "" when the protocol leaves it to the reader.
    assistants: whether programs may propose masks: "allowed", "after-read" (once the independent read is signed) or "never".
    codes: by track of an ECG the slugs that may be tagged there, where not all may. favourites: slugs on the keys 1 to 9.
    coverage: how much of a recording must have been on the screen before it is finished; None where nothing is asked.
    """

    document: Mapping[str, Any]
    title: str
    version: str
    project: str
    questions: tuple[Question, ...]
    segments: tuple[SegmentTemplate, ...]
    episode_tracks: tuple[str, ...]
    ontology: tuple[str, ...]
    blinding: Blinding
    scores: tuple[Score, ...] = ()
    limitations: tuple[Limitation, ...] = ()
    ids: Mapping[str, Question] = field(default_factory=dict)
    deidentify: str = ""
    assistants: str = "allowed"
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    favourites: tuple[str, ...] = ()
    coverage: Coverage | None = None

    def questions_for(self, case: Case) -> list[Question]:
        return [question for question in self.questions if question.concerns(case)]

    def segments_for(self, case: Case) -> list[SegmentTemplate]:
        return [s for s in self.segments if not s.modalities or case.modality in s.modalities]


def parse_protocol(document: Mapping[str, Any]) -> Protocol:
    """The protocol of a JSON document; GraticuleError names what is missing or of the wrong kind."""
    try:
        questions = tuple(parse_question(item) for item in expanded(document["questions"]))
        segments = tuple(_segment(item) for item in document.get("segments", ()))
        protocol = Protocol(document, document["title"], document["version"], document["project"], questions, segments,
                            tuple(document.get("episode_tracks", ())), _tables(document["ontology"]),
                            _blinding(document.get("blinding", {})), tuple(map(parse_score, document.get("scores", ()))),
                            tuple(map(parse_limitation, document.get("limitations", ()))), {q.id: q for q in questions},
                            _deidentify(document), _assistants(document), _codes(document.get("codes", {})),
                            _slugs(document.get("favourites", ())), parse_coverage(document.get("coverage")))
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as fault:
        raise GraticuleError(f"The protocol cannot be read: {fault}.", "Ask the study lead for the original file.") from fault
    _refuse_duplicates([question.id for question in questions])
    _refuse_loops(questions)
    return protocol


def parse_question(item: Mapping[str, Any]) -> Question:
    """One question of the document (a matrix is written out first); GraticuleError for a type that this version does not know."""
    if item["type"] not in QUESTION_TYPES:
        raise GraticuleError(f"The protocol has a question of an unknown type, “{item['type']}”.", "Update Graticule.")
    sides = str(item.get("sides", _SIDES if item["type"] == LATERALITY else "RLB"))
    if not sides or set(sides) - set(_SIDES):
        raise GraticuleError(f"“{item['text']}” asks for unknown sides.", "Sides are R, L, B and M.")
    marks = item.get("marks") or {}
    return Question(
        item["id"], item["text"], item["type"], tuple(Kind(kind) for kind in item["kinds"]), tuple(item.get("modalities", ())),
        tuple(_choice(choice) for choice in item.get("choices", ())), item.get("required", True), item.get("confidence", False),
        item.get("not_assessable", True), item.get("help", ""), item.get("picture", ""), item.get("section", ""),
        parse_condition(item.get("when")), _quantity(item), sides, item.get("of_image", True),
        Marks(marks.get("need", ""), marks.get("shape", "box")), item.get("code", ""), item.get("matrix", ""),
        item.get("row", ""), item.get("clears", False), item.get("layout", ""))


def _choice(item: Mapping[str, Any]) -> Choice:
    return Choice(item["value"], item["label"], item.get("code", ""), item.get("key", ""), item.get("exclusive", False),
                  tuple(item.get("path", ())), item.get("help", ""), parse_condition(item.get("when")))


def _quantity(item: Mapping[str, Any]) -> Quantity:
    return Quantity(item.get("unit", ""), str(item.get("low", "")), str(item.get("high", "")), int(item.get("decimals", 0)))


def _blinding(item: Mapping[str, Any]) -> Blinding:
    context = item.get("context")
    priors = item.get("priors", "allowed")
    if priors not in ("allowed", "undated", "hidden"):  # a slip of the pen must not unblind
        raise ValueError(f"“priors” is “{priors}”, not allowed, undated or hidden")
    return Blinding(item.get("identity_hidden", True), item.get("others_until", "never"),
                    tuple(context) if context is not None else None, priors)


def _deidentify(document: Mapping[str, Any]) -> str:
    name = document.get("deidentify", "")
    if not isinstance(name, str):  # a slip of the pen must not let identities in
        raise ValueError("“deidentify” is not the name of a profile")
    return name


def _assistants(document: Mapping[str, Any]) -> str:
    rule = document.get("assistants", ALLOWED)
    if rule not in (ALLOWED, AFTER_READ, NEVER):  # a slip of the pen must not let a machine into an independent read
        raise ValueError(f"“assistants” is “{rule}”, not allowed, after-read or never")
    return str(rule)


def _codes(item: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {track: _slugs(slugs) for track, slugs in item.items()}


def _slugs(item: Sequence[str]) -> tuple[str, ...]:
    if isinstance(item, str) or not all(isinstance(slug, str) for slug in item):
        raise ValueError("a set of codes is not a list of slugs")
    return tuple(item)


def _tables(names: str | Sequence[str]) -> tuple[str, ...]:
    return tuple(names)


def _segment(item: Mapping[str, Any]) -> SegmentTemplate:
    return SegmentTemplate(item["name"], item["colour"], item["category"], item["type"], tuple(item.get("modalities", ())))


def _refuse_duplicates(ids: Sequence[str]) -> None:
    twice = {question for question in ids if ids.count(question) > 1}
    if twice:
        raise GraticuleError(f"The protocol asks “{sorted(twice)[0]}” twice.", "Each question needs an id of its own.")


def _refuse_loops(questions: Sequence[Question]) -> None:
    earlier: list[str] = []
    for question in questions:
        refuse_later(question.text, question.when, earlier)
        for choice in question.choices:
            refuse_later(question.text, choice.when, earlier)
        earlier.append(question.id)
