"""Hanging protocols over facts: which images are found for which place."""

import pytest

from fakes.images import opened_with, ramp_volume
from fakes.relatives import breast, radiograph, relative
from graticule.domain.case import Case, Kind
from graticule.domain.errors import GraticuleError
from graticule.presenters.hanging import HungStage, hangings_for, parse_hanging, rules_for
from graticule.presenters.relatives import relatives_of
from graticule.study.protocol import Blinding, parse_protocol

SHIPPED = rules_for(opened_with(ramp_volume()).protocol)


def opening(case: Case, *others: Case) -> tuple[str, list[HungStage]]:
    """The rule by which a case is hung by itself, and its stages."""
    relatives = relatives_of(case, [case, *others], Blinding())
    return next(((rule.name, stages) for rule, stages in hangings_for(case, relatives, SHIPPED) if rule.opens), ("", []))


def keys(stage: HungStage) -> list[str]:
    return [place.key for place in stage.layout.places]


def test_a_chest_radiograph_hangs_frontal_left_of_lateral_whichever_is_labelled() -> None:
    frontal, lateral = radiograph(1, "PA"), radiograph(2, "LL")
    assert keys(opening(frontal, lateral)[1][0]) == ["picture", "picture of c1:02"]
    assert keys(opening(lateral, frontal)[1][0]) == ["picture of c1:01", "picture"]


def test_a_chest_radiograph_with_a_prior_has_it_beside_it() -> None:
    prior = radiograph(3, "PA", study="old", taken="2023-01-01")
    name, stages = opening(radiograph(1, "AP"), prior)
    assert (name, stages[0].name, keys(stages[0])) == ("Chest X-ray", "With the prior", ["picture", "picture of c1:03"])


def test_frontal_lateral_and_both_priors_are_one_stage_of_four() -> None:
    cases = [radiograph(1, "PA"), radiograph(2, "LAT"), radiograph(3, "PA", study="old", taken="2023-01-01"),
             radiograph(4, "LL", study="old", taken="2023-01-01")]
    stage = next(stage for stage in opening(*cases)[1] if stage.name == "Both views and both priors")
    assert keys(stage) == ["picture", "picture of c1:02", "picture of c1:03", "picture of c1:04"]


def test_a_radiograph_alone_is_hung_alone() -> None:
    assert [keys(stage) for stage in opening(radiograph(1, "PA"))[1]] == [["picture"]]


@pytest.mark.parametrize("labelled", range(4))
def test_breasts_hang_back_to_back_right_on_the_left_of_the_screen(labelled: int) -> None:
    cases = [breast(1, "L", "MLO"), breast(2, "R", "CC"), breast(3, "L", "CC"), breast(4, "R", "MLO")]
    case = cases[labelled]
    stage = opening(case, *(other for other in cases if other is not case))[1][0]
    ids = [place.case_id or case.id for place in stage.layout.places]
    assert ids == ["c1:02", "c1:03", "c1:04", "c1:01"]
    assert (stage.layout.rows, stage.layout.columns) == (2, 2)


def test_two_breast_views_hang_in_one_row() -> None:
    stage = opening(breast(1, "R", "CC"), breast(2, "L", "CC"))[1][0]
    assert (stage.name, stage.layout.rows, keys(stage)) == ("CC", 1, ["picture", "picture of c1:02"])


@pytest.mark.parametrize("labelled", ["CT", "PT"])
def test_pet_ct_is_ct_pet_fused_and_mip(labelled: str) -> None:
    ct, pet = relative(1, "CT"), relative(2, "PT")
    case, other = (ct, pet) if labelled == "CT" else (pet, ct)
    name, stages = opening(case, other)
    of_ct, of_pet = ("", " of c1:02") if labelled == "CT" else (" of c1:01", "")
    assert name == "PET/CT"
    assert keys(stages[0]) == ["axial" + of_ct, "axial" + of_pet, "axial fused" + of_ct, "coronal" + of_pet]
    assert (stages[0].over, stages[0].under) == (("c1:02", "") if labelled == "CT" else ("", "c1:01"))
    assert stages[0].layout.places[3].slab_mm > 0


