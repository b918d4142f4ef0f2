"""What to draw of a lead: every sample while there are few, else the extremes of each column, so that no spike is lost."""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from graticule.domain.geometry import Array, Floats
from graticule.domain.recording import Lead
from graticule.ecg.display_filter import RAW, DisplayFilter
from graticule.ecg.pyramid import FACTOR, FIRST_BIN, Pyramid
from graticule.presenters.filtered_lead import FilteredLead

MOST_RAW_PER_COLUMN = 64
LONG_SAMPLES = 2_000_000   # from here on an overview takes longer than a frame
STRETCHES, STRETCH = 24, 4096
HALF_COLUMNS_BELOW = 12   # samples a pixel: while waves are still read by their slope, two pairs of points a pixel
MILLIVOLTS = {"mv": 1.0, "uv": 1e-3, "µv": 1e-3, "μv": 1e-3, "v": 1e3, "nv": 1e-6}


@dataclass(frozen=True, eq=False)
class Drawn:
    """Points of a polyline. seconds, millivolts: (n,) float64, NaN in millivolts where there was no signal.

    merged: samples behind each pair of points; 1 when every sample is drawn.
    waiting: there is signal, but the overview it would be drawn from is still being made.
    """

    seconds: Floats
    millivolts: Floats
    merged: int
    waiting: bool = False


class LeadTrace:
    """One lead, ready to be drawn at any span.

    The pyramid of a short lead is built when a span first needs it; of a long one in a job that gives it to `take`, and spans
    that need it wait for it.
    """

    def __init__(self, lead: Lead, rate: Fraction) -> None:
        self.lead = lead
        self._rate_hz = float(rate / lead.step)
        self._pyramid: Pyramid | None = None
        self._filtered: FilteredLead | None = None
        factor = MILLIVOLTS.get(lead.unit.strip().lower())
        self.own_scale = factor is None
        self._factor = factor if factor is not None else _own_factor(lead)
        self.shift_mv = self._median()

    @property
    def long(self) -> bool:
        """Too long for its overview to be made while somebody waits for the paint."""
        return int(self.lead.digital.shape[0]) > LONG_SAMPLES

    @property
    def built(self) -> bool:
        return self._pyramid is not None or not self.long

    def take(self, pyramid: Pyramid) -> None:
        """The overview, made in a job."""
        self._pyramid = pyramid

    def filter_by(self, chosen: DisplayFilter) -> None:
        """What is drawn from now on; stored samples stay as they are."""
        off = chosen.raw or self.own_scale
        self._filtered = None if off else FilteredLead(self._mv, self.lead.digital.shape[0], self._rate_hz, chosen)

    def filters(self, seconds: float) -> bool:
        """Whether the filter is at work over such a span: only where waves can still be told."""
        return self._filtered is not None and self._filtered.fits(seconds * self._rate_hz)

    def filter_text(self) -> str:
        return self._filtered.chosen.text(self._rate_hz) if self._filtered else RAW.text(self._rate_hz)

    def between(self, start_s: float, end_s: float, columns: int) -> Drawn:
        """The polyline of [start_s, end_s] for a view `columns` pixels wide, one sample beyond on either side."""
        total = self.lead.digital.shape[0]
        first = max(0, int(start_s * self._rate_hz) - 1)
        last = min(total, int(end_s * self._rate_hz) + 2)
        if last <= first:
            return Drawn(np.empty(0), np.empty(0), 1)
        merged = self.merged(end_s - start_s, columns)
        if merged == 1:
            return Drawn(np.arange(first, last) / self._rate_hz, self._shown(first, last, end_s - start_s), 1)
        first, last = first // merged * merged, -(-last // merged) * merged
        if merged >= FIRST_BIN and not self.filters(end_s - start_s) and not self.built:
            return Drawn(np.empty(0), np.empty(0), merged, waiting=True)
        low, high = self._extremes(first, last, merged, end_s - start_s)
        return Drawn(*self._zigzag(low, high, first, merged), merged)

    def merged(self, seconds: float, columns: int) -> int:
        """Samples behind each pair of points when `seconds` are drawn over `columns` pixels; 1 while every sample is drawn."""
        per_column = seconds * self._rate_hz / max(1, columns)
        if per_column > MOST_RAW_PER_COLUMN:
            return FIRST_BIN << max(0, round(math.log2(per_column / FIRST_BIN)))
        merged = int(per_column / 2) if per_column < HALF_COLUMNS_BELOW else int(per_column)
        return merged if merged > 2 else 1

    def at(self, seconds: float) -> float | None:
        """The millivolts, as drawn, of the sample nearest to a time; None where there was no signal."""
        sample = round(seconds * self._rate_hz)
        if not 0 <= sample < self.lead.digital.shape[0]:
            return None
        filtered = self._filtered is not None
        value = float(self._shown(sample, sample + 1, 0.0)[0]) + (0.0 if filtered else self.shift_mv)
        return None if np.isnan(value) else value

    def _mv(self, first: int, last: int) -> Floats:
        values: Floats = self.lead.physical(first, last) * self._factor - self.shift_mv
        return values

    def _shown(self, first: int, last: int, span_s: float) -> Floats:
        """Samples as they are drawn: filtered, where a filter is at work."""
        return self._filtered.mv(first, last) if self._filtered and self.filters(span_s) else self._mv(first, last)

    def _extremes(self, first: int, last: int, merged: int, span_s: float) -> tuple[Array, Array]:
        if merged >= FIRST_BIN and not self.filters(span_s):
            return self._from_pyramid(first, last, merged)
        values = self._shown(first, last, span_s)
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
        seen = _sampled(self.lead)
        if seen.size == 0:
            return 0.0
        return float((np.median(seen) - self.lead.baseline) / self.lead.gain) * self._factor


def _own_factor(lead: Lead) -> float:
    """For a channel that is not a voltage (breathing, pressure): its whole range over two millivolts of paper."""
    seen = _sampled(lead)
    spread = float(np.ptp(seen)) / abs(lead.gain) if seen.size else 0.0
    return 2.0 / spread if spread else 1.0


def _sampled(lead: Lead) -> Array:
    """Samples that stand for the lead: all of a short one, of a long one stretches spread over it, so that little is read."""
    size = lead.digital.shape[0]
    if size <= STRETCHES * STRETCH:
        part = np.asarray(lead.digital[:])
    else:
        starts = np.linspace(0, size - STRETCH, STRETCHES).astype(np.int64)
        part = np.concatenate([np.asarray(lead.digital[int(at): int(at) + STRETCH]) for at in starts])
    return part if lead.invalid is None else part[part != lead.invalid]
