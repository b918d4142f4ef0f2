"""Episode and duration agreement of two annotations, as ANSI/AAMI EC57 describes it: any overlap finds an episode, seconds count
as seconds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graticule.domain.elements import Episode
from graticule.quality.rate import Rate

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class EpisodeComparison:
    """One code on one track. Durations are counted in ticks.

    se, ppv: share of reference (test) episodes that the other side overlaps. duration_se, duration_ppv: share of reference
    (test) time that the other side calls the same.
    """

    track: str
    code: str
    se: Rate
    ppv: Rate
    duration_se: Rate
    duration_ppv: Rate


def compare_spans(reference: Iterable[Span], test: Iterable[Span], *, exclude: Iterable[Span] = (), track: str = "",
                  code: str = "") -> EpisodeComparison:
    """Compare [start, end) spans of one code.

    exclude: stretches that do not count for either side (EC57 leaves atrial flutter out of the scoring of fibrillation). Spans
    that touch or overlap on one side are one episode.
    """
    out = joined(exclude)
    ours, theirs = (without(joined(spans), out) for spans in (reference, test))
    common = sum(_overlap(span, theirs) for span in ours)
    return EpisodeComparison(
        track, code,
        Rate(sum(_overlap(span, theirs) > 0 for span in ours), len(ours)),
        Rate(sum(_overlap(span, ours) > 0 for span in theirs), len(theirs)),
        Rate(common, sum(end - start for start, end in ours)), Rate(common, sum(end - start for start, end in theirs)))


def compare_episodes(reference: Sequence[Episode], test: Sequence[Episode]) -> list[EpisodeComparison]:
    """One row for every track and code that either side uses, in order of name. Atrial flutter of the reference does not
    count for or against fibrillation."""
    flutter = [(e.start, e.end) for e in reference if e.code.code == "aflutter"]
    keys = sorted({(e.track, e.code.code) for e in (*reference, *test)})
    return [compare_spans(_spans(reference, *key), _spans(test, *key), exclude=flutter if key[1] == "afib" else (),
                          track=key[0], code=key[1]) for key in keys]


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same time as spans that neither touch nor overlap, in order; empty ones are dropped."""
    out: list[Span] = []
    for start, end in sorted(span for span in spans if span[1] > span[0]):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def _spans(episodes: Iterable[Episode], track: str, code: str) -> list[Span]:
    return [(e.start, e.end) for e in episodes if e.track == track and e.code.code == code]


def without(spans: list[Span], holes: list[Span]) -> list[Span]:
    """What of the spans lies in none of the holes."""
    out = spans
    for low, high in holes:
        out = [part for start, end in out for part in ((start, min(end, low)), (max(start, high), end)) if part[1] > part[0]]
    return out


def _overlap(span: Span, others: Iterable[Span]) -> int:
    return sum(max(0, min(span[1], end) - max(span[0], start)) for start, end in others)
