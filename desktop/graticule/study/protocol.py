"""The protocol: an immutable, versioned document that says what is asked, with which codes, and who may see what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graticule.domain.case import Case, Kind
from graticule.domain.errors import GraticuleError
from graticule.study.questions import BOOL, CHOICE, TYPES

__all__ = ["BOOL", "CHOICE", "QUESTION_TYPES", "Blinding", "Choice", "Protocol", "Question", "SegmentTemplate", "parse_protocol"]

QUESTION_TYPES = tuple(TYPES)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a choice question. `code` is a slug of the ontology, `key` the digit that picks it."""

    value: str
    label: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A typed question. `modalities` empty: asked for every case of `kinds`."""

    id: str
    text: str
    type: str
    kinds: tuple[Kind, ...]
    modalities: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    required: bool = True
    confidence: bool = False
    may_be_not_assessable: bool = True
    help: str = ""

    def concerns(self, case: Case) -> bool:
        return case.kind in self.kinds and (not self.modalities or case.modality in self.modalities)


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
    """What readers may not see. `others_until`: "sealed" (own read of the round) or "never"."""

    identity_hidden: bool = True
    others_until: str = "never"


@dataclass(frozen=True, slots=True)
class Protocol:
    """The parsed document. `document` is the JSON that is hashed and stored; it is never rewritten from the fields.

    ontology: the tables (names in resources/ontology) whose codes this protocol uses.
    episode_tracks: tracks to be tagged on an ECG.
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

    def questions_for(self, case: Case) -> list[Question]:
        return [question for question in self.questions if question.concerns(case)]

    def segments_for(self, case: Case) -> list[SegmentTemplate]:
        return [s for s in self.segments if not s.modalities or case.modality in s.modalities]


def parse_protocol(document: Mapping[str, Any]) -> Protocol:
    """The protocol of a JSON document; GraticuleError names what is missing or of the wrong kind."""
    try:
        questions = tuple(_question(item) for item in document["questions"])
        segments = tuple(_segment(item) for item in document.get("segments", ()))
        blinding = document.get("blinding", {})
        protocol = Protocol(document, document["title"], document["version"], document["project"], questions, segments,
                            tuple(document.get("episode_tracks", ())), tuple(document["ontology"]),
                            Blinding(blinding.get("identity_hidden", True), blinding.get("others_until", "never")))
    except (KeyError, TypeError, ValueError) as fault:
        raise GraticuleError(f"The protocol cannot be read: {fault}.", "Ask the study lead for the original file.") from fault
    _refuse_duplicates([question.id for question in questions])
    return protocol


def _question(item: Mapping[str, Any]) -> Question:
    if item["type"] not in QUESTION_TYPES:
        raise GraticuleError(f"The protocol has a question of an unknown type, “{item['type']}”.", "Update Graticule.")
    choices = tuple(Choice(c["value"], c["label"], c.get("code", "")) for c in item.get("choices", ()))
    return Question(item["id"], item["text"], item["type"], tuple(Kind(kind) for kind in item["kinds"]),
                    tuple(item.get("modalities", ())), choices, item.get("required", True), item.get("confidence", False),
                    item.get("not_assessable", True), item.get("help", ""))


def _segment(item: Mapping[str, Any]) -> SegmentTemplate:
    return SegmentTemplate(item["name"], item["colour"], item["category"], item["type"], tuple(item.get("modalities", ())))


def _refuse_duplicates(ids: Sequence[str]) -> None:
    twice = {question for question in ids if ids.count(question) > 1}
    if twice:
        raise GraticuleError(f"The protocol asks “{sorted(twice)[0]}” twice.", "Each question needs an id of its own.")
