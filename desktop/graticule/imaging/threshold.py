"""Which voxels lie in an intensity range, and where such a range begins by the classical rules."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Floats
from graticule.domain.labels import Box
from graticule.domain.progress import Progress, Silent
from graticule.imaging.patch import Patch, whole

# A volume is passed in pieces of this many planes, so that progress is told and a stop is heard.
_PLANES = 32
_THREADS = 2
BINS = 256


@dataclass(frozen=True, slots=True)
class Range:
    """Values from low to high, both included, in the units of the image."""

    low: float = -np.inf
    high: float = np.inf

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


def inside_range(voxels: Array, chosen: Range, box: Box | None = None, out: Array | None = None,
                 progress: Progress | None = None) -> Patch:
    """The voxels of a (k, j, i) volume whose value lies in the range; NaN never does.

    out: a bool array of the box's shape to fill instead of a new one (a new one of a whole volume costs more than the test).
    """
    from graticule.imaging.kernels.ranges import mark

    box, progress = box or whole(voxels.shape), progress or Silent()
    part = voxels[box]
    mask = np.empty(part.shape, dtype=bool) if out is None else out
    low, high = _as_stored(chosen, part.dtype)
    # The loop holds no lock, so two threads pass twice the memory.
    def one(plane: int) -> int:
        piece = slice(plane, plane + _PLANES)
        mark(_row(part[piece]), low, high, mask[piece].reshape(-1))
        return plane

    with ThreadPoolExecutor(_THREADS) as pool:
        for plane in pool.map(one, range(0, part.shape[0], _PLANES)):
            progress.step(plane, part.shape[0])
    return Patch(box, mask)


def _as_stored(chosen: Range, kind: "np.dtype[Any]") -> tuple[Any, Any]:
    """The range in numbers of the image's own kind where they are whole: comparing those is several times as fast."""
    if kind.kind not in "iu":
        return chosen.low, chosen.high
    info = np.iinfo(kind)
    low, high = np.ceil(chosen.low), np.floor(chosen.high)
    if low > info.max or high < info.min:
        return kind.type(info.max), kind.type(info.min)
    return kind.type(max(low, info.min)), kind.type(min(high, info.max))


def _row(part: Array) -> Array:
    return part.reshape(-1) if part.flags.c_contiguous else np.ascontiguousarray(part).reshape(-1)


@dataclass(frozen=True, eq=False)
class Counts:
    """How often values occur. first: value of the first bin's lower edge; step: width; counts: (bins,) int64."""

    first: float
    step: float
    counts: Array

    @property
    def centres(self) -> Floats:
        return np.asarray(self.first + (np.arange(self.counts.size) + 0.5) * self.step)

    def upper_edge(self, n: int) -> float:
        return self.first + (n + 1) * self.step


def counts_of(voxels: Array, box: Box | None = None, bins: int = BINS, blank: tuple[float, float] | None = None) -> Counts:
    """Of every voxel of the box, between its lowest and highest finite value; `blank` is padding and is not counted."""
    from graticule.imaging.kernels.ranges import count, extent

    part = _row(voxels[box] if box is not None else voxels)
    if blank is not None:
        part = part[(part < blank[0]) | (part > blank[1])]
    low, high = extent(part)
    if not low < high:
        raise GraticuleError("All values here are the same, so no threshold divides them.", "Choose a larger region.")
    step = (high - low) / bins * (1 + 1e-9)
    counts = np.zeros(bins, dtype=np.int64)
    count(part, low, step, counts)
    return Counts(low, step, counts)


def otsu(counts: Counts) -> float:
    """Largest variance between two classes (Otsu 1979)."""
    return counts.upper_edge(int(np.argmax(_between(counts))))


def _between(counts: Counts) -> Floats:
    weight, total = counts.counts.astype(np.float64), float(counts.counts.sum())
    below, sums = np.cumsum(weight), np.cumsum(weight * counts.centres)
    above = total - below
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = (sums[-1] * below / total - sums) ** 2 / (below * above)
    return np.where((below > 0) & (above > 0), apart, -1.0)


def multi_otsu(counts: Counts, classes: int = 3) -> tuple[float, ...]:
    """classes − 1 rising thresholds of the largest variance between classes (Liao, Chen and Chung 2001), by dynamic
    programming."""
    weight = counts.counts.astype(np.float64)
    mass, moment = np.concatenate([[0], np.cumsum(weight)]), np.concatenate([[0], np.cumsum(weight * counts.centres)])
    size = weight.size
    part, first = mass[None, :] - mass[:, None], moment[None, :] - moment[:, None]
    gain = np.where(part > 0, first**2 / np.where(part > 0, part, 1.0), -np.inf)
    gain[np.tril_indices(size + 1)] = -np.inf
    best, cuts = gain[0], []
    for _ in range(classes - 1):
        options = best[:, None] + gain
        cuts.append(np.argmax(options, axis=0))
        best = options.max(axis=0)
    if not np.isfinite(best[size]):
        raise GraticuleError("There are too few different values here for so many classes.", "Choose fewer classes.")
    found, end = [], size
    for cut in reversed(cuts):
        end = int(cut[end])
        found.append(counts.upper_edge(end - 1))
    return tuple(reversed(found))


