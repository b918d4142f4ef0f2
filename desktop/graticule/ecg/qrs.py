"""Where the R peaks are: a detector made of whole-array steps, good enough to measure RR and to draft beats.

The idea is Pan and Tompkins' (1985): the QRS is where the band-passed slope has energy. Thresholds follow the neighbourhood
in both directions, since the whole signal is at hand, instead of learning as it goes.
"""

from collections.abc import Iterable

import numpy as np
from scipy.ndimage import maximum_filter1d, median_filter, uniform_filter1d
from scipy.signal import butter, find_peaks, sosfiltfilt

from graticule.domain.geometry import Array, Floats
from graticule.domain.recording import Lead, Recording

BAND_HZ = (5.0, 20.0)
WINDOW_S = 0.11
REFRACTORY_S = 0.24
T_WAVE_S = 0.38
THRESHOLD, SEARCH_BACK, T_WAVE_SHARE = 0.34, 0.18, 0.55
BLOCK_S, BLOCKS = 1.5, 9
SHORTEST_S = 1.0


def find_qrs(recording: Recording, start: int = 0, end: int | None = None, leads: Iterable[str] | None = None) -> Array:
    """(n,) int64 rising ticks of R peaks in [start, end) of the record.

    leads: names to look at; all voltage leads when None (at most four of them: I, II, V1, V5, else the first). Empty when the
    stretch is shorter than a second or holds no signal.
    """
    end = recording.ticks if end is None else end
    chosen = list(leads) if leads is not None else [lead.name for lead in detection_leads(recording)]
    signals = [on_clock(lead, start, end) for name in chosen if (lead := recording.lead(name)) is not None]
    return detect(signals, float(recording.rate)) + start


def detection_leads(recording: Recording) -> list[Lead]:
    voltage = [lead for lead in recording.leads if lead.unit == "mV"]
    wanted = [lead for lead in voltage if lead.name.upper() in ("I", "II", "MLII", "V1", "V5")]
    return (wanted or voltage)[:4]


