"""Heart rate and pauses, from the intervals that count."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Array, Floats
from graticule.quality.heartbeats import Heartbeats

OVER_BEATS = 8
PAUSES_MS = (2000, 3000)


@dataclass(frozen=True, slots=True)
class At:
    """A value and the tick where it was found."""

    value: float
    tick: int


@dataclass(frozen=True, slots=True)
class Rates:
    """Beats a minute. slowest, fastest: the mean of `over` intervals in a row; None where no such row counts."""

    mean: float | None
    slowest: At | None
    fastest: At | None
    over: int


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of the record, counted from 0, as far as it counts."""

    hour: int
    beats: int
    rates: Rates


def rates(beats: Heartbeats, over: int = OVER_BEATS) -> Rates:
    """The rate over all intervals that count, and its extremes over `over` of them in a row without a break."""
    return _rates(beats.rr_ms, beats.rr_counted, beats.ticks, over)


def hourly(beats: Heartbeats, over: int = OVER_BEATS) -> list[Hour]:
    """Each hour with a beat that counts. An interval belongs to the hour in which it begins."""
    hour = (beats.ticks // (3600 * beats.rate)).astype(np.int64)
    out = []
    for number in np.unique(hour[beats.counted]).tolist():
        low, high = np.searchsorted(hour, [number, number + 1])
        part = slice(low, min(high, beats.rr_ms.size))
        out.append(Hour(number, int(beats.counted[low:high].sum()),
                        _rates(beats.rr_ms[part], beats.rr_counted[part], beats.ticks[low:], over)))
    return out


def pauses(beats: Heartbeats, longer_than_ms: float) -> list[At]:
    """Intervals longer than that, in ms, at the beat after which the pause begins."""
    found = np.flatnonzero(beats.rr_counted & (beats.rr_ms > longer_than_ms))
    return [At(float(beats.rr_ms[n]), int(beats.ticks[n])) for n in found]


def longest(beats: Heartbeats) -> At | None:
    """The longest interval that counts, in ms."""
    if not beats.rr_counted.any():
        return None
    n = int(np.argmax(np.where(beats.rr_counted, beats.rr_ms, -1.0)))
    return At(float(beats.rr_ms[n]), int(beats.ticks[n]))


def _rates(rr_ms: Floats, counted: Array, ticks: Array, over: int) -> Rates:
    used = rr_ms[counted]
    if not used.size:
        return Rates(None, None, None, over)
    mean = 60_000 / float(used.mean())
    if rr_ms.size < over:
        return Rates(mean, None, None, over)
    total = np.concatenate(([0.0], np.cumsum(rr_ms)))
    whole = np.concatenate(([0], np.cumsum(counted)))
    row = np.flatnonzero(whole[over:] - whole[:-over] == over)
    if not row.size:
        return Rates(mean, None, None, over)
    a_minute = 60_000 * over / (total[row + over] - total[row])
    low, high = int(np.argmin(a_minute)), int(np.argmax(a_minute))
    return Rates(mean, At(float(a_minute[low]), int(ticks[row[low]])), At(float(a_minute[high]), int(ticks[row[high]])), over)
