"""Beats on the strip: each with its letter while there is room, else how many of which class stand in each column."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from graticule.domain.beats import REFUSED, BeatTable
from graticule.domain.geometry import Array
from graticule.domain.labels import AUTHOR_MACHINE
from graticule.domain.recording import Recording

LEAST_PX = 9.0      # between letters: nearer together they are columns


class BeatClass(IntEnum):
    """AAMI's classes as bxb of the WFDB tools maps them (escape beats are supraventricular), the gravest last."""

    NORMAL = 0
    UNKNOWN = 1
    FUSION = 2
    SUPRAVENTRICULAR = 3
    VENTRICULAR = 4


_LETTERS = {BeatClass.NORMAL: "NLRB", BeatClass.SUPRAVENTRICULAR: "AaJSejn", BeatClass.VENTRICULAR: "VrE", BeatClass.FUSION: "F",
            BeatClass.UNKNOWN: "/fQ?"}


def _class_table() -> Array:
    table = np.full(256, BeatClass.UNKNOWN, np.uint8)
    for kind, letters in _LETTERS.items():
        table[[ord(letter) for letter in letters]] = kind
    return table


CLASS_OF = _class_table()


@dataclass(frozen=True, eq=False)
class Letters:
    """seconds: (n,); symbols, drafts (a machine's, not yet looked at): (n,)."""

    seconds: Array
    symbols: Array
    drafts: Array


@dataclass(frozen=True, eq=False)
class Density:
    """counts: (classes, columns) beats of each class in each of equal columns over the span."""

    counts: Array

    @property
    def gravest(self) -> Array:
        """(columns,) the gravest class in each column, −1 where no beat stands."""
        there = self.counts > 0
        rank = np.where(there, np.arange(len(BeatClass))[:, None], -1)
        out: Array = rank.max(axis=0)
        return out


class BeatMarks:
    """tables: the beats of the case now, by lead ("" for all). What is counted is kept until a table changes."""

    def __init__(self, recording: Recording, tables: Callable[[], Mapping[str, BeatTable]]) -> None:
        self._recording, self._tables = recording, tables
        self._kept_for: tuple[tuple[str, int], ...] | None = None
        self._ticks, self._symbols, self._drafts = (np.empty(0, np.int64), np.empty(0, np.uint8), np.empty(0, bool))
        self._before: Array = np.zeros((len(BeatClass), 1), np.int32)

    def key(self) -> tuple[tuple[str, int], ...]:
        """Changes with the beats."""
        return tuple(sorted((lead, table.version) for lead, table in self._tables().items() if len(table)))

    def shown(self, start_s: float, end_s: float, columns: int) -> Letters | Density | None:
        """What stands in [start_s, end_s] of a view `columns` pixels wide; None where there is no beat."""
        self._follow()
        rate = float(self._recording.rate)
        first, last = np.searchsorted(self._ticks, (start_s * rate, end_s * rate))
        if first == last:
            return None
        if (last - first) * LEAST_PX <= columns:
            part = slice(int(first), int(last))
            return Letters(self._ticks[part] / rate, self._symbols[part], self._drafts[part])
        edges = np.searchsorted(self._ticks, np.linspace(start_s, end_s, columns + 1) * rate)
        return Density(np.diff(self._before[:, edges], axis=1))

    def _follow(self) -> None:
        key = self.key()
        if key == self._kept_for:
            return
        self._kept_for = key
        tables = [table for _, table in sorted(self._tables().items()) if len(table)]
        ticks = np.concatenate([np.empty(0, np.int64), *(table.ticks for table in tables)])
        symbols = np.concatenate([np.empty(0, np.uint8), *(table.symbols for table in tables)])
        drafts = np.concatenate([np.empty(0, bool), *(table.authors == AUTHOR_MACHINE for table in tables)])
        kept = symbols != REFUSED
        order = np.argsort(ticks[kept], kind="stable")
        self._ticks, self._symbols = ticks[kept][order].astype(np.int64), symbols[kept][order].astype(np.uint8)
        self._drafts = drafts[kept][order].astype(bool)
        kinds = CLASS_OF[self._symbols]
        self._before = np.zeros((len(BeatClass), kinds.size + 1), np.int32)
        for kind in BeatClass:
            np.cumsum(kinds == kind, out=self._before[kind, 1:])
