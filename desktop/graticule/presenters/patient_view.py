"""All lesions of one patient: which cases they are, what was said of each, and where on the body each lies."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graticule.domain.case import Case, Kind
from graticule.domain.elements import Answer
from graticule.study.protocol import Protocol
from graticule.study.questions import BODY_SITE, TYPES

SKIN = ("XC", "DMS", "ES", "GM")
CLINICAL, DERMOSCOPIC = "clinical", "dermoscopic"

Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Lesion:
    """One picture on the contact sheet. said: the answers in words, most telling first. place: (view, [x, y]) on the body map.

    pair: numbers of the other pictures of the same lesion (its clinical or dermoscopic image).
    """

    case: Case
    number: int
    acquisition: str
    said: tuple[str, ...]
    site: str
    place: tuple[str, tuple[int, int]] | None
    odd: bool
    pair: tuple[int, ...] = ()


def of_patient(case: Case, cases: Iterable[Case]) -> list[Case]:
    """The skin pictures of the case's patient, itself among them, in worklist order; [] when the patient is not known."""
    patient = case.facts.get("patient")
    if not patient or case.kind is not Kind.IMAGE or case.modality not in SKIN:
        return []
    return [other for other in cases if other.facts.get("patient") == patient and other.kind is Kind.IMAGE
            and other.modality in SKIN]


def form_facts(case: Case, cases: Iterable[Case]) -> dict[str, Any]:
    """What conditions of the form may ask about the patient."""
    return {"patient_has_others": len(of_patient(case, cases)) > 1}


def acquisition_of(case: Case) -> str:
    known = str(case.facts.get("acquisition", ""))
    return known or (DERMOSCOPIC if case.modality == "DMS" else CLINICAL)


def pairs(cases: Sequence[Case]) -> dict[str, list[str]]:
    """Case ids of pictures of the same lesion, by the file's own lesion id: the clinical and the dermoscopic image of one."""
    by_lesion: dict[str, list[str]] = {}
    for case in cases:
        lesion = str(case.facts.get("lesion", ""))
        if lesion:
            by_lesion.setdefault(lesion, []).append(case.id)
    return {case_id: ids for ids in by_lesion.values() if len(ids) > 1 for case_id in ids}


def lesions(cases: Sequence[Case], answers_of: Callable[[str], Answers], protocol: Protocol) -> list[Lesion]:
    """The contact sheet. answers_of: a case's answers as they are now ({} when there are none)."""
    numbers, paired = {case.id: number for number, case in enumerate(cases, 1)}, pairs(cases)
    return [replace(_lesion(case, numbers[case.id], answers_of(case.id), protocol),
                    pair=tuple(numbers[other] for other in paired.get(case.id, ()) if other != case.id)) for case in cases]


def _lesion(case: Case, number: int, answers: Answers, protocol: Protocol) -> Lesion:
    said, site, place = [], "", None
    for question in protocol.questions_for(case):
        answer = answers.get(question.id)
        if answer is None or answer.value is None:
            continue
        words = TYPES[question.type].words(answer.value, question)
        if question.type == BODY_SITE:
            site = words
            place = (answer.value["view"], tuple(answer.value["at"])) if "at" in answer.value else None
        elif question.type == "choice":
            said.append(words)
    odd = answers.get("ugly_duckling")
    return Lesion(case, number, acquisition_of(case), tuple(said[:2]), site or _given_site(case, protocol), place,
                  odd is not None and odd.value is True)


def _given_site(case: Case, protocol: Protocol) -> str:
    """The site the file tells; "" where the protocol hides it from the reader."""
    context = case.facts.get("context")
    return str(context.get("site", "")) if isinstance(context, Mapping) and protocol.blinding.shows("site") else ""
