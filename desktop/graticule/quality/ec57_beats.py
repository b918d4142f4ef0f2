"""Beat-by-beat comparison by ANSI/AAMI EC57, equal to the reference program `bxb` cell by cell.

Rows are the reference's class, columns the tested one's: N S V F Q, O for no beat, X for one that the other side lost in a
shutdown.
Beats that escape from above the ventricles (e, j, n) are S, as in `bxb`; much literature counts them as N.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from graticule.quality.ec57_marks import Mark, Terms
from graticule.quality.ec57_matrix import BeatMatrix
from graticule.quality.ec57_side import EXTRA, LEFT_OUT, NO_BEAT, SHUT, Side, side_of

# Numbers of the reference's and the tested beat, None where one has no partner; and the two beats in hand.
Step = tuple[int | None, int | None, int, int]


@dataclass(frozen=True, slots=True)
class Pair:
    """One count of the matrix. reference, test: the beats, None on the side without one."""

    row: str
    column: str
    reference: Mark | None
    test: Mark | None

    @property
    def tick(self) -> int:
        mark = self.reference or self.test
        return mark.tick if mark else 0


@dataclass(frozen=True, slots=True)
class ByBeat:
    """pairs: every count, in order of time. matrix: their numbers, with RR errors and shutdown."""

    pairs: tuple[Pair, ...]
    matrix: BeatMatrix
    terms: Terms

    def cell(self, row: str, column: str) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.pairs if (pair.row, pair.column) == (row, column))


def beat_by_beat(reference: Sequence[Mark], test: Sequence[Mark], terms: Terms) -> ByBeat:
    """Compare two annotators' marks, each in order of time."""
    one, two = side_of(reference, terms), side_of(test, terms, tested=True)
    pairs: list[Pair] = []
    counts: dict[tuple[str, str], int] = {}
    errors = squares = 0
    j = 0
    for ours, theirs, i, j in _steps(one, two, terms):
        if ours is None and theirs is None:
            continue
        row = _pseudo_reference(one, two.ticks[j], i) if ours is None else one.kinds[ours]
        column = _pseudo_test(two, one.ticks[i], j) if theirs is None else two.kinds[theirs]
        if one.rr[i] and two.rr[j]:
            errors += 1
            squares += (one.rr[i] - two.rr[j]) ** 2
        if _counts(row, column):
            pairs.append(Pair(row, column, one.marks[ours] if ours is not None else None,
                              two.marks[theirs] if theirs is not None else None))
            counts[row, column] = counts.get((row, column), 0) + 1
    second = terms.ticks(1)
    shut_s = int(Fraction(terms.ticks(Fraction(1, 2)) + two.shut_before(j), second))
    return ByBeat(tuple(pairs), BeatMatrix(counts, errors, squares * (1000 / second) ** 2, shut_s), terms)


def _counts(row: str, column: str) -> bool:
    return not {row, column} & {NO_BEAT, LEFT_OUT} and not (row in (EXTRA, SHUT) and column in (EXTRA, SHUT))


def _pseudo_reference(side: Side, tick: int, now: int) -> str:
    """What stands against a tested beat that the reference does not have. In the reference's fibrillation it does not count."""
    if side.in_flutter(tick, now):
        return LEFT_OUT
    return SHUT if side.in_shutdown(tick, now) else EXTRA


def _pseudo_test(side: Side, tick: int, now: int) -> str:
    return SHUT if side.in_shutdown(tick, now) else EXTRA


def _steps(one: Side, two: Side, terms: Terms) -> Iterator[Step]:
    """Step by step from the learning period's end to the end; at last where both sides then stand, as a step of no beat."""
    i, j = one.first_from(terms.start), two.first_from(terms.start, 1) - 1
    gap = one.ticks[i] - two.ticks[j]
    if gap <= terms.window and gap < abs(one.ticks[i] - two.ticks[j + 1]):
        # The last beat of the learning period belongs to the first reference beat after it.
        yield i, j, i, j
        i, j = i + 1, j + 1
    else:
        j += 1
        early = two.ticks[j] - terms.start <= terms.window
        if early and abs(one.ticks[i] - two.ticks[j + 1]) < abs(one.ticks[i] - two.ticks[j]):
            j += 1   # it may belong to a reference beat of the learning period
    yield from walk(one.ticks, two.ticks, terms.window, i, j, terms.end)


def walk(one: Sequence[int], two: Sequence[int], window: int, i: int, j: int, end: int) -> Iterator[Step]:
    """Pair two rising lists of ticks from places i and j until both are past `end`; each list ends with NEVER, NEVER.

    The earlier of the two beats in hand is paired with the other when that is within the window and either no other beat of its
    list is nearer, or that nearer one has a still nearer partner.
    """
    while one[i] <= end or two[j] <= end:
        a, b = one[i], two[j]
        first, second, following = (b, a, two[j + 1]) if b < a else (a, b, one[i + 1])
        apart, rival = second - first, abs(second - following)
        if apart <= window and (apart < rival or abs(one[i + 1] - two[j + 1]) < rival):
            yield i, j, i, j
            i, j = i + 1, j + 1
        elif b < a:
            yield None, j, i, j
            j += 1
        else:
            yield i, None, i, j
            i += 1
    yield None, None, i, j
