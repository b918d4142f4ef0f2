"""Least and greatest sample per screen column, at any zoom, without touching every sample of a long record."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Array
from graticule.domain.recording import Lead

FIRST_BIN = 64
FACTOR = 8


@dataclass(frozen=True, eq=False)
class Pyramid:
    """Min/max levels of one lead.

    lows[0], highs[0]: (samples,) the samples themselves ("no signal" pushed out of the way of min and max);
    lows[n], highs[n]: extremes per bin; a bin of level 1 is 64 samples, each next level joins 8 bins.
    Levels cost about 3.6 % of the samples.
    """

    lead: Lead
    lows: tuple[Array, ...]
    highs: tuple[Array, ...]

    @classmethod
    def of(cls, lead: Lead) -> "Pyramid":
        low, high = _without_gaps(lead)
        lows, highs, size = [low], [high], FIRST_BIN
        while lows[-1].size > 2 * size:
            lows.append(_binned(lows[-1], size, np.minimum))
            highs.append(_binned(highs[-1], size, np.maximum))
            size = FACTOR
        return cls(lead, tuple(lows), tuple(highs))

    def columns(self, start: float, end: float, count: int) -> tuple[Array, Array]:
        """Exact extremes of `count` equal columns of samples [start, end): two (count,) float64 arrays in the lead's unit.

        Positions are samples of this lead (ticks / lead.step) and may lie outside the record. NaN where a column holds no
        signal. A column narrower than a sample shows the sample it lies in.
        """
        edges = start + (end - start) * np.arange(count + 1) / count
        first = np.clip(np.floor(edges[:-1]), 0, self.lows[0].size).astype(np.int64)
        last = np.clip(np.maximum(np.ceil(edges[1:]), np.floor(edges[:-1]) + 1), 0, self.lows[0].size).astype(np.int64)
        low, high = self._extremes(first, np.maximum(first, last), 0)
        return _physical(self.lead, low, high)

    def _extremes(self, first: Array, last: Array, level: int) -> tuple[Array, Array]:
        """Extremes over elements [first, last) of a level: whole bins from the level above, ragged ends from this one."""
        size = FIRST_BIN if level == 0 else FACTOR
        width = int((last - first).max(initial=0))
        if level + 1 == len(self.lows) or width <= 2 * size:
            return _gather(self.lows[level], self.highs[level], first, last, width)
        inner_first, inner_last = -(-first // size), last // size
        whole = inner_first < inner_last
        inner_first, inner_last = np.where(whole, inner_first, 0), np.where(whole, inner_last, 0)
        low, high = self._extremes(inner_first, inner_last, level + 1)
        head_end, tail_start = np.where(whole, inner_first * size, last), np.where(whole, inner_last * size, last)
        for a, b in ((first, head_end), (tail_start, last)):
            part_low, part_high = _gather(self.lows[level], self.highs[level], a, b, int((b - a).max(initial=0)))
            low, high = np.minimum(low, part_low), np.maximum(high, part_high)
        return low, high


def _without_gaps(lead: Lead) -> tuple[Array, Array]:
    if lead.invalid is None or not (gap := lead.digital == lead.invalid).any():
        return lead.digital, lead.digital
    limits = np.iinfo(lead.digital.dtype)
    low, high = lead.digital.copy(), lead.digital.copy()
    low[gap], high[gap] = limits.max, limits.min
    return low, high


def _binned(values: Array, size: int, reduce: np.ufunc) -> Array:
    whole = values.size // size * size
    bins = reduce.reduce(values[:whole].reshape(-1, size), axis=1)
    return np.append(bins, reduce.reduce(values[whole:])) if whole < values.size else bins


def _gather(lows: Array, highs: Array, first: Array, last: Array, width: int) -> tuple[Array, Array]:
    limits = np.iinfo(lows.dtype)
    empty = np.full(first.size, limits.max, lows.dtype), np.full(first.size, limits.min, lows.dtype)
    if width == 0 or lows.size == 0:
        return empty
    index = first[:, None] + np.arange(width)
    inside = index < last[:, None]
    index = np.minimum(index, lows.size - 1)
    return np.where(inside, lows[index], limits.max).min(axis=1), np.where(inside, highs[index], limits.min).max(axis=1)


def _physical(lead: Lead, low: Array, high: Array) -> tuple[Array, Array]:
    seen = low <= high
    one, two = ((np.where(seen, values, np.nan) - lead.baseline) / lead.gain for values in (low, high))
    return (one, two) if lead.gain > 0 else (two, one)
