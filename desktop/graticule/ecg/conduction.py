"""How atria and ventricles follow one another in a stretch of ECG: P waves, QRS complexes and which led to which."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from statistics import median

SHORTEST_PR_MS, LONGEST_PR_MS = 80, 600


@dataclass(frozen=True, slots=True)
class PWave:
    """A P wave. tick: its peak; onset: where it begins; qrs: which of `Conduction.qrs` it led to, None when dropped."""

    tick: int
    onset: int
    qrs: int | None = None
    pr_ms: int | None = None

    @property
    def dropped(self) -> bool:
        return self.qrs is None


@dataclass(frozen=True, slots=True)
class Qrs:
    """A QRS. width_ms is None when only its peak was marked. p: place in `Conduction.p` of the P wave that led to it."""

    tick: int
    onset: int
    width_ms: int | None = None
    p: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Conducted P waves in a row and the drops that end them.

    prs: PR in ms of each conducted P wave. drops: 0 for the last group when the stretch ends before a drop.
    whole: the group begins right after a drop, so its length is known; False for the first of a stretch.
    """

    prs: tuple[int, ...]
    drops: int
    whole: bool

    def text(self) -> str:
        """ "180 → 260 → 310 → dropped": to 10 ms, as an ECG is read; of a long group the first and the last three."""
        prs = [str(round(pr, -1)) for pr in self.prs]
        shown = prs if len(prs) <= 6 else [prs[0], "…", *prs[-3:]]
        return " → ".join([*shown, *["dropped"] * self.drops])


@dataclass(frozen=True, slots=True)
class Conduction:
    """What was measured in [start, end) ticks at `rate` ticks a second.

    marked_p: the P waves were set by hand. discernible: a steady P train was found, so that a missing QRS means something.
    """

    start: int
    end: int
    rate: Fraction
    p: tuple[PWave, ...]
    qrs: tuple[Qrs, ...]
    discernible: bool
    marked_p: bool = False
    shortened: bool = False

    def milliseconds(self, ticks: int) -> int:
        return round(Fraction(ticks * 1000) / self.rate)

    @property
    def pp_ms(self) -> tuple[int, ...]:
        return tuple(self.milliseconds(b.onset - a.onset) for a, b in pairwise(self.p))

    @property
    def rr_ms(self) -> tuple[int, ...]:
        return tuple(self.milliseconds(b.tick - a.tick) for a, b in pairwise(self.qrs))

    @property
    def pr_ms(self) -> tuple[int, ...]:
        return tuple(p.pr_ms for p in self.p if p.pr_ms is not None)

    @property
    def dropped(self) -> tuple[PWave, ...]:
        return tuple(p for p in self.p if p.dropped)

    @property
    def most_dropped_in_a_row(self) -> int:
        return max((group.drops for group in self.groups), default=0)

    @property
    def qrs_width_ms(self) -> int | None:
        widths = [qrs.width_ms for qrs in self.qrs if qrs.width_ms is not None]
        return round(median(widths)) if widths else None

    @property
    def groups(self) -> tuple[Group, ...]:
        out: list[Group] = []
        prs: list[int] = []
        drops, whole = 0, False
        for p in self.p:
            if p.pr_ms is None:
                drops += 1
                continue
            if drops:
                out.append(Group(tuple(prs), drops, whole))
                prs, drops, whole = [], 0, True
            prs.append(p.pr_ms)
        return (*out, Group(tuple(prs), drops, whole)) if prs or drops else tuple(out)

    @property
    def ratios(self) -> tuple[str, ...]:
        """ "4:3" for each whole group: P waves to QRS complexes."""
        return tuple(f"{len(g.prs) + g.drops}:{len(g.prs)}" for g in self.groups if g.whole and g.drops and g.prs)

    def longest_sequence(self) -> str:
        """One telling group in words: the longest whole one that ends in a drop, else the longest."""
        groups = [g for g in self.groups if g.whole and g.drops] or [g for g in self.groups if g.drops] or list(self.groups)
        return max(groups, key=lambda group: len(group.prs)).text() if groups else ""


def pair(p_onsets: Sequence[tuple[int, int]], qrs: Sequence[Qrs], rate: Fraction) -> tuple[list[PWave], list[Qrs]]:
    """Which P wave led to which QRS: the last P before it, 80 to 600 ms away, with no other QRS between.

    p_onsets: (peak, onset) ticks, rising. Returns P waves and QRS complexes that name one another.
    """
    waves = [PWave(peak, onset) for peak, onset in p_onsets]
    complexes = list(qrs)
    previous = -1
    for number, beat in enumerate(complexes):
        between = [i for i, wave in enumerate(waves) if previous < wave.tick < beat.tick]
        previous = beat.tick
        if not between:
            continue
        last = between[-1]
        pr = round(Fraction((beat.onset - waves[last].onset) * 1000) / rate)
        if SHORTEST_PR_MS <= pr <= LONGEST_PR_MS:
            waves[last] = PWave(waves[last].tick, waves[last].onset, number, pr)
            complexes[number] = Qrs(beat.tick, beat.onset, beat.width_ms, last)
    return waves, complexes
