"""Rows of voxels, and the interval of each that a convex shape meets: the work grows with rows, not with voxels."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Array, Floats, Grid
from graticule.domain.labels import Box

_NOTHING = 1e-12


@dataclass(frozen=True, eq=False)
class Spans:
    """For each row the interval of i (real numbers) that is inside; low > high where nothing is."""

    low: Floats
    high: Floats

    def and_also(self, other: "Spans") -> "Spans":
        return Spans(np.maximum(self.low, other.low), np.minimum(self.high, other.high))

    def joined(self, other: "Spans") -> "Spans":
        """The hull of both; right where their union is known to be convex."""
        mine, theirs = self.low <= self.high, other.low <= other.high
        low = np.minimum(np.where(mine, self.low, np.inf), np.where(theirs, other.low, np.inf))
        high = np.maximum(np.where(mine, self.high, -np.inf), np.where(theirs, other.high, -np.inf))
        return Spans(low, high)


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows (k, j) of the grid that the shape may touch; `levels` says where each slice lies along the k column."""

    shape: tuple[int, int, int]
    j: Array
    k: Array
    levels: Floats

    @classmethod
    def round(cls, grid: Grid, ends: Floats, reach: Floats) -> "Rows":
        first, last = ends.min(axis=0) - reach, ends.max(axis=0) + reach
        first[2], last[2] = grid.slice_of(first[2]), grid.slice_of(last[2])
        low = np.maximum(np.ceil(first), 0).astype(np.int64)
        high = np.maximum(np.minimum(np.floor(last) + 1, grid.shape[::-1]).astype(np.int64), low)
        i, j, k = (slice(int(a), int(b)) for a, b in zip(low, high, strict=True))
        return cls.of(grid, (k, j, i))

    @classmethod
    def of(cls, grid: Grid, box: Box) -> "Rows":
        """Those of a box (k, j, i), over all its columns."""
        j, k = np.arange(box[1].start, box[1].stop), np.arange(box[0].start, box[0].stop)
        return cls(grid.shape, np.tile(j, k.size), np.repeat(k, j.size), grid.level_of(np.arange(grid.shape[0])))

    def from_(self, origin: Floats) -> Floats:
        """(rows, 2): (j, level) counted from an (i, j, level) point."""
        return np.stack([self.j - origin[1], self.levels[self.k] - origin[2]], axis=-1)

    def flat(self, spans: Spans) -> Array:
        """The flat indices of the voxels inside, rising."""
        _, rows, columns = self.shape
        first = np.ceil(np.clip(spans.low, 0, columns)).astype(np.int64)
        last = np.floor(np.clip(spans.high, -1, columns - 1)).astype(np.int64)
        count = np.maximum(last - first + 1, 0)
        start = (self.k * rows + self.j) * columns + first
        offset = np.cumsum(count) - count
        return np.asarray(np.arange(int(count.sum()), dtype=np.int64) + np.repeat(start - offset, count))


def slab(rows: Rows, factors: Floats, origin: Floats, low: float | Floats, high: float | Floats) -> Spans:
    """Where low ≤ factors · (index − origin) ≤ high; low and high: one number, or (rows,)."""
    rest = rows.from_(origin) @ factors[1:]
    if abs(float(factors[0])) < _NOTHING:
        inside = (rest >= low) & (rest <= high)
        return Spans(np.where(inside, -np.inf, np.inf), np.where(inside, np.inf, -np.inf))
    one, other = origin[0] + (low - rest) / factors[0], origin[0] + (high - rest) / factors[0]
    return Spans(np.minimum(one, other), np.maximum(one, other))


def columns(first: int, end: int) -> Spans:
    """The same columns of every row, `end` excluded."""
    return Spans(np.array(float(first)), np.array(end - 1.0))
