"""The list behind the inline chooser: which codes the typed letters fit, and what was measured says to each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from graticule.domain.codes import Concept
from graticule.ecg.av_conduction import AMBER, GREEN, RED, Verdict
from graticule.presenters.conduction import ConductionDesk, against
from graticule.presenters.episodes import Episodes

TONES = {GREEN: "good", AMBER: "warn", RED: "bad"}


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: "sev, muscle @II" is the code "sev", said "muscle", of lead "II". lead: "" for all leads."""

    code: str
    said: str = ""
    lead: str = ""


def typed_parts(text: str) -> Typed:
    """Code, then after a comma what is said of it, then after @ its lead; each may be missing."""
    rest, _, lead = text.partition("@")
    code, _, said = rest.partition(",")
    return Typed(code.strip(), said.strip(), lead.strip())


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the list.

    sentence: what was measured says to it. against: taking it needs a reason, and `instead` is what the evidence allows.
    because: on the line that is offered instead, the code the reader typed. lead: None for all. said: the reader's words.
    """

    concept: Concept
    place: int
    tone: str = ""
    remark: str = ""
    sentence: str = ""
    against: bool = False
    instead: Concept | None = None
    because: Concept | None = None
    lead: str | None = None
    said: str = ""


class CodeChoice:
    def __init__(self, episodes: Episodes, conduction: ConductionDesk, favourites: Sequence[str] = ()) -> None:
        self._episodes, self._conduction = episodes, conduction
        self._places = {concept.code: place for place, concept in enumerate(episodes.all_concepts())}
        self._favourites = {slug: n for n, slug in enumerate(favourites)}

    def choices(self, typed: str) -> list[Choice]:
        """Best fit first. When the best fit speaks against the evidence, what the evidence allows stands above it, so that
        Enter always takes the line that is highlighted. Nothing is said before letters are typed: the reader chooses first."""
        parts = typed_parts(typed)
        lead = self._episodes.lead_named(parts.lead)
        if parts.lead and lead is None:
            return []
        found = [self.choice(concept, judged=bool(parts.code)) for concept in self._in_order(parts.code)]
        found = [replace(choice, lead=lead, said=parts.said) for choice in found]
        if not found or not found[0].against or found[0].instead is None:
            return found
        refused, instead = found[0], found[0].instead
        better = Choice(instead, self._places.get(instead.code, 0), "bad", "fits",
                        f"{refused.sentence} Enter takes “{instead.label}”.", because=refused.concept, lead=lead, said=parts.said)
        return [better, refused, *(choice for choice in found[1:] if choice.concept.code != instead.code)]

    def choice(self, concept: Concept, *, judged: bool = True) -> Choice:
        place = self._places.get(concept.code, 0)
        verdict = self._conduction.verdict(concept.code.code)
        if verdict is None:
            return Choice(concept, place)
        refused = against(verdict)
        if not judged:
            return Choice(concept, place, against=refused, sentence=verdict.text, instead=self._instead(verdict))
        remark = {GREEN: "fits", RED: "needs a reason"}.get(verdict.colour, "")
        return Choice(concept, place, TONES[verdict.colour], remark, verdict.text, refused, self._instead(verdict))

    def by_key(self, key: str) -> Choice | None:
        """The code of a single key."""
        concept = next((concept for concept in self._episodes.concepts() if concept.key and concept.key.lower() == key), None)
        return self.choice(concept) if concept else None

    def by_slug(self, slug: str) -> Choice | None:
        """The code of a favourite; None where the protocol does not offer it."""
        concept = next((concept for concept in self._episodes.concepts() if concept.code.code == slug), None)
        return self.choice(concept) if concept else None

    def _in_order(self, code: str) -> list[Concept]:
        """Before anything is typed favourites stand first."""
        found = self._episodes.concepts(code)
        last = len(self._favourites)
        return found if code else sorted(found, key=lambda concept: self._favourites.get(concept.code.code, last))

    def _instead(self, verdict: Verdict) -> Concept | None:
        if not verdict.suggestion:
            return None
        return next((c for c in self._episodes.concepts() if c.code.code == verdict.suggestion), None)
