"""The questions behind codes of rhythm: rate, width, length of run, irregularity and what atria do, from the marks."""

from collections.abc import Callable
from itertools import pairwise
from statistics import mean, median, pstdev

from graticule.ecg.av_gates import FAIL, PASS, UNKNOWN, WIDE_QRS_MS, Context, Gate, dissociated
from graticule.ecg.conduction import Conduction

FAST, SLOW, SUSTAINED_S, RUN_BEATS = 100, 60, 30, 3
IRREGULAR, SUPPORTS = 0.10, ("dissociation", "fusion", "duration_af")
PAUSE_MS = 2000
NOTHING_ELSE = Context()

_VT = "ACC/AHA/HRS ventricular arrhythmia guideline 2017, definitions (Circulation 2018;138:e272)"
_SVT = "ACC/AHA/HRS supraventricular tachycardia guideline 2015, definitions (Circulation 2016;133:e506)"
_AF = "ESC atrial fibrillation guideline 2020, definition (Eur Heart J 2021;42:373)"
_AHA = "AHA/ACC/HRS 2007–2009, standardization and interpretation of the ECG"
SOURCES = {"vt_rate": _VT, "three_beats": _VT, "under_30s": _VT, "over_30s": _VT, "wide": _VT, "dissociation": _VT, "fusion": _VT,
           "svt_rate": _SVT, "narrow": _SVT, "irregular": _AF, "no_p": _AF, "duration_af": _AF, "sinus_p": _AHA,
           "rate_normal": _AHA, "rate_slow": _AHA, "rate_fast": _AHA, "pause": _AHA, "slow_v": _AHA, "aivr_rate": _AHA}

Ask = Callable[[Conduction, Context], Gate]


def rhythm_gates(c: Conduction, slug: str, context: Context = NOTHING_ELSE) -> tuple[Gate, ...]:
    """The gates of a code of rhythm, in the order in which they are asked; () for a code without gates."""
    return tuple(ask(c, context) for ask in _ASKED.get(slug, ()))


def source_of(gate: Gate) -> str:
    return gate.source or SOURCES.get(gate.name, "")


def rate_of(c: Conduction) -> int | None:
    """Ventricular beats a minute, of the middle RR interval; None with fewer than two beats."""
    return round(60_000 / median(c.rr_ms)) if c.rr_ms else None


def better(c: Conduction, slug: str, gates: tuple[Gate, ...]) -> str:
    """A slug that the failed gate points to, "" for none."""
    failed = {gate.name for gate in gates if gate.state == FAIL}
    rate = rate_of(c) or 0
    if slug in ("vt", "nsvt"):
        if "wide" in failed:
            return "narrow_tachy" if rate > FAST else ""
        if "vt_rate" in failed:
            return "aivr" if rate >= 50 else "ivr"
        return "nsvt" if "over_30s" in failed else "vt" if "under_30s" in failed else ""
    if slug in ("svt", "psvt", "narrow_tachy"):
        return "wide_tachy" if "narrow" in failed and "svt_rate" not in failed else ""
    if slug.startswith("sinus") and "sinus_p" not in failed and failed:
        return "sinus_brady" if rate < SLOW else "sinus_tachy" if rate > FAST else "sinus"
    return ""


def _rate_gate(name: str, title: str, fits: Callable[[int], bool]) -> Ask:
    def ask(c: Conduction, context: Context) -> Gate:
        rate = rate_of(c)
        if rate is None:
            return Gate(name, title, UNKNOWN, "Fewer than two QRS complexes.")
        return Gate(name, title, PASS if fits(rate) else FAIL, f"{rate} a minute (RR {min(c.rr_ms)}–{max(c.rr_ms)} ms).")
    return ask


def _three_beats(c: Conduction, context: Context) -> Gate:
    name, title = "three_beats", "Three beats or more in a row"
    return Gate(name, title, PASS if len(c.qrs) >= RUN_BEATS else FAIL, f"{len(c.qrs)} QRS complexes.")


def _lasting(name: str, title: str, *, long: bool) -> Ask:
    def ask(c: Conduction, context: Context) -> Gate:
        seconds = c.milliseconds(c.end - c.start) / 1000
        return Gate(name, title, PASS if (seconds >= SUSTAINED_S) is long else FAIL, f"{seconds:.1f} s.")
    return ask


def _width_gate(name: str, title: str, *, wide: bool) -> Ask:
    def ask(c: Conduction, context: Context) -> Gate:
        width = c.qrs_width_ms
        if width is None:
            return Gate(name, title, UNKNOWN, "QRS width was not measured.")
        return Gate(name, title, PASS if (width >= WIDE_QRS_MS) is wide else FAIL, f"QRS about {width} ms.")
    return ask


def _dissociation(c: Conduction, context: Context) -> Gate:
    name, title = "dissociation", "AV dissociation (supports; not needed)"
    if not c.discernible:
        return Gate(name, title, UNKNOWN, "P waves cannot be followed here.")
    return Gate(name, title, PASS if dissociated(c) else UNKNOWN, "P and QRS each run on their own." if dissociated(c)
                else "Not shown by the P waves found.")


