"""How a recording becomes blocks of EDF: the length of a block, and for each lead limits that say its scale exactly."""

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

import numpy as np

from graticule.domain.geometry import Array
from graticule.domain.recording import Lead, Recording

LOWEST, HIGHEST = -32768, 32767
_FIELD = 8
_MOST_SAMPLES = 30_000       # of all leads in one block, well below the 61,440 bytes that EDF recommends
_PER_MILLIVOLT = {"mV": 1, "uV": 1000}


@dataclass(frozen=True, slots=True)
class Limits:
    """What the header says of a lead's scale; the physical ones as text of at most 8 characters."""

    unit: str
    digital: tuple[int, int]
    physical: tuple[str, str]
    exact: bool


@dataclass(frozen=True, slots=True)
class EdfShape:
    """ticks_each: of one block; blocks: how many, the last one filled up. limits: of each lead."""

    ticks_each: int
    blocks: int
    limits: tuple[Limits, ...]

    @property
    def ticks(self) -> int:
        return self.ticks_each * self.blocks


def shape_for(recording: Recording) -> EdfShape | None:
    """None when EDF cannot hold these samples: more than 16 bits, or a clock that no decimal of 8 characters divides."""
    each = _block_ticks(recording)
    limits = [_limits(lead) for lead in recording.leads]
    if each is None or any(one is None for one in limits):
        return None
    return EdfShape(each, -(-recording.ticks // each), tuple(one for one in limits if one is not None))


def block_seconds(recording: Recording, ticks: int) -> str | None:
    """The length of a block as the header says it; None when 8 characters cannot."""
    return _text(Fraction(ticks) / recording.rate)


def block_of(lead: Lead, shape: EdfShape, number: int) -> Array:
    """(samples of a block,) int16; "no signal" and what lies beyond the end become the level of zero."""
    each = shape.ticks_each // lead.step
    part = np.asarray(lead.digital[number * each: (number + 1) * each])
    zero = int(min(max(round(lead.baseline), LOWEST), HIGHEST))
    values = part if lead.invalid is None else np.where(part == lead.invalid, zero, part)
    if values.size == each:
        return np.asarray(values.astype("<i2"))
    return np.concatenate([values, np.full(each - values.size, zero)]).astype("<i2")


def _block_ticks(recording: Recording) -> int | None:
    """About a second, rather one that divides the record; every lead has whole samples in it."""
    frame = lcm(*(lead.step for lead in recording.leads))
    per_frame = sum(frame // lead.step for lead in recording.leads)
    most = max(1, min(_MOST_SAMPLES // per_frame, int(4 * recording.rate / frame)))
    fitting = [n * frame for n in range(1, most + 1) if block_seconds(recording, n * frame) is not None]
    if not fitting:
        fitting = [n for n in (_exact_block(recording, frame),) if n is not None and n // frame * per_frame <= _MOST_SAMPLES]
    wanted = int(recording.rate)
    whole = [n for n in fitting if recording.ticks % n == 0 and n * 2 >= wanted]
    return min(whole or fitting, key=lambda n: abs(n - wanted), default=None)


def _exact_block(recording: Recording, frame: int) -> int | None:
    """The shortest run of frames that lasts whole seconds."""
    seconds = Fraction(frame) / recording.rate
    ticks = frame * seconds.denominator // gcd(seconds.denominator, 1)
    return ticks if block_seconds(recording, ticks) is not None else None


def _limits(lead: Lead) -> Limits | None:
    """Two steps of the converter whose physical values are short decimals; the nearest ones where there are none."""
    low, high = _range(lead)
    zero, gain = Fraction(repr(float(lead.baseline))), Fraction(repr(lead.gain))
    if low < LOWEST or high > HIGHEST:
        return None
    for unit in ("mV", "uV") if lead.unit == "mV" else (lead.unit[:8],):
        each = (_PER_MILLIVOLT[unit] if lead.unit == "mV" else 1) / gain
        bottom, top = _step(low, zero, each, LOWEST), _step(high, zero, each, HIGHEST)
        if bottom and top and bottom != top:
            return Limits(unit, (bottom[0], top[0]), (bottom[1], top[1]), True)
    near = [_nearest((d - zero) / gain) for d in (LOWEST, HIGHEST)]
    return None if near[0] == near[1] else Limits(lead.unit[:8], (LOWEST, HIGHEST), (near[0], near[1]), False)


def _step(reached: int, zero: Fraction, each: Fraction, furthest: int) -> tuple[int, str] | None:
    """A step of the converter from `reached` outwards to `furthest` whose physical value is a short decimal, with that value.

    each: physical units of one step.
    """
    whole = _text((furthest - zero) * each)
    if whole is not None:
        return furthest, whole
    if zero.denominator != 1:
        return None
    outwards = 1 if furthest > 0 else -1
    for places in range(_FIELD - 1):
        pitch = (each * 10**places).denominator
        steps = -(-(reached - int(zero)) * outwards // pitch)
        found = int(zero) + outwards * max(0, steps) * pitch
        text = _text((found - zero) * each) if LOWEST <= found <= HIGHEST else None
        if text is not None:
            return found, text
    return None


def _range(lead: Lead) -> tuple[int, int]:
    low, high = 0, 0
    for first in range(0, lead.digital.size, 1 << 20):
        part = np.asarray(lead.digital[first: first + (1 << 20)])
        seen = part if lead.invalid is None else part[part != lead.invalid]
        if seen.size:
            low, high = min(low, int(seen.min())), max(high, int(seen.max()))
    return low, high


def _text(value: Fraction) -> str | None:
    """Exactly the value in at most 8 characters, or None."""
    for places in range(_FIELD - 1):
        scaled = value * 10**places
        if scaled.denominator == 1:
            text = f"{float(value):.{places}f}" if places else str(scaled.numerator)
            return text if len(text) <= _FIELD and Fraction(text) == value else None
    return None


def _nearest(value: Fraction) -> str:
    for places in range(_FIELD - 2, -1, -1):
        text = f"{float(value):.{places}f}"
        if len(text) <= _FIELD:
            return text
    return str(round(value))[:_FIELD]
