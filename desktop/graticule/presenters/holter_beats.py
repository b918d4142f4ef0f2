"""All beats of a long record at once: what the reader said, and beside it what the machine drafts and nobody has taken yet.

What was said stands in the labels (one table, `domain/beats.py`); drafts stand here alone and end with the case. Every edit, of
one beat or of 100,000, is one act that undo takes back. Beats that came as single elements join the table with the first edit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graticule.domain.beats import ABSENT, PROVENANCE, REFUSED, BeatChange, BeatTable, apply_beats, beat_change
from graticule.domain.edits import Change, ElementChange
from graticule.domain.elements import Beat
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.labels import AUTHOR_HAND, AUTHOR_MACHINE, AUTHOR_MACHINE_CORRECTED
from graticule.domain.recording import Recording
from graticule.ecg.beat_classes import BeatDrafts
from graticule.ecg.beat_finder import local_extremum
from graticule.ecg.qrs import detection_leads
from graticule.editing.workspace import Workspace

SAME_BEAT_S = 0.15
ALL_LEADS = ""
# What a key can make of a beat, by the letter that WFDB has for it.
CLASSES = (("N", "Normal"), ("S", "Supraventricular"), ("V", "Ventricular"), ("F", "Fusion"), ("/", "Paced"),
           ("Q", "Unclassifiable"))


@dataclass(frozen=True, eq=False)
class Beats:
    """Columns of equal length n, rising by tick.

    ticks: int64; symbols: uint8 letters; authors: uint8 (0 for a draft); doubt: float32; row: int64, the beat's place among the
    machine's (−1: the machine saw none there).
    """

    ticks: Array
    symbols: Array
    authors: Array
    doubt: Array
    row: Array

    @property
    def drafts(self) -> Array:
        """(n,) bool: not taken by anybody yet."""
        return np.asarray(self.authors == 0)

    def __len__(self) -> int:
        return int(self.ticks.size)

    def between(self, start: int, end: int) -> slice:
        """Those of [start, end) ticks."""
        first, last = np.searchsorted(self.ticks, (start, end))
        return slice(int(first), int(last))

    def counts(self) -> dict[str, int]:
        """How many of each letter."""
        found = np.bincount(self.symbols, minlength=128)
        return {chr(n): int(found[n]) for n in np.flatnonzero(found)}


class HolterBeats:
    """The beats of an open ECG. `changed` is for those who keep something computed from them: it rises with every change."""

    def __init__(self, workspace: Workspace, recording: Recording) -> None:
        self._workspace, self._recording = workspace, recording
        self.drafts: BeatDrafts | None = None
        self._known: tuple[object, ...] = ()
        self._beats: Beats | None = None

    def set_drafts(self, drafts: BeatDrafts) -> None:
        """The machine has looked at the record."""
        self.drafts = drafts
        self.forget()

    def forget(self) -> None:
        """The labels changed."""
        self._beats = None

    def beats(self) -> Beats:
        """What was said, and the drafts for which nothing was."""
        table, elements = self._table, self._elements
        known = (table.version, len(elements))
        if self._beats is None or known != self._known:
            self._known, self._beats = known, self._gathered(table, elements)
        return self._beats

    # Edits; each is one act

    def accept(self, ticks: Array) -> int:
        """Take drafts as they are; how many."""
        beats = self.beats()
        mine = beats.drafts & among(beats.ticks, ticks)
        return self._put(f"Accept {_beats(int(mine.sum()))}", beats.ticks[mine], beats.symbols[mine], AUTHOR_MACHINE)

    def reclassify(self, ticks: Array, letter: str) -> int:
        """Give beats another letter, drafts among them; how many changed."""
        change, count = self.reclassified(ticks, letter)
        self._do(f"Change {_beats(count)} to {letter}", change)
        return count

    def reclassified(self, ticks: Array, letter: str) -> tuple[BeatChange | None, int]:
        """The change that `reclassify` would make, for a look at what it would do."""
        beats = self.beats()
        mine = among(beats.ticks, ticks) & ((beats.symbols != ord(letter)) | beats.drafts)
        authors = np.where(beats.symbols[mine] == ord(letter), AUTHOR_MACHINE,
                           np.where(beats.authors[mine] == AUTHOR_HAND, AUTHOR_HAND, AUTHOR_MACHINE_CORRECTED))
        change = beat_change(ALL_LEADS, self._whole, beats.ticks[mine], ord(letter), authors.astype(np.uint8))
        return change, int(mine.sum())

    def delete(self, ticks: Array) -> int:
        """Strike beats out; where the machine sees one, a row says that a reader does not."""
        beats = self.beats()
        mine = among(beats.ticks, ticks)
        symbols = np.where(beats.row[mine] >= 0, REFUSED, ABSENT)
        return self._put(f"Delete {_beats(int(mine.sum()))}", beats.ticks[mine], symbols.astype(np.uint8), AUTHOR_HAND)

    def add(self, tick: int, letter: str) -> int:
        """A beat at the largest deflection near `tick`; where it came to stand. GraticuleError where one stands already."""
        at = self.snapped(tick)
        beats = self.beats()
        near = beats.between(at - self._same, at + self._same + 1)
        if near.start < near.stop and not beats.drafts[near].all():
            raise GraticuleError("There is a beat already.", "Move it or change its class.")
        self._put(f"Add {_beats(1)} {letter}", np.array([at]), ord(letter), AUTHOR_HAND)
        return at

    def move(self, tick: int, to: int) -> int:
        """A beat to the largest deflection near `to`; where it came to stand."""
        beats, at = self.beats(), self.snapped(to)
        place = int(np.searchsorted(beats.ticks, tick))
        if place >= len(beats) or beats.ticks[place] != tick:
            raise GraticuleError("This beat is no longer there.", "Choose another one.")
        if at != tick:
            far = abs(at - tick) > self._same and beats.row[place] >= 0
            author = AUTHOR_HAND if beats.authors[place] == AUTHOR_HAND else AUTHOR_MACHINE_CORRECTED
            self._put("Move a beat", np.array([tick, at]), np.array([REFUSED if far else ABSENT, beats.symbols[place]], np.uint8),
                      np.array([AUTHOR_HAND, author], np.uint8))
        return at

    def snapped(self, tick: int) -> int:
        """The tick of the largest deflection near a place."""
        leads = detection_leads(self._recording)
        return local_extremum(leads[0], tick, float(self._recording.rate), self._recording.ticks) if leads else tick

    # Choosing

    def nearest(self, tick: int) -> int | None:
        """The tick of the beat nearest to a place, None where there is none at all."""
        ticks = self.beats().ticks
        if not ticks.size:
            return None
        at = int(np.clip(np.searchsorted(ticks, tick), 1, max(1, ticks.size - 1)))
        pair = ticks[max(0, at - 1): at + 1]
        return int(pair[np.argmin(np.abs(pair - tick))])

    def of_shape(self, shapes: Sequence[int]) -> Array:
        """Ticks of the beats of these shapes."""
        beats = self.beats()
        if self.drafts is None:
            return np.empty(0, np.int64)
        shape = np.append(self.drafts.shapes.shape, -1)[beats.row]
        return np.asarray(beats.ticks[np.isin(shape, list(shapes))])

    def like(self, tick: int, likeness: float) -> Array:
        """Ticks of the beats that look like the one at `tick`, itself among them."""
        beats = self.beats()
        place = int(np.searchsorted(beats.ticks, tick))
        if self.drafts is None or place >= len(beats) or beats.ticks[place] != tick or beats.row[place] < 0:
            return np.empty(0, np.int64)
        rows = self.drafts.shapes.like(int(beats.row[place]), likeness)
        return np.asarray(beats.ticks[np.isin(beats.row, rows)])

    # Inside

    @property
    def _table(self) -> BeatTable:
        # An empty table is false: asked for, it must still be the same one each time, or everything is gathered again.
        return self._workspace.labels.beat_table(ALL_LEADS)

    @property
    def _elements(self) -> list[Beat]:
        return [element for element in self._workspace.labels.all() if isinstance(element, Beat)]

    @property
    def _same(self) -> int:
        return round(SAME_BEAT_S * float(self._recording.rate))

    @property
    def _whole(self) -> BeatTable:
        """The table with the beats that came as elements, as it will be once they have joined it."""
        elements = self._elements
        if not elements:
            return self._table
        table = self._table.copy()
        taken = set(table.ticks.tolist())
        rows = {beat.tick: beat for beat in elements if _fits(beat) and beat.tick not in taken}
        change = beat_change(ALL_LEADS, table, *_columns(list(rows.values())))
        if change is not None:
            apply_beats(table, change)
        return table

    def _gathered(self, table: BeatTable, elements: list[Beat]) -> Beats:
        whole = self._whole if elements else table
        said = whole.symbols != REFUSED
        if self.drafts is None:
            count = int(said.sum())
            return Beats(whole.ticks[said], whole.symbols[said].copy(), whole.authors[said].copy(), np.zeros(count, np.float32),
                         np.full(count, -1, np.int64))
        row, gap = _nearest(whole.ticks, self.drafts.ticks)
        row = np.where(gap <= self._same, row, -1)
        _, taken = _nearest(self.drafts.ticks, whole.ticks)
        free = np.flatnonzero(taken > self._same)
        ticks = np.concatenate([whole.ticks[said], self.drafts.ticks[free]])
        order = np.argsort(ticks, kind="stable")
        sure = np.zeros(int(said.sum()), np.float32)
        columns = ((whole.symbols[said], self.drafts.symbols[free]), (whole.authors[said], np.zeros(free.size, np.uint8)),
                   (sure, self.drafts.doubt[free]), (row[said], free))
        return Beats(ticks[order], *(np.concatenate(pair)[order] for pair in columns))

    def _put(self, title: str, ticks: Array, symbols: int | Array, authors: int | Array) -> int:
        change = beat_change(ALL_LEADS, self._whole, ticks, symbols, authors)
        self._do(title, change)
        return 0 if change is None else int(change.ticks.size)

    def _do(self, title: str, change: BeatChange | None) -> None:
        """Commit; beats that came as elements join the table in the same act."""
        if change is None:
            return
        changes: list[Change] = [*self._joining(), change]
        self._workspace.do(title, *changes)
        self.forget()

    def _joining(self) -> list[Change]:
        elements = self._elements
        if not elements:
            return []
        here, whole = self._table, self._whole
        before, before_author = here.rows(whole.ticks)
        come = before == ABSENT
        joined = BeatChange(ALL_LEADS, whole.ticks[come], before[come], whole.symbols[come], before_author[come],
                            whole.authors[come])
        return [*(ElementChange.remove(beat) for beat in elements if _fits(beat)), *([joined] if joined.ticks.size else [])]


def among(ticks: Array, chosen: Array) -> Array:
    """(n,) bool: which of the rising `ticks` are in `chosen`, in any order."""
    out = np.zeros(ticks.size, bool)
    if ticks.size and chosen.size:
        at = np.minimum(np.searchsorted(ticks, chosen), ticks.size - 1)
        out[at[ticks[at] == chosen]] = True
    return out


def _fits(beat: Beat) -> bool:
    """Whether a row says all that the element says; any other stays an element."""
    return beat.code is None and not beat.extra and beat.tick >= 0 and len(beat.symbol) == 1 and "!" <= beat.symbol <= "~" \
        and beat.provenance in PROVENANCE[1:]


def _columns(beats: list[Beat]) -> tuple[Array, Array, Array]:
    return (np.array([beat.tick for beat in beats], np.int64), np.array([ord(beat.symbol) for beat in beats], np.uint8),
            np.array([PROVENANCE.index(beat.provenance) for beat in beats], np.uint8))


def _nearest(ticks: Array, among: Array) -> tuple[Array, Array]:
    """For each tick the place of the nearest of `among` and how far it is; far away when there is none."""
    if not among.size:
        return np.full(ticks.size, -1, np.int64), np.full(ticks.size, np.iinfo(np.int64).max)
    right = np.minimum(np.searchsorted(among, ticks), among.size - 1)
    left = np.maximum(right - 1, 0)
    best = np.where(np.abs(among[left] - ticks) < np.abs(among[right] - ticks), left, right)
    return best, np.abs(among[best] - ticks)


def _beats(count: int) -> str:
    return "1 beat" if count == 1 else f"{count:,} beats"