def _fusion(c: Conduction, context: Context) -> Gate:
    name, title = "fusion", "Fusion or capture beats (support; not needed)"
    count = context.fusions
    return Gate(name, title, PASS if count else UNKNOWN, f"{count} tagged as fusion." if count else "None is tagged.")


def _irregular(c: Conduction, context: Context) -> Gate:
    name, title = "irregular", "RR irregular without a pattern"
    if len(c.rr_ms) < 5:
        return Gate(name, title, UNKNOWN, "Fewer than six QRS complexes.")
    share = pstdev(c.rr_ms) / mean(c.rr_ms)
    steps = [abs(b - a) for a, b in pairwise(c.rr_ms)]
    known = share >= IRREGULAR and _unordered(c.rr_ms)
    return Gate(name, title, PASS if known else FAIL, f"RR {min(c.rr_ms)}–{max(c.rr_ms)} ms, varies by {round(100 * share)} %, "
                                                      f"{round(median(steps))} ms from beat to beat.")


def _unordered(rr_ms: tuple[int, ...]) -> bool:
    """Not bigeminy, not grouped beating: no shift of two to five beats lays the intervals on each other."""
    centre, spread = mean(rr_ms), pstdev(rr_ms)
    if len(rr_ms) < 8 or not spread:
        return bool(spread)
    def alike(shift: int) -> float:
        return mean((a - centre) * (b - centre) for a, b in zip(rr_ms, rr_ms[shift:], strict=False)) / spread**2
    return max(alike(shift) for shift in range(2, min(6, len(rr_ms) // 2))) < 0.8


def _no_p(c: Conduction, context: Context) -> Gate:
    name, title = "no_p", "No P waves that repeat"
    state = FAIL if c.discernible and c.p else PASS
    return Gate(name, title, state, f"P waves follow each other at {60_000 // max(1, round(median(c.pp_ms)))} a minute."
                if state == FAIL and c.pp_ms else "No steady P waves found.")


def _long_enough(c: Conduction, context: Context) -> Gate:
    name, title = "duration_af", "30 s or a whole 12-lead (supports; not needed)"
    seconds = c.milliseconds(c.end - c.start) / 1000
    return Gate(name, title, PASS if seconds >= SUSTAINED_S else UNKNOWN, f"{seconds:.1f} s tagged.")


def _sinus_p(c: Conduction, context: Context) -> Gate:
    name, title = "sinus_p", "P waves that repeat steadily"
    return Gate(name, title, PASS if c.discernible and c.p else UNKNOWN, f"{len(c.p)} P waves." if c.discernible
                else "P waves cannot be followed here.")


def _pause(c: Conduction, context: Context) -> Gate:
    name, title = "pause", f"RR of more than {PAUSE_MS // 1000} s"
    # The pause is the stretch itself, or an RR inside it.
    longest = max((*c.rr_ms, c.milliseconds(c.end - c.start) if len(c.qrs) < 2 else 0), default=0)
    state = PASS if longest > PAUSE_MS else FAIL
    return Gate(name, title, state, f"Longest {longest} ms" + (", more than 3 s." if longest > 3000 else "."))


_VT_RATE = _rate_gate("vt_rate", "More than 100 a minute", lambda rate: rate > FAST)
_WIDE, _NARROW = (_width_gate("wide", "Wide QRS (120 ms or more)", wide=True), _width_gate("narrow", "Narrow QRS", wide=False))
_SVT_RATE = _rate_gate("svt_rate", "More than 100 a minute", lambda rate: rate > FAST)
_SHORT, _LONG = (_lasting("under_30s", "Shorter than 30 s", long=False), _lasting("over_30s", "30 s or longer", long=True))

_ASKED: dict[str, tuple[Ask, ...]] = {
    "nsvt": (_VT_RATE, _three_beats, _SHORT, _WIDE, _dissociation, _fusion),
    "vt": (_VT_RATE, _three_beats, _LONG, _WIDE, _dissociation, _fusion),
    "v_run": (_three_beats, _WIDE),
    "aivr": (_rate_gate("aivr_rate", "50–110 a minute", lambda rate: 50 <= rate <= 110), _three_beats, _WIDE),
    "ivr": (_rate_gate("slow_v", "Less than 50 a minute", lambda rate: rate < 50), _three_beats, _WIDE),
    "wide_tachy": (_VT_RATE, _three_beats, _WIDE),
    **dict.fromkeys(("svt", "psvt", "narrow_tachy"), (_SVT_RATE, _three_beats, _NARROW)),
    "afib": (_irregular, _no_p, _long_enough),
    "sinus": (_sinus_p,),
    "sinus_brady": (_rate_gate("rate_slow", "Less than 60 a minute", lambda rate: rate < SLOW), _sinus_p),
    "sinus_tachy": (_rate_gate("rate_fast", "More than 100 a minute", lambda rate: rate > FAST), _sinus_p),
    "pause": (_pause,),
}
CODES = tuple(_ASKED)
