"""Small protocols for the tests of forms."""

from typing import Any

from graticule.domain.elements import Answer
from graticule.study.answering import Asking
from graticule.study.protocol import Protocol, parse_protocol
from graticule.study.question import Question

FINDINGS: dict[str, Any] = {
    "id": "cxr",
    "type": "findings",
    "text": "Findings",
    "kinds": ["image"],
    "none": "no_finding",
    "rows": [
        {"id": "no_finding", "label": "No finding"},
        {"id": "nodule", "label": "Nodule", "box": "offered", "side": True},
        {
            "id": "ptx",
            "label": "Pneumothorax",
            "side": "RL",
            "more": [
                {
                    "id": "size",
                    "text": "Size",
                    "type": "choice",
                    "choices": [
                        {"value": "small", "label": "Small", "key": "s"},
                        {"value": "large", "label": "Large", "key": "g"},
                    ],
                }
            ],
        },
        {"id": "effusion", "label": "Effusion"},
    ],
}


def item(name: str, type_: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "text": name.capitalize(), "type": type_, "kinds": ["image"], **more}


def listed(*values: str, **more: Any) -> dict[str, Any]:
    return {"choices": [{"value": value, "label": value.capitalize()} for value in values], **more}


def protocol(*questions: dict[str, Any], **more: Any) -> Protocol:
    return parse_protocol({"title": "T", "version": "1", "project": "p", "ontology": [], "questions": list(questions), **more})


def question(name: str, type_: str, **more: Any) -> Question:
    return protocol(item(name, type_, **more)).questions[0]


def asking(*questions: dict[str, Any], **facts: Any) -> Asking:
    return Asking(protocol(*questions).questions, facts)


def answers(**values: Any) -> dict[str, Answer]:
    return {name.replace("__", "."): Answer(id=name.replace("__", "."), value=value) for name, value in values.items()}
