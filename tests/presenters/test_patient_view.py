from dataclasses import replace

from fakes.asking import item, listed, protocol
from fakes.desk import case
from graticule.domain.case import Kind
from graticule.domain.elements import Answer
from graticule.presenters.clinical_context import context_of
from graticule.presenters.patient_view import form_facts, lesions, of_patient, pairs

STUDY = protocol(
    item("dx", "choice", **listed("naevus", "melanoma")),
    item("site", "body-site", **listed("back", "arm")),
    item("ugly_duckling", "bool"),
)


def skin(number: int, **facts: object):  # type: ignore[no-untyped-def]
    return replace(case(number, Kind.IMAGE, "DMS"), facts=facts)


def test_only_skin_pictures_of_the_same_known_patient_are_shown_together() -> None:
    cases = [
        skin(1, patient="p-1"),
        skin(2, patient="p-2"),
        skin(3, patient="p-1"),
        skin(4),
        replace(case(5), facts={"patient": "p-1"}),
    ]
    assert [c.id for c in of_patient(cases[0], cases)] == ["c1:01", "c1:03"]
    assert of_patient(cases[3], cases) == [] and of_patient(cases[4], cases) == []
    assert form_facts(cases[0], cases) == {"patient_has_others": True} and not form_facts(cases[1], cases)["patient_has_others"]


def test_the_sheet_says_what_was_answered_where_it_lies_and_which_is_odd() -> None:
    cases = [skin(1, patient="p-1"), skin(2, patient="p-1", acquisition="clinical", context={"site": "left forearm"})]
    given = {
        "c1:01": {
            "dx": Answer(id="dx", value="melanoma"),
            "ugly_duckling": Answer(id="u", value=True),
            "site": Answer(id="site", value={"site": "back", "view": "back", "at": [400, 300]}),
        }
    }
    shown = replace(STUDY, blinding=replace(STUDY.blinding, context=("site",)))
    one, two = lesions(cases, lambda case_id: given.get(case_id, {}), shown)
    assert (one.said, one.site, one.place, one.odd, one.acquisition) == (
        ("Melanoma",),
        "Back",
        ("back", (400, 300)),
        True,
        "dermoscopic",
    )
    assert (two.said, two.site, two.place, two.odd, two.acquisition) == ((), "left forearm", None, False, "clinical")
    hidden = replace(STUDY, blinding=replace(STUDY.blinding, context=("age",)))
    assert [lesion.site for lesion in lesions(cases, lambda case_id: given.get(case_id, {}), hidden)] == ["Back", ""]


def test_clinical_and_dermoscopic_pictures_of_a_lesion_pair_up() -> None:
    cases = [skin(1, lesion="L1"), skin(2, lesion="L1"), skin(3, lesion="L2"), skin(4)]
    assert pairs(cases) == {"c1:01": ["c1:01", "c1:02"], "c1:02": ["c1:01", "c1:02"]}


def test_context_is_shown_as_the_protocol_says_and_what_is_hidden_is_named() -> None:
    known = skin(1, context={"sex": "F", "age": "63 y", "history": "", "smoker": "yes"})

    def shown(**blinding: object):  # type: ignore[no-untyped-def]
        found = context_of(known, protocol(item("a", "bool"), blinding=blinding))
        return found.shown, found.hidden

    assert shown(identity_hidden=True) == ((), ("Age", "Sex", "Smoker"))
    assert shown(identity_hidden=False)[0] == (("Age", "63 y"), ("Sex", "F"), ("Smoker", "yes"))
    assert shown(context=["age"]) == ((("Age", "63 y"),), ("Sex", "Smoker"))
    assert context_of(skin(2), protocol(item("a", "bool"))).hidden == ()
