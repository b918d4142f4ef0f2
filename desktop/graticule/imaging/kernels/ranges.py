"""One pass over many values: which lie in a range, and how often each occurs."""

import numpy as np

from graticule.domain.geometry import Array
from graticule.imaging.kernels.compiled import compiled


@compiled
def mark(values: Array, low: float, high: float, out: Array) -> None:
    """values: (n,) of any number type; out: (n,) bool, whether low ≤ value ≤ high."""
    for n in range(values.size):
        out[n] = (values[n] >= low) & (values[n] <= high)


@compiled
def count(values: Array, first: float, step: float, counts: Array) -> None:
    """Add to counts: (bins,) int64, by the bin floor((value − first) / step); what lies beyond the ends, or is no number, is
    left out."""
    bins = counts.size
    for n in range(values.size):
        place = (values[n] - first) / step
        if place >= 0 and place < bins:
            counts[int(place)] += 1


@compiled
def extent(values: Array) -> tuple[float, float]:
    """The lowest and the highest finite value; (inf, −inf) when there is none."""
    low, high = np.inf, -np.inf
    for n in range(values.size):
        value = values[n]
        if np.isfinite(value):
            low, high = min(low, float(value)), max(high, float(value))
    return low, high
