"""Heartbeats as columns. Fourteen days hold 1.4 million of them: too many to be elements one by one.

A table holds the beats of one lead, "" for those that hold for all leads; a tick has at most one beat of a table. What a reader
struck out is a row too (`REFUSED`), so that a detector that is run again does not offer it again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from graticule.domain.elements import BY_HAND, GROWN, INTERPOLATED, MACHINE, MACHINE_CORRECTED, Beat
from graticule.domain.errors import EditMismatch, GraticuleError
from graticule.domain.geometry import Array

# Frozen: these numbers are stored. ABSENT stands in changes alone, for "no row here".
ABSENT, REFUSED = 0, ord("-")
FIRST_SYMBOL, LAST_SYMBOL = 0x21, 0x7E
LAST_TICK = 1 << 48

# By the numbers of `labels.AUTHOR_*`, which beats share with voxels.
PROVENANCE = ("", BY_HAND, INTERPOLATED, GROWN, MACHINE, MACHINE_CORRECTED)


class BeatTable:
    """ticks: (n,) int64 rising, unique; symbols: (n,) uint8 letters of WFDB or REFUSED; authors: (n,) uint8 (`labels.AUTHOR_*`).

    version rises with every change: what was computed from the table is right while it stands.
    """

    def __init__(self) -> None:
        self.ticks: Array = np.empty(0, np.int64)
        self.symbols: Array = np.empty(0, np.uint8)
        self.authors: Array = np.empty(0, np.uint8)
        self.version = 0

    def __len__(self) -> int:
        return int(self.ticks.size)

    def rows(self, ticks: Array) -> tuple[Array, Array]:
        """((n,) symbols, (n,) authors) at ticks; ABSENT and 0 where there is no row."""
        if not len(self):
            return np.zeros(ticks.size, np.uint8), np.zeros(ticks.size, np.uint8)
        at = np.minimum(np.searchsorted(self.ticks, ticks), len(self) - 1)
        there = self.ticks[at] == ticks
        return np.where(there, self.symbols[at], ABSENT).astype(np.uint8), np.where(there, self.authors[at], 0).astype(np.uint8)

    def fill(self, ticks: Array, symbols: Array, authors: Array) -> None:
        """All rows at once. Only for `apply_beats` and decoders."""
        self.ticks, self.symbols, self.authors = ticks, symbols, authors
        self.version += 1

    def copy(self) -> "BeatTable":
        other = BeatTable()
        other.fill(self.ticks.copy(), self.symbols.copy(), self.authors.copy())
        return other

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, BeatTable):
            return False
        return all(np.array_equal(getattr(self, name), getattr(other, name)) for name in ("ticks", "symbols", "authors"))

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, eq=False, slots=True)
class BeatChange:
    """Rows of one lead's table that come, go or become others.

    ticks: (n,) int64 rising, unique; before, after: (n,) uint8 symbols, ABSENT where there is no row; before_author,
    after_author: (n,) uint8, 0 where there is no row. Small and large alike: no step of it looks at single beats.
    """

    lead: str
    ticks: Array
    before: Array
    after: Array
    before_author: Array
    after_author: Array

    def inverse(self) -> "BeatChange":
        return BeatChange(self.lead, self.ticks, self.after, self.before, self.after_author, self.before_author)

    @property
    def span(self) -> tuple[int, int]:
        """[start, end) ticks that hold every changed row."""
        return (int(self.ticks[0]), int(self.ticks[-1]) + 1) if self.ticks.size else (0, 0)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, BeatChange) or other.lead != self.lead:
            return False
        return all(np.array_equal(getattr(self, name), getattr(other, name)) for name in ("ticks", *PLANES))

    __hash__ = None  # type: ignore[assignment]


PLANES = ("before", "after", "before_author", "after_author")


def beat_change(lead: str, table: BeatTable, ticks: Array, symbols: int | Array, authors: int | Array) -> BeatChange | None:
    """The change that makes the rows at `ticks` these; symbol ABSENT takes a row away. None when nothing would change.

    ticks: (n,) int64 in any order, unique. symbols, authors: a number, or (n,) uint8.
    GraticuleError for a tick before the record, a tick given twice, or a symbol that no beat has.
    """
    order = np.argsort(ticks, kind="stable")
    ticks = np.asarray(ticks, np.int64)[order]
    after = np.broadcast_to(np.asarray(symbols, np.uint8), order.shape)[order]
    given = np.broadcast_to(np.asarray(authors, np.uint8), order.shape)[order]
    after_author = np.where(after == ABSENT, 0, given).astype(np.uint8)
    before, before_author = table.rows(ticks)
    changed = (before != after) | (before_author != after_author)
    made = BeatChange(lead, *(part[changed] for part in (ticks, before, after, before_author, after_author)))
    if not sound(made):
        raise GraticuleError("These beats cannot be stored.", "Nothing was changed.")
    return made if made.ticks.size else None


def sound(change: BeatChange) -> bool:
    """Whether a change has the form that its columns promise, whatever table it is meant for."""
    planes = [getattr(change, name) for name in PLANES]
    if any(plane.shape != change.ticks.shape or plane.dtype != np.uint8 for plane in planes):
        return False
    sides = ((change.before, change.before_author), (change.after, change.after_author))
    return rising(change.ticks) and all(sound_rows(symbols, authors, absent=True) for symbols, authors in sides)


def rising(ticks: Array) -> bool:
    if ticks.ndim != 1 or ticks.size == 0:
        return ticks.ndim == 1
    return bool(ticks[0] >= 0 and ticks[-1] < LAST_TICK and (ticks[1:] > ticks[:-1]).all())


def sound_rows(symbols: Array, authors: Array, *, absent: bool = False) -> bool:
    """Whether these could be rows of a table (or, with `absent`, of one side of a change)."""
    there = (symbols >= FIRST_SYMBOL) & (symbols <= LAST_SYMBOL) & (authors >= 1) & (authors < len(PROVENANCE))
    return bool((there | ((symbols == ABSENT) & (authors == 0)) if absent else there).all())


def apply_beats(table: BeatTable, change: BeatChange) -> None:
    """Change the rows, or raise EditMismatch and leave them when they are not what the change says they were."""
    symbols, authors = table.rows(change.ticks)
    if not (np.array_equal(symbols, change.before) and np.array_equal(authors, change.before_author)):
        raise EditMismatch("This act does not fit the beats as they are now.", "Nothing was changed. Reopen the case.")
    if bool(((change.before != ABSENT) & (change.after != ABSENT)).all()):
        at = np.searchsorted(table.ticks, change.ticks)
        table.symbols[at], table.authors[at] = change.after, change.after_author
        table.version += 1
    else:
        _merge(table, change)


def _merge(table: BeatTable, change: BeatChange) -> None:
    keep = np.ones(len(table), bool)
    keep[np.searchsorted(table.ticks, change.ticks[change.before != ABSENT])] = False
    come = change.after != ABSENT
    ticks, new = table.ticks[keep], change.ticks[come]
    at = np.searchsorted(ticks, new)
    table.fill(np.insert(ticks, at, new), np.insert(table.symbols[keep], at, change.after[come]),
               np.insert(table.authors[keep], at, change.after_author[come]))


def merge_beats(changes: Iterable[BeatChange]) -> list[BeatChange]:
    """One change per lead equal to `changes` in order: each row from what it was first to what it is last."""
    by_lead: dict[str, list[BeatChange]] = {}
    for change in changes:
        by_lead.setdefault(change.lead, []).append(change)
    merged = (parts[0] if len(parts) == 1 else _joined(lead, parts) for lead, parts in by_lead.items())
    return [change for change in merged if change.ticks.size]


def _joined(lead: str, parts: list[BeatChange]) -> BeatChange:
    ticks = np.concatenate([part.ticks for part in parts])
    order = np.argsort(ticks, kind="stable")
    ticks = ticks[order]
    new = np.flatnonzero(np.diff(ticks, prepend=-1))
    first, last = order[new], order[np.append(new[1:], ticks.size) - 1]
    planes = {name: np.concatenate([getattr(part, name) for part in parts]) for name in PLANES}
    before, before_author = planes["before"][first], planes["before_author"][first]
    after, after_author = planes["after"][last], planes["after_author"][last]
    moved = (before != after) | (before_author != after_author)
    return BeatChange(lead, *(part[moved] for part in (ticks[new], before, after, before_author, after_author)))


def beats_in(lead: str, table: BeatTable, start: int = 0, end: int = LAST_TICK) -> Iterator[Beat]:
    """The beats of a table in [start, end) ticks as elements, for exports and comparisons; rows struck out are none."""
    part = slice(*(int(place) for place in np.searchsorted(table.ticks, (start, end))))
    kept = table.symbols[part] != REFUSED
    columns = (column[part][kept].tolist() for column in (table.ticks, table.symbols, table.authors))
    for tick, symbol, author in zip(*columns, strict=True):
        yield Beat(id=f"{lead}@{tick}", tick=tick, symbol=chr(symbol), lead=lead or None, provenance=PROVENANCE[author])
