"""Two lists of beats matched as ANSI/AAMI EC57 does it, between readers: from the first beat on, pair by pair.

For the figures that may be called EC57's, with learning period, fibrillation and shutdown, see `ec57_beats.py`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from graticule.domain.elements import Beat
from graticule.quality.ec57_beats import walk
from graticule.quality.ec57_marks import AAMI, STANDARD_LEARNING_S, STANDARD_WINDOW_MS, Terms
from graticule.quality.ec57_side import NEVER
from graticule.quality.rate import Rate

NONE = "O"

Timed = tuple[int, str]
Two = tuple[Timed | None, Timed | None]


@dataclass(frozen=True, slots=True)
class BeatComparison:
    """pairs: (reference, test) beats, None on the side that has no partner. matrix: AAMI class × class, "O" for no partner.

    standard: window and learning period were EC57's; otherwise the figures must be called non-standard.
    """

    pairs: tuple[Two, ...]
    window_ms: int
    standard: bool

    @property
    def matrix(self) -> dict[tuple[str, str], int]:
        return _counted(self.pairs, lambda symbol: AAMI.get(symbol, "Q"))

    @property
    def symbols(self) -> dict[tuple[str, str], int]:
        """The same by WFDB symbol."""
        return _counted(self.pairs, lambda symbol: symbol)

    @property
    def se(self) -> Rate:
        """QRS sensitivity: reference beats that were found, whatever their class."""
        found = sum(a is not None and b is not None for a, b in self.pairs)
        return Rate(found, sum(a is not None for a, _ in self.pairs))

    @property
    def ppv(self) -> Rate:
        """QRS positive predictivity: test beats that are in the reference."""
        found = sum(a is not None and b is not None for a, b in self.pairs)
        return Rate(found, sum(b is not None for _, b in self.pairs))

    def class_se(self, name: str) -> Rate:
        """Sensitivity for one class, such as V: the row of the matrix."""
        matrix = self.matrix
        return Rate(matrix.get((name, name), 0), sum(n for (reference, _), n in matrix.items() if reference == name))

    def class_ppv(self, name: str) -> Rate:
        """Positive predictivity for one class: the column, less what EC57 forgives (fusion and unclassifiable beats called V,
        unclassifiable beats called S)."""
        forgiven = {"V": ("F", "Q"), "S": ("Q",)}.get(name, ())
        matrix = self.matrix
        called = sum(n for (reference, test), n in matrix.items() if test == name and reference not in forgiven)
        return Rate(matrix.get((name, name), 0), called)

    @property
    def disagreements(self) -> tuple[Two, ...]:
        """Missed, extra and otherwise named beats, in order of time: an adjudicator's queue."""
        return tuple((a, b) for a, b in self.pairs if a is None or b is None or a[1] != b[1])


def timed(beats: Iterable[Beat]) -> list[Timed]:
    """(tick, symbol) in order of time."""
    return sorted((beat.tick, beat.symbol) for beat in beats)


def compare_beats(reference: Sequence[Timed], test: Sequence[Timed], rate: Fraction, *, window_ms: int = STANDARD_WINDOW_MS,
                  learning_s: int = 0, exclude: Sequence[tuple[int, int]] = ()) -> BeatComparison:
    """Match two lists of (tick, symbol).

    learning_s: beats before it are left out. exclude: [start, end) ticks in which nothing counts.
    """
    pairs = _matched(sorted(reference), sorted(test), Terms(rate, 0, window_ms=window_ms).window)
    left_out: list[tuple[int, int | Fraction]] = [(0, learning_s * rate), *exclude]
    kept = tuple((a, b) for a, b in pairs if not _inside(a or b, left_out))
    return BeatComparison(kept, window_ms, window_ms == STANDARD_WINDOW_MS and learning_s == STANDARD_LEARNING_S)


def _matched(reference: list[Timed], test: list[Timed], window: int) -> list[Two]:
    one, two = ([*(tick for tick, _ in beats), NEVER, NEVER] for beats in (reference, test))
    last = max([-1, *one[:-2], *two[:-2]])
    return [(reference[ours] if ours is not None else None, test[theirs] if theirs is not None else None)
            for ours, theirs, _, _ in walk(one, two, window, 0, 0, last) if (ours, theirs) != (None, None)]


def _inside(beat: Timed | None, spans: Sequence[tuple[int, int | Fraction]]) -> bool:
    return beat is not None and any(start <= beat[0] < end for start, end in spans)


def _counted(pairs: Iterable[Two], name: Callable[[str], str]) -> dict[tuple[str, str], int]:
    out: dict[tuple[str, str], int] = {}
    for a, b in pairs:
        key = (name(a[1]) if a else NONE, name(b[1]) if b else NONE)
        out[key] = out.get(key, 0) + 1
    return out
