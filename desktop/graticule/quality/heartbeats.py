"""The beats of a record as arrays, with what may not be counted taken out: the ground on which every ECG number stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from graticule.domain.beats import REFUSED
from graticule.domain.elements import Beat, Episode
from graticule.domain.geometry import Array, Floats
from graticule.domain.labels import Labels
from graticule.quality.ec57_marks import AAMI
from graticule.quality.episodes import Span, joined
from graticule.quality.gates import noisy

SINUS = frozenset(("sinus", "sinus_brady", "sinus_tachy", "sinus_arrhythmia", "(N"))
FIBRILLATION = frozenset(("vfib", "vflutter"))


@dataclass(frozen=True, eq=False)
class Heartbeats:
    """ticks: (n,) int64, rising; symbols: (n,) of WFDB's letters; ticks of the record in all: end, `rate` a second.

    left_out: noise and fibrillation of the ventricles, where no beat counts. not_sinus: rhythms whose intervals are no NN.
    """

    ticks: Array
    symbols: Array
    rate: Fraction
    end: int
    left_out: tuple[Span, ...] = ()
    not_sinus: tuple[Span, ...] = ()

    @cached_property
    def classes(self) -> Array:
        """(n,) AAMI classes."""
        known, inverse = np.unique(self.symbols, return_inverse=True)
        out: Array = np.array([AAMI.get(str(symbol), "Q") for symbol in known] or ["N"])[inverse]
        return out

    @cached_property
    def counted(self) -> Array:
        """(n,) bool: beats outside of what is left out."""
        out: Array = ~within(self.ticks, self.left_out)
        return out

    @cached_property
    def rr_ms(self) -> Floats:
        """(n − 1,) float64 ms from each beat to the next."""
        out: Floats = np.diff(self.ticks) * float(1000 / self.rate)
        return out

    @cached_property
    def rr_counted(self) -> Array:
        """(n − 1,) bool: intervals that touch nothing that is left out."""
        out: Array = ~touching(self.ticks, self.left_out)
        return out

    @cached_property
    def nn(self) -> Array:
        """(n − 1,) bool: intervals between two normal beats of sinus rhythm (also where no rhythm was named)."""
        normal = self.classes == "N"
        out: Array = self.rr_counted & normal[:-1] & normal[1:] & ~touching(self.ticks, self.not_sinus)
        return out

    @property
    def counted_ticks(self) -> int:
        """The length of the record without what is left out."""
        return self.end - sum(min(high, self.end) - max(0, low) for low, high in self.left_out)


def heartbeats(labels: Labels, rate: Fraction, end: int) -> Heartbeats:
    """Of a reader's labels. Beats that hold for all leads; where there are none, those of the lead with the most."""
    ticks, symbols = _beats(labels)
    episodes = labels.of(Episode)
    rhythms = [e for e in episodes if e.track == "rhythm"]
    fibrillating = [(e.start, e.end) for e in rhythms if e.code.code in FIBRILLATION]
    return Heartbeats(ticks, symbols, rate, end, tuple(joined([*noisy(episodes), *fibrillating])),
                      tuple(joined((e.start, e.end) for e in rhythms if e.code.code not in SINUS)))


def _beats(labels: Labels) -> tuple[Array, Array]:
    """((n,) int64 ticks, (n,) symbols), each tick once."""
    leads: dict[str, list[tuple[Array, Array]]] = {}
    for lead, table in labels.beats.items():
        kept = table.symbols != REFUSED
        leads.setdefault(lead, []).append((table.ticks[kept], table.symbols[kept]))
    single = [element for element in labels.all() if isinstance(element, Beat)]
    for lead in {beat.lead or "" for beat in single}:
        here = [beat for beat in single if (beat.lead or "") == lead]
        leads.setdefault(lead, []).append((np.array([beat.tick for beat in here], dtype=np.int64),
                                           np.array([ord(beat.symbol) for beat in here], dtype=np.uint8)))
    filled = {lead: parts for lead, parts in leads.items() if any(ticks.size for ticks, _ in parts)}
    if not filled:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype="<U1")
    parts = filled.get("") or max(filled.values(), key=lambda parts: sum(ticks.size for ticks, _ in parts))
    ticks, first = np.unique(np.concatenate([part[0] for part in parts]), return_index=True)
    codes = np.concatenate([part[1] for part in parts])[first]
    return ticks.astype(np.int64), codes.astype(np.uint32).view("<U1")


def within(ticks: Array, spans: Sequence[Span]) -> Array:
    """(n,) bool: which ticks lie in one of the [start, end) spans, which must be joined."""
    if not spans:
        return np.zeros(ticks.size, dtype=bool)
    bounds = np.array(spans, dtype=np.int64).ravel()
    out: Array = np.searchsorted(bounds, ticks, side="right") % 2 == 1
    return out


def touching(ticks: Array, spans: Sequence[Span]) -> Array:
    """(n − 1,) bool: which intervals between neighbouring ticks have a part in one of the joined spans."""
    if ticks.size < 2 or not spans:
        return np.zeros(max(0, ticks.size - 1), dtype=bool)
    bounds = np.array(spans, dtype=np.int64).ravel()
    first, last = np.searchsorted(bounds, ticks[:-1], side="right"), np.searchsorted(bounds, ticks[1:], side="left")
    out: Array = (first % 2 == 1) | (last > first)
    return out
