"""Statements about a whole 12-lead ECG, from the list of the AHA, ACC and HRS: each one answer with codes, sure or less sure."""

from dataclasses import dataclass, replace
from typing import Any

from graticule.domain.codes import Code, Concept
from graticule.domain.edits import ElementChange
from graticule.domain.elements import Answer
from graticule.domain.errors import GraticuleError
from graticule.presenters.open_case import OpenCase
from graticule.study.questions import NOT_ASSESSABLE

TRACKS = ("statement", "statement_suggests", "statement_consider", "statement_comparison", "statement_convenience")
MODIFIERS = "statement_modifier"
PREFIX = "statement."
ALL = f"{PREFIX}all"    # the answer that says that no statement can be made
BEFORE = {"statement_suggests": "suggests", "statement_consider": "consider"}


@dataclass(frozen=True, slots=True)
class Stated:
    """One line. confidence: percent, None where nobody said; numbers: those of the published list."""

    id: str
    text: str
    numbers: str
    confidence: int | None
    conflict: str


class Statements:
    """What is stated of the open ECG. The order is that of stating."""

    def __init__(self, opened: OpenCase) -> None:
        self._opened = opened

    def offered(self, typed: str) -> list[Concept]:
        """Statements that the letters fit, or, after a "+", modifiers of the one in hand."""
        modifying = typed.lstrip().startswith("+")
        wanted = typed.replace("+", "").strip()
        found = self._opened.ontology.search(wanted)
        found.sort(key=lambda c: wanted not in c.crosswalk.get("AHA", ()))   # a number names its statement
        return [c for c in found if (c.track == MODIFIERS if modifying else c.track in TRACKS)]

    @property
    def known(self) -> bool:
        """Whether the protocol brings the list."""
        return bool(self._opened.ontology.track(TRACKS[0]))

    def stated(self) -> list[Stated]:
        return [self._line(answer) for answer in self._answers()]

    @property
    def refused(self) -> str:
        """Why the ECG as a whole is not assessable, in words; "" where it is."""
        answer = self._opened.workspace.labels.get(Answer, ALL)
        return NOT_ASSESSABLE.get(answer.not_assessable or "", answer.not_assessable or "") if answer else ""

    def state(self, concept: Concept) -> str:
        """Add a statement; its id. One that is there already stays as it is."""
        element_id = PREFIX + concept.code.code
        if self._opened.workspace.labels.get(Answer, element_id) is None:
            value = {"code": concept.code.as_json(), "modifiers": []}
            self._put(f"State {concept.label}", Answer(id=element_id, value=value))
        return element_id

    def modify(self, element_id: str, concept: Concept) -> None:
        """Put a modifier to a statement, or take it away when it is there."""
        answer = self._known(element_id)
        code, old = concept.code.as_json(), list(answer.value["modifiers"])
        new = [one for one in old if one != code] if code in old else [*old, code]
        self._put(f"{'Add' if len(new) > len(old) else 'Remove'} “{concept.label}”",
                  replace(answer, value={**answer.value, "modifiers": new}))

    def be_sure(self, element_id: str, percent: int | None) -> None:
        """How sure the reader is of a statement."""
        self._put("Change confidence", replace(self._known(element_id), confidence=percent))

    def withdraw(self, element_id: str) -> None:
        answer = self._known(element_id)
        self._opened.workspace.do(f"Withdraw {self._line(answer).text}", ElementChange.remove(answer))

    def refuse(self, reason: str) -> None:
        """No statement can be made of this ECG, for a reason of the common list; "" takes that back."""
        before = self._opened.workspace.labels.get(Answer, ALL)
        if reason:
            self._put("Not assessable", Answer(id=ALL, not_assessable=reason))
        elif before is not None:
            self._opened.workspace.do("Assessable after all", ElementChange.remove(before))

    def _answers(self) -> list[Answer]:
        return [a for a in self._opened.workspace.labels.of(Answer) if a.id.startswith(PREFIX) and a.id != ALL]

    def _line(self, answer: Answer) -> Stated:
        concept = self._concept(answer.value["code"])
        modifiers = [self._concept(code) for code in answer.value["modifiers"]]
        words = [m.label if m else "?" for m in modifiers]
        name = concept.label if concept else ":".join(answer.value["code"][:2])
        before = BEFORE.get(concept.track, "") if concept else ""
        text = f"{name.split(' (')[0] if before else name}" + (f" ({', '.join(words)})" if words else "")
        numbers = " + ".join(n for c in (concept, *modifiers) if c for n in c.crosswalk.get("AHA", ())[:1])
        conflicts = " ".join(c.conflict for c in (concept, *modifiers) if c and c.conflict)
        return Stated(answer.id, f"{before} {text}".strip(), numbers, answer.confidence, conflicts)

    def _concept(self, code: Any) -> Concept | None:
        return self._opened.ontology.find(Code.from_json(code))

    def _known(self, element_id: str) -> Answer:
        answer = self._opened.workspace.labels.get(Answer, element_id)
        if answer is None:
            raise GraticuleError("This statement is no longer there.", "Choose another one.")
        return answer

    def _put(self, title: str, answer: Answer) -> None:
        self._opened.workspace.set(title, answer)
