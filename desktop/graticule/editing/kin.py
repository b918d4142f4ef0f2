"""Further segments of the kind of one that is there: parts it fell into, copies of it in another image, its possible boundary."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import count

from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.imaging.distinct_colours import shade

MOST_VALUE = 255


def kin_of(segment: Segment, others: Iterable[Segment], taken: Iterable[int], howmany: int,
           new_id: Callable[[], str], words: str) -> tuple[Segment, ...]:
    """`howmany` new segments with the same codes, numbered on, each with a label value of the group and a shade of its own.

    others: every segment of the case. taken: values of the group that voxels carry. words: the name of `segment`.
    """
    known = list(others)
    used = {*taken, *(other.value for other in known if other.group == segment.group)}
    values = [value for value in range(1, MOST_VALUE + 1) if value not in used][:howmany]
    if len(values) < howmany:
        raise GraticuleError("A group holds at most 255 segments.", "Remove small parts first.")
    first = 1 + max((other.number for other in known if other.type == segment.type), default=0)
    names, colours = _names(words, {other.name for other in known}), {other.colour for other in known}
    made = []
    for at, value in enumerate(values):
        colour = shade(segment.colour, colours)
        colours.add(colour)
        made.append(replace(segment, id=new_id(), value=value, colour=colour, number=first + at, name=next(names),
                            status="draft", locked=False, possible_of="", extra={}))
    return tuple(made)


def possible_round(segment: Segment, group: str, new_id: Callable[[], str], words: str) -> Segment:
    """The outer boundary of a segment, with its codes and colour, in a group of its own."""
    return replace(segment, id=new_id(), group=group, value=1, name=words, status="draft", locked=False,
                   possible_of=segment.id, extra={})


def free_name(words: str, others: Iterable[Segment]) -> str:
    """The name, with a number where it is taken."""
    known = {other.name for other in others}
    return words if words not in known else next(_names(words, known))


def free_colour(colour: str, others: Iterable[Segment]) -> str:
    """The colour, or a shade of it where it is taken."""
    used = {other.colour for other in others}
    return colour if colour not in used else shade(colour, used)


def _names(words: str, known: set[str]) -> Iterator[str]:
    stem = words.rstrip("0123456789 ") or words
    return (name for number in count(2) if (name := f"{stem} {number}") not in known)
