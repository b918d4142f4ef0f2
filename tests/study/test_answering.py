from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fakes.asking import FINDINGS, answers, asking, item, listed
from graticule.domain.elements import Answer
from graticule.study.answering import IMPLIED, Asking, all_others_absent, consequences

CHAIN = (
    item("nodule", "choice", **listed("none", "solid")),
    item("size", "number", decimals=1, when={"question": "nodule", "is": ["solid"]}),
    item("method", "choice", when={"question": "size", "at_least": "6.0"}, **listed("axis", "eye")),
)


def after(form: Asking, before: dict[str, Answer], name: str, value: Any) -> dict[str, Answer]:
    changes = consequences(form, before, Answer(id=name, value=value) if value is not None else None, name)
    return {key: answer for key, answer in {**before, **changes}.items() if answer is not None}


def test_hidden_answers_are_withdrawn_down_the_whole_chain() -> None:
    form = asking(*CHAIN)
    given_ = answers(nodule="solid", size="8.0", method="axis")
    assert [q.id for q in form.asked(given_)] == ["nodule", "size", "method"]
    assert consequences(form, given_, Answer(id="nodule", value="none"), "nodule") == {
        "nodule": Answer(id="nodule", value="none"),
        "size": None,
        "method": None,
    }
    assert set(after(form, given_, "size", "3.0")) == {"nodule", "size"}


def test_choices_may_depend_on_an_earlier_answer_and_what_is_no_longer_offered_is_withdrawn() -> None:
    kinds = {
        "choices": [
            {"value": "naevus", "label": "N", "when": {"question": "level", "is": ["benign"]}},
            {"value": "melanoma", "label": "M", "when": {"question": "level", "is": ["malignant"]}},
        ]
    }
    form = asking(item("level", "choice", **listed("benign", "malignant")), item("diagnosis", "choice", **kinds))
    assert [c.value for c in form.asked(answers(level="benign"))[1].choices] == ["naevus"]
    assert set(after(form, answers(level="benign", diagnosis="naevus"), "level", "malignant")) == {"level"}


def test_facts_nesting_and_negation_decide_what_is_asked() -> None:
    when = {
        "all": [
            {"fact": "acquisition", "is": ["dermoscopic"]},
            {"any": [{"question": "a", "is": [True]}, {"not": {"question": "b", "answered": True}}]},
        ]
    }
    questions = (item("a", "bool"), item("b", "bool"), item("c", "bool", when=when))
    assert len(asking(*questions, acquisition="clinical").asked({})) == 2
    form = asking(*questions, acquisition="dermoscopic")
    assert [len(form.asked(given_)) for given_ in ({}, answers(b=True), answers(a=True, b=True), answers(a=False, b=False))] == [
        3,
        2,
        3,
        2,
    ]


def test_no_finding_makes_every_other_absent_and_a_finding_takes_it_back() -> None:
    form = asking(FINDINGS)
    clear = after(form, answers(cxr__nodule="present", cxr__nodule__side="R"), "cxr.no_finding", "present")
    assert {name: answer.value for name, answer in clear.items()} == {
        "cxr.no_finding": "present",
        "cxr.nodule": "absent",
        "cxr.ptx": "absent",
        "cxr.effusion": "absent",
    }
    assert clear["cxr.nodule"].provenance == IMPLIED
    found = after(form, clear, "cxr.effusion", "possible")
    assert found["cxr.no_finding"].value == "absent" and found["cxr.nodule"].value == "absent"


def test_the_rest_is_absent_in_one_act_and_never_overwrites() -> None:
    form = asking(FINDINGS)
    changes = all_others_absent(form, answers(cxr__ptx="present"), "cxr")
    assert {name: answer.value for name, answer in changes.items() if answer} == {
        "cxr.no_finding": "absent",
        "cxr.nodule": "absent",
        "cxr.effusion": "absent",
    }
    assert all_others_absent(form, {}, "cxr")["cxr.no_finding"] == Answer(
        id="cxr.no_finding", value="present", provenance=IMPLIED
    )


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["cxr.no_finding", "cxr.nodule", "cxr.ptx", "cxr.effusion", "cxr.nodule.side"]),
        st.sampled_from(["absent", "possible", "present", "R", None]),
    ),
    max_size=25,
)


@given(ACTS)
def test_no_sequence_of_answers_leaves_a_hidden_answer_or_a_contradiction(acts: list[tuple[str, str | None]]) -> None:
    form, held = asking(FINDINGS), dict[str, Answer]()
    for name, value in acts:
        if name.endswith("side") == (value == "R") and any(q.id == name for q in form.asked(held)):
            held = after(form, held, name, value)
    assert set(held) <= {question.id for question in form.asked(held)}
    if held.get("cxr.no_finding", Answer(id="x")).value == "present":
        assert all(answer.value == "absent" for name, answer in held.items() if name in ("cxr.nodule", "cxr.ptx", "cxr.effusion"))