def on_clock(lead: Lead, start: int, end: int) -> Floats:
    """(end − start,) float64 of a lead for ticks [start, end); a slower lead is held over its ticks, gaps become its mean."""
    values = lead.physical(start // lead.step, -(-end // lead.step))
    values = np.repeat(values, lead.step)[start % lead.step:][: end - start] if lead.step > 1 else values
    gap = np.isnan(values)
    if gap.any():
        values[gap] = np.nanmean(values) if not gap.all() else 0.0
    return values


def detect(signals: Iterable[Floats], rate_hz: float) -> Array:
    """(n,) int64 sample numbers of R peaks, from one or several equally long signals at one rate."""
    arrays = [signal for signal in signals if signal.size >= SHORTEST_S * rate_hz and np.ptp(signal) > 0]
    if not arrays:
        return np.empty(0, dtype=np.int64)
    filtered = [_band_passed(signal, rate_hz) for signal in arrays]
    energy = _fused([_energy(signal, rate_hz) for signal in filtered], rate_hz)
    reference = _reference(energy, rate_hz)
    candidates, _ = find_peaks(energy, distance=max(1, round(REFRACTORY_S * rate_hz)), height=1e-9)
    strength = energy[candidates] / reference[candidates]
    taken = _without_t_waves(candidates[strength >= THRESHOLD], energy, rate_hz)
    taken = _searched_back(taken, candidates, strength, rate_hz)
    return _at_peaks(taken, filtered, rate_hz)


def _band_passed(signal: Floats, rate_hz: float) -> Floats:
    high = min(BAND_HZ[1], 0.45 * rate_hz)
    out: Floats = sosfiltfilt(butter(2, (BAND_HZ[0], high), "bandpass", fs=rate_hz, output="sos"), signal)
    return out


def _energy(filtered: Floats, rate_hz: float) -> Floats:
    """Root of the mean squared slope over a QRS's length, scaled so that leads of different size count alike."""
    slope = np.gradient(filtered)
    energy = np.sqrt(np.maximum(uniform_filter1d(slope * slope, max(1, round(WINDOW_S * rate_hz))), 0.0))
    scale = float(np.percentile(energy, 98))
    out: Floats = energy / scale if scale > 0 else energy
    return out


def _fused(energies: list[Floats], rate_hz: float) -> Floats:
    """The leads' energies as one. Hereabouts a lead counts by how far its QRS complexes stand out of what lies between them, so
    one that is torn off or shakes does not drown the others."""
    if len(energies) == 1:
        return energies[0]
    weights = [_clearness(energy, rate_hz) for energy in energies]
    total = np.sum(weights, axis=0)
    out: Floats = np.sum([weight * energy for weight, energy in zip(weights, energies, strict=True)], axis=0) / total
    return out


def _clearness(energy: Floats, rate_hz: float) -> Floats:
    """(n,) above 0, about 1 for a clean lead: 1 less half of what lies between the beats over what the beats reach, steeply."""
    blocks = _blocks(energy, rate_hz)
    beats, between = blocks.max(axis=1), np.median(blocks, axis=1)
    size = min(BLOCKS, len(beats))
    share = median_filter(between, size=size, mode="nearest") / (median_filter(beats, size=size, mode="nearest") + 1e-12)
    return _at_samples(np.clip(1 - 2.2 * share, 0.03, 1.0) ** 3, energy.size, rate_hz)


def _blocks(energy: Floats, rate_hz: float) -> Floats:
    """(blocks, samples) of a second and a half each; the last is filled up with its last value."""
    size = max(1, round(BLOCK_S * rate_hz))
    blocks = -(-energy.size // size)
    return np.pad(energy, (0, blocks * size - energy.size), mode="edge").reshape(blocks, size)


def _at_samples(values: Floats, samples: int, rate_hz: float) -> Floats:
    """Values of blocks as a line through their middles."""
    size = max(1, round(BLOCK_S * rate_hz))
    out: Floats = np.interp(np.arange(samples), (np.arange(values.size) + 0.5) * size, values)
    return out


def _reference(energy: Floats, rate_hz: float) -> Floats:
    """What a QRS reaches hereabouts: the median of the largest energies of neighbouring blocks."""
    beats = _blocks(energy, rate_hz).max(axis=1)
    usual = median_filter(beats, size=min(BLOCKS, beats.size), mode="nearest")
    floor = 0.1 * float(np.median(usual)) + 1e-12
    return _at_samples(np.maximum(usual, floor), energy.size, rate_hz)


def _without_t_waves(peaks: Array, energy: Floats, rate_hz: float) -> Array:
    """A peak soon after a much larger one is its T wave."""
    if peaks.size < 2:
        return peaks
    soon = np.diff(peaks) < T_WAVE_S * rate_hz
    weaker = energy[peaks[1:]] < T_WAVE_SHARE * energy[peaks[:-1]]
    return peaks[np.concatenate(([True], ~(soon & weaker)))]


def _searched_back(taken: Array, candidates: Array, strength: Floats, rate_hz: float) -> Array:
    """Fill gaps of more than 1.66 usual intervals with their strongest candidate, when there is one of fair size."""
    if taken.size < 3:
        return taken
    intervals = np.diff(taken)
    usual = median_filter(intervals, size=min(9, intervals.size), mode="nearest")
    found = []
    for gap in np.flatnonzero(intervals > 1.66 * usual):
        inside = ((candidates > taken[gap] + T_WAVE_S * rate_hz) & (candidates < taken[gap + 1] - REFRACTORY_S * rate_hz)
                  & (strength >= SEARCH_BACK))
        if inside.any():
            found.append(candidates[inside][np.argmax(strength[inside])])
    return np.union1d(taken, np.array(found, dtype=np.int64))


def _at_peaks(peaks: Array, filtered: list[Floats], rate_hz: float) -> Array:
    """Move each from the middle of its energy to the largest deflection within 80 ms."""
    if peaks.size == 0:
        return peaks.astype(np.int64)
    size = sum((np.abs(signal) / (np.percentile(np.abs(signal), 99) + 1e-12) for signal in filtered), np.zeros(filtered[0].size))
    reach = max(1, round(0.08 * rate_hz))
    top = maximum_filter1d(size, 2 * reach + 1)
    index = np.clip(peaks[:, None] + np.arange(-reach, reach + 1), 0, size.size - 1)
    best = index[np.arange(peaks.size), np.argmax(size[index] >= top[peaks][:, None], axis=1)]
    return np.unique(best).astype(np.int64)
