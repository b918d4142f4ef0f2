"""The ECG tables: every code well formed, with a source, and known to the lists that are at hand; conflicts flagged."""

import re

import pytest
from pydicom.sr._cid_dict import cid_concepts
from pydicom.sr._concepts_dict import concepts as dicom_concepts

from graticule.formats.ecg.atr import TYPES
from graticule.formats.ecg.rhythm_strings import SLUG_OF
from graticule.resources import load_ontology, read_json

TABLES = ("rhythm", "beats", "ecg_tracks", "ecg_statements")
SHAPES = {"SCT": r"[1-9]\d{5,17}", "MDC": r"10:\d+", "AHA": r"[1-9]\d{0,2}", "SCP": r"[A-Z0-9_/()]{2,8}",
          "WFDB": r"\([A-Z0-9]+|.",
          "WFDB_NUMBER": r"\d{1,2}", "AAMI": "[NSVFQ]", "AHA_DB": "[NVFEPQRUO]"}
# Reference ids of the two classes of codes that the DICOM tables number (beats and rhythms).
CIDS = (3335, 3415)


def mdc_codes() -> set[str]:
    found = set()
    for cid in CIDS:
        for name in cid_concepts[cid]["MDC"]:
            found |= {code for code, (_, cids) in dicom_concepts["MDC"][name].items() if cid in cids}
    return found


def verhoeff(digits: str) -> bool:
    """Whether a SNOMED CT identifier ends in its own check digit."""
    d = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 0, 6, 7, 8, 9, 5], [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
         [3, 4, 0, 1, 2, 8, 9, 5, 6, 7], [4, 0, 1, 2, 3, 9, 5, 6, 7, 8], [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
         [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
         [7, 6, 5, 9, 8, 2, 1, 0, 4, 3], [8, 7, 6, 5, 9, 3, 2, 1, 0, 4], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]]
    p = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]]
    for row in range(2, 8):
        p.append([p[row - 1][p[1][n]] for n in range(10)])
    check = 0
    for place, digit in enumerate(reversed(digits)):
        check = d[check][p[place % 8][int(digit)]]
    return check == 0


@pytest.mark.parametrize("name", TABLES)
def test_every_code_is_well_formed_and_says_where_it_was_taken_from(name: str) -> None:
    for concept in load_ontology(name):
        for vocabulary, codes in concept.crosswalk.items():
            assert len(set(codes)) == len(codes), concept.code
            for code in codes:
                assert re.fullmatch(SHAPES[vocabulary], code), (concept.code.code, vocabulary, code)
                assert concept.source_of(vocabulary, code), (concept.code.code, vocabulary, code)
        assert all(verhoeff(code) for code in concept.crosswalk.get("SCT", ())), concept.code


@pytest.mark.parametrize("name", TABLES)
def test_a_table_says_its_origin_licence_and_version_and_repeats_no_slug_or_label(name: str) -> None:
    table = read_json("ontology", f"{name}.json")
    assert table["name"] == name and table["scheme"] == "graticule"
    assert all(table[field].strip() for field in ("version", "origin", "licence"))
    for unique in ("code", "label"):
        assert len({row[unique] for row in table["concepts"]}) == len(table["concepts"])
    assert all(re.fullmatch(r"[a-z0-9_]+", row["code"]) and row["definition"].strip() for row in table["concepts"])


@pytest.mark.parametrize("name", TABLES)
def test_mdc_codes_stand_in_the_dicom_tables(name: str) -> None:
    known = mdc_codes()
    assert len(known) > 150
    for concept in load_ontology(name):
        assert set(concept.crosswalk.get("MDC", ())) <= known, concept.code


@pytest.mark.parametrize("name", TABLES)
def test_several_snomed_codes_never_stand_without_a_word_about_it(name: str) -> None:
    """Where one list has two codes for a rhythm that DICOM splits, or two lists differ, the row says so."""
    told = {"preexcitation"}   # pre-excitation and WPW syndrome: two codes of one list, not two lists
    for concept in load_ontology(name):
        if len(concept.crosswalk.get("SCT", ())) > 1 and concept.code.code not in told | {"aha_108"}:
            assert concept.conflict, concept.code


def test_the_conflicts_that_are_known_are_flagged() -> None:
    ontology = load_ontology(*TABLES)
    for slug in ("avb2_mobitz2", "avnrt", "afib", "svt", "vt", "vfib", "beat_pvc", "lbbb", "irbbb", "lafb", "lpfb", "ivcd",
                 "st_depression", "st_elevation", "wandering_pm", "v_trigeminy", "aha_310_frequent", "aha_310_or"):
        assert ontology.slug(slug).conflict, slug
    mobitz2 = ontology.slug("avb2_mobitz2")
    assert [mobitz2.source_of("SCT", code) for code in mobitz2.crosswalk["SCT"]] == [
        "PhysioNet/CinC Challenge 2021 list", "Chapman/Ningbo ConditionNames"]


def test_the_type_of_a_second_degree_block_never_comes_from_its_wfdb_string() -> None:
    assert SLUG_OF["(BII"] == "avb2"
    second = [concept for concept in load_ontology("rhythm") if "(BII" in concept.crosswalk["WFDB"]]
    assert len(second) == 6 and all("does not say the type" in concept.conflict for concept in second)


def test_marks_that_are_no_beats_are_wfdb_s() -> None:
    marks = load_ontology("ecg_tracks").track("mark")
    for concept in marks:
        symbol, number = concept.crosswalk["WFDB"][0], int(concept.crosswalk["WFDB_NUMBER"][0])
        assert TYPES[{"`": "(", "'": ")"}.get(symbol, symbol)] == number
    beats = {row["key"] for row in read_json("ontology", "beats.json")["concepts"]}
    assert {c.crosswalk["WFDB"][0] for c in marks} | beats == set(TYPES) | {"`", "'"}


def test_the_statement_list_is_whole() -> None:
    ontology = load_ontology("ecg_statements")
    numbers = {concept.code.code: concept.crosswalk["AHA"] for concept in ontology if concept.crosswalk["AHA"]}
    assert len(numbers) == 203
    primary = {int(codes[0]) for slug, codes in numbers.items() if ontology.slug(slug).track == "statement"}
    assert {n for n in primary if n < 200} == primary and len(primary) == 117
    assert sorted(slug for slug, codes in numbers.items() if codes == ("310",)) == ["aha_310_frequent", "aha_310_or"]
    acronyms = {code for concept in ontology for code in concept.crosswalk["SCP"]}
    assert len(acronyms) == 71


@pytest.mark.parametrize(("typed", "slug"), [("lbbb", "lbbb"), ("sev", "q_severe"), ("std", "st_depression"), ("lqt", "long_qt")])
def test_the_further_tracks_are_found_by_their_letters(typed: str, slug: str) -> None:
    assert load_ontology("ecg_tracks").search(typed)[0].code.code == slug
