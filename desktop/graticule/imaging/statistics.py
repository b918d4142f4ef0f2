"""What the values inside an area say: number, mean, spread, ends and percentiles, as fixed-precision strings."""

import math
from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Array

PERCENTILES = (5, 50, 95)
_LUMA = (0.2126, 0.7152, 0.0722)


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of the values themselves: `sd` is of the sample (n − 1), percentiles are linear between neighbours (NumPy's default).

    whole: the values are whole numbers, so their ends are written without decimals.
    """

    n: int
    mean: float
    sd: float | None
    low: float
    high: float
    percentiles: tuple[float, float, float]
    decimals: int
    whole: bool = False

    def as_text(self) -> dict[str, str]:
        """ {"n": "532", "mean": "43.1", "sd": …, "min": …, "max": …, "p5": …, "p50": …, "p95": …}."""
        figures = {"mean": self.mean, "sd": self.sd}
        figures |= {f"p{share}": value for share, value in zip(PERCENTILES, self.percentiles, strict=True)}
        texts = {name: f"{value:.{self.decimals}f}" for name, value in figures.items() if value is not None}
        ends = 0 if self.whole else self.decimals
        return {"n": str(self.n), **texts, "min": f"{self.low:.{ends}f}", "max": f"{self.high:.{ends}f}"}


def statistics_of(values: Array, blank: tuple[float, float] | None = None) -> Statistics | None:
    """Of (n,) values; padding (`blank`, both ends included) and what is no number are left out. None when nothing is left."""
    kept = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    if blank is not None:
        kept = kept[(kept < blank[0]) | (kept > blank[1])]
    if kept.size == 0:
        return None
    exact = kept.astype(np.float64)
    low, high = float(exact.min()), float(exact.max())
    p5, p50, p95 = (float(v) for v in np.percentile(exact, PERCENTILES))
    spread = float(exact.std(ddof=1)) if exact.size > 1 else None
    decimals = decimals_for(kept.dtype, low, high)
    return Statistics(int(exact.size), float(exact.mean()), spread, low, high, (p5, p50, p95), decimals, kept.dtype.kind in "iu")


def decimals_for(dtype: np.dtype[np.generic], low: float, high: float) -> int:
    """How many decimals are worth writing: one for whole numbers, about four figures for fractions."""
    largest = max(abs(low), abs(high))
    if dtype.kind in "iu" or largest == 0 or largest >= 1000:
        return 1
    return min(6, max(1, 3 - math.floor(math.log10(largest))))


def luma(colours: Array) -> Array:
    """(n, 3) uint8 sRGB → (n,) float64 brightness 0…255 (ITU-R BT.709 weights on the coded values)."""
    return np.asarray(colours.astype(np.float64) @ np.array(_LUMA))
