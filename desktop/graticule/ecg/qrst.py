"""What is left of an ECG when its QRST complexes are taken away: P waves, also those that fall on a T wave."""

import numpy as np

from graticule.domain.geometry import Array, Floats
from graticule.ecg.complexes import Complex

FEWEST_BEATS = 4


def blanked(size: int, complexes: list[Complex], rate_hz: float) -> Array:
    """(size,) bool: where a QRS stands, so that a P wave could not be seen."""
    out = np.zeros(size, dtype=bool)
    margin = round(0.02 * rate_hz)
    for qrs in complexes:
        out[max(0, qrs.onset - margin): qrs.end + 2 * margin] = True
    return out


def without_qrst(signal: Floats, complexes: list[Complex], rate_hz: float) -> Floats:
    """The signal less the usual QRST of each shape of beat; the QRS itself is bridged by a straight line."""
    out = signal.copy()
    before = round(0.05 * rate_hz)
    intervals = np.diff([qrs.peak for qrs in complexes])
    after = round(min(0.46, 0.40 * np.sqrt(np.median(intervals) / rate_hz) + 0.02) * rate_hz)
    usual = _usual_beats(signal, complexes, before, after)
    taper = _taper(before + after, rate_hz)
    for qrs in complexes:
        beat = usual.get(qrs.shape, usual.get(-1))
        if beat is not None:
            start, end = max(0, qrs.peak - before), min(signal.size, qrs.peak + after)
            out[start:end] -= (beat * taper)[start - qrs.peak + before: end - qrs.peak + before]
    margin = round(0.012 * rate_hz)
    for qrs in complexes:
        start, end = max(0, qrs.onset - margin), min(signal.size - 1, qrs.end + margin)
        out[start:end] = np.linspace(out[start], out[end], end - start)
    return out


def _usual_beats(signal: Floats, complexes: list[Complex], before: int, after: int) -> dict[int, Floats]:
    """The median beat of each shape of which there are four, and of all beats as −1 (nothing when there are fewer)."""
    whole = [qrs for qrs in complexes if qrs.peak >= before and qrs.peak + after <= signal.size]
    out: dict[int, Floats] = {}
    for shape in {-1, *(qrs.shape for qrs in whole)}:
        beats = [signal[qrs.peak - before: qrs.peak + after] for qrs in whole if shape in (-1, qrs.shape)]
        if len(beats) >= FEWEST_BEATS:
            stack = np.stack(beats)
            out[shape] = np.median(stack - np.median(stack, axis=1, keepdims=True), axis=0)
    return out


def _taper(size: int, rate_hz: float) -> Floats:
    edge = round(0.06 * rate_hz)
    out = np.ones(size)
    out[-edge:] = 0.5 + 0.5 * np.cos(np.pi * np.arange(edge) / edge)
    return out
