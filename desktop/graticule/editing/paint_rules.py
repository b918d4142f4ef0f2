"""Where a tool may paint, whatever the tool: over which segments, inside which one, and in which range of values."""

from dataclasses import dataclass

from graticule.domain.elements import Segment
from graticule.domain.labels import Labels
from graticule.imaging.logic import Rules
from graticule.imaging.threshold import Range

FREE, CHOSEN, ALL = "free", "chosen", "all"


@dataclass(frozen=True, slots=True)
class PaintRules:
    """One set for every tool of a case; chosen beside the tool, never stored with a label.

    over: what may be painted over beside background: nothing (FREE: the other segments are protected, as they are at first),
    the segments of `chosen` (their ids), or ALL that are not locked. inside: id of the only segment whose voxels may be
    touched, "" for everywhere. range: only voxels with these values, None for all; follow: the range grows from each stroke.
    """

    over: str = FREE
    chosen: frozenset[str] = frozenset()
    inside: str = ""
    range: Range | None = None
    follow: bool = False

    def values(self, labels: Labels, group: str) -> Rules:
        """The same as label values of one group; locked segments are never touched."""
        own = [segment for segment in labels.of(Segment) if segment.group == group]
        chosen = {s.value for s in own if self.over == CHOSEN and s.id in self.chosen}
        over = None if self.over == ALL else frozenset({0} | chosen)
        inside = None
        if self.inside and self.elsewhere(labels, group) is None:
            # Whoever chooses to paint inside a segment means to paint over it.
            inside = frozenset(s.value for s in own if s.id == self.inside)
            over = None if over is None else over | inside
        return Rules(frozenset(s.value for s in own if s.locked), over, inside)

    def elsewhere(self, labels: Labels, group: str) -> Segment | None:
        """The segment to stay inside where it lies in another group than the painted one: its voxels are not in these values."""
        within = labels.get(Segment, self.inside) if self.inside else None
        return within if within is not None and within.group != group else None
