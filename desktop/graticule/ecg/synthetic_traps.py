"""Strips that no heart made and that are easily taken for something else: the examination of the gates of AV block.

Each says what is true of it, and which codes may never be found to fit it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from graticule.ecg.synthetic import LEADS, RATE_HZ, Pattern, Sizes, Strip, compose

SECONDS = 40


@dataclass(frozen=True, slots=True)
class Trap:
    """P waves and QRS complexes at stated times.

    code: what is true of it. never: slugs that would be a grave mistake. p_ms: onset of each P wave; qrs_ms: (onset, width) of
    each QRS, all in ms. groups: PR of each P wave in ms, 0 where it is dropped, in the order of time; () when none conducts.
    """

    name: str
    title: str
    code: str
    p_ms: tuple[int, ...]
    qrs_ms: tuple[tuple[int, int], ...]
    never: tuple[str, ...]


TYPES = ("avb2_mobitz1", "avb2_mobitz2")


def make_trap(trap: Trap, *, rate_hz: int = RATE_HZ, noise_mv: float = 0.006,
              leads: Mapping[str, Sizes] = MappingProxyType(LEADS)) -> Strip:
    """The strip of a trap at any sampling rate, noise and set of leads (see `synthetic.compose`)."""
    pattern = Pattern(trap.name, trap.title, trap.code, 0, ())
    return compose(pattern, trap.p_ms, trap.qrs_ms, SECONDS, rate_hz=rate_hz, noise_mv=noise_mv, leads=leads)


def _conducted(pairs: Iterable[tuple[int, int]], width: int = 90) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
    """P onsets and QRS of (PP before the P wave, its PR or 0) in turn, over the whole strip."""
    steps, p_ms, qrs_ms, onset = list(pairs), [], [], 400
    number = 0
    while onset < SECONDS * 1000 - 900:
        p_ms.append(onset)
        pr = steps[number % len(steps)][1]
        if pr:
            qrs_ms.append((onset + pr, width))
        number += 1
        onset += steps[number % len(steps)][0]
    return tuple(p_ms), tuple(qrs_ms)


def _steady(prs: Iterable[int], pp_ms: int = 800, width: int = 90) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
    return _conducted([(pp_ms, pr) for pr in prs], width)


def _apart(pp_ms: int, rr_ms: int, width: int, first_qrs: int = 700) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
    """Atria and ventricles each on their own."""
    end = SECONDS * 1000 - 900
    return tuple(range(400, end, pp_ms)), tuple((onset, width) for onset in range(first_qrs, end, rr_ms))


def _concealed() -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
    """Constant PR with single drops; every third group shows a junctional extrasystole, so the drops may be concealed ones."""
    p_ms, qrs_ms = _steady([180, 180, 180, 0])
    shown = [(onset + 480, 90) for n, onset in enumerate(p_ms) if n % 12 == 5]
    return p_ms, tuple(sorted((*qrs_ms, *shown)))


def _drops_at_random() -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
    """AF: no P waves, RR without order (integers of a fixed rule, so every machine makes the same)."""
    qrs, onset, state = [], 600, 7
    while onset < SECONDS * 1000 - 900:
        qrs.append((onset, 90))
        state = (state * 1103515245 + 12345) % 2**31
        onset += 420 + state % 620
    return (), tuple(qrs)


_MIXED1, _MIXED2 = (180, 250, 0, 180, 0), (180, 180, 0, 180, 0)
_LONG = (200, 214, 228, 240, 250, 258, 264, 270, 0)
_TINY = (200, 203, 206, 209, 212, 215, 218, 0)

TRAPS = (
    Trap("mobitz2-slowing", "3:2 with a sinus node that slows at the block: vagal", "pseudo_avb",
         *_conducted([(800, 180), (800, 180), (1000, 0)]), TYPES),
    Trap("blocked-pac", "A premature P wave that cannot conduct", "pseudo_avb",
         *_conducted([(900, 170), (800, 170), (800, 170), (800, 170), (500, 0)]), (*TYPES, "avb2_2to1")),
    Trap("blocked-bigeminy", "Every second P wave premature and blocked, which looks like 2:1", "pseudo_avb",
         *_conducted([(1020, 170), (560, 0)]), (*TYPES, "avb2_2to1")),
    Trap("concealed", "Drops between junctional extrasystoles", "avb2", *_concealed(), TYPES),
    Trap("atypical", "Long Wenckebach with small steps, the last ones the smallest", "avb2_mobitz1", *_steady(_LONG),
         ("avb2_mobitz2",)),
    Trap("tiny-steps", "Wenckebach with steps as small as the error of measuring", "avb2_mobitz1", *_steady(_TINY),
         ("avb2_mobitz2",)),
    Trap("mixed-wenckebach", "3:2 Wenckebach and 2:1 in turn", "avb2_mobitz1", *_steady(_MIXED1), ("avb2_mobitz2", "avb2_2to1")),
    Trap("mixed-mobitz2", "3:2 Mobitz II and 2:1 in turn", "avb2_mobitz2", *_steady(_MIXED2, width=130),
         ("avb2_mobitz1", "avb2_2to1")),
    Trap("high-grade", "4:2: two P waves in a row are dropped", "avb_highgrade", *_steady((180, 180, 0, 0), 720, 130), TYPES),
    Trap("complete", "Complete block with a regular wide escape", "avb3", *_apart(730, 1580, 140), (*TYPES, "avb_highgrade",
                                                                                                     "avb2_2to1")),
    Trap("complete-near-2to1", "Complete block whose escape runs at nearly half the atrial rate", "avb3",
         *_apart(760, 1480, 140), TYPES),
    Trap("isorhythmic", "Atria and ventricles apart at nearly one rate", "av_dissociation", *_apart(800, 778, 90, 560),
         (*TYPES, "avb2_2to1", "avb3", "avb_highgrade")),
    Trap("fibrillation", "No P waves, RR without order", "", *_drops_at_random(), (*TYPES, "avb2_2to1", "avb_highgrade", "avb3")),
    Trap("two-to-one", "2:1 and nothing else", "avb2_2to1", *_steady((170, 0), 760), TYPES),
)
