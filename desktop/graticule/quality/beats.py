"""Beat-by-beat comparison of two annotations, as ANSI/AAMI EC57 describes it and the reference program `bxb` does it.

Two beats match when they are at most 150 ms apart and neither has a nearer partner. Classes are AAMI's; beats that escape from
above the ventricles (e, j, n) are S, as in `bxb` (much literature counts them as N; the table below says which was used).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from graticule.domain.elements import Beat

AAMI = {
    **dict.fromkeys("NLRB", "N"), **dict.fromkeys("AaJSejn", "S"), **dict.fromkeys("VrE", "V"), "F": "F",
    **dict.fromkeys("/fQ?", "Q"),
}
CLASSES = ("N", "S", "V", "F", "Q")
NONE = "O"
STANDARD_WINDOW_MS, STANDARD_LEARNING_S = 150, 300

Timed = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of counted things; None when there was nothing to count."""

    hits: int
    total: int

    @property
    def value(self) -> float | None:
        return self.hits / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class BeatComparison:
    """pairs: (reference, test) beats, None on the side that has no partner. matrix: AAMI class × class, "O" for no partner.

    standard: window and learning period were EC57's; otherwise the figures must be called non-standard.
    """

    pairs: tuple[tuple[Timed | None, Timed | None], ...]
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
    def disagreements(self) -> tuple[tuple[Timed | None, Timed | None], ...]:
        """Missed, extra and otherwise named beats, in order of time: an adjudicator's queue."""
        return tuple((a, b) for a, b in self.pairs if a is None or b is None or a[1] != b[1])


def timed(beats: Iterable[Beat]) -> list[Timed]:
    """(tick, symbol) of beat elements, in order of time."""
    return sorted((beat.tick, beat.symbol) for beat in beats)


def compare_beats(reference: Sequence[Timed], test: Sequence[Timed], rate: Fraction, *, window_ms: int = STANDARD_WINDOW_MS,
                  learning_s: int = 0, exclude: Sequence[tuple[int, int]] = ()) -> BeatComparison:
    """Match two lists of (tick, symbol), each in order of time.

    learning_s: beats before it are left out (EC57: 300 s for detectors; 0 between readers). exclude: [start, end) ticks in
    which nothing counts, such as ventricular flutter and fibrillation.
    """
    pairs = _matched(sorted(reference), sorted(test), window_ms * rate / 1000)
    left_out: list[tuple[int, int | Fraction]] = [(0, learning_s * rate), *exclude]
    kept = tuple((a, b) for a, b in pairs if not _inside(a or b, left_out))
    return BeatComparison(kept, window_ms, window_ms == STANDARD_WINDOW_MS and learning_s == STANDARD_LEARNING_S)


def _matched(reference: list[Timed], test: list[Timed], window: Fraction) -> list[tuple[Timed | None, Timed | None]]:
    """Walk both lists in time. A pair within the window is taken unless one of the two has a nearer neighbour yet to come."""
    pairs: list[tuple[Timed | None, Timed | None]] = []
    i = j = 0
    while i < len(reference) and j < len(test):
        a, b = reference[i], test[j]
        apart = abs(a[0] - b[0])
        if a[0] <= b[0]:
            nearer = i + 1 < len(reference) and abs(reference[i + 1][0] - b[0]) < apart
        else:
            nearer = j + 1 < len(test) and abs(test[j + 1][0] - a[0]) < apart
        if apart <= window and not nearer:
            pairs.append((a, b))
            i, j = i + 1, j + 1
        elif a[0] <= b[0]:
            pairs.append((a, None))
            i += 1
        else:
            pairs.append((None, b))
            j += 1
    pairs += [(a, None) for a in reference[i:]]
    return pairs + [(None, b) for b in test[j:]]


def _inside(beat: Timed | None, spans: Sequence[tuple[int, int | Fraction]]) -> bool:
    return beat is not None and any(start <= beat[0] < end for start, end in spans)


def _counted(pairs: Iterable[tuple[Timed | None, Timed | None]], name: Callable[[str], str]) -> dict[tuple[str, str], int]:
    out: dict[tuple[str, str], int] = {}
    for a, b in pairs:
        key = (name(a[1]) if a else NONE, name(b[1]) if b else NONE)
        out[key] = out.get(key, 0) + 1
    return out
