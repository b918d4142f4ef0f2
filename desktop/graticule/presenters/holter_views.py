"""Points of the Holter plots. Each knows its beat, so that every point leads to its strip; dense ones become a picture."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import median_filter

from graticule.domain.geometry import Array, Floats
from graticule.domain.recording import Recording
from graticule.presenters.holter_beats import Beats

LONGEST_MS = 3000.0
MOST_DOTS = 60_000
# Ranks of letters in a plot: what is rarer and graver lies on top.
RANKS = {letter: rank for rank, letters in enumerate(("NLRB", "/f", "Q?", "F", "SAaJejn", "VEr")) for letter in letters}


@dataclass(frozen=True, eq=False)
class Points:
    """x, y: (n,) float; ticks: (n,) int64 of the beat each stands for; kinds: (n,) uint8 rank of its letter; drafts: bool.

    ordered: x rises, so that what is seen is one slice.
    """

    x: Floats
    y: Floats
    ticks: Array
    kinds: Array
    drafts: Array
    ordered: bool

    def inside(self, left: float, right: float, bottom: float, top: float) -> Array:
        """Ticks of the beats in a rectangle."""
        part = self._part(left, right)
        x, y = self.x[part], self.y[part]
        return np.asarray(self.ticks[part][(x >= left) & (x <= right) & (y >= bottom) & (y <= top)])

    def nearest(self, x: float, y: float, x_unit: float, y_unit: float) -> int | None:
        """The tick of the point nearest to a place, distances in units of a pixel each way; None without any within 12."""
        part = self._part(x - 12 * x_unit, x + 12 * x_unit)
        if not self.x[part].size:
            return None
        far = ((self.x[part] - x) / x_unit) ** 2 + ((self.y[part] - y) / y_unit) ** 2
        at = int(np.argmin(far))
        return int(self.ticks[part][at]) if far[at] <= 144 else None

    def picture(self, left: float, right: float, bottom: float, top: float, columns: int, rows: int, *, size: int = 2) -> Array:
        """(rows, columns) uint8, row 0 at the bottom: 0 where no point is, else 1 + rank of the gravest point, + 8 when a draft.

        Of very many points some are left out, evenly, usual beats first. Some 5 ms however many there are.
        """
        out = np.zeros((rows, columns), np.uint8)
        part = self._part(left, right)
        x, y, kinds, drafts = self.x[part], self.y[part], self.kinds[part], self.drafts[part]
        if x.size > MOST_DOTS:
            kept = _thinned(kinds)
            x, y, kinds, drafts = x[kept], y[kept], kinds[kept], drafts[kept]
        column = ((x - left) * (columns / max(right - left, 1e-9))).astype(np.int32)
        row = ((y - bottom) * (rows / max(top - bottom, 1e-9))).astype(np.int32)
        seen = (column >= 0) & (column < columns - size) & (row >= 0) & (row < rows - size)
        column, row, value = column[seen], row[seen], (1 + kinds + 8 * drafts)[seen].astype(np.uint8)
        place = row * columns + column
        for rank in range(1, 1 + len(set(RANKS.values()))):
            mine = (value & 7) == rank
            for dx in range(size):
                for dy in range(size):
                    out.reshape(-1)[place[mine] + dy * columns + dx] = value[mine]
        return out

    def _part(self, left: float, right: float) -> slice:
        if not self.ordered:
            return slice(None)
        first, last = np.searchsorted(self.x, (left, right))
        return slice(max(0, int(first) - 1), int(last) + 1)


def _thinned(kinds: Array) -> Array:
    """Places of some 60,000 usual beats, evenly, and of the others (of as many as that at most, evenly too)."""
    kept = np.zeros(kinds.size, bool)
    kept[:: -(-kinds.size // MOST_DOTS)] = True
    others = np.flatnonzero(kinds > 1)
    kept[others[:: max(1, others.size // MOST_DOTS)]] = True
    return np.flatnonzero(kept)


def tachogram(recording: Recording, beats: Beats) -> Points:
    """Seconds against RR in ms; a point stands at the later of its two beats. Intervals of 3 s and more stand at the top."""
    return _points(recording, beats, lambda seconds, rr: (seconds[1:], np.minimum(rr, LONGEST_MS)))


def rate_trend(recording: Recording, beats: Beats, window: int = 7) -> Points:
    """Seconds against beats a minute, the median of seven intervals."""
    return _points(recording, beats, lambda seconds, rr: (
        seconds[1:], 60000.0 / np.maximum(median_filter(rr, size=min(window, max(1, rr.size)), mode="nearest"), 200.0)))


def lorenz(recording: Recording, beats: Beats) -> Points:
    """Each RR against the next, in ms; a point stands for the beat between the two."""
    return _points(recording, beats, lambda seconds, rr: (np.minimum(rr[:-1], LONGEST_MS), np.minimum(rr[1:], LONGEST_MS)), -1)


Place = Callable[[Floats, Floats], tuple[Floats, Floats]]


def _points(recording: Recording, beats: Beats, place: Place, last: int | None = None) -> Points:
    """place: from (seconds of the beats, RR in ms) to x and y of every beat from the second to before `last`."""
    part = slice(1, last)
    if len(beats) < 3:
        empty = np.empty(0)
        return Points(empty, empty, np.empty(0, np.int64), np.empty(0, np.uint8), np.empty(0, bool), True)
    seconds = beats.ticks / float(recording.rate)
    x, y = place(seconds, np.diff(seconds) * 1000)
    return Points(x, y, beats.ticks[part], rank_of(beats.symbols[part]), beats.drafts[part], last is None)


def rank_of(symbols: Array) -> Array:
    """(n,) uint8 ranks of letters."""
    table = np.full(256, RANKS["Q"], np.uint8)
    for letter, rank in RANKS.items():
        table[ord(letter)] = rank
    return np.asarray(table[symbols])


def density(recording: Recording, beats: Beats, columns: int) -> Array:
    """(ranks, columns) beats of each rank over the whole record."""
    column = np.minimum(beats.ticks * columns // max(1, recording.ticks), columns - 1)
    ranks = max(RANKS.values()) + 1
    places = rank_of(beats.symbols).astype(np.int64) * columns + column
    return np.bincount(places, minlength=ranks * columns).reshape(ranks, columns)
