"""The ontology tables: complete, unambiguous, and found by the letters a cardiologist types."""

import re

import pytest

from graticule.formats.ecg.atr import BEATS, TYPES
from graticule.formats.ecg.rhythm_strings import KIND_OF, SLUG_OF, STRING_OF, is_exact
from graticule.quality.beats import AAMI
from graticule.resources import load_ontology, read_json

TRACKS = {"rhythm", "conduction", "sinus_node", "pacing", "event"}


@pytest.mark.parametrize("name", ["rhythm", "beats"])
def test_a_table_has_its_origin_and_every_row_is_whole_and_unique(name):
    table = read_json("ontology", f"{name}.json")
    assert table["name"] == name
    assert table["scheme"] == "graticule"
    assert all(table[field].strip() for field in ("version", "origin", "licence"))
    rows = table["concepts"]
    for unique in ("code", "label"):
        assert len({row[unique] for row in rows}) == len(rows)
    keys = [row["key"] for row in rows if row.get("key")]
    assert len(set(keys)) == len(keys)
    assert all(len(key) == 1 for key in keys)
    for row in rows:
        assert re.fullmatch(r"[a-z0-9_]+", row["code"])
        assert row["label"].strip() and row["definition"].strip()
        assert all(isinstance(codes, list) and all(codes) for codes in row["crosswalk"].values())


def test_slugs_are_unique_over_all_tables():
    ontology = load_ontology()
    slugs = [concept.code.code for concept in ontology]
    assert len(set(slugs)) == len(slugs)
    assert {concept.track for concept in load_ontology("rhythm")} == TRACKS


@pytest.mark.parametrize(("typed", "slug"), [
    ("mob2", "avb2_mobitz2"), ("mob1", "avb2_mobitz1"), ("wen", "avb2_mobitz1"), ("wenck", "avb2_mobitz1"), ("2:1", "avb2_2to1"),
    ("high", "avb_highgrade"), ("af", "afib"), ("afl", "aflutter"), ("chb", "avb3"), ("vt", "vt"), ("m", "avb2_mobitz2"),
    ("w", "avb2_mobitz1"), ("2", "avb2_2to1"), ("h", "avb_highgrade"), ("a", "afib"), ("s", "sinus"), ("paced", "paced")])
def test_a_few_letters_find_the_code_first(typed, slug):
    assert load_ontology("rhythm").search(typed)[0].code.code == slug


def test_the_four_second_degree_blocks_are_distinct_and_conflicting_codes_are_both_kept():
    ontology = load_ontology("rhythm")
    aha = {slug: ontology.slug(slug).crosswalk["AHA"] for slug in ("avb2_mobitz1", "avb2_mobitz2", "avb2_2to1", "avb_highgrade")}
    assert list(aha.values()) == [("83",), ("84",), ("85",), ("87",)]
    assert ontology.slug("avb2_mobitz2").crosswalk["SCT"] == ("426183003", "28189009")
    assert ontology.slug("avb2_2to1").crosswalk["SCT"] == ()
    assert {ontology.slug(slug).crosswalk["MDC"] for slug in ("avb2_mobitz1", "avb2_mobitz2")} == {("10:9664",), ("10:9680",)}


def test_rhythm_strings_of_the_code_are_those_of_the_table():
    ontology = load_ontology("rhythm")
    for aux, slug in SLUG_OF.items():
        assert aux in ontology.slug(slug).crosswalk["WFDB"], aux
    for slug, aux in STRING_OF.items():
        assert aux in ontology.slug(slug).crosswalk["WFDB"], slug
    for slug, aux in KIND_OF.items():
        assert ontology.slug(slug) and aux in SLUG_OF, slug
    assert is_exact("afib") and not is_exact("sinus_tachy") and not is_exact("avb2_mobitz2")


def test_beats_cover_wfdb_and_agree_with_the_scoring():
    rows = {row["key"]: row for row in read_json("ontology", "beats.json")["concepts"]}
    assert set(rows) == BEATS == set(AAMI)
    for symbol, row in rows.items():
        assert row["crosswalk"]["AAMI"] == [AAMI[symbol]]
        assert row["crosswalk"]["WFDB_NUMBER"] == [str(TYPES[symbol])]