def li(counts: Counts) -> float:
    """Least cross entropy, by iteration from the mean (Li and Tam 1998)."""
    shift = counts.first - counts.step
    weight, places = counts.counts.astype(np.float64), counts.centres - shift
    level = float(weight @ places / weight.sum())
    for _ in range(200):
        below = places <= level
        if below.all() or not weight[below].any():
            break
        back = float(weight[below] @ places[below] / weight[below].sum())
        fore = float(weight[~below] @ places[~below] / max(weight[~below].sum(), 1e-12))
        after = (back - fore) / (np.log(back) - np.log(fore)) if back != fore else level
        if abs(after - level) < counts.step / 4:
            level = after
            break
        level = after
    return level + shift


def isodata(counts: Counts) -> float:
    """Half-way between the means of both classes (Ridler and Calvard 1978): the lowest level where that holds."""
    weight, places = counts.counts.astype(np.float64), counts.centres
    below, sums = np.cumsum(weight), np.cumsum(weight * places)
    above = below[-1] - below
    fair = (below > 0) & (above > 0)
    middle = (sums[fair] / below[fair] + (sums[-1] - sums[fair]) / above[fair]) / 2
    holds = np.flatnonzero(middle < places[fair] + counts.step)
    return counts.upper_edge(int(np.flatnonzero(fair)[holds[0] if holds.size else -1]))


def triangle(counts: Counts) -> float:
    """Furthest from the line between the peak and the end of the longer tail (Zack, Rogers and Latt 1977)."""
    weight = counts.counts.astype(np.float64)
    peak, filled = int(np.argmax(weight)), np.flatnonzero(weight)
    low, high = int(filled[0]), int(filled[-1])
    end = low if peak - low > high - peak else high
    n = np.arange(min(peak, end), max(peak, end) + 1)
    slope = (weight[end] - weight[peak]) / (end - peak) if end != peak else 0.0
    return counts.upper_edge(int(n[np.argmax(weight[peak] + slope * (n - peak) - weight[n])]))


def huang(counts: Counts) -> float:
    """Least fuzziness (Huang and Wang 1995)."""
    weight, places = counts.counts.astype(np.float64), counts.centres
    below, sums = np.cumsum(weight), np.cumsum(weight * places)
    above = below[-1] - below
    span, fuzzy = places[-1] - places[0], np.full(weight.size, np.inf)
    for n in np.flatnonzero((below > 0) & (above > 0)):
        means = np.where(np.arange(weight.size) <= n, sums[n] / below[n], (sums[-1] - sums[n]) / above[n])
        member = 1 / (1 + np.abs(places - means) / span)
        doubt = np.clip(1 - member, 1e-15, 1)
        fuzzy[n] = float(weight @ -(member * np.log(member) + doubt * np.log(doubt)))
    return counts.upper_edge(int(np.argmin(fuzzy)))


def entropy(counts: Counts) -> float:
    """Largest sum of both classes' entropies (Kapur, Sahoo and Wong 1985)."""
    share = counts.counts / counts.counts.sum()
    parts = np.where(share > 0, share * np.log(np.where(share > 0, share, 1)), 0.0)
    below, lower = np.cumsum(share), np.cumsum(parts)
    above = 1 - below
    fair = (below > 0) & (above > 1e-12)
    total = np.full(share.size, -np.inf)
    b, a = below[fair], above[fair]
    total[fair] = np.log(b) - lower[fair] / b + np.log(a) - (lower[-1] - lower[fair]) / a
    return counts.upper_edge(int(np.argmax(total)))


def yen(counts: Counts) -> float:
    """Largest correlation criterion (Yen, Chang and Chang 1995)."""
    share = counts.counts / counts.counts.sum()
    below, squares = np.cumsum(share), np.cumsum(share**2)
    above, rest = 1 - below, squares[-1] - squares
    fair = (squares > 0) & (rest > 0)
    total = np.full(share.size, -np.inf)
    total[fair] = -np.log(squares[fair] * rest[fair]) + 2 * np.log(below[fair] * above[fair])
    return counts.upper_edge(int(np.argmax(total)))


# In the order a palette offers them; each divides low from high values.
METHODS: dict[str, Callable[[Counts], float]] = {
    "otsu": otsu, "li": li, "triangle": triangle, "isodata": isodata, "huang": huang, "entropy": entropy, "yen": yen}


def suggest(counts: Counts, method: str, *, bright: bool = True) -> Range:
    """The range above (or below) the level that one of METHODS finds."""
    level = METHODS[method](counts)
    return Range(low=level) if bright else Range(high=level)
