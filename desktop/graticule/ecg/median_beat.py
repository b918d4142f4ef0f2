"""The usual beat of a stretch: beats of the commonest shape laid over one another, and their median, lead by lead."""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Floats
from graticule.domain.recording import Lead, Recording
from graticule.ecg.complexes import Complex, delineate, smooth
from graticule.ecg.display_filter import RAW, DisplayFilter, filtered

BEFORE_S, MOST_AFTER_S = 0.40, 0.80
FEWEST = 3
MOST_SECONDS = 120.0      # of signal a median is made of: more changes nothing but the wait
QUIET_S = (0.024, 0.006)  # before the QRS: where the level of a beat is taken
SHAPE_LEADS = 8


@dataclass(frozen=True, eq=False)
class MedianBeat:
    """names: leads. values: (leads, samples) mV against the level just before the QRS; NaN where no beat had signal.

    onset: sample of `values` where the beats' common alignment point, the QRS onset of the shape, stands.
    beats: (beats, leads, samples) mV, those it is the median of; ticks: (beats,) their alignment points on the record clock.
    rr_ms: intervals that end at those beats, for the rate. others: beats of other shapes in the stretch.
    signal: the display filter the values went through, "" for the raw signal.
    """

    names: tuple[str, ...]
    values: Floats
    onset: int
    rate_hz: float
    beats: Floats
    ticks: Array
    rr_ms: tuple[int, ...]
    others: int = 0
    signal: str = ""

    @property
    def rr_ms_mean(self) -> int | None:
        return round(sum(self.rr_ms) / len(self.rr_ms)) if self.rr_ms else None

    def milliseconds(self, samples: float) -> int:
        return round(samples * 1000 / self.rate_hz)

    def lead(self, name: str) -> Floats | None:
        """(samples,) of one lead; None when it is not there."""
        return self.values[self.names.index(name)] if name in self.names else None


def median_beat(recording: Recording, peaks: Array, start: int, end: int, chosen: DisplayFilter = RAW) -> MedianBeat:
    """The usual beat of [start, end) ticks. peaks: rising ticks of R peaks of the record.

    Leads that are no voltage are left out. GraticuleError when fewer than three beats look alike.
    """
    end = min(end, start + recording.tick(MOST_SECONDS))
    leads = voltage_leads(recording)
    inside = np.asarray(peaks)[(np.asarray(peaks) >= start) & (np.asarray(peaks) < end)]
    if not leads or inside.size < FEWEST:
        raise _too_few(int(inside.size))
    rate = float(recording.rate)
    signals = _signals(recording, leads, start, end, chosen)
    complexes = delineate(_for_shape(signals, leads, rate), inside - start, rate)
    usual = _dominant(complexes)
    rr = np.diff(inside)
    before = round(BEFORE_S * rate)
    after = round(min(MOST_AFTER_S, max(0.35, 0.95 * float(np.median(rr)) / rate - 0.12)) * rate)
    whole = [qrs for qrs in usual if qrs.onset >= before and qrs.onset + after <= end - start]
    if len(whole) < FEWEST:
        raise _too_few(len(whole))
    stack = np.stack([signals[:, qrs.onset - before: qrs.onset + after] for qrs in whole])
    stack = stack - _levels(stack, before, rate)
    taken = {qrs.peak + start for qrs in usual}
    rr_ms = tuple(round(Fraction(int(b - a) * 1000) / recording.rate) for a, b in pairwise(inside) if int(b) in taken)
    with np.errstate(all="ignore"):
        middle = np.median(stack, axis=0) if np.isfinite(stack).all() else np.nanmedian(stack, axis=0)
    ticks = np.array([qrs.onset + start for qrs in whole], dtype=np.int64)
    return MedianBeat(tuple(lead.name for lead in leads), middle, before, rate, stack, ticks, rr_ms, len(complexes) - len(usual),
                      chosen.text(rate))


def voltage_leads(recording: Recording) -> list[Lead]:
    return [lead for lead in recording.leads if lead.unit.strip().lower() in _MV]


_MV = {"mv": 1.0, "uv": 1e-3, "µv": 1e-3, "μv": 1e-3, "v": 1e3, "nv": 1e-6}


def _signals(recording: Recording, leads: list[Lead], start: int, end: int, chosen: DisplayFilter) -> Floats:
    """(leads, ticks) mV on the record clock. The filter gets its lead-in from round the stretch."""
    rate = float(recording.rate)
    margin = round(chosen.lead_in_s() * rate)
    first, last = max(0, start - margin), min(recording.ticks, end + margin)
    rows = [_on_clock(lead, first, last) for lead in leads]
    done = [filtered(row, chosen, rate) for row in rows] if not chosen.raw else rows
    return np.stack(done)[:, start - first: end - first]


def _on_clock(lead: Lead, start: int, end: int) -> Floats:
    """A slower lead is drawn straight from sample to sample, so that its waves do not grow steps."""
    first, last = start // lead.step, -(-end // lead.step) + 1
    values = lead.physical(first, last) * _MV[lead.unit.strip().lower()]
    if lead.step == 1:
        return values[: end - start]
    return np.interp(np.arange(start, end), (first + np.arange(values.size)) * lead.step, values)


def _for_shape(signals: Floats, leads: list[Lead], rate_hz: float) -> list[Floats]:
    """The independent leads, quietened: twelve leads hold eight, and the others only repeat them."""
    repeated = {"III", "aVR", "aVL", "aVF"}
    chosen = [n for n, lead in enumerate(leads) if lead.name not in repeated or len(leads) < SHAPE_LEADS]
    return [smooth(np.nan_to_num(signals[n]), rate_hz) for n in chosen[:SHAPE_LEADS]]


def _dominant(complexes: list[Complex]) -> list[Complex]:
    shape, _ = Counter(qrs.shape for qrs in complexes).most_common(1)[0]
    return [qrs for qrs in complexes if qrs.shape == shape]


def _levels(stack: Floats, onset: int, rate_hz: float) -> Floats:
    """(beats, leads, 1): the level of each beat just before its QRS."""
    early, late = (onset - round(seconds * rate_hz) for seconds in QUIET_S)
    out: Floats = np.median(stack[:, :, max(0, early): max(late, early + 1)], axis=2, keepdims=True)
    return out


def _too_few(count: int) -> GraticuleError:
    return GraticuleError(f"{count} beats that look alike are too few for a usual beat.", "Choose a longer stretch.")
