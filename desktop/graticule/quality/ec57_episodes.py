"""Episode-by-episode comparison by ANSI/AAMI EC38/EC57, equal to the reference program `epicmp`: fibrillation of the atria and of
the ventricles, and ischaemic ST episodes; by their number and by their duration."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from graticule.quality.ec57_marks import OFF, ON, RHYTHM, ST_CHANGE, Mark, Terms
from graticule.quality.rate import Rate

AF, VF, ST0, ST1, ST = "af", "vf", "st0", "st1", "st"
SORTS = (AF, VF, ST, ST0, ST1)
_FLUTTER = "flutter"


@dataclass(frozen=True, slots=True)
class Span:
    """An episode [start, end]. extremes: where the ST deviation of the first and second signal is largest, 0 for not marked."""

    start: int
    end: int
    extremes: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Judged:
    """An episode of one side, and whether the other side has it. overlap: ticks in which it says the same."""

    start: int
    end: int
    duration: int
    overlap: int
    matched: bool


@dataclass(frozen=True, slots=True)
class EpisodeCounts:
    """Numbers of episodes, and ticks; of one record, or summed over many with one rate."""

    se: Rate
    ppv: Rate
    duration_se: Rate
    duration_ppv: Rate

    def __add__(self, other: "EpisodeCounts") -> "EpisodeCounts":
        return EpisodeCounts(*(Rate(a.hits + b.hits, a.total + b.total) for a, b in zip(self.rates, other.rates, strict=True)))

    @property
    def rates(self) -> tuple[Rate, Rate, Rate, Rate]:
        return self.se, self.ppv, self.duration_se, self.duration_ppv


@dataclass(frozen=True, slots=True)
class ByEpisode:
    """by_reference, by_test: every episode of either side inside the time that counts."""

    sort: str
    by_reference: tuple[Judged, ...]
    by_test: tuple[Judged, ...]

    @property
    def counts(self) -> EpisodeCounts:
        return EpisodeCounts(_share(self.by_reference), _share(self.by_test), _time(self.by_reference), _time(self.by_test))


def episode_by_episode(reference: Sequence[Mark], test: Sequence[Mark], terms: Terms, sort: str) -> ByEpisode:
    """Compare the episodes of one sort in two annotators' marks, each in order of time."""
    one, two = (list(_spans(marks, sort, terms)) for marks in (reference, test))
    flutter = [span for span in _spans(reference, _FLUTTER, terms) if span.end >= terms.start and span.start < terms.end]
    left_out = flutter if sort == AF and terms.flutter_excluded else []
    return ByEpisode(sort, tuple(_judged(one, two, terms, sort, ())), tuple(_judged(two, one, terms, sort, left_out)))


def _share(episodes: Sequence[Judged]) -> Rate:
    return Rate(sum(e.matched for e in episodes), len(episodes))


def _time(episodes: Sequence[Judged]) -> Rate:
    return Rate(sum(e.overlap for e in episodes), sum(e.duration for e in episodes))


def _judged(ours: Sequence[Span], theirs: Sequence[Span], terms: Terms, sort: str, left_out: Sequence[Span]) -> Iterator[Judged]:
    shortest = terms.ticks(terms.shortest_s)
    if terms.shortest_everywhere:
        theirs = [span for span in theirs if span.end - span.start >= shortest]
    for span in ours:
        if span.end < terms.start or span.start >= terms.end:
            continue
        start, end, duration = _cut(max(span.start, terms.start), min(span.end, terms.end), left_out)
        if duration < shortest:
            continue
        shared = [(max(start, other.start), min(end, other.end)) for other in theirs if other.end >= start and other.start < end]
        overlap = sum(stop - begin for begin, stop in shared)
        extreme = _extreme_shared(span, shared, terms, sort)
        matched = overlap > 0 and (sort in (AF, VF) or extreme or 2 * overlap >= duration)
        yield Judged(start, end, duration, overlap, matched)


def _extreme_shared(span: Span, shared: Sequence[tuple[int, int]], terms: Terms, sort: str) -> bool:
    """Whether a marked extreme lies where both sides agree; one outside the time that counts stands at 0, as in `epicmp`."""
    counted = [at if terms.start < at < terms.end else 0 for at in span.extremes]
    wanted = {ST0: counted[:1], ST1: counted[1:]}.get(sort, counted)
    return any(begin <= at <= stop for at in wanted for begin, stop in shared)


def _cut(start: int, end: int, left_out: Sequence[Span]) -> tuple[int, int, int]:
    """(start, end, duration) of an episode without what is left out; −1 when nothing is left.

    Where the episode begins in a stretch that is left out, `epicmp -x` (version of 2022) adds that part to the duration instead
    of taking it away. The same is done here, since these terms exist only for comparison with old reports.
    """
    duration = end - start
    for out in left_out:
        if end <= out.start:
            break
        if out.start <= start <= out.end:
            if end <= out.end:
                return start, end, -1
            duration, start = duration + out.end - start, out.end
        elif start <= out.start <= end:
            if out.end < end:
                duration -= out.end - out.start
            else:
                duration, end = duration - (end - out.start), out.start
    return start, end, duration


def _spans(marks: Sequence[Mark], sort: str, terms: Terms) -> Iterator[Span]:
    """Episodes of a sort, one after the other; one without an end lasts to the end of the record or to the last mark."""
    begins, ends = _BOUNDS[sort]
    start: int | None = None
    extremes = [0, 0]
    depth = 0
    for mark in marks:
        if start is None:
            if begins(mark):
                start, extremes, depth = mark.tick, [0, 0], 1
        elif sort == ST and begins(mark):
            depth += 1
        elif (signal := _extreme(mark)) is not None:
            extremes[signal] = mark.tick
        elif ends(mark):
            depth -= 1
            if depth == 0 or sort != ST:
                yield Span(start, mark.tick, (extremes[0], extremes[1]))
                start = None
    if start is not None:
        yield Span(start, max(terms.end, marks[-1].tick), (extremes[0], extremes[1]))


def _extreme(mark: Mark) -> int | None:
    """0 or 1 when the mark is the extreme of an ST episode in that signal."""
    known = mark.symbol == ST_CHANGE and mark.aux[:4] in ("AST0", "AST1")
    return int(mark.aux[3]) if known else None


def _text(symbol: str, start: str) -> Callable[[Mark], bool]:
    return lambda mark: mark.symbol == symbol and mark.aux.startswith(start)


def _rhythm_but(start: str) -> Callable[[Mark], bool]:
    return lambda mark: mark.symbol == RHYTHM and not mark.aux.startswith(start)


_BOUNDS: dict[str, tuple[Callable[[Mark], bool], Callable[[Mark], bool]]] = {
    AF: (_text(RHYTHM, "(AFIB"), _rhythm_but("(AFIB")),
    _FLUTTER: (_text(RHYTHM, "(AFL"), _rhythm_but("(AFL")),
    VF: (_text(ON, ""), _text(OFF, "")),
    ST0: (_text(ST_CHANGE, "(ST0"), _text(ST_CHANGE, "ST0")),
    ST1: (_text(ST_CHANGE, "(ST1"), _text(ST_CHANGE, "ST1")),
    ST: (_text(ST_CHANGE, "(ST"), _text(ST_CHANGE, "ST")),
}
