"""The questions that decide which AV block it is, each answered pass, fail or unknown with the measured values.

Gates for type II after Barold & Herweg (Front Cardiovasc Med 2024, 10.3389/fcvm.2024.1450705), and their mirror for
Wenckebach. A label made with them keeps the answers, so that an adjudicator sees why readers differ.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean, median, pstdev
from typing import Any

from graticule.ecg.conduction import Conduction, Group

PASS, FAIL, UNKNOWN = "pass", "fail", "unknown"
SAME_PR_MS = 25
# A PR that is shorter by this much after every block is no constant PR, though each single change lies within the error.
SMALL_STEP_MS, ENOUGH_GROUPS = 12, 3
PAUSE_SHARE = 1.3      # of PP: an RR with a blocked P wave in it is longer than this
SLOWING = 0.10
PREMATURE = 0.15
WIDE_QRS_MS = 120
LONG_PR_MS = 200
STEADY_RR, WANDERING_MS = 0.06, 60
CONDUCTED_SPREAD_MS, FEWEST_PRS = 60, 3
SAME_RATE = 1.08       # atria and ventricles within 8 %: isorhythmic

# Rhythms in which a QRS after every P wave is not to be expected; how each is said in a sentence.
ATRIAL = {"afib": "atrial fibrillation", "aflutter": "atrial flutter", "atrial_tachy": "atrial tachycardia",
          "multifocal_at": "multifocal atrial tachycardia"}

_BAROLD = "Barold & Herweg, Front Cardiovasc Med 2024, 10.3389/fcvm.2024.1450705"
_BRADY = "ACC/AHA/HRS bradycardia guideline 2018, definitions (Circulation 2019;140:e382)"
SOURCES = {
    **dict.fromkeys(("single_drop", "two_conducted", "pr_constant", "pr_after", "sinus_stable", "not_premature", "no_ectopy",
                     "no_type1", "qrs_width"), _BAROLD),
    **dict.fromkeys(("atrial_rhythm", "paused", "pr_lengthens", "pr_shorter_after", "grouped", "typical", "atrial_stable",
                     "two_in_a_row", "some_conduct", "escape", "atria_faster"), _BRADY),
}


@dataclass(frozen=True, slots=True)
class Gate:
    """One question. text: the answer as a sentence, with what was measured. source: where the rule was published."""

    name: str
    title: str
    state: str
    text: str

    @property
    def source(self) -> str:
        return SOURCES.get(self.name, "")


@dataclass(frozen=True, slots=True)
class Context:
    """What the reader's other labels say about a stretch.

    type1_elsewhere: an obvious Wenckebach in the same recording (None: not looked). atrial: slug of a tagged atrial rhythm that
    forbids second-degree block, "" for none. noisy: part of it is marked as severe noise or no signal. fusions: how many beats
    in it are tagged as fusion.
    """

    type1_elsewhere: bool | None = None
    atrial: str = ""
    noisy: bool = False
    fusions: int = 0


@dataclass(frozen=True, slots=True)
class Criteria:
    """All answers for one stretch, each list in the order in which it is asked. block: of the codes of higher degree."""

    conduction: Conduction
    mobitz2: tuple[Gate, ...]
    wenckebach: tuple[Gate, ...]
    block: tuple[Gate, ...] = ()
    context: Context = Context()

    @property
    def gates(self) -> tuple[Gate, ...]:
        """Every gate once."""
        return tuple({gate.name: gate for gate in (*self.mobitz2, *self.wenckebach, *self.block)}.values())

    def gate(self, name: str) -> Gate:
        return next(gate for gate in self.gates if gate.name == name)

    def as_json(self) -> dict[str, Any]:
        """What is kept with the label: integers and words only, since it ends up in a hash."""
        c = self.conduction
        return {"v": 1, "p": [wave.onset for wave in c.p], "qrs": [beat.onset for beat in c.qrs], "p_marked": c.marked_p,
                "p_discernible": c.discernible, "pr_ms": [-1 if w.pr_ms is None else w.pr_ms for w in c.p],
                "ratios": list(c.ratios), "qrs_ms": -1 if c.qrs_width_ms is None else c.qrs_width_ms,
                "gates": {gate.name: gate.state for gate in self.gates}}


def criteria(conduction: Conduction, *, type1_elsewhere: bool | None = None, context: Context | None = None) -> Criteria:
    """The gates of a measured stretch. type1_elsewhere: short for a context that says no more than that."""
    context = context or Context(type1_elsewhere)
    usable = conduction.discernible and len(conduction.p) >= 2
    groups = list(conduction.groups) if usable else []
    sinus, paused = _atrial_rhythm(context), _paused(conduction, usable)
    mobitz2 = (sinus, _single_drop(conduction, usable), _two_conducted(groups), _pr_constant(groups), _pr_after(groups),
               _sinus_stable(conduction, usable), _not_premature(conduction, usable), _no_ectopy(conduction, usable), paused,
               _no_type1(conduction, groups, context.type1_elsewhere), _qrs_width(conduction))
    wenckebach = (sinus, _pr_lengthens(groups), _pr_shorter_after(groups), _grouped(conduction, groups), _typical(groups))
    return Criteria(conduction, mobitz2, wenckebach, (sinus, paused, *block_gates(conduction, usable)), context)


def complete(groups: list[Group] | tuple[Group, ...]) -> list[tuple[Group, Group]]:
    """Groups with at least two conducted P waves that end in a drop, each with the group that follows it."""
    return [(a, b) for a, b in pairwise(groups) if len(a.prs) >= 2 and a.drops and b.prs]


def _single_drop(c: Conduction, usable: bool) -> Gate:
    name, title = "single_drop", "Single dropped P waves"
    if not usable:
        return Gate(name, title, UNKNOWN, "P waves cannot be followed here.")
    most = c.most_dropped_in_a_row
    if most == 0:
        return Gate(name, title, FAIL, "No dropped P wave in this stretch.")
    if most == 1:
        return Gate(name, title, PASS, f"{len(c.dropped)} dropped, never two in a row.")
    return Gate(name, title, FAIL, f"{most} P waves in a row are not conducted.")


def _two_conducted(groups: list[Group]) -> Gate:
    name, title = "two_conducted", "At least two conducted P waves before the block"
    before = [len(g.prs) for g in groups if g.drops]
    if not before:
        return Gate(name, title, UNKNOWN, "No dropped P wave to look before.")
    if max(before) >= 2:
        return Gate(name, title, PASS, f"Up to {max(before)} conducted before a drop.")
    if all(length == 1 for length in before[1:]) and all(g.drops == 1 for g in groups[:-1]):
        return Gate(name, title, FAIL, "Only 2:1 seen.")
    return Gate(name, title, FAIL, "Never two conducted P waves in a row before a drop.")


def _pr_constant(groups: list[Group]) -> Gate:
    name, title = "pr_constant", "PR constant before the block"
    spreads = [(max(g.prs) - min(g.prs), g) for g in groups if g.drops and len(g.prs) >= 2]
    if not spreads:
        return Gate(name, title, UNKNOWN, "Needs two conducted P waves before a drop.")
    spread, worst = max(spreads, key=lambda row: row[0])
    if spread <= SAME_PR_MS:
        return Gate(name, title, PASS, f"PR {_ms(median(worst.prs))}, varies by {spread} ms (limit {SAME_PR_MS}).")
    return Gate(name, title, FAIL, f"PR varies by {spread} ms: {worst.text()}.")


def _pr_after(groups: list[Group]) -> Gate:
    name, title = "pr_after", "PR after the block unchanged"
    pairs = complete(groups)
    if not pairs:
        return Gate(name, title, UNKNOWN, "No PR that could be compared on both sides of a drop.")
    change, before, after = max(((abs(b.prs[0] - a.prs[-1]), a.prs[-1], b.prs[0]) for a, b in pairs), key=lambda row: row[0])
    if change > SAME_PR_MS:
        return Gate(name, title, FAIL, f"PR {_ms(before)} before, {_ms(after)} after: not type II.")
    shorter = [a.prs[-1] - b.prs[0] for a, b in pairs]
    if median(shorter) < SMALL_STEP_MS:
        return Gate(name, title, PASS, f"{_ms(before)} before, {_ms(after)} after.")
    if len(shorter) == 1:
        return Gate(name, title, UNKNOWN, f"{_ms(before)} before, {_ms(after)} after: too close to tell from one block.")
    return Gate(name, title, FAIL, f"PR is {_ms(median(shorter))} shorter after the blocks: not type II.")


def _sinus_stable(c: Conduction, usable: bool) -> Gate:
    name, title = "sinus_stable", "Stable sinus rate"
    pp = c.pp_ms
    at_drop = [i for i, wave in enumerate(c.p) if wave.dropped and i >= 1]
    if not usable or not at_drop or len(pp) < 2:
        return Gate(name, title, UNKNOWN, "Too few PP intervals round a drop.")
    usual = median(pp)
    round_drop = [max(pp[i - 1], pp[i] if i < len(pp) else 0) for i in at_drop]
    slowest = max(round_drop)
    if _often(value > usual * (1 + SLOWING) for value in round_drop):
        return Gate(name, title, FAIL, f"PP lengthens from {round(usual)} to {slowest} ms at a block: consider vagal tone.")
    return Gate(name, title, PASS, f"PP {min(pp)}–{max(pp)} ms.")


def _not_premature(c: Conduction, usable: bool) -> Gate:
    name, title = "not_premature", "The dropped P wave is on time, and no ectopic beat came before it"
    at_drop = [i for i, wave in enumerate(c.p) if wave.dropped and i >= 1]
    if not usable or not at_drop:
        return Gate(name, title, UNKNOWN, "No dropped P wave with another before it.")
    usual = median(c.pp_ms)
    before = [c.pp_ms[i - 1] for i in at_drop]
    earliest = min(before)
    if _often(value < usual * (1 - PREMATURE) for value in before):
        text = f"A dropped P wave comes early ({earliest} instead of {round(usual)} ms): blocked premature beat."
        return Gate(name, title, FAIL, text)
    if _often(_ectopic_between(c, c.p[i - 1].tick, c.p[i].tick) for i in at_drop):
        return Gate(name, title, FAIL, "A QRS without a P wave comes just before a dropped P wave.")
    return Gate(name, title, PASS, f"Dropped P waves on time (PP {round(median(before))} ms).")


def _often(answers: Iterable[bool]) -> bool:
    """Whether it holds for more than a fifth: over many blocks, single exceptions (of the heart or of the measurement) do not
    make the rule."""
    given = list(answers)
    return sum(given) > 0.2 * len(given)


def _ectopic_between(c: Conduction, first: int, last: int) -> bool:
    return any(first < beat.tick < last and beat.p is None for beat in c.qrs)


def _no_ectopy(c: Conduction, usable: bool) -> Gate:
    name, title = "no_ectopy", "No extrasystoles that may be concealed elsewhere"
    if not usable or len(c.qrs) < 4:
        return Gate(name, title, UNKNOWN, "Too few QRS complexes.")
    usual = median(c.rr_ms)
    early = [n for n in range(1, len(c.qrs)) if c.qrs[n].p is None and c.rr_ms[n - 1] < usual * (1 - PREMATURE)]
    if early:
        return Gate(name, title, FAIL, f"{len(early)} premature QRS without a P wave: a concealed one can block a P wave.")
    return Gate(name, title, PASS, "No premature QRS without a P wave.")


def _paused(c: Conduction, usable: bool) -> Gate:
    name, title = "paused", "A pause stands where a P wave is dropped"
    spans = [rr for wave in c.dropped if (rr := _rr_round(c, wave.tick)) is not None] if usable else []
    if not spans or not c.pp_ms:
        return Gate(name, title, UNKNOWN, "No dropped P wave between two QRS complexes.")
    limit = PAUSE_SHARE * median(c.pp_ms)
    if _often(span < limit for span in spans):
        return Gate(name, title, FAIL, f"RR is only {min(spans)} ms round a P wave that is not conducted: no beat is missing.")
    return Gate(name, title, PASS, f"RR {min(spans)}–{max(spans)} ms round the drops.")


def _rr_round(c: Conduction, tick: int) -> int | None:
    """The RR interval in ms that a tick lies in."""
    return next((c.milliseconds(b.tick - a.tick) for a, b in pairwise(c.qrs) if a.tick <= tick < b.tick), None)


def _atrial_rhythm(context: Context) -> Gate:
    name, title = "atrial_rhythm", "Not in atrial fibrillation, flutter or atrial tachycardia"
    if context.atrial:
        return Gate(name, title, FAIL, f"This stretch is tagged as {ATRIAL[context.atrial]}: the conduction ratio is recorded, "
                                       "no second-degree block.")
    return Gate(name, title, PASS, "No such rhythm is tagged here.")


def block_gates(c: Conduction, usable: bool) -> tuple[Gate, ...]:
    """What tells high-grade from complete block and both from dissociation by rate."""
    return _atrial_stable(c, usable), _two_in_a_row(c, usable), _some_conduct(c, usable), _escape(c), _atria_faster(c, usable)


def _atrial_stable(c: Conduction, usable: bool) -> Gate:
    name, title = "atrial_stable", "Stable atrial rate"
    if not usable or len(c.pp_ms) < 3:
        return Gate(name, title, UNKNOWN, "Too few PP intervals.")
    usual = median(c.pp_ms)
    off = [pp for pp in c.pp_ms if abs(pp - usual) > 2 * SLOWING * usual]
    state = FAIL if len(off) > 0.2 * len(c.pp_ms) else PASS
    return Gate(name, title, state, f"PP {min(c.pp_ms)}–{max(c.pp_ms)} ms.")


def _two_in_a_row(c: Conduction, usable: bool) -> Gate:
    name, title = "two_in_a_row", "Two or more P waves in a row are not conducted"
    if not usable:
        return Gate(name, title, UNKNOWN, "P waves cannot be followed here.")
    return Gate(name, title, PASS if c.most_dropped_in_a_row >= 2 else FAIL, f"At most {c.most_dropped_in_a_row} in a row.")


def _some_conduct(c: Conduction, usable: bool) -> Gate:
    name, title = "some_conduct", "Some P waves conduct: their PR keeps a rule"
    if not usable or len(c.pr_ms) < FEWEST_PRS:
        return Gate(name, title, UNKNOWN, f"Fewer than {FEWEST_PRS} PR intervals.")
    spread = max(c.pr_ms) - min(c.pr_ms)
    state = PASS if spread <= CONDUCTED_SPREAD_MS else FAIL if dissociated(c) else UNKNOWN
    return Gate(name, title, state, f"PR {min(c.pr_ms)}–{max(c.pr_ms)} ms.")


def _escape(c: Conduction) -> Gate:
    name, title = "escape", "Regular escape rhythm"
    if len(c.rr_ms) < 3:
        return Gate(name, title, UNKNOWN, "Fewer than four QRS complexes.")
    regular = pstdev(c.rr_ms) < STEADY_RR * mean(c.rr_ms)
    rate = round(60_000 / median(c.rr_ms))
    return Gate(name, title, PASS if regular else FAIL, f"RR {min(c.rr_ms)}–{max(c.rr_ms)} ms, {rate} a minute.")


def _atria_faster(c: Conduction, usable: bool) -> Gate:
    name, title = "atria_faster", "Atria beat faster than ventricles"
    if not usable or not c.rr_ms or not c.pp_ms:
        return Gate(name, title, UNKNOWN, "P waves cannot be followed here.")
    pp, rr = median(c.pp_ms), median(c.rr_ms)
    return Gate(name, title, PASS if pp * SAME_RATE < rr else FAIL, f"PP {round(pp)} ms, RR {round(rr)} ms.")


def _no_type1(c: Conduction, groups: list[Group], elsewhere: bool | None) -> Gate:
    name, title = "no_type1", "No Wenckebach with narrow QRS in the same recording"
    if any(_is_wenckebach(a, b) for a, b in complete(groups)):
        return Gate(name, title, FAIL, "Wenckebach is in this very stretch.")
    width = c.qrs_width_ms
    if width is not None and width >= WIDE_QRS_MS:
        return Gate(name, title, PASS, f"QRS {width} ms is wide, so type I elsewhere would not decide.")
    if elsewhere is None:
        return Gate(name, title, UNKNOWN, "The rest of the recording was not looked at.")
    text = "Wenckebach is tagged elsewhere in this recording." if elsewhere else "None tagged in this recording."
    return Gate(name, title, FAIL if elsewhere else PASS, text)


def _qrs_width(c: Conduction) -> Gate:
    width = c.qrs_width_ms
    known = width is not None
    text = f"About {width} ms. Recorded; it does not choose the type." if known else "Not measured."
    return Gate("qrs_width", "QRS width (recorded only)", PASS if known else UNKNOWN, text)


def _pr_lengthens(groups: list[Group]) -> Gate:
    name, title = "pr_lengthens", "PR lengthens before the drop"
    ending = [g for g in groups if g.drops and len(g.prs) >= 2]
    if not ending:
        return Gate(name, title, UNKNOWN, "Needs two conducted P waves before a drop.")
    least = min(ending, key=lambda g: g.prs[-1] - g.prs[0])
    state = PASS if _clear([g.prs[-1] - g.prs[0] for g in ending]) else FAIL
    return Gate(name, title, state, f"PR {max(ending, key=lambda g: len(g.prs)).text() if state == PASS else least.text()}.")


def _pr_shorter_after(groups: list[Group]) -> Gate:
    name, title = "pr_shorter_after", "First PR after the drop shorter than the last before it"
    pairs = complete(groups)
    if not pairs:
        return Gate(name, title, UNKNOWN, "No PR that could be compared on both sides of a drop.")
    before, after = min(((a.prs[-1], b.prs[0]) for a, b in pairs), key=lambda row: row[0] - row[1])
    clear = _clear([a.prs[-1] - b.prs[0] for a, b in pairs])
    return Gate(name, title, PASS if clear else FAIL, f"{_ms(before)} before, {_ms(after)} after.")


def _clear(steps: list[int]) -> bool:
    """Whether a change of PR is more than the error of measuring: each by itself, or a smaller one the same way every time."""
    return min(steps) > SAME_PR_MS or (len(steps) >= ENOUGH_GROUPS and min(steps) > 0 and median(steps) >= SMALL_STEP_MS)


def _grouped(c: Conduction, groups: list[Group]) -> Gate:
    name, title = "grouped", "Grouped beating with a pause shorter than two PP intervals"
    if not complete(groups) or not c.rr_ms:
        return Gate(name, title, UNKNOWN, "Needs at least one whole group.")
    pause, pp = max(c.rr_ms), median(c.pp_ms)
    return Gate(name, title, PASS if pause < 2 * pp - SAME_PR_MS else FAIL, f"Longest RR {pause} ms, two PP {round(2 * pp)} ms.")


def _typical(groups: list[Group]) -> Gate:
    name, title = "typical", "Typical: the largest step of PR is the first (atypical is Wenckebach too)"
    steps = [[b - a for a, b in pairwise(g.prs)] for g in groups if g.drops and len(g.prs) >= 3]
    if not steps:
        return Gate(name, title, UNKNOWN, "Needs three conducted P waves before a drop.")
    typical = all(step[0] >= max(step) - 10 for step in steps)
    return Gate(name, title, PASS if typical else FAIL, "Steps of " + ", ".join(f"{s:+d}" for s in steps[0]) + " ms.")


def _is_wenckebach(group: Group, following: Group) -> bool:
    return group.prs[-1] - group.prs[0] > SAME_PR_MS and group.prs[-1] - following.prs[0] > SAME_PR_MS


def dissociated(c: Conduction) -> bool:
    """P and QRS each steady, but the time between them without a rule: chance neighbours, not conduction.

    The time is taken to the QRS that comes next, however far; a P wave in or after a QRS counts with those.
    """
    rr, gaps = c.rr_ms, _gaps_ms(c)
    if len(gaps) < 4 or len(rr) < 3 or not (c.dropped or any(beat.p is None for beat in c.qrs)):
        return False
    return pstdev(rr) < STEADY_RR * mean(rr) and pstdev(gaps) > WANDERING_MS


def _gaps_ms(c: Conduction) -> list[int]:
    """For each QRS the time from the last P wave before it, whether that could have conducted or not."""
    onsets = sorted(wave.onset for wave in c.p)
    before = [(beat, bisect_right(onsets, beat.onset)) for beat in c.qrs]
    return [c.milliseconds(beat.onset - onsets[at - 1]) for beat, at in before if at]


def _ms(value: float) -> str:
    return f"{round(value)} ms"
