"""How often each value occurs, for the panel under which the window is drawn."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Array, Floats

BINS = 256
_SAMPLES = 2_000_000


@dataclass(frozen=True, eq=False)
class Histogram:
    """edges: (n + 1,) rising; counts: (n,) of the values looked at (`share` of all: a fraction of a large volume)."""

    edges: Floats
    counts: Array
    share: float

    @property
    def low(self) -> float:
        return float(self.edges[0])

    @property
    def high(self) -> float:
        return float(self.edges[-1])


def histogram(values: Array, blank: tuple[float, float] | None = None, bins: int = BINS) -> Histogram | None:
    """Of values of any shape, without padding and what is no number; None when nothing is left."""
    flat = values.reshape(-1)
    step = max(1, flat.size // _SAMPLES)
    part = flat[::step]
    if part.dtype.kind == "f":
        part = part[np.isfinite(part)]
    if blank is not None:
        part = part[(part < blank[0]) | (part > blank[1])]
    if part.size == 0:
        return None
    low, high = float(part.min()), float(part.max())
    if part.dtype.kind in "iu" and high - low < bins:
        edges = np.arange(low, high + 2) - 0.5
    else:
        edges = np.linspace(low, high if high > low else low + 1, bins + 1)
    return Histogram(edges, np.histogram(part, bins=edges)[0], 1 / step)


def window_of(values: Array, blank: tuple[float, float] | None = None) -> tuple[float, float] | None:
    """(width, level) from the 2nd to the 98th percentile of the values of a region; None where there are none."""
    part = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    if blank is not None:
        part = part[(part < blank[0]) | (part > blank[1])]
    if part.size == 0:
        return None
    low, high = (float(v) for v in np.percentile(part, (2, 98)))
    least = 1.0 if part.dtype.kind in "iu" else max(abs(high), 1e-6) * 1e-3
    return max(high - low, least), (low + high) / 2
