"""Which beats look alike: QRS complexes gathered into shapes, 100,000 in seconds.

Every beat is compared with all shapes known so far at five small shifts in one product of matrices; what fits none begins a new
shape. At the end shapes whose means have become alike are joined. Likeness is the correlation over the leads looked at.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from graticule.domain.geometry import Array, Floats
from graticule.domain.progress import Progress, Silent
from graticule.domain.recording import Lead, Recording
from graticule.ecg.beat_finder import digits_at

SHAPE_HZ = 120
BEFORE_S, AFTER_S = 0.12, 0.22
SHIFTS = 2                      # samples either way
ALIKE, SAME = 0.92, 0.97       # to join a shape; for two shapes to be one
SIZES = (0.55, 1.8)             # a beat is no smaller and no larger than this, as a share of its shape
MOST_SHAPES = 120
BLOCK, STRETCH = 4096, 1 << 19


@dataclass(frozen=True, eq=False)
class BeatShapes:
    """Beats by shape; shape 0 has the most beats.

    ticks: (n,) int64; shape: (n,) int16; fit: (n,) float32, the correlation with the shape's mean; means: (shapes, leads,
    samples) float32 in mV; counts: (shapes,); rate_hz, peak: samples a second of the means, and where in them the R peak stands.
    looks: (n, leads × samples) float16 of zero mean and length 1: what each beat looks like; sizes: (n,) float32, its length.
    """

    ticks: Array
    shape: Array
    fit: Array
    means: Array
    counts: Array
    rate_hz: float
    peak: int
    looks: Array
    sizes: Array
    leads: tuple[str, ...]

    def joined(self, numbers: Sequence[int]) -> "BeatShapes":
        """With several shapes made one, which keeps the number of the first; the others are left without beats."""
        shape = np.where(np.isin(self.shape, numbers), min(numbers), self.shape).astype(self.shape.dtype)
        means, mine = self.means.copy(), list(numbers)
        weights = self.counts[mine] / max(1, int(self.counts[mine].sum()))
        means[min(numbers)] = np.tensordot(weights, self.means[mine], axes=1)
        return replace(self, shape=shape, means=means, counts=np.bincount(shape, minlength=len(means)))

    def like(self, row: int, likeness: float) -> Array:
        """Rows of the beats whose correlation with beat `row` (itself among them) is at least `likeness`, and of fair size."""
        fit = likeness_of(self.looks, self.looks[row].astype(np.float32)[None], self.means.shape[1])[:, 0]
        ratio = self.sizes / max(float(self.sizes[row]), 1e-9)
        return np.flatnonzero((fit >= likeness) & (ratio > SIZES[0]) & (ratio < SIZES[1]))


def shapes_of(recording: Recording, ticks: Array, leads: Sequence[Lead], progress: Progress | None = None) -> BeatShapes:
    """The shapes of beats at `ticks`, (n,) int64 rising, in `leads` (one or two are best). Cancelled between blocks of beats."""
    by = max(1, int(float(recording.rate) // SHAPE_HZ))
    before, after = (max(2, round(s * float(recording.rate) / by)) for s in (BEFORE_S, AFTER_S))
    looks, sizes = _looks(recording, ticks, leads, by, before, after, progress or Silent())
    found = _Gathering(looks, sizes, len(leads))
    for start in range(0, ticks.size, BLOCK):
        (progress or Silent()).step(start, ticks.size, "Comparing the beats")
        found.take(start, min(ticks.size, start + BLOCK))
    shape, fit = found.settled()
    means = found.means * found.mean_sizes[:, None]
    counts = np.bincount(shape, minlength=len(means))
    return BeatShapes(ticks, shape.astype(np.int16), fit.astype(np.float32),
                      means.reshape(len(means), len(leads), before + after).astype(np.float32), counts,
                      float(recording.rate) / by, before, looks, sizes, tuple(lead.name for lead in leads))


def likeness_of(looks: Array, shapes: Array, leads: int, block: int = 1 << 16) -> Array:
    """(n, k) float32: the best correlation of each look with each of k shapes over small shifts."""
    out = np.empty((len(looks), len(shapes)), np.float32)
    moved = _moved(shapes, leads)
    for start in range(0, len(looks), block):
        part = looks[start: start + block].astype(np.float32)
        out[start: start + block] = (part @ moved.T).reshape(len(part), len(shapes), 2 * SHIFTS + 1).max(axis=2)
    return out


def _moved(shapes: Array, leads: int) -> Array:
    """(k × shifts, width): each shape at every shift, its ends held, again of zero mean and length 1."""
    width = shapes.shape[1] // leads
    stacked = np.pad(shapes.reshape(len(shapes), leads, width), ((0, 0), (0, 0), (SHIFTS, SHIFTS)), mode="edge")
    moved = np.stack([stacked[:, :, s: s + width] for s in range(2 * SHIFTS + 1)], axis=1)
    moved = moved - moved.mean(axis=3, keepdims=True)
    flat = moved.reshape(-1, leads * width)
    return np.asarray(flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-9), np.float32)


class _Gathering:
    """Shapes as they come about. means: (k, width) of length 1; mean_sizes: (k,) in mV."""

    def __init__(self, looks: Array, sizes: Array, leads: int) -> None:
        self._looks, self._sizes, self._leads = looks, sizes, leads
        self.means = np.empty((0, looks.shape[1]), np.float32)
        self.mean_sizes = np.empty(0, np.float32)
        self._counts = np.empty(0, np.int64)
        self._shape = np.full(len(looks), -1, np.int64)

    def take(self, start: int, end: int) -> None:
        rows = np.arange(start, end)
        left = self._joined(rows)
        while left.size and len(self.means) < MOST_SHAPES:
            looks = self._looks[left].astype(np.float32)
            seed = likeness_of(looks, looks[:1], self._leads)[:, 0]
            ratio = self._sizes[left] / max(float(self._sizes[left[0]]), 1e-9)
            mine = (seed >= ALIKE) & (ratio > SIZES[0]) & (ratio < SIZES[1])
            mine[0] = True
            self._begin(left[mine])
            left = self._joined(left[~mine]) if left[~mine].size else left[~mine]
        if left.size:
            self._shape[left] = likeness_of(self._looks[left], self.means, self._leads).argmax(axis=1)

    def settled(self) -> tuple[Array, Array]:
        """(shape of each beat, its fit), after joining shapes that are alike; the largest is 0."""
        if not len(self._looks):
            return np.empty(0, np.int64), np.empty(0, np.float32)
        self._join_alike()
        self._average()
        order = np.argsort(-np.bincount(self._shape, minlength=len(self.means)), kind="stable")
        order = order[np.bincount(self._shape, minlength=len(self.means))[order] > 0]
        place = np.full(len(self.means), -1)
        place[order] = np.arange(order.size)
        self._shape = place[self._shape]
        self.means, self.mean_sizes = self.means[order], self.mean_sizes[order]
        fit = np.empty(len(self._looks), np.float32)
        for number in range(len(self.means)):
            rows = np.flatnonzero(self._shape == number)
            fit[rows] = likeness_of(self._looks[rows], self.means[number][None], self._leads)[:, 0]
        return self._shape, fit

    def _joined(self, rows: Array) -> Array:
        """Give rows to the shapes they fit; the rows that fit none."""
        if not len(self.means):
            return rows
        fits = likeness_of(self._looks[rows], self.means, self._leads)
        ratio = self._sizes[rows][:, None] / np.maximum(self.mean_sizes, 1e-9)
        fits = np.where((ratio > SIZES[0]) & (ratio < SIZES[1]), fits, -1.0)
        best = fits.argmax(axis=1)
        good = fits[np.arange(len(rows)), best] >= ALIKE
        self._shape[rows[good]] = best[good]
        for number in np.unique(best[good]):
            self._add(int(number), rows[good][best[good] == number])
        return np.asarray(rows[~good])

    def _begin(self, rows: Array) -> None:
        self.means = np.vstack([self.means, np.zeros((1, self._looks.shape[1]), np.float32)])
        self.mean_sizes, self._counts = np.append(self.mean_sizes, np.float32(0)), np.append(self._counts, 0)
        self._shape[rows] = len(self.means) - 1
        self._add(len(self.means) - 1, rows)

    def _add(self, number: int, rows: Array) -> None:
        count = int(self._counts[number])
        mean = self.means[number] * count + self._looks[rows].astype(np.float32).sum(axis=0)
        self.means[number] = mean / max(float(np.linalg.norm(mean)), 1e-9)
        self.mean_sizes[number] = (self.mean_sizes[number] * count + self._sizes[rows].sum()) / (count + rows.size)
        self._counts[number] = min(count + rows.size, 5000)   # a shape follows slow changes of posture

    def _join_alike(self) -> None:
        fits = likeness_of(self.means, self.means, self._leads)
        ratio = self.mean_sizes[:, None] / np.maximum(self.mean_sizes, 1e-9)
        alike = (fits >= SAME) & (ratio > SIZES[0]) & (ratio < SIZES[1])
        into, by_size = np.arange(len(self.means)), np.argsort(-self._counts)
        for place, one in enumerate(by_size):
            if into[one] == one:
                for other in by_size[place + 1:]:
                    if into[other] == other and alike[one, other]:
                        into[other] = one
        self._shape = into[self._shape]

    def _average(self) -> None:
        for number in np.unique(self._shape):
            rows = np.flatnonzero(self._shape == number)[:: max(1, int((self._shape == number).sum()) // 4096)]
            mean = self._looks[rows].astype(np.float32).mean(axis=0)
            self.means[number] = mean / max(float(np.linalg.norm(mean)), 1e-9)
            self.mean_sizes[number] = self._sizes[rows].mean()


def _looks(recording: Recording, ticks: Array, leads: Sequence[Lead], by: int, before: int, after: int,
           progress: Progress) -> tuple[Array, Array]:
    width = before + after
    looks = np.zeros((ticks.size, len(leads) * width), np.float16)
    sizes = np.zeros(ticks.size, np.float32)
    for start in range(0, ticks.size, BLOCK * 4):
        progress.step(start, ticks.size, "Looking at the beats")
        rows = slice(start, start + BLOCK * 4)
        parts = [_windows(lead, ticks[rows], by, before, after, recording.ticks) for lead in leads]
        joined = np.concatenate(parts, axis=1)
        sizes[rows] = np.linalg.norm(joined, axis=1)
        looks[rows] = joined / np.maximum(sizes[rows, None], 1e-9)
    return looks, sizes


def _windows(lead: Lead, ticks: Array, by: int, before: int, after: int, last: int) -> Floats:
    """(n, before + after) mV of a lead round ticks, each the mean of `by` ticks, about its own mean; 0 where no signal was."""
    out = np.zeros((ticks.size, before + after), np.float32)
    for n in range(by):
        at = np.clip(ticks[:, None] + (np.arange(-before, after) * by + n - by // 2), 0, last - 1) // lead.step
        digital = digits_at(lead, np.minimum(at, lead.digital.shape[0] - 1))
        values = (digital.astype(np.float32) - np.float32(lead.baseline)) / np.float32(lead.gain)
        out += values if lead.invalid is None else np.where(digital == lead.invalid, np.nan, values)
    out /= by
    out -= np.nan_to_num(np.nanmean(np.where(np.isnan(out).all(axis=1, keepdims=True), 0.0, out), axis=1, keepdims=True))
    return np.asarray(np.nan_to_num(out))


def windows(lead: Lead, ticks: Array, rate_hz: float, before_s: float, after_s: float, last: int) -> Iterator[Floats]:
    """(width,) float64 of a lead round each tick at every sample, in its unit, about its own mean: to draw them together."""
    before, after = round(before_s * rate_hz), round(after_s * rate_hz)
    for row in _windows(lead, ticks, 1, before, after, last):
        yield row.astype(np.float64)
