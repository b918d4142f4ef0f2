"""What a mark of signal quality keeps out of the numbers."""

from collections.abc import Iterable

from graticule.domain.elements import Episode
from graticule.quality.episodes import Span, joined

QUALITY_TRACK = "quality"
SHUT = frozenset(("q_severe", "q_nosignal"))   # beats cannot be seen
VAGUE = SHUT | {"q_moderate"}                  # or not be told apart


def noisy(episodes: Iterable[Episode]) -> list[Span]:
    """Where beats cannot be classified or not even be seen, on all leads: [start, end) ticks that neither touch nor overlap."""
    return joined((e.start, e.end) for e in episodes if e.track == QUALITY_TRACK and e.lead is None and e.code.code in VAGUE)
