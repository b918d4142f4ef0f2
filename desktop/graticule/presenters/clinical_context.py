"""What is known of the patient beside the image, as far as the protocol lets the reader see it."""

from collections.abc import Mapping
from dataclasses import dataclass

from graticule.domain.case import Case
from graticule.study.protocol import Protocol

WORDS: Mapping[str, str] = {"age": "Age", "sex": "Sex", "history": "Clinical history", "indication": "Indication",
                            "prior_report": "Earlier report", "laterality": "Side", "site": "Site"}


@dataclass(frozen=True, slots=True)
class ClinicalContext:
    """shown: (what, words) as given. hidden: what is known and hidden by the protocol."""

    shown: tuple[tuple[str, str], ...]
    hidden: tuple[str, ...]


def context_of(case: Case, protocol: Protocol) -> ClinicalContext:
    """Only what the case's facts hold; what is missing is neither shown nor called hidden."""
    given = case.facts.get("context")
    known = {name: str(words).strip() for name, words in given.items()} if isinstance(given, Mapping) else {}
    ordered = [name for name in (*WORDS, *sorted(set(known) - set(WORDS))) if known.get(name)]
    named = {name: WORDS.get(name, name.replace("_", " ").capitalize()) for name in ordered}
    return ClinicalContext(tuple((named[name], known[name]) for name in ordered if protocol.blinding.shows(name)),
                           tuple(named[name] for name in ordered if not protocol.blinding.shows(name)))
