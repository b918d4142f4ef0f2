"""Heart rate variability in the time domain, as the Task Force of ESC and NASPE defined it (Circulation 93:1043, 1996).

Only NN intervals count: between two normal beats in sinus rhythm with nothing left out between them. A difference counts only
between two NN intervals that share a beat. Standard deviations are of a sample (n − 1).
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from graticule.domain.geometry import Array, Floats
from graticule.quality.heartbeats import Heartbeats

SEGMENT_S = 300
FULL_ENOUGH = 0.5   # a five-minute part counts when NN intervals fill at least half of it


@dataclass(frozen=True, slots=True)
class Variability:
    """ms, but pnn50 in %. intervals: NN intervals used; left_out: other RR intervals; segments: five-minute parts used."""

    mean_nn: float | None
    sdnn: float | None
    rmssd: float | None
    pnn50: float | None
    sdann: float | None
    sdnn_index: float | None
    intervals: int
    left_out: int
    segments: int


def variability(beats: Heartbeats) -> Variability:
    """None where there are too few intervals to say."""
    nn = beats.rr_ms[beats.nn]
    pairs = beats.nn[1:] & beats.nn[:-1]
    steps = np.diff(beats.rr_ms)[pairs]
    means, spreads = _segments(beats)
    return Variability(
        float(nn.mean()) if nn.size else None, _sd(nn), float(np.sqrt(np.mean(steps**2))) if steps.size else None,
        100 * float(np.mean(np.abs(steps) > 50)) if steps.size else None, _sd(means),
        float(spreads.mean()) if spreads.size else None, int(nn.size), int(beats.rr_ms.size - nn.size), int(means.size))


def _segments(beats: Heartbeats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of the NN intervals of each five-minute part that has enough of them."""
    part: Array = (beats.ticks[:-1] // (SEGMENT_S * beats.rate)).astype(np.int64)[beats.nn]
    nn = beats.rr_ms[beats.nn]
    bounds = np.flatnonzero(np.diff(part, prepend=-1, append=-1)) if part.size else np.zeros(1, dtype=np.int64)
    pieces = [nn[low:high] for low, high in pairwise(bounds)]
    full = [piece for piece in pieces if piece.size > 1 and piece.sum() >= FULL_ENOUGH * SEGMENT_S * 1000]
    return np.array([piece.mean() for piece in full]), np.array([piece.std(ddof=1) for piece in full])


def _sd(values: Floats) -> float | None:
    return float(values.std(ddof=1)) if values.size > 1 else None
