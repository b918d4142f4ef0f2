"""AV conduction of a dragged interval: measure it, ask the gates, and say which name the evidence allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from graticule.domain.geometry import Array
from graticule.domain.recording import Recording
from graticule.ecg.av_gates import (
    FAIL,
    LONG_PR_MS,
    PASS,
    UNKNOWN,
    Context,
    Criteria,
    Gate,
    complete,
    criteria,
    dissociated,
)
from graticule.ecg.complexes import Complex, delineate, smooth
from graticule.ecg.conduction import Conduction, Group, PWave, Qrs, pair
from graticule.ecg.p_waves import PTrain, find_p_waves
from graticule.ecg.qrs import detect, detection_leads, on_clock

__all__ = ["Conduction", "Context", "Criteria", "Gate", "Group", "PWave", "Qrs", "Verdict", "assess", "criteria", "gates_of",
           "measure", "pattern"]

CONTEXT_S = 10
MOST_S = 120
SLOW_RR_MS = 1300      # as slow as this, every second P wave may lie blocked in the T wave before

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


SECOND_DEGREE = ("avb2", "avb2_mobitz1", "avb2_mobitz2", "avb2_2to1", "avb2_varying", "avb_highgrade")


def pattern(found: Criteria) -> str:
    """The slug that the measurements fit by themselves; "" when they do not decide."""
    c = found.conduction
    if not c.discernible or len(c.p) < 3 or found.context.atrial or found.context.noisy:
        return ""
    if dissociated(c):
        return _independent(found)
    if not c.dropped:
        if not c.pr_ms or any(beat.p is None for beat in c.qrs[1:]):
            return ""
        return "avb1" if median(c.pr_ms) > LONG_PR_MS else "av_normal"
    if found.gate("not_premature").state == FAIL:
        return "pseudo_avb"
    if found.gate("paused").state == FAIL:
        return ""
    if c.most_dropped_in_a_row >= 2:
        return "avb_highgrade" if found.gate("some_conduct").state == PASS and _steady(found) else ""
    if found.gate("two_conducted").state == FAIL:
        return "avb2_2to1" if _steady(found) and found.gate("some_conduct").state == PASS else ""
    return _type(found)


def _steady(found: Criteria) -> bool:
    return found.gate("atrial_stable").state != FAIL


def _independent(found: Criteria) -> str:
    """Complete block needs atria that are faster than the escape; at one rate it is dissociation, whatever the node could do."""
    if found.gate("atria_faster").state == FAIL:
        return "av_dissociation"
    return "avb3" if found.gate("escape").state == PASS and _steady(found) else "av_dissociation"


def _type(found: Criteria) -> str:
    state = {gate.name: gate.state for gate in found.gates}
    if state["atrial_stable"] == FAIL:
        return "pseudo_avb" if state["sinus_stable"] == FAIL else ""
    if state["pr_lengthens"] == PASS and state["pr_shorter_after"] == PASS:
        return "avb2_mobitz1"
    if state["sinus_stable"] == FAIL:
        return "pseudo_avb"
    if state["no_ectopy"] == FAIL:
        return "avb2"
    if state["pr_constant"] == PASS and state["pr_after"] == PASS and state["no_type1"] != FAIL:
        return "avb2_mobitz2"
    return "avb2" if complete(found.conduction.groups) else ""


def assess(found: Criteria, slug: str) -> Verdict:
    """What the gates say to `slug`, in words a cardiologist would use."""
    c, fits = found.conduction, pattern(found)
    if slug not in _JUDGED:
        return Verdict(AMBER, "Nothing measured here speaks for or against it.")
    if found.context.atrial and slug in SECOND_DEGREE:
        return Verdict(RED, found.gate("atrial_rhythm").text)
    if found.context.noisy:
        return Verdict(AMBER, "Part of this stretch is marked as noise and left out of the measurement: decide by eye.")
    if not c.discernible:
        return Verdict(AMBER, "P waves cannot be followed by the machine here: decide by eye, or mark the P waves.")
    if slug == fits:
        return Verdict(*_agreed(found, slug))
    if slug == "avb2" and fits.startswith("avb2"):
        more = "2:1 can be stated" if fits == "avb2_2to1" else "the type can be stated"
        return Verdict(AMBER, f"Second-degree block; {more}.", fits)
    if fits == "":
        return _open(found, slug)
    return Verdict(RED, _objection(found, slug, fits), fits)


def _open(found: Criteria, slug: str) -> Verdict:
    """Nothing fits by itself: a type is refused when one of its own gates speaks against it, and left open otherwise."""
    asked = [gate for gate in gates_of(found, slug) if gate.state == FAIL and gate.name not in ("typical", "qrs_width")]
    if slug in SECOND_DEGREE and slug != "avb2" and asked:
        return Verdict(RED, asked[0].text)
    return Verdict(AMBER, "Too little was measured to decide.")


def gates_of(found: Criteria, slug: str) -> tuple[Gate, ...]:
    """The questions that matter for a code of AV conduction, in the order in which they are asked; () for one without gates."""
    names = {"avb2_2to1": ("atrial_rhythm", "atrial_stable", "single_drop", "paused", "not_premature", "some_conduct"),
             "avb_highgrade": ("atrial_rhythm", "atrial_stable", "two_in_a_row", "paused", "some_conduct", "not_premature"),
             "avb3": ("atrial_stable", "atria_faster", "escape"), "av_dissociation": ("atria_faster", "escape")}.get(slug, ())
    whole = {"avb2_mobitz2": found.mobitz2, "avb2_mobitz1": found.wenckebach}.get(slug, ())
    return whole or tuple(found.gate(name) for name in names)


_JUDGED = ("av_normal", "avb1", "avb2", "avb2_mobitz1", "avb2_mobitz2", "avb2_2to1", "avb2_varying", "avb_highgrade", "avb3",
           "av_dissociation", "pseudo_avb")


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
    if slug in ("av_normal", "avb1") and c.rr_ms and median(c.rr_ms) > SLOW_RR_MS:
        return AMBER, f"Every P wave found conducts, PR {round(median(c.pr_ms))} ms; so slow a rate asks for P waves hidden in T."
    if slug in ("av_normal", "avb1"):
        return GREEN, f"Every P wave conducts, PR {round(median(c.pr_ms))} ms."
    if slug == "avb3":
        return AMBER, "P and QRS each run on their own as far as measured; confirm with the ladder."
    if slug == "av_dissociation":
        return AMBER, f"P and QRS each run on their own. {found.gate('atria_faster').text}"
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
