"""Where each QRS begins and ends: needed for PR intervals and for the width of the QRS.

Single beats are too noisy for that. Beats of one shape are averaged, the average is measured, and each beat carries the
measure of its shape from its own fiducial point.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import uniform_filter1d
from scipy.signal import butter, sosfiltfilt

from graticule.domain.geometry import Array, Floats

BEFORE_S, AFTER_S = 0.15, 0.19
SAME_SHAPE = 0.85
SHIFT_S = 0.03
QUIET_SHARE, QUIET_S = 0.05, 0.018
BASE_BAND_HZ = (0.5, 40.0)


@dataclass(frozen=True, slots=True)
class Complex:
    """One QRS in sample numbers: its peak, its first and its last sample over all leads looked at.

    shape: beats of equal number look alike (0 is the first shape met).
    """

    peak: int
    onset: int
    end: int
    shape: int = 0


@dataclass(eq=False)
class _Shape:
    """Beats that look alike: their running mean, (leads, samples), and how many they are."""

    mean: Floats
    count: int


def smooth(signal: Floats, rate_hz: float) -> Floats:
    """The signal between 0.5 and 40 Hz, without shifting anything in time."""
    high = min(BASE_BAND_HZ[1], 0.45 * rate_hz)
    out: Floats = sosfiltfilt(butter(2, (BASE_BAND_HZ[0], high), "bandpass", fs=rate_hz, output="sos"), signal)
    return out


def delineate(smoothed: list[Floats], peaks: Array, rate_hz: float) -> list[Complex]:
    """The QRS at each peak. smoothed: equally long signals from `smooth`, one per lead; peaks: rising sample numbers."""
    if not len(peaks):
        return []
    before, after, shift = (round(seconds * rate_hz) for seconds in (BEFORE_S, AFTER_S, SHIFT_S))
    signals = np.pad(np.stack(smoothed), ((0, 0), (before + shift, after + shift)), mode="edge")
    shapes: list[_Shape] = []
    placed = [_place(signals[:, peak: peak + before + after + 2 * shift], shapes, shift) for peak in peaks]
    bounds = [measured_bounds(shape.mean, before, rate_hz) for shape in shapes]
    out = []
    for peak, (shape, by) in zip(peaks, placed, strict=True):
        onset, end = int(peak) + by - bounds[shape][0], int(peak) + by + bounds[shape][1]
        out.append(Complex(int(peak), max(0, onset), min(smoothed[0].size, end), shape))
    return out


def _place(part: Floats, shapes: list[_Shape], shift: int) -> tuple[int, int]:
    """(number of the shape a beat belongs to, its shift in samples against the shape's mean); a new shape when none fits."""
    width = part.shape[1] - 2 * shift
    best, which, by = SAME_SHAPE, -1, 0
    for number, shape in enumerate(shapes):
        for offset in range(2 * shift + 1):
            fit = likeness(part[:, offset: offset + width], shape.mean)
            if fit > best:
                best, which, by = fit, number, offset - shift
    if which < 0:
        shapes.append(_Shape(part[:, shift: shift + width].copy(), 1))
        return len(shapes) - 1, 0
    shape = shapes[which]
    shape.count += 1
    shape.mean += (part[:, shift + by: shift + by + width] - shape.mean) / shape.count
    return which, by


def likeness(one: Floats, other: Floats) -> float:
    """−1…1: the correlation of two (leads, samples) stretches, each lead about its own mean."""
    a = one - one.mean(axis=1, keepdims=True)
    b = other - other.mean(axis=1, keepdims=True)
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / scale if scale > 0 else 0.0


def measured_bounds(mean: Floats, peak: int, rate_hz: float) -> tuple[int, int]:
    """Samples from the peak out to the onset and to the end: outwards until the slope stays small for 18 ms.

    Small is 5 % of the steepest slope above what the calmest part of the beat has.
    """
    slope = np.gradient(uniform_filter1d(mean, max(1, round(0.008 * rate_hz)), axis=1), axis=1)
    activity = np.sqrt((slope * slope).sum(axis=0))
    calm = float(np.percentile(activity, 10))
    steep = float(activity.max())
    limit = calm + QUIET_SHARE * (steep - calm)
    quiet = max(2, round(QUIET_S * rate_hz))
    return _first_quiet(activity[: peak + 1][::-1] >= limit, quiet), _first_quiet(activity[peak:] >= limit, quiet)


def _first_quiet(loud: Array, quiet: int) -> int:
    """How many samples from the peak until `quiet` calm samples in a row begin; all of them when calm never comes."""
    at = np.flatnonzero(loud)
    if at.size == 0:
        return 0
    gaps = np.flatnonzero(np.diff(np.append(at, loud.size + quiet + 1)) > quiet)
    return int(at[gaps[0]]) + 1
