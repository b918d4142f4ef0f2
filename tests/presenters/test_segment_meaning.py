import pytest

from graticule.domain.codes import Code
from graticule.domain.elements import Segment
from graticule.presenters.segment_meaning import (
    CATEGORY,
    LATERALITY,
    MODIFIER,
    REGION,
    TYPE,
    Meaning,
    choices,
    objection,
    with_choice,
)
from graticule.resources import load_ontology

ANATOMY = load_ontology("anatomy")


def own(slug: str) -> Code:
    return ANATOMY.slug(slug).code


MASS = Meaning(own("morphologically_altered"), own("mass"))


@pytest.mark.parametrize(("field", "typed", "found"), [
    (CATEGORY, "anat", "anatomical_structure"), (TYPE, "metast", "neoplasm_secondary"), (TYPE, "kid", "kidney"),
    (MODIFIER, "post", "posterior"), (REGION, "abd", "abdomen"), (REGION, "live", "liver"), (LATERALITY, "le", "left"),
    (LATERALITY, "both", "bilateral")])
def test_a_few_letters_find_the_code_for_each_field(field: str, typed: str, found: str) -> None:
    assert choices(ANATOMY, field, typed, MASS)[0].code.code == found


def test_types_of_the_chosen_category_stand_first_and_a_type_brings_its_category() -> None:
    first = choices(ANATOMY, TYPE, "", MASS)
    assert first[0].track == "morphologically_altered" and {c.track for c in first} == {
        "morphologically_altered", "anatomical_structure", "tissue"}
    after = with_choice(ANATOMY, MASS, TYPE, ANATOMY.slug("kidney"))
    assert (after.category.code, after.type.code) == ("anatomical_structure", "kidney")


def test_a_side_against_the_name_or_the_voxels_is_objected_to() -> None:
    segment = Segment(id="s", group="1", value=1, colour="#ffffff", category=MASS.category, type=MASS.type, name="Right kidney")
    left = MASS.with_code(LATERALITY, own("left"))
    assert objection(segment, left, "") == "The name says right, the coded side is left."
    assert objection(segment, MASS.with_code(LATERALITY, own("right")), "R") == ""
    assert "patient’s left" in objection(segment, MASS, "L")


def test_what_narrows_a_meaning_down_has_a_standard_code() -> None:
    narrowing = [c for c in ANATOMY if c.track in ("laterality", "modifier", "body_region")]
    assert len(narrowing) > 20 and all(c.crosswalk.get("SCT") for c in narrowing)
