"""What the next segment of a kind is called: “Metastasis 1”, “Metastasis 2” … with numbers that never change afterwards."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from graticule.domain.codes import Code, Concept
from graticule.domain.elements import Segment


def base_name(segment: Segment) -> str:
    """The name without its instance number."""
    name = segment.name
    number = f" {segment.number}"
    return name.removesuffix(number) if name != number.strip() else name


def family(segments: Iterable[Segment], category: Code, kind: Code, modifier: Code | None) -> list[Segment]:
    """Segments that are numbered together: of one category, type and modifier, wherever they lie."""
    return [s for s in segments if (s.category, s.type, s.modifier) == (category, kind, modifier) and not s.possible_of]


def next_number(relatives: Sequence[Segment]) -> int:
    """One more than the highest: a number that was given stays with its segment, also after others are deleted."""
    return 1 + max((s.number for s in relatives), default=0)


def instance_name(base: str, number: int, taken: set[str]) -> str:
    """The bare name while nobody has it and it is the first; else with its number, a further one where that is taken too."""
    if number == 1 and base not in taken:
        return base
    return next(name for n in range(number, number + len(taken) + 2) if (name := f"{base} {n}") not in taken)


def numbered_first(relatives: Sequence[Segment], base: str) -> Segment | None:
    """The first of a family that still has its bare name, as it is called once there is a second; None when there is none."""
    bare = [s for s in relatives if s.name == base]
    return replace(bare[0], name=f"{base} {bare[0].number}") if len(bare) == 1 else None


def word_for(concept: Concept, typed: str) -> str:
    """The name for a structure that was searched: the synonym that was typed, else its label."""
    wanted = typed.strip().lower()
    if not wanted or concept.label.lower().startswith(wanted):
        return concept.label
    known = next((word for word in concept.synonyms if word.lower().startswith(wanted)), "")
    return f"{known[0].upper()}{known[1:]}" if known else concept.label
