"""One answer for every code that has criteria, whichever track it lies on."""

from graticule.ecg.av_conduction import AMBER, GREEN, RED, Verdict, assess, gates_of
from graticule.ecg.av_gates import FAIL, UNKNOWN, Criteria, Gate
from graticule.ecg.rhythm_gates import CODES, SUPPORTS, better, rhythm_gates

_CONDUCTION = ("av_normal", "avb1", "avb2", "avb2_mobitz1", "avb2_mobitz2", "avb2_2to1", "avb2_varying", "avb_highgrade", "avb3",
               "av_dissociation", "pseudo_avb")


def has_gates(slug: str) -> bool:
    """Whether anything measured is asked of a code."""
    return slug in _CONDUCTION or slug in CODES


def gates_for(found: Criteria, slug: str) -> tuple[Gate, ...]:
    """The questions behind a code, with what was measured; () for a code without any."""
    return rhythm_gates(found.conduction, slug, found.context) if slug in CODES else gates_of(found, slug)


def judged(found: Criteria, slug: str) -> Verdict:
    """What the evidence says to a code (see `av_conduction.Verdict`)."""
    if slug not in CODES:
        return assess(found, slug)
    gates = gates_for(found, slug)
    needed = [gate for gate in gates if gate.name not in SUPPORTS]
    failed = [gate for gate in needed if gate.state == FAIL]
    if found.context.noisy:
        return Verdict(AMBER, "Part of this stretch is marked as noise and left out of the measurement: decide by eye.")
    if failed:
        return Verdict(RED, f"{failed[0].title}: {_small(failed[0].text)}", better(found.conduction, slug, gates))
    still = [gate for gate in needed if gate.state == UNKNOWN]
    if still:
        return Verdict(AMBER, f"Still open: {_small(still[0].title)}. {still[0].text}")
    return Verdict(GREEN, " ".join(gate.text for gate in needed))


def _small(text: str) -> str:
    """Lower case at the beginning, unless an abbreviation stands there."""
    return text if text[1:2].isupper() or text[1:2] == " " else text[:1].lower() + text[1:]
