"""What the machine would have a reader look at: doubtful stretches first, and a random sample against what nobody offers."""

import hashlib
from dataclasses import dataclass, replace

from graticule.domain.edits import Change, ElementChange
from graticule.domain.elements import Episode, Review
from graticule.domain.errors import GraticuleError
from graticule.domain.recording import Recording
from graticule.ecg.qrs import detection_leads
from graticule.ecg.rhythm_candidates import AUDIT, Candidate, audit_sample, candidates
from graticule.editing.tracks import lay
from graticule.presenters.holter_beats import HolterBeats
from graticule.presenters.open_case import OpenCase

AUDIT_COUNT = 20
OPEN, ACCEPTED, CORRECTED, REFUSED = "", "accepted", "corrected", "refused"


@dataclass(frozen=True, slots=True)
class Offer:
    """A candidate and what became of it (`OPEN` while nothing did)."""

    candidate: Candidate
    verdict: str
    label: str


class HolterReview:
    """The queue of one record. What is decided about an offer is kept with the labels, so it is asked once."""

    def __init__(self, opened: OpenCase, recording: Recording, beats: HolterBeats) -> None:
        self._opened, self._recording, self._beats = opened, recording, beats
        self._found: list[Candidate] = []
        self._key: object = None
        self.at = -1

    @property
    def seed(self) -> int:
        """Of the random sample: from the case alone, so that every reader is shown the same stretches. Kept with each review."""
        return int.from_bytes(hashlib.sha256(self._opened.case.id.encode()).digest()[:4], "big")

    def seconds(self, tick: int) -> float:
        return self._recording.seconds(tick)

    def look(self) -> list[Candidate]:
        """Find the candidates again, from the beats as they stand: some 0.3 s for 100,000 beats, so in a job."""
        beats = self._beats.beats()
        leads = detection_leads(self._recording)
        found = candidates(self._recording, beats.ticks, beats.symbols, beats.doubt, leads[0] if leads else None)
        sample = audit_sample(self._recording, beats.ticks, AUDIT_COUNT, self.seed) if len(beats) else []
        return [*found, *sample]

    def show(self, found: list[Candidate]) -> None:
        self._found = found
        self.at = min(self.at, len(found) - 1)

    def offers(self) -> list[Offer]:
        """The most doubtful first, the random sample last."""
        verdicts = {review.id: review.verdict for review in self._opened.workspace.labels.of(Review)}
        return [Offer(one, verdicts.get(one.key, OPEN), self.label(one)) for one in self._found]

    def label(self, candidate: Candidate) -> str:
        if candidate.slug == AUDIT:
            return "Random sample"
        return next((c.label for c in self._opened.ontology if c.code.code == candidate.slug), candidate.slug)

    @property
    def current(self) -> Offer | None:
        offers = self.offers()
        return offers[self.at] if 0 <= self.at < len(offers) else None

    def step(self, by: int) -> Offer | None:
        """The next (1) or previous (−1) offer."""
        if self._found:
            self.at = max(0, min(len(self._found) - 1, self.at + by))
        return self.current

    def next_open(self) -> Offer | None:
        """The next offer about which nothing was decided, from here on and then from the start."""
        offers = self.offers()
        order = [*range(self.at + 1, len(offers)), *range(0, self.at + 1)]
        self.at = next((n for n in order if offers[n].verdict == OPEN), self.at)
        return self.current

    def accept(self) -> Offer | None:
        """Tag the stretch as it is offered (a random sample: nothing is amiss in it), and go on."""
        return self._decide(ACCEPTED)

    def refuse(self) -> Offer | None:
        """It is not so (a random sample: something is amiss), and go on."""
        return self._decide(REFUSED)

    def corrected(self) -> Offer | None:
        """The reader tagged the stretch otherwise; go on."""
        return self._decide(CORRECTED)

    def audit_words(self) -> str:
        """What the random sample says so far."""
        seen = [o for o in self.offers() if o.candidate.slug == AUDIT and o.verdict != OPEN]
        wrong = sum(offer.verdict != ACCEPTED for offer in seen)
        return f"{len(seen)} of {AUDIT_COUNT} random stretches seen, {wrong} with something amiss"

    def _decide(self, verdict: str) -> Offer | None:
        offer = self.current
        if offer is None:
            return None
        one = offer.candidate
        review = Review(id=one.key, slug=one.slug, start=one.start, end=one.end, verdict=verdict, seed=self.seed,
                        doubt=round(one.doubt * 1000))
        before = self._opened.workspace.labels.get(Review, one.key)
        changes: list[Change] = [ElementChange(Review.KIND, one.key, before, review)]
        if verdict == ACCEPTED and one.slug != AUDIT and offer.verdict != ACCEPTED:
            changes = [*self._tagged(one), *changes]
        titles = {ACCEPTED: "Accept", REFUSED: "Refuse", CORRECTED: "Correct"}
        self._opened.workspace.do(f"{titles[verdict]} {offer.label}", *changes)
        return self.next_open()

    def _tagged(self, one: Candidate) -> list[Change]:
        concept = next((c for c in self._opened.ontology if c.code.code == one.slug), None)
        if concept is None:
            raise GraticuleError("This study has no code for such a stretch.", "Correct it with another code, or refuse it.")
        episode = Episode(id=self._opened.new_id(), track=concept.track, start=one.start, end=one.end, code=concept.code,
                          criteria={"offered": one.slug, "fact": one.fact, "doubt": round(one.doubt * 1000)})
        return list(lay(self._opened.workspace.labels.of(Episode), episode, self._opened.new_id))


def within_reach(candidate: Candidate, recording: Recording, margin_s: float = 4.0) -> Candidate:
    """A stretch with some strip before and after it, for the eye."""
    margin = round(margin_s * float(recording.rate))
    return replace(candidate, start=max(0, candidate.start - margin), end=min(recording.ticks, candidate.end + margin))
