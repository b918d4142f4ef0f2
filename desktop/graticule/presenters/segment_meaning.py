"""The coded meaning of a segment while it is edited: what each field may hold, found by a few letters."""

from dataclasses import dataclass, replace

from graticule.domain.codes import Code, Concept, Ontology
from graticule.domain.elements import Segment
from graticule.presenters.segment_sides import side_conflict

CATEGORY, TYPE, MODIFIER, REGION, LATERALITY = "category", "type", "modifier", "region", "laterality"
FIELDS = (CATEGORY, TYPE, MODIFIER, REGION, LATERALITY)
REQUIRED = (CATEGORY, TYPE)
# Tables of the ontology whose concepts a field may hold; a type is looked for in its category first.
_KINDS = ("morphologically_altered", "anatomical_structure", "tissue")
_TRACKS = {CATEGORY: ("category",), TYPE: _KINDS, MODIFIER: ("modifier",), REGION: ("body_region", "anatomical_structure"),
           LATERALITY: ("laterality",)}


@dataclass(frozen=True, slots=True)
class Meaning:
    """Codes by field; None where nothing is said. Category and type are always there."""

    category: Code
    type: Code
    modifier: Code | None = None
    region: Code | None = None
    laterality: Code | None = None

    @classmethod
    def of(cls, segment: Segment) -> "Meaning":
        return cls(segment.category, segment.type, segment.modifier, segment.region, segment.laterality)

    def with_code(self, field: str, code: Code | None) -> "Meaning":
        parts = {name: getattr(self, name) for name in FIELDS} | {field: code}
        return Meaning(**parts)

    @property
    def codes(self) -> tuple[Code, Code, Code | None, Code | None, Code | None]:
        return self.category, self.type, self.modifier, self.region, self.laterality


def choices(ontology: Ontology, field: str, typed: str, meaning: Meaning) -> list[Concept]:
    """What a field may hold, best fit first; types of the chosen category stand before all others."""
    found = [concept for concept in ontology.search(typed) if concept.track in _TRACKS[field]]
    if field == TYPE:
        return sorted(found, key=lambda concept: concept.track != meaning.category.code)
    if field == REGION:
        return sorted(found, key=lambda concept: concept.track != "body_region")
    return found


def with_choice(ontology: Ontology, meaning: Meaning, field: str, concept: Concept) -> Meaning:
    """The meaning after a choice; a type brings its own category along."""
    after = meaning.with_code(field, concept.code)
    category = ontology.find(Code(concept.code.scheme, concept.track, concept.code.version)) if field == TYPE else None
    return after if category is None else after.with_code(CATEGORY, category.code)


def objection(segment: Segment, meaning: Meaning, lies: str) -> str:
    """What the codes contradict: the name, or the side on which the voxels lie ("L", "R", "" unknown)."""
    return side_conflict(replace(segment, laterality=meaning.laterality), lies)
