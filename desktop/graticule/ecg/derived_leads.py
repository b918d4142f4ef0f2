"""Limb leads that follow from two others, and −aVR. Derived leads say so wherever they are shown.

Einthoven 1913: III = II − I. Goldberger 1942: aVR = −(I + II)/2, aVL = I − II/2, aVF = II − I/2. Where I and II share their
gain the results are exact, since twice the lead is a whole number of digits; else they are rounded to 0.1 µV.
"""

from dataclasses import replace

import numpy as np

from graticule.domain.geometry import Array
from graticule.domain.recording import Lead, Recording

MINUS_AVR = "−aVR"
# Each as (times I, times II, divided by).
_RULES = {"III": (-1, 1, 1), "aVR": (-1, -1, 2), "aVL": (2, -1, 2), "aVF": (-1, 2, 2)}
_TENTH_UV = 10_000.0
LONGEST_TICKS = 4_000_000   # derived samples are held in memory


def with_derived(recording: Recording) -> Recording:
    """The same record with those of III, aVR, aVL and aVF that it lacks, after its own leads; itself when none is missing."""
    one, two = recording.lead("I"), recording.lead("II")
    if one is None or two is None or one.step != two.step or one.unit != two.unit or recording.ticks > LONGEST_TICKS:
        return recording
    missing = [name for name in _RULES if recording.lead(name) is None]
    if not missing:
        return recording
    made = tuple(_combined(name, one, two) for name in missing)
    return replace(recording, leads=(*recording.leads, *made))


def minus_avr(recording: Recording) -> Lead | None:
    """aVR upside down, as Cabrera's order has it: the same samples with the gain's sign turned."""
    avr = recording.lead("aVR")
    return replace(avr, name=MINUS_AVR, gain=-avr.gain) if avr else None


def _combined(name: str, one: Lead, two: Lead) -> Lead:
    a, b, divided = _RULES[name]
    first, second = np.asarray(one.digital[:]), np.asarray(two.digital[:])
    if one.gain == two.gain:
        digital = a * first.astype(np.int32) + b * second.astype(np.int32)
        gain, baseline = one.gain * divided, a * one.baseline + b * two.baseline
    else:
        whole = (a * one.physical() + b * two.physical()) / divided * _TENTH_UV
        digital, gain, baseline = np.rint(np.nan_to_num(whole)).astype(np.int32), _TENTH_UV, 0.0
    gap = _gap(first, one) | _gap(second, two)
    invalid = int(np.iinfo(np.int32).min) if gap.any() else None
    digital[gap] = np.iinfo(np.int32).min
    return Lead(name, digital, gain, baseline, one.step, invalid, derived=True, unit=one.unit)


def _gap(digital: Array, lead: Lead) -> Array:
    return digital == lead.invalid if lead.invalid is not None else np.zeros(digital.shape, dtype=bool)
