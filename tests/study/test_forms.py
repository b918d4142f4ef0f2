"""The ready-made forms: complete, coded by the tables they name, and what is computed from them is what the papers say."""

from typing import Any

import pytest

from fakes.asking import answers
from graticule.domain.case import Case, Kind
from graticule.domain.codes import Ontology
from graticule.domain.elements import Answer
from graticule.domain.labels import Labels
from graticule.presenters.form_editor import FormEditor
from graticule.records.canonical import canonical
from graticule.resources import load_ontology, read_json, resource
from graticule.study.answer_table import COLUMNS, answer_rows
from graticule.study.chexpert import chexpert
from graticule.study.conditions import Known
from graticule.study.protocol import Protocol, parse_protocol
from graticule.study.questions import FINDING, TYPES
from graticule.study.scores import computed, limitations_now

FORMS = sorted(path.name for path in resource("protocols", "forms").glob("*.json"))

# Nguyen et al., Sci Data 2022;9:429: 22 local labels, 6 global ones.
LOCAL = {
    "aortic_enlargement",
    "atelectasis",
    "calcification",
    "cardiomegaly",
    "clavicle_fracture",
    "consolidation",
    "edema",
    "emphysema",
    "enlarged_pa",
    "ild",
    "infiltration",
    "lung_cavity",
    "lung_cyst",
    "lung_opacity",
    "mediastinal_shift",
    "nodule_mass",
    "pulmonary_fibrosis",
    "pneumothorax",
    "pleural_thickening",
    "pleural_effusion",
    "rib_fracture",
    "other_lesion",
}
GLOBAL = {"copd", "lung_tumor", "pneumonia", "tuberculosis", "other_disease", "no_finding"}
CHEXPERT = [
    "No Finding",
    "Enlarged Cardiomediastinum",
    "Cardiomegaly",
    "Lung Opacity",
    "Lung Lesion",
    "Edema",
    "Consolidation",
    "Pneumonia",
    "Atelectasis",
    "Pneumothorax",
    "Pleural Effusion",
    "Pleural Other",
    "Fracture",
    "Support Devices",
]


def form(name: str) -> Protocol:
    return parse_protocol(read_json("protocols", "forms", f"{name}.json"))


def score(name: str, which: str, **values: Any) -> tuple[str | None, str]:
    wanted = next(score for score in form(name).scores if score.id == which)
    found = computed(wanted, values)
    return found.total, found.words


@pytest.mark.parametrize("name", [*FORMS, "demo"])
def test_each_form_is_whole_coded_cited_and_has_a_canonical_form(name: str) -> None:
    document = read_json("protocols", "demo.json") if name == "demo" else read_json("protocols", "forms", name)
    protocol = parse_protocol(document)
    editor = FormEditor(document, load_ontology(*protocol.ontology), lambda item: "p1:x")
    assert editor.faults() == [] and canonical(document)
    assert name == "demo" or document["source"]
    for question in protocol.questions:
        keys = [key for option in TYPES[question.type].options(question) for key in option.keys]
        assert len(keys) == len(set(keys)), question.id
        assert TYPES[question.type].options(question) or question.type in ("number", "text")


def test_the_chest_form_holds_the_labels_of_vindr_and_no_invented_code() -> None:
    rows = [q for q in form("chest_xray").questions if q.type == FINDING]
    assert {q.id.removeprefix("cxr.") for q in rows} == LOCAL | GLOBAL
    assert {q.id.removeprefix("cxr.") for q in rows if q.marks.need} == LOCAL
    from pydicom.sr.codedict import codes

    known = {code.value for name in dir(codes.SCT) if hasattr(code := getattr(codes.SCT, name), "value")}
    for concept in (*load_ontology("chest"), *load_ontology("skin")):
        assert set(concept.crosswalk.get("SCT", ())) <= known, concept.label
        assert set(concept.crosswalk) <= {"SCT", "ISIC"}


def test_chexpert_has_its_fourteen_columns_and_says_absent_only_where_everything_was_looked_for() -> None:
    table = read_json("protocols", "chexpert.json")
    none = {f"cxr.{name}": Answer(id=name, value="absent") for name in LOCAL | GLOBAL}
    none["cxr.no_finding"] = Answer(id="n", value="present")
    clear = chexpert(none, table)
    assert list(clear) == CHEXPERT
    assert {name for name, value in clear.items() if value == ""} == {
        "Enlarged Cardiomediastinum",
        "Pleural Other",
        "Fracture",
        "Support Devices",
    }
    assert clear["No Finding"] == "1.0" and {clear[name] for name in ("Pneumothorax", "Lung Lesion", "Lung Opacity")} == {"0.0"}
    ill = chexpert(
        {
            **none,
            **answers(
                cxr__nodule_mass="possible",
                cxr__rib_fracture="present",
                cxr__cardiomegaly="present",
                cxr__pleural_thickening="possible",
                cxr__no_finding="absent",
            ),
        },
        table,
    )
    assert (
        ill["Lung Lesion"],
        ill["Lung Opacity"],
        ill["Fracture"],
        ill["Cardiomegaly"],
        ill["Enlarged Cardiomediastinum"],
        ill["Pleural Other"],
        ill["No Finding"],
    ) == ("-1.0", "-1.0", "1.0", "1.0", "1.0", "-1.0", "0.0")
    assert set(chexpert(answers(cxr__edema="absent"), table).values()) == {"", "0.0"}
    assert {name for item in table["observations"] for name in item["from"]} <= LOCAL | GLOBAL


