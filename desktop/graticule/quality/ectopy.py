"""Ectopic beats in company: couplets, runs, bigeminy and trigeminy."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Array
from graticule.quality.heartbeats import Heartbeats

RUN_FROM = 3
CYCLES = 3   # so many ectopic beats in the pattern, one after the other, make bigeminy or trigeminy


@dataclass(frozen=True, slots=True)
class Row:
    """Beats in a row, by their places in the list: [first, end)."""

    first: int
    end: int
    tick: int
    rate: float | None

    @property
    def beats(self) -> int:
        return self.end - self.first


@dataclass(frozen=True, slots=True)
class Ectopy:
    """One class of beats (V or S). single: beats with no neighbour of their class."""

    kind: str
    beats: int
    single: int
    couplets: tuple[Row, ...]
    runs: tuple[Row, ...]
    bigeminy: tuple[Row, ...]
    trigeminy: tuple[Row, ...]

    @property
    def longest(self) -> Row | None:
        return max(self.runs, key=lambda run: run.beats, default=None)

    @property
    def fastest(self) -> Row | None:
        return max(self.runs, key=lambda run: run.rate or 0.0, default=None)


def ectopy(beats: Heartbeats, kind: str) -> Ectopy:
    """kind: an AAMI class. Rows end at whatever is left out."""
    is_kind = (beats.classes == kind) & beats.counted
    rows = [_row(beats, low, high) for low, high in _rows(is_kind, beats.rr_counted)]
    return Ectopy(kind, int(is_kind.sum()), sum(row.beats == 1 for row in rows), tuple(r for r in rows if r.beats == 2),
                  tuple(r for r in rows if r.beats >= RUN_FROM), _pattern(beats, is_kind, 2), _pattern(beats, is_kind, 3))


def _rows(chosen: Array, linked: Array) -> list[tuple[int, int]]:
    """[first, end) of chosen beats in a row whose intervals all count."""
    if not chosen.any():
        return []
    joined_to_last = np.concatenate(([False], linked & chosen[1:] & chosen[:-1]))
    firsts = np.flatnonzero(chosen & ~joined_to_last)
    lasts = np.flatnonzero(chosen & ~np.concatenate((joined_to_last[1:], [False])))
    return [(int(a), int(b) + 1) for a, b in zip(firsts, lasts, strict=True)]


def _pattern(beats: Heartbeats, is_kind: Array, every: int) -> tuple[Row, ...]:
    """Stretches in which exactly every second (third) beat is ectopic, for at least CYCLES of them."""
    places = np.flatnonzero(is_kind)
    if places.size < CYCLES:
        return ()
    whole = np.concatenate(([0], np.cumsum(beats.rr_counted)))
    apart = np.diff(places)
    fits = (apart == every) & (whole[places[1:]] - whole[places[:-1]] == apart)
    out = []
    for low, high in _rows(fits, np.ones(fits.size - 1, dtype=bool)):
        if high - low + 1 >= CYCLES:
            out.append(_row(beats, int(places[low]), int(places[high]) + 1))
    return tuple(out)


def _row(beats: Heartbeats, first: int, end: int) -> Row:
    rr = beats.rr_ms[first:end - 1]
    return Row(first, end, int(beats.ticks[first]), 60_000 / float(rr.mean()) if rr.size else None)
