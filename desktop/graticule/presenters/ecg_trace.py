"""What to draw of a lead: every sample while there are few, else the extremes of each column, so that no spike is lost."""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from graticule.domain.geometry import Array, Floats
from graticule.domain.recording import Lead
from graticule.ecg.pyramid import FACTOR, FIRST_BIN, Pyramid

MOST_RAW_PER_COLUMN = 64
HALF_COLUMNS_BELOW = 12   # samples a pixel: while waves are still read by their slope, two pairs of points a pixel
MILLIVOLTS = {"mv": 1.0, "uv": 1e-3, "µv": 1e-3, "μv": 1e-3, "v": 1e3, "nv": 1e-6}


@dataclass(frozen=True, eq=False)
class Drawn:
    """Points of a polyline. seconds, millivolts: (n,) float64, NaN in millivolts where there was no signal.

    merged: samples behind each pair of points; 1 when every sample is drawn.
    """

    seconds: Floats
    millivolts: Floats
    merged: int


class LeadTrace:
    """One lead, ready to be drawn at any span. The pyramid is built when a span first needs it."""

    def __init__(self, lead: Lead, rate: Fraction) -> None:
        self.lead = lead
        self._rate_hz = float(rate / lead.step)
        self._pyramid: Pyramid | None = None
        factor = MILLIVOLTS.get(lead.unit.strip().lower())
        self.own_scale = factor is None
        self._factor = factor if factor is not None else _own_factor(lead)
        self.shift_mv = self._median()

    def between(self, start_s: float, end_s: float, columns: int) -> Drawn:
        """The polyline of [start_s, end_s] for a view `columns` pixels wide, one sample beyond on either side."""
        total = self.lead.digital.shape[0]
        first = max(0, int(start_s * self._rate_hz) - 1)
        last = min(total, int(end_s * self._rate_hz) + 2)
        if last <= first:
            return Drawn(np.empty(0), np.empty(0), 1)
        merged = self.merged(end_s - start_s, columns)
        if merged == 1:
            return Drawn(np.arange(first, last) / self._rate_hz, self._mv(first, last), 1)
        first, last = first // merged * merged, -(-last // merged) * merged
        low, high = self._extremes(first, last, merged)
        return Drawn(*self._zigzag(low, high, first, merged), merged)

    def merged(self, seconds: float, columns: int) -> int:
        """Samples behind each pair of points when `seconds` are drawn over `columns` pixels; 1 while every sample is drawn."""
        per_column = seconds * self._rate_hz / max(1, columns)
        if per_column > MOST_RAW_PER_COLUMN:
            return FIRST_BIN << max(0, round(math.log2(per_column / FIRST_BIN)))
        merged = int(per_column / 2) if per_column < HALF_COLUMNS_BELOW else int(per_column)
        return merged if merged > 2 else 1

    def at(self, seconds: float) -> float | None:
        """The millivolts of the sample nearest to a time; None where there was no signal."""
        sample = round(seconds * self._rate_hz)
        if not 0 <= sample < self.lead.digital.shape[0]:
            return None
        value = float(self._mv(sample, sample + 1)[0]) + self.shift_mv
        return None if np.isnan(value) else value

    def _mv(self, first: int, last: int) -> Floats:
        values: Floats = self.lead.physical(first, last) * self._factor - self.shift_mv
        return values

    def _extremes(self, first: int, last: int, merged: int) -> tuple[Array, Array]:
        if merged >= FIRST_BIN:
            return self._from_pyramid(first, last, merged)
        values = self._mv(first, last)
        values = np.pad(values, (0, -values.size % merged), constant_values=np.nan).reshape(-1, merged)
        return np.fmin.reduce(values, axis=1), np.fmax.reduce(values, axis=1)

    def _from_pyramid(self, first: int, last: int, merged: int) -> tuple[Array, Array]:
        """Whole bins of the level below: `merged` is a power of two times the first bin, so nothing is cut."""
        self._pyramid = self._pyramid or Pyramid.of(self.lead)
        level, size = 1, FIRST_BIN
        while level + 1 < len(self._pyramid.lows) and size * FACTOR <= merged:
            level, size = level + 1, size * FACTOR
        if level >= len(self._pyramid.lows):
            level, size = 0, 1
        part = slice(first // size, -(-last // size))
        lows, highs = self._pyramid.lows[level][part], self._pyramid.highs[level][part]
        groups = np.arange(0, lows.size, merged // size)
        low, high = np.minimum.reduceat(lows, groups), np.maximum.reduceat(highs, groups)
        seen = low <= high
        one, two = (self._scaled(np.where(seen, values, np.nan)) for values in (low, high))
        return (one, two) if self.lead.gain > 0 else (two, one)

    def _scaled(self, digital: Array) -> Array:
        return (digital - self.lead.baseline) / self.lead.gain * self._factor - self.shift_mv

    def _zigzag(self, low: Array, high: Array, first: int, merged: int) -> tuple[Floats, Floats]:
        """Two points a column, in the order in which the signal runs there, so that the line has no false teeth."""
        middle = np.nan_to_num(low + high)
        rising = np.gradient(middle) >= 0 if middle.size > 1 else np.ones(middle.size, dtype=bool)
        values = np.column_stack([np.where(rising, low, high), np.where(rising, high, low)]).reshape(-1)
        start = first + merged * np.arange(low.size)
        samples = np.column_stack([start + merged * 0.25, start + merged * 0.75]).reshape(-1)
        return samples / self._rate_hz, values

    def _median(self) -> float:
        """The lead's resting level: a constant electrode offset is not the heart's, and would push the trace off its row."""
        stride = max(1, self.lead.digital.shape[0] // 50_000)
        part = self.lead.digital[::stride]
        seen = part if self.lead.invalid is None else part[part != self.lead.invalid]
        if seen.size == 0:
            return 0.0
        return float((np.median(seen) - self.lead.baseline) / self.lead.gain) * self._factor


def _own_factor(lead: Lead) -> float:
    """For a channel that is not a voltage (breathing, pressure): its whole range over two millivolts of paper."""
    stride = max(1, lead.digital.shape[0] // 50_000)
    part = lead.digital[::stride]
    seen = part if lead.invalid is None else part[part != lead.invalid]
    spread = float(np.ptp(seen)) / abs(lead.gain) if seen.size else 0.0
    return 2.0 / spread if spread else 1.0