def test_phases_of_a_ct_hang_in_the_order_of_the_contrast() -> None:
    venous, arterial = relative(1, words="liver portal"), relative(2, words="liver arterial")
    native = relative(3, words="liver native")
    name, stages = opening(venous, arterial, native)
    assert name == "CT, several phases"
    assert keys(stages[0]) == ["acquired of c1:03", "acquired of c1:02", "acquired", ""]


def test_a_ct_with_a_prior_hangs_now_and_before_and_steps_to_the_lung_window() -> None:
    name, stages = opening(relative(1), relative(2, study="old", taken="2023-05-20"),
                           relative(3, study="older", taken="2022-05-20"))
    assert (name, keys(stages[0])) == ("CT with the prior", ["acquired", "acquired of c1:02"])
    assert {place.window for place in stages[1].layout.places} == {"Lung"}


def test_sequences_of_an_mr_hang_two_by_two_without_localizers() -> None:
    cases = [relative(1, "MR", "brain T1"), relative(2, "MR", "brain localizer T2"), relative(3, "MR", "brain T2"),
             relative(4, "MR", "brain FLAIR T2"), relative(5, "MR", "brain DWI")]
    assert keys(opening(*cases)[1][0]) == ["acquired", "acquired of c1:03", "acquired of c1:04", "acquired of c1:05"]


def test_a_lesion_hangs_clinical_beside_dermoscopic() -> None:
    close = relative(1, "XC", "skin", kind=Kind.IMAGE, acquisition="dermoscopic")
    far = relative(2, "XC", "skin", kind=Kind.IMAGE, acquisition="clinical")
    assert keys(opening(close, far)[1][0]) == ["picture of c1:02", "picture"]


def test_one_volume_alone_opens_as_its_page_does() -> None:
    case = relative(1, "MR", "knee")
    assert opening(case) == ("", [])
    assert [rule.name for rule, _ in hangings_for(case, (), SHIPPED)] == ["One series"]


def test_the_case_is_in_every_stage_that_is_offered() -> None:
    cases = [radiograph(1, "PA"), radiograph(2, "LL"), radiograph(3, "PA", study="old", taken="2023-01-01")]
    for case in cases:
        relatives = relatives_of(case, cases, Blinding())
        for _, stages in hangings_for(case, relatives, SHIPPED):
            assert all(any(place.key and not place.case_id for place in stage.layout.places) for stage in stages)
            assert all(len({key for key in keys(stage) if key}) == sum(bool(key) for key in keys(stage)) for stage in stages)


def test_a_study_may_bring_its_own_rules_and_they_come_first() -> None:
    own = {"name": "Our way", "when": {"modality": ["CT"]}, "stages": [
        {"rows": 1, "columns": 2, "places": [{"show": "axial", "window": "Lung"}, {"show": "coronal"}]}]}
    protocol = parse_protocol({"title": "t", "version": "1", "project": "p", "questions": [], "ontology": [], "hanging": [own]})
    rules = rules_for(protocol)
    assert rules[0].name == "Our way" and len(rules) == len(SHIPPED) + 1
    assert keys(hangings_for(relative(1), (), rules)[0][1][0]) == ["axial", "coronal"]


@pytest.mark.parametrize("wrong", [{}, {"name": "x"}, {"name": "x", "stages": [{"rows": 4, "columns": 1, "places": [{}]}]},
                                   {"name": "x", "stages": [{"rows": 1, "columns": 1, "places": [{"show": "moon"}]}]},
                                   {"name": "x", "stages": [{"rows": 1, "columns": 1, "places": [{}, {}]}]},
                                   {"name": "x", "stages": [{"rows": 1, "columns": 1,
                                                             "places": [{"which": {"relation": ["aunt"]}}]}]}])
def test_a_rule_that_cannot_be_meant_is_refused(wrong: dict) -> None:
    with pytest.raises(GraticuleError):
        parse_hanging(wrong)
