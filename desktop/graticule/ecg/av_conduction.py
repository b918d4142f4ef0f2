"""AV conduction of a dragged interval: measure it, ask the gates, and say which name the evidence allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from graticule.domain.geometry import Array
from graticule.domain.recording import Recording
from graticule.ecg.av_gates import FAIL, LONG_PR_MS, PASS, UNKNOWN, Criteria, Gate, complete, criteria, dissociated
from graticule.ecg.complexes import Complex, delineate, smooth
from graticule.ecg.conduction import Conduction, Group, PWave, Qrs, pair
from graticule.ecg.p_waves import PTrain, find_p_waves
from graticule.ecg.qrs import detect, detection_leads, on_clock

__all__ = ["Conduction", "Criteria", "Gate", "Group", "PWave", "Qrs", "Verdict", "assess", "criteria", "measure", "pattern"]

CONTEXT_S = 10
MOST_S = 120

GREEN, AMBER, RED = "green", "amber", "red"


def measure(recording: Recording, start: int, end: int, *, beats: Sequence[int] | None = None,
            p_marks: Sequence[int] | None = None, leads: Sequence[str] | None = None) -> Conduction:
    """P waves, QRS complexes and PR of [start, end) ticks.

    beats, p_marks: ticks set by hand anywhere in the record; each replaces the detector of its kind. leads: names to look at.
    Ten seconds on either side are used to learn what P and QRST look like. Of more than two minutes the first two are
    measured (`shortened`). Takes tens of milliseconds for a strip of 30 s.
    """
    rate = float(recording.rate)
    shortened = end - start > MOST_S * rate
    end = min(end, start + round(MOST_S * rate)) if shortened else end
    first, last = max(0, start - round(CONTEXT_S * rate)), min(recording.ticks, end + round(CONTEXT_S * rate))
    chosen = [lead for name in leads if (lead := recording.lead(name)) is not None] if leads else detection_leads(recording)
    signals = [on_clock(lead, first, last) for lead in chosen]
    if last - first < 2 * rate or not signals:
        return Conduction(start, end, recording.rate, (), (), False, p_marks is not None, shortened)
    smoothed = [smooth(signal, rate) for signal in signals]
    peaks = detect(signals, rate) if beats is None else _inside(beats, first, last)
    complexes = delineate(smoothed, peaks, rate)
    train = find_p_waves(smoothed, complexes, rate)
    onsets = _marked(p_marks, train, first, last) if p_marks is not None else [(p, p - train.onset_offset) for p in train.peaks]
    known = p_marks is not None or train.discernible
    return _within(recording, start, end, first, last, complexes, onsets, known, p_marks is not None, shortened)


def _inside(ticks: Sequence[int], first: int, last: int) -> Array:
    return np.array(sorted(tick - first for tick in ticks if first <= tick < last), dtype=np.int64)


def _marked(marks: Sequence[int], train: PTrain, first: int, last: int) -> list[tuple[int, int]]:
    """Marked P peaks; the onset stands as far before each as in the usual P here (or at the mark when none was learnt)."""
    return [(mark - first, mark - first - train.onset_offset) for mark in sorted(marks) if first <= mark < last]


def _within(recording: Recording, start: int, end: int, first: int, last: int, complexes: list[Complex],
            onsets: list[tuple[int, int]], discernible: bool, marked: bool, shortened: bool) -> Conduction:
    """The part of the context that lies in the interval, renumbered, on the record's clock."""
    rate = recording.rate
    beats = [Qrs(c.peak, c.onset, round((c.end - c.onset) * 1000 / rate)) for c in complexes]
    waves, beats = pair(onsets, beats, rate)
    undecided = last - first - round(0.7 * float(rate))
    kept_p = [i for i, wave in enumerate(waves)
              if start <= wave.onset + first < end and not (wave.dropped and wave.onset > undecided)]
    led = {waves[i].qrs for i in kept_p}
    kept_q = [i for i, beat in enumerate(beats) if start <= beat.tick + first < end or i in led]
    place_p, place_q = {old: new for new, old in enumerate(kept_p)}, {old: new for new, old in enumerate(kept_q)}
    p = tuple(PWave(w.tick + first, w.onset + first, None if w.qrs is None else place_q[w.qrs], w.pr_ms)
              for w in (waves[i] for i in kept_p))
    qrs = tuple(Qrs(b.tick + first, b.onset + first, b.width_ms, None if b.p is None else place_p.get(b.p))
                for b in (beats[i] for i in kept_q))
    return Conduction(start, end, rate, p, qrs, discernible, marked, shortened)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the evidence says to a chosen code.

    colour: green (the evidence fits), amber (it does not decide), red (it speaks against). suggestion: a better slug, or "".
    allowed: whether the choice stands without a reason; a reader may always override with one.
    """

    colour: str
    text: str
    suggestion: str = ""

    @property
    def allowed(self) -> bool:
        return self.colour != RED


def pattern(found: Criteria) -> str:
    """The slug that the measurements fit by themselves; "" when they do not decide."""
    c = found.conduction
    if not c.discernible or len(c.p) < 3:
        return ""
    if not c.dropped:
        if not c.pr_ms or any(beat.p is None for beat in c.qrs[1:]):
            return ""
        return "avb1" if median(c.pr_ms) > LONG_PR_MS else "av_normal"
    if dissociated(c):
        return "avb3"
    if found.gate("not_premature").state == FAIL:
        return "pseudo_avb"
    if c.most_dropped_in_a_row >= 2:
        return "avb_highgrade" if c.pr_ms else "avb3"
    if found.gate("two_conducted").state == FAIL:
        return "avb2_2to1"
    return _type(found)


def _type(found: Criteria) -> str:
    state = {gate.name: gate.state for gate in (*found.mobitz2, *found.wenckebach)}
    if state["pr_lengthens"] == PASS and state["pr_shorter_after"] != FAIL:
        return "avb2_mobitz1"
    if state["sinus_stable"] == FAIL:
        return "pseudo_avb"
    if state["pr_constant"] == PASS and state["pr_after"] == PASS and state["no_type1"] != FAIL:
        return "avb2_mobitz2"
    return "avb2" if complete(found.conduction.groups) else ""


def assess(found: Criteria, slug: str) -> Verdict:
    """What the gates say to `slug`, in words a cardiologist would use."""
    c, fits = found.conduction, pattern(found)
    if slug not in _JUDGED:
        return Verdict(AMBER, "Nothing measured here speaks for or against it.")
    if not c.discernible:
        return Verdict(AMBER, "P waves cannot be followed by the machine here: decide by eye, or mark the P waves.")
    if slug == fits:
        return Verdict(*_agreed(found, slug))
    if slug == "avb2" and fits.startswith("avb2"):
        more = "2:1 can be stated" if fits == "avb2_2to1" else "the type can be stated"
        return Verdict(AMBER, f"Second-degree block; {more}.", fits)
    if fits == "":
        return Verdict(AMBER, "Too little was measured to decide.")
    return Verdict(RED, _objection(found, slug, fits), fits)


_JUDGED = ("av_normal", "avb1", "avb2", "avb2_mobitz1", "avb2_mobitz2", "avb2_2to1", "avb2_varying", "avb_highgrade", "avb3",
           "pseudo_avb")


def _agreed(found: Criteria, slug: str) -> tuple[str, str]:
    c = found.conduction
    if slug == "avb2_mobitz1":
        return GREEN, f"PR {c.longest_sequence()}."
    if slug == "avb2_mobitz2":
        open_gates = [gate for gate in found.mobitz2 if gate.state == UNKNOWN]
        if open_gates:
            return AMBER, f"PR {c.longest_sequence()}. Still open: {open_gates[0].title.lower()}."
        return GREEN, f"PR {c.longest_sequence()}, unchanged after the block."
    if slug == "avb2_2to1":
        return GREEN, "Only 2:1 seen: type not assignable."
    if slug == "avb_highgrade":
        return GREEN, f"{c.most_dropped_in_a_row} P waves in a row are not conducted."
    if slug in ("av_normal", "avb1"):
        return GREEN, f"Every P wave conducts, PR {round(median(c.pr_ms))} ms."
    if slug == "avb3":
        return AMBER, "P and QRS each run on their own as far as measured; confirm with the ladder."
    return AMBER, _reason(found)


def _objection(found: Criteria, slug: str, fits: str) -> str:
    c = found.conduction
    if fits == "avb2_2to1":
        return "Only 2:1 seen: type not assignable."
    if fits == "avb_highgrade":
        return f"{c.most_dropped_in_a_row} P waves in a row are not conducted: high-grade."
    if fits in ("av_normal", "avb1"):
        return "No dropped P wave in this stretch."
    if slug == "avb2_2to1" and fits in ("avb2_mobitz1", "avb2_mobitz2"):
        return f"Two conducted P waves in a row are seen (PR {c.longest_sequence()}): the type can be told."
    if fits == "avb2_mobitz1":
        return f"PR lengthens before the drop: {c.longest_sequence()}."
    if fits == "avb2_mobitz2":
        return f"PR does not change: {c.longest_sequence()}."
    return _reason(found)


def _reason(found: Criteria) -> str:
    """The gate that failed, as the reason why no plain type fits: another cause of dropped P waves first."""
    telling = sorted(found.mobitz2, key=lambda gate: gate.name not in ("not_premature", "sinus_stable"))
    failed = [gate for gate in telling if gate.state == FAIL]
    return failed[0].text if failed else "P waves and QRS complexes do not follow one rule here."
