"""What every reader does with the channels it found: spelling, telling twins apart, one clock, and what to say about them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd, lcm
from typing import Any

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.recording import Lead
from graticule.domain.stored_samples import StoredSamples, laid
from graticule.domain.volume import Doubt
from graticule.formats.ecg.header import UNCALIBRATED
from graticule.formats.ecg.leads import distinct, is_known, spelled
from graticule.formats.ecg.stated import PER_MILLIVOLT, Stated

# Ticks a second beyond which leads of unlike rates are not put on one clock.
FASTEST_CLOCK = 1_000_000
_STRIDE = 1 << 18


@dataclass(frozen=True, eq=False)
class Channel:
    """A lead before it stands on the record's clock. start: of its first sample, in samples of its own rate.

    gain: digits per `unit`; None when the file does not say it.
    """

    name: str
    digital: Array | StoredSamples
    rate: Fraction
    gain: float | None
    baseline: float = 0.0
    unit: str = "mV"
    invalid: int | None = None
    derived: bool = False
    start: int = 0


def millivolts(unit: str) -> Fraction | None:
    """How many of `unit` make a millivolt; None when it is no voltage."""
    return PER_MILLIVOLT.get(unit.strip().lower())


def on_one_clock(channels: Sequence[Channel], stated: Stated) -> tuple[tuple[Lead, ...], Fraction, int, list[Doubt]]:
    """(leads, ticks a second, ticks, doubts). Every lead keeps its own samples; the rest is filled with "no signal"."""
    rate = clock([channel.rate for channel in channels])
    steps = [int(rate / channel.rate) for channel in channels]
    ends = [(channel.start + channel.digital.size) * step for channel, step in zip(channels, steps, strict=True)]
    widest = lcm(*steps)
    ticks = -(-max(ends, default=0) // widest) * widest
    if ticks == 0:
        raise GraticuleError("The file holds no samples.")
    leads = [_lead(channel, step, ticks // step, stated) for channel, step in zip(channels, steps, strict=True)]
    return named(leads), rate, ticks, doubts_about(channels, leads, stated)


def clock(rates: Iterable[Fraction]) -> Fraction:
    """The slowest clock on which all the rates have whole steps; GraticuleError when there is no sensible one."""
    rates = list(rates)
    rate = Fraction(lcm(*(r.numerator for r in rates)), gcd(*(r.denominator for r in rates)))
    if rate > FASTEST_CLOCK and rate > max(rates):
        raise GraticuleError("The leads' sampling rates do not divide one another.", "Resample the record to one rate first.")
    return rate


def _lead(channel: Channel, step: int, size: int, stated: Stated) -> Lead:
    digital, invalid = channel.digital, channel.invalid
    if channel.start or digital.size != size:
        invalid = _unused(digital.dtype) if invalid is None else invalid
        dtype = digital.dtype if channel.invalid is not None else np.dtype(np.int32)
        if isinstance(digital, StoredSamples):
            digital = laid(size, dtype, invalid, [(channel.start, digital)])
        else:
            filled = np.full(size, invalid, dtype)
            filled[channel.start: channel.start + digital.size] = digital
            digital = filled
    gain, unit, baseline = channel.gain, channel.unit, channel.baseline
    if gain is None:
        per_millivolt = stated.per_millivolt
        gain, unit = (float(per_millivolt), "mV") if per_millivolt is not None else (1.0, UNCALIBRATED)
    elif (factor := millivolts(unit)) is not None:
        gain, unit = gain * float(factor), "mV"
    return Lead(channel.name, digital, gain, baseline, step, invalid, channel.derived, unit)


def _unused(dtype: np.dtype[Any]) -> int:
    return int(np.iinfo(np.int32).min) if dtype.itemsize < 8 else int(np.iinfo(dtype).min)


def named(leads: Iterable[Lead]) -> tuple[Lead, ...]:
    """The leads under one spelling, no two of one name."""
    leads = list(leads)
    names = distinct(spelled(lead.name) for lead in leads)
    return tuple(replace(lead, name=name) for name, lead in zip(names, leads, strict=True))


def doubts_about(channels: Sequence[Channel], leads: Sequence[Lead], stated: Stated) -> list[Doubt]:
    """What a reader must know of the leads' names, scale and polarity."""
    doubts = []
    loose = [lead.name for channel, lead in zip(channels, leads, strict=True) if channel.gain is None]
    if loose and stated.unit:
        doubts.append(Doubt("calibration", f"No gain is given for {listed(loose)}; it is what was stated at import."))
    elif loose:
        doubts.append(uncalibrated(loose))
    doubts += name_doubts([lead.name for lead in leads])
    inverted = [lead.name for channel, lead in zip(channels, leads, strict=True) if channel.gain is not None and channel.gain < 0]
    if inverted:
        doubts.append(Doubt("polarity", f"The file's scale turns {listed(inverted)} upside down; the traces follow it."))
    return doubts


def uncalibrated(names: Sequence[str]) -> Doubt:
    return Doubt("calibration", f"Uncalibrated: no gain is given for {listed(names)}. The height is in steps of the converter, "
                                "no millivolts can be read off it.")


def name_doubts(names: Sequence[str]) -> list[Doubt]:
    """Twins, and leads that no table knows."""
    plain = [spelled(name).lower() for name in names]
    twins = sorted({name for name in names if plain.count(spelled(name).lower()) > 1}, key=str.lower)
    doubts = [Doubt("twins", f"Several leads are called {listed(twins)}; they are numbered.")] if twins else []
    strange = list(dict.fromkeys(name for name in names if not is_known(name)))
    if strange and len(strange) == len(set(names)):
        doubts.append(Doubt("lead-names", f"The file does not say which ECG leads these are: {listed(strange[:6])}."))
    return doubts


@dataclass(frozen=True, slots=True)
class Seen:
    """What looking through all samples of a lead shows: their sum, and how many say "no signal"."""

    total: int
    lost: int


def looked_through(leads: Sequence[Lead], thorough: bool) -> list[Seen | None]:
    """Of every lead; None for those whose samples are still in their file, unless `thorough` (once, at import).

    Leads of one file are read side by side, so that each block is decoded once for all of them.
    """
    chosen = [thorough or not isinstance(lead.digital, StoredSamples) for lead in leads]
    totals, lost = [0] * len(leads), [0] * len(leads)
    longest = max((len(lead.digital) * lead.step for lead, wanted in zip(leads, chosen, strict=True) if wanted), default=0)
    for begin in range(0, longest, _STRIDE):
        for n, lead in enumerate(leads):
            if not chosen[n]:
                continue
            part = lead.digital[begin // lead.step: (begin + _STRIDE) // lead.step]
            totals[n] += int(part.sum(dtype=np.int64))
            lost[n] += int(np.count_nonzero(part == lead.invalid)) if lead.invalid is not None else 0
    return [Seen(totals[n], lost[n]) if wanted else None for n, wanted in enumerate(chosen)]


def gaps_in(leads: Sequence[Lead], seen: Sequence[Seen | None], rate: Fraction) -> list[Doubt]:
    """How much of each lead says "no signal"."""
    return [Doubt("no-signal", f"{spelled(lead.name)}: {one.lost * lead.step / float(rate):.2f} s without signal.")
            for lead, one in zip(leads, seen, strict=True) if one is not None and one.lost]


def listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
