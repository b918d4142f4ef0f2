"""A ladder diagram as plain values: atrial events, how each crosses the AV node, ventricular events."""

from dataclasses import dataclass

from graticule.ecg.conduction import Conduction

# A blocked impulse is drawn as far into the AV tier as the usual conducted one gets in half its time.
BLOCKED_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Crossing:
    """A line in the AV tier, from `start` (top) to `end` ticks; `reaches` 1.0 the ventricles, less when it is blocked there."""

    start: int
    end: int
    reaches: float
    pr_ms: int | None

    @property
    def blocked(self) -> bool:
        return self.reaches < 1.0


@dataclass(frozen=True, slots=True)
class Ladder:
    """atrial, ventricular: onset ticks. escapes: ventricular events without a P wave (a subset of `ventricular`)."""

    atrial: tuple[int, ...]
    crossings: tuple[Crossing, ...]
    ventricular: tuple[int, ...]
    escapes: tuple[int, ...]


def ladder(conduction: Conduction) -> Ladder:
    """The diagram of a measured stretch; empty tiers when P waves could not be followed."""
    shown = conduction.p if conduction.discernible else ()
    prs = sorted(conduction.qrs[p.qrs].onset - p.onset for p in shown if p.qrs is not None)
    usual = prs[len(prs) // 2] if prs else round(0.16 * conduction.rate)
    crossings = tuple(
        Crossing(p.onset, conduction.qrs[p.qrs].onset, 1.0, p.pr_ms) if p.qrs is not None
        else Crossing(p.onset, p.onset + round(usual * BLOCKED_SHARE), BLOCKED_SHARE, None) for p in shown)
    beats = conduction.qrs
    return Ladder(tuple(p.onset for p in shown), crossings, tuple(b.onset for b in beats),
                  tuple(b.onset for b in beats if b.p is None) if shown else ())
