"""Which other images of the same patient may lie beside a case, and what may be said of them. Nothing is guessed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from graticule.domain.case import Case, Kind
from graticule.study.protocol import Blinding

SHOWN_KINDS = (Kind.VOLUME, Kind.IMAGE)
HIDDEN, UNDATED, ALLOWED = "hidden", "undated", "allowed"


class Relation(StrEnum):
    """CASE is the one being labelled. OTHER: another examination of the patient whose date one of the files does not tell."""

    CASE = "case"
    STUDY = "study"
    PRIOR = "prior"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Relative:
    """number: 1 for the newest prior examination, 2 for the one before it; 0 for what is no prior.

    days_before: days between the prior and the case, None where the protocol hides them or they are not known.
    day: the prior's ISO date, "" unless the protocol shows identity.
    """

    case: Case
    relation: Relation
    number: int = 0
    days_before: int | None = None
    day: str = ""


def relatives_of(case: Case, cases: Iterable[Case], blinding: Blinding) -> tuple[Relative, ...]:
    """The same study first, in worklist order; then priors, the newest first; then examinations without a date.

    Only of the same known patient. What was taken after the case is never offered: a reader must not know what came later.
    """
    patient = case.facts.get("patient", "")
    if not patient:
        return ()
    kinds = (Kind.ECG,) if case.kind is Kind.ECG else SHOWN_KINDS
    same = [other for other in cases
            if other.id != case.id and other.kind in kinds and other.facts.get("patient") == patient]
    study = case.facts.get("study", "")
    own = [other for other in same if study and other.facts.get("study") == study]
    found = [Relative(other, Relation.STUDY) for other in own]
    if blinding.priors == HIDDEN:
        return tuple(found)
    rest = [other for other in same if other not in own]
    return (*found, *_priors(case, rest, blinding), *_undated(case, rest))


def _priors(case: Case, others: Sequence[Case], blinding: Blinding) -> list[Relative]:
    taken = case.facts.get("taken", "")
    earlier = [other for other in others if taken and "" < other.facts.get("taken", "") < taken]
    numbers = _numbered(earlier)
    relatives = [Relative(other, Relation.PRIOR, numbers[_examination(other)], _days(other, case, blinding),
                          "" if blinding.identity_hidden or blinding.priors == UNDATED else str(other.facts["taken"])[:10])
                 for other in earlier]
    return sorted(relatives, key=lambda relative: relative.number)


def _numbered(cases: Iterable[Case]) -> Mapping[str, int]:
    """Examinations counted from the newest back."""
    newest: dict[str, str] = {}
    for case in cases:
        key = _examination(case)
        newest[key] = max(newest.get(key, ""), str(case.facts["taken"]))
    return {key: number for number, key in enumerate(sorted(newest, key=lambda key: newest[key], reverse=True), start=1)}


def _examination(case: Case) -> str:
    return str(case.facts.get("study") or case.facts["taken"])


def _undated(case: Case, others: Sequence[Case]) -> list[Relative]:
    known = bool(case.facts.get("taken", ""))
    return [Relative(other, Relation.OTHER) for other in others if not known or not other.facts.get("taken", "")]


def _days(earlier: Case, case: Case, blinding: Blinding) -> int | None:
    if blinding.priors == UNDATED:
        return None
    try:
        return (date.fromisoformat(str(case.facts["taken"])[:10]) - date.fromisoformat(str(earlier.facts["taken"])[:10])).days
    except ValueError:
        return None
