"""An ontology is found by a few typed letters, and by code across versions of its table."""

import pytest

from graticule.domain.codes import Code, Concept, Ontology
from graticule.domain.errors import GraticuleError


def _concept(slug: str, label: str, key: str = "", track: str = "av", synonyms: tuple[str, ...] = ()) -> Concept:
    return Concept(Code("graticule", slug, "2"), label, track, key, synonyms)


ONTOLOGY = Ontology([
    _concept("avb1", "First-degree AV block"),
    _concept("avb2_wenckebach", "AV block, Mobitz I (Wenckebach)", synonyms=("mobitz 1",)),
    _concept("avb2_mobitz2", "AV block, Mobitz II"),
    _concept("avb2_2to1", "2:1 AV block", key="2"),
    _concept("af", "Atrial fibrillation", key="a", track="rhythm", synonyms=("AFib",)),
    _concept("afl", "Atrial flutter", track="rhythm"),
])


def _found(typed: str, track: str = "") -> list[str]:
    return [concept.code.code for concept in ONTOLOGY.search(typed, track)]


def test_typed_letters_need_not_be_adjacent():
    assert _found("mob2") == ["avb2_mobitz2"]


def test_an_exact_key_slug_or_synonym_comes_first():
    assert _found("a")[0] == "af"
    assert _found("afib")[0] == "af"
    assert _found("af") == ["af", "afl"]


def test_words_inside_the_label_are_found():
    assert _found("wenck") == ["avb2_wenckebach"]
    assert _found("flutter", "rhythm") == ["afl"]
    assert _found("flutter", "av") == []


def test_nothing_typed_lists_the_track_in_table_order():
    assert _found("", "rhythm") == ["af", "afl"]
    assert len(_found("")) == len(ONTOLOGY) == 6


def test_a_code_of_another_version_still_has_its_words():
    assert ONTOLOGY.label(Code("graticule", "af", "1")) == "Atrial fibrillation"
    assert ONTOLOGY.label(Code("SCT", "49436004", "2024")) == "SCT:49436004"
    assert ONTOLOGY.find(Code("SCT", "af", "1")) is None


def test_an_unknown_slug_is_a_sentence():
    assert ONTOLOGY.slug("af").label == "Atrial fibrillation"
    with pytest.raises(GraticuleError, match="not a code"):
        ONTOLOGY.slug("xyz")
