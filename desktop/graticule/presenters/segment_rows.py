"""The lines of the segment list: groups, the segments in them, and what of a long list is shown."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from graticule.domain.elements import Segment
from graticule.domain.segment_status import IN_PROGRESS


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One line of the list. `amount` is "17.4 mL"; `meaning` the coded words when they are not the name itself.

    status: coded (`domain.segment_status`). opacity: 0…1 of what the labels' opacity allows. warning: a sentence when something
    contradicts the name or the codes. possible: it is the possible boundary of the line above.
    """

    id: str
    name: str
    meaning: str
    colour: str
    amount: str
    visible: bool
    locked: bool
    active: bool
    status: str = IN_PROGRESS
    opacity: float = 1.0
    warning: str = ""
    possible: bool = False


@dataclass(frozen=True, slots=True)
class GroupRow:
    """The head of a group; there is none while all segments lie in one. name: "" where nobody named it."""

    id: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Sieve:
    """What is shown of a long list: names and meanings that hold all the typed words, and these statuses (none: all)."""

    typed: str = ""
    statuses: frozenset[str] = frozenset()

    @property
    def open(self) -> bool:
        return not self.typed.strip() and not self.statuses

    def lets(self, row: SegmentRow) -> bool:
        text = f"{row.name} {row.meaning}".lower()
        fits = all(word in text for word in self.typed.lower().split())
        return fits and (not self.statuses or row.status in self.statuses)


def lines_of(segments: Iterable[Segment], groups: Iterable[str], group_name: Callable[[str], str],
             row_of: Callable[[Segment], SegmentRow], sieve: Sieve) -> list[SegmentRow | GroupRow]:
    """Group by group, each possible boundary under what it surrounds."""
    everything, groups = list(segments), list(groups)
    outer = {s.possible_of: s for s in everything if s.possible_of}
    lines: list[SegmentRow | GroupRow] = []
    for group in groups:
        inside = [s for s in everything if s.group == group and not s.possible_of]
        rows = [row_of(s) for one in inside for s in (one, outer.get(one.id)) if s is not None]
        seen = [row for row in rows if sieve.lets(row)]
        if len(groups) > 1 and (seen or sieve.open):
            lines.append(GroupRow(group, group_name(group), len(inside)))
        lines += seen
    return lines
