"""R peaks of a long record, stretch by stretch: memory stays flat however long it is, and work can be stopped.

Looking is done at 120 Hz or a little more, which holds the whole of a QRS; where each peak stands is then read off the samples.
"""

from collections.abc import Sequence

import numpy as np

from graticule.domain.geometry import Array, Floats
from graticule.domain.progress import Progress, Silent
from graticule.domain.recording import Lead, Recording
from graticule.ecg.qrs import detect, detection_leads

LOOK_HZ = 120
STRETCH_S, CONTEXT_S = 1200, 20
SNAP_S, APART_S = 0.05, 0.2
GAP_EDGE_S = 0.06
FAR = 1 << 16
LEVEL_S, LEVEL_STEP_S = 0.2, 0.016


def find_beats(recording: Recording, progress: Progress | None = None, leads: Sequence[str] | None = None) -> Array:
    """(n,) int64 rising ticks of R peaks of the whole record. leads: names to look at, None for `detection_leads`.

    Nothing is found where every lead has no signal. Cancelled between stretches. About 2 s for 24 hours of one lead at 250 Hz.
    """
    chosen = [lead for name in leads if (lead := recording.lead(name))] if leads else detection_leads(recording)
    rate = float(recording.rate)
    if not chosen or recording.ticks < rate:
        return np.empty(0, np.int64)
    stretch, context = round(STRETCH_S * rate), round(CONTEXT_S * rate)
    found = []
    for start in range(0, recording.ticks, stretch):
        (progress or Silent()).step(start, recording.ticks, "Looking for beats")
        first, last = max(0, start - context), min(recording.ticks, start + stretch + context)
        peaks = _peaks(chosen, first, last, rate) + first
        found.append(peaks[(peaks >= start) & (peaks < start + stretch)])
    peaks = np.concatenate(found)
    return peaks[np.diff(peaks, prepend=-recording.ticks) > APART_S * rate]


def _peaks(leads: Sequence[Lead], first: int, last: int, rate: float) -> Array:
    """Peaks of ticks [first, last), counted from `first`."""
    by = max(1, int(rate // LOOK_HZ))
    looked = [_coarse(lead, first, last, by) for lead in leads]
    signals, seen = [signal for signal, _ in looked], np.any([there for _, there in looked], axis=0)
    if not seen.any():
        return np.empty(0, np.int64)
    peaks = detect(signals, rate / by)
    peaks = peaks[_away_from_gaps(seen, rate / by)[peaks]]
    return _snapped(peaks * by + by // 2, leads, first, last, rate)


def _coarse(lead: Lead, first: int, last: int, by: int) -> tuple[Floats, Array]:
    """(one value for `by` ticks, whether there was one): gaps are bridged by a line, so that their edges are no beats."""
    values = samples(lead, first, last)
    size = values.size // by * by
    values = np.sum([values[n:size:by] for n in range(by)], axis=0) / by if by > 1 else values
    there = ~np.isnan(values)
    if there.all():
        return values, there
    if there.any():
        at = np.arange(values.size)
        values[~there] = np.interp(at[~there], at[there], values[there])
    else:
        values[:] = 0.0
    return values, there


def samples(lead: Lead, first: int, last: int) -> Floats:
    """(last − first,) float64 of a lead in its unit, one value a tick; NaN where there was no signal."""
    values = lead.physical(first // lead.step, -(-last // lead.step))
    return np.repeat(values, lead.step)[first % lead.step:][: last - first] if lead.step > 1 else values[: last - first]


def _away_from_gaps(seen: Array, rate: float) -> Array:
    if seen.all():
        return seen
    edge = max(1, round(GAP_EDGE_S * rate))
    gone = np.convolve(~seen, np.ones(2 * edge + 1), "same") > 0.5
    return np.asarray(~gone)


def _snapped(peaks: Array, leads: Sequence[Lead], first: int, last: int, rate: float) -> Array:
    """Each peak moved to the largest deflection close by in the first lead that has a signal there."""
    if not peaks.size:
        return peaks
    reach = max(1, round(SNAP_S * rate))
    index = np.clip(peaks[:, None] + np.arange(-reach, reach + 1), 0, last - first - 1)
    out, open_ = peaks.copy(), np.ones(peaks.size, bool)
    for lead in leads:
        windows = _windows(lead, index, first)
        size = np.abs(windows - _level(lead, peaks, first, last, rate)[:, None])
        usable = open_ & ~np.isnan(size).any(axis=1) & (np.nanmax(np.nan_to_num(size), axis=1) > 0)
        out[usable] = index[usable, np.argmax(np.nan_to_num(size[usable]), axis=1)]
        open_ &= ~usable
        if not open_.any():
            break
    return np.unique(out)


def _level(lead: Lead, peaks: Array, first: int, last: int, rate: float) -> Floats:
    """(peaks,) the value a lead has about each peak most of the time: a wide complex fills the few samples close by."""
    steps = np.arange(-LEVEL_S, LEVEL_S + 1e-9, LEVEL_STEP_S) * rate
    index = np.clip(peaks[:, None] + np.rint(steps).astype(np.int64), 0, last - first - 1)
    windows = _windows(lead, index, first)
    lost = np.isnan(windows).all(axis=1)
    windows[lost] = 0.0
    return np.where(lost, np.nan, np.nanmedian(windows, axis=1))


def _windows(lead: Lead, index: Array, first: int) -> Array:
    """(peaks, width) values of a lead at ticks `index` counted from `first`; NaN where there was no signal."""
    digital = digits_at(lead, np.minimum((index + first) // lead.step, lead.digital.shape[0] - 1))
    values = (digital.astype(np.float32) - lead.baseline) / lead.gain
    return np.asarray(values if lead.invalid is None else np.where(digital == lead.invalid, np.nan, values))


def digits_at(lead: Lead, at: Array) -> Array:
    """Stored samples of a lead by number, in any shape. Those of one stretch are read in one go, wherever they lie."""
    first, last = (int(at.min()), int(at.max()) + 1) if at.size else (0, 0)
    if last - first <= 8 * at.size + FAR:
        return np.asarray(np.asarray(lead.digital[first:last])[at - first])
    return np.asarray(lead.digital[at])


def local_extremum(lead: Lead, tick: int, rate: float, ticks: int) -> int:
    """The tick of the largest deflection within 50 ms of a place: where a beat that is added by hand comes to stand."""
    reach = max(1, round(SNAP_S * rate))
    first, last = max(0, tick - reach), min(ticks, tick + reach + 1)
    values = samples(lead, first, last)
    if not values.size or np.isnan(values).all():
        return tick
    level = float(_level(lead, np.array([tick]), 0, ticks, rate)[0])
    return first + int(np.nanargmax(np.abs(values - level)))
