"""The list behind the inline chooser: which codes the typed letters fit, and what was measured says to each."""

from dataclasses import dataclass

from graticule.domain.codes import Concept
from graticule.ecg.av_conduction import AMBER, GREEN, RED, Verdict
from graticule.editing.tracks import CONDUCTION
from graticule.presenters.conduction import ConductionDesk, against
from graticule.presenters.episodes import Episodes

TONES = {GREEN: "good", AMBER: "warn", RED: "bad"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the list.

    sentence: what was measured says to it. against: taking it needs a reason, and `instead` is what the evidence allows.
    because: on the line that is offered instead, the code the reader typed.
    """

    concept: Concept
    place: int
    tone: str = ""
    remark: str = ""
    sentence: str = ""
    against: bool = False
    instead: Concept | None = None
    because: Concept | None = None


class CodeChoice:
    def __init__(self, episodes: Episodes, conduction: ConductionDesk) -> None:
        self._episodes, self._conduction = episodes, conduction
        self._places = {concept.code: place for place, concept in enumerate(episodes.all_concepts())}

    def choices(self, typed: str) -> list[Choice]:
        """Best fit first. When the best fit speaks against the evidence, what the evidence allows stands above it, so that
        Enter always takes the line that is highlighted. Nothing is said before letters are typed: the reader chooses first."""
        found = [self.choice(concept, judged=bool(typed.strip())) for concept in self._episodes.concepts(typed)]
        if not found or not found[0].against or found[0].instead is None:
            return found
        refused, instead = found[0], found[0].instead
        better = Choice(instead, self._places.get(instead.code, 0), "bad", "fits",
                        f"{refused.sentence} Enter takes “{instead.label}”.", because=refused.concept)
        return [better, refused, *(choice for choice in found[1:] if choice.concept.code != instead.code)]

    def choice(self, concept: Concept, *, judged: bool = True) -> Choice:
        place = self._places.get(concept.code, 0)
        verdict = self._conduction.verdict(concept.code.code) if concept.track == CONDUCTION else None
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

    def _instead(self, verdict: Verdict) -> Concept | None:
        if not verdict.suggestion:
            return None
        return next((c for c in self._episodes.concepts() if c.code.code == verdict.suggestion), None)