def test_checklists_give_the_published_scores() -> None:
    three = {"asymmetry3": True, "atypical_network3": False, "blue_white3": True}
    assert score("skin_lesion", "three_point", **three) == ("2", "Suspicious: 2 or more")
    seven = dict.fromkeys(("network7", "veil7", "vessels7", "streaks7", "dots7", "blotches7", "regression7"), False)
    assert score("skin_dermoscopy", "seven_point", **seven) == ("0", "Below the threshold")
    assert score("skin_dermoscopy", "seven_point", **{**seven, "veil7": True, "dots7": True}) == ("3", "Suspicious: 3 or more")
    assert score("skin_dermoscopy", "seven_point", **dict.fromkeys(seven, True))[0] == "10"
    full = {
        "abcd_asymmetry": "2",
        "abcd_border": "8",
        "abcd_colours": ["white", "red", "light_brown", "dark_brown", "blue_grey", "black"],
        "abcd_structures": ["network", "structureless", "dots", "globules", "branched_streaks"],
    }
    assert score("skin_dermoscopy", "tds", **full) == ("8.9", "Highly suspicious (above 5.45)")
    least = {"abcd_asymmetry": "0", "abcd_border": "0", "abcd_colours": ["red"], "abcd_structures": ["network"]}
    assert score("skin_dermoscopy", "tds", **least) == ("1.0", "Benign range (under 4.75)")
    middle = {**least, "abcd_asymmetry": "2", "abcd_border": "2", "abcd_colours": ["red", "black"]}
    assert score("skin_dermoscopy", "tds", **{**middle, "abcd_structures": ["network", "dots"]}) == (
        "4.8",
        "Suspicious (4.75 to 5.45)",
    )
    assert score("skin_dermoscopy", "tds", **{**full, "abcd_border": None})[0] is None


@pytest.mark.parametrize(
    ("diagnosis", "truth", "limited"),
    [
        ("melanoma_invasive", "single_expert", True),
        ("melanoma_invasive", "expert_consensus", True),
        ("scc", "follow_up", True),
        ("melanoma_invasive", "histopathology", False),
        ("nevus", "single_expert", False),
        ("melanoma", None, False),
    ],
)
def test_malignancy_by_reading_alone_is_said(diagnosis: str, truth: str | None, limited: bool) -> None:
    skin = form("skin_lesion")
    path = next(choice.path for choice in skin.ids["diagnosis"].choices if choice.value == diagnosis)
    known = Known({"diagnosis": diagnosis, "truth_kind": truth}, {"diagnosis": path}, {})
    assert bool(limitations_now(skin.limitations, known)) is limited
    assert skin.ids["truth_kind"].required


def test_the_table_of_answers_carries_codes_taxonomy_reason_and_limitation() -> None:
    labels = Labels(None)
    for answer in (
        Answer(id="diagnosis", value="melanoma", confidence=90),
        Answer(id="truth_kind", value="single_expert"),
        Answer(id="border", not_assessable="quality"),
        Answer(id="asymmetry3", value=True),
        Answer(id="atypical_network3", value=True),
        Answer(id="blue_white3", value=False),
        Answer(id="body_site", value={"site": "posterior_torso", "view": "back", "at": [400, 300]}),
    ):
        labels.put("answer", answer.id, answer)
    case = Case("c1:aa", Kind.IMAGE, "DMS", "t", "fake", ())
    rows = {row.cells["question"]: row.cells for row in answer_rows(case, labels, form("skin_lesion"), load_ontology())}
    assert all(tuple(cells) == COLUMNS for cells in rows.values())
    dx = rows["diagnosis"]
    assert dx["taxonomy"] == "Malignant:Malignant melanocytic proliferations (Melanoma)" and dx["confidence"] == "90"
    assert dx["code"] == "skin_dx_melanoma" and "not confirmed by histopathology" in dx["limitation"]
    assert rows["border"]["reason"] == "Image or signal quality too poor" and rows["body_site"]["value"] == "posterior_torso"
    assert (rows["three_point"]["value"], rows["three_point"]["origin"]) == ("2", "computed")
    assert "ugly_duckling" not in rows and rows["body_side"]["value"] == ""


def test_an_ontology_without_the_code_leaves_the_foreign_column_empty() -> None:
    labels = Labels(None)
    labels.put("answer", "diagnosis", Answer(id="diagnosis", value="hemangioma"))
    case = Case("c1:aa", Kind.IMAGE, "DMS", "t", "fake", ())
    row = answer_rows(case, labels, form("skin_lesion"), Ontology(()))[0]
    assert row.cells["external_codes"] == "" and row.cells["code"] == "skin_dx_hemangioma"
