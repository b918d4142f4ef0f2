"""The questions that decide which AV block it is, each answered pass, fail or unknown with the measured values.

Gates for type II after Barold & Herweg (Front Cardiovasc Med 2024, 10.3389/fcvm.2024.1450705), and their mirror for
Wenckebach. A label made with them keeps the answers, so that an adjudicator sees why readers differ.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean, median, pstdev
from typing import Any

from graticule.ecg.conduction import Conduction, Group

PASS, FAIL, UNKNOWN = "pass", "fail", "unknown"
SAME_PR_MS = 25
SLOWING = 0.10
PREMATURE = 0.15
WIDE_QRS_MS = 120
LONG_PR_MS = 200


@dataclass(frozen=True, slots=True)
class Gate:
    """One question. text: the answer as a sentence, with what was measured."""

    name: str
    title: str
    state: str
    text: str


@dataclass(frozen=True, slots=True)
class Criteria:
    """All answers for one stretch. mobitz2 and wenckebach in the order in which they are asked."""

    conduction: Conduction
    mobitz2: tuple[Gate, ...]
    wenckebach: tuple[Gate, ...]

    def gate(self, name: str) -> Gate:
        return next(gate for gate in (*self.mobitz2, *self.wenckebach) if gate.name == name)

    def as_json(self) -> dict[str, Any]:
        """What is kept with the label: integers and words only, since it ends up in a hash."""
        c = self.conduction
        return {"v": 1, "p": [wave.onset for wave in c.p], "qrs": [beat.onset for beat in c.qrs], "p_marked": c.marked_p,
                "p_discernible": c.discernible, "pr_ms": [-1 if w.pr_ms is None else w.pr_ms for w in c.p],
                "ratios": list(c.ratios), "qrs_ms": -1 if c.qrs_width_ms is None else c.qrs_width_ms,
                "gates": {gate.name: gate.state for gate in (*self.mobitz2, *self.wenckebach)}}


def criteria(conduction: Conduction, *, type1_elsewhere: bool | None = None) -> Criteria:
    """The gates of a measured stretch. type1_elsewhere: an obvious Wenckebach in the same recording (None: not looked)."""
    usable = conduction.discernible and len(conduction.p) >= 2
    groups = list(conduction.groups) if usable else []
    mobitz2 = (_single_drop(conduction, usable), _two_conducted(groups), _pr_constant(groups), _pr_after(groups),
               _sinus_stable(conduction, usable), _not_premature(conduction, usable),
               _no_type1(conduction, groups, type1_elsewhere), _qrs_width(conduction))
    wenckebach = (_pr_lengthens(groups), _pr_shorter_after(groups), _grouped(conduction, groups), _typical(groups))
    return Criteria(conduction, mobitz2, wenckebach)


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
    if change <= SAME_PR_MS:
        return Gate(name, title, PASS, f"{_ms(before)} before, {_ms(after)} after.")
    return Gate(name, title, FAIL, f"PR {_ms(before)} before, {_ms(after)} after: not type II.")


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
    state = PASS if least.prs[-1] - least.prs[0] > SAME_PR_MS else FAIL
    return Gate(name, title, state, f"PR {max(ending, key=lambda g: len(g.prs)).text() if state == PASS else least.text()}.")


def _pr_shorter_after(groups: list[Group]) -> Gate:
    name, title = "pr_shorter_after", "First PR after the drop shorter than the last before it"
    pairs = complete(groups)
    if not pairs:
        return Gate(name, title, UNKNOWN, "No PR that could be compared on both sides of a drop.")
    least, before, after = min(((a.prs[-1] - b.prs[0], a.prs[-1], b.prs[0]) for a, b in pairs), key=lambda row: row[0])
    return Gate(name, title, PASS if least > SAME_PR_MS else FAIL, f"{_ms(before)} before, {_ms(after)} after.")


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
    """P and QRS each steady, but the time between them without a rule: chance neighbours, not conduction."""
    prs, rr = c.pr_ms, c.rr_ms
    if len(prs) < 4 or len(rr) < 3 or not c.dropped:
        return False
    return pstdev(rr) < 0.06 * mean(rr) and pstdev(prs) > 60


def _ms(value: float) -> str:
    return f"{round(value)} ms"
