import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.asking import FINDINGS, item, listed, protocol, question
from graticule.domain.errors import GraticuleError
from graticule.records.canonical import canonical
from graticule.study.protocol import QUESTION_TYPES, parse_protocol
from graticule.study.questions import CONFIDENCES, TYPES, Number, SeveralOf, value_of_key

MOLES = question("mole", "choice", **listed("naevus", "melanoma"))
SEVERAL = question(
    "seen",
    "multi",
    choices=[{"value": "none", "label": "None", "exclusive": True}, {"value": "a", "label": "A"}, {"value": "b", "label": "B"}],
)
SIZE = question("size", "number", unit="mm", low="1.0", high="30.0", decimals=1)
JUNK = st.one_of(
    st.none(), st.integers(), st.text(), st.floats(), st.lists(st.booleans()), st.dictionaries(st.text(), st.integers())
)


def test_the_protocol_accepts_exactly_the_registered_types() -> None:
    assert tuple(TYPES) == QUESTION_TYPES and all(name == type_.name for name, type_ in TYPES.items())


def test_a_type_of_a_newer_version_is_refused_by_name() -> None:
    with pytest.raises(GraticuleError, match=r"unknown type, “hologram”.*Update Graticule"):
        protocol(item("q", "hologram"))


@given(JUNK)
def test_yes_no_takes_only_true_and_false(value: object) -> None:
    asked = question("q", "bool")
    assert TYPES["bool"].check(value, asked) is not None
    assert TYPES["bool"].check(True, asked) is None and TYPES["bool"].check(False, asked) is None


@given(st.one_of(JUNK, st.booleans()))
def test_no_type_takes_junk_or_raises(value: object) -> None:
    for asked in (
        MOLES,
        SEVERAL,
        SIZE,
        question("s", "laterality"),
        question("r", "regions"),
        question("o", "ordinal", **listed("x", "y")),
        question("b", "body-site", **listed("arm", "leg")),
    ):
        fault = TYPES[asked.type].check(value, asked)
        assert fault is None or fault.endswith(".")
        if fault is None:
            canonical({"value": value})


@pytest.mark.parametrize(
    "asked",
    [
        MOLES,
        question("q", "bool"),
        question("s", "laterality"),
        question("f", "finding"),
        question("b", "body-site", **listed("arm", "leg")),
        question("o", "ordinal", **listed("x", "y")),
    ],
    ids=lambda asked: asked.type,
)
def test_every_key_gives_an_answer_the_type_accepts(asked) -> None:  # type: ignore[no-untyped-def]
    type_ = TYPES[asked.type]
    options = type_.options(asked)
    assert options and all(type_.check(option.value, asked) is None and option.keys for option in options)
    keys = [key for option in options for key in option.keys]
    assert len(keys) == len(set(keys)), "no key gives two answers"
    assert all(value_of_key(asked, key) == option.value for option in options for key in option.keys)


def test_more_answers_than_digits_get_letters() -> None:
    asked = question("q", "choice", **listed(*(f"v{n}" for n in range(20))))
    assert [option.keys[0] for option in TYPES["choice"].options(asked)][8:12] == ["9", "a", "b", "c"]


def test_several_answers_stand_in_the_protocols_order_and_an_exclusive_one_stands_alone() -> None:
    several = TYPES["multi"]
    assert isinstance(several, SeveralOf)
    held = several.toggled([], "b", SEVERAL)
    held = several.toggled(held, "a", SEVERAL)
    assert held == ["a", "b"] and several.check(held, SEVERAL) is None
    assert several.toggled(held, "none", SEVERAL) == ["none"]
    assert several.toggled(["none"], "a", SEVERAL) == ["a"]
    assert several.check(["b", "a"], SEVERAL) and several.check(["none", "a"], SEVERAL) and several.check([], SEVERAL)


@given(st.decimals(min_value=1, max_value=30, places=1))
def test_a_number_is_stored_with_its_decimals_and_reads_back(value: object) -> None:
    number = TYPES["number"]
    assert isinstance(number, Number)
    stored = number.typed(f"{value}".replace(".", ","), SIZE)
    assert stored == f"{value:.1f}" and number.check(stored, SIZE) is None


@pytest.mark.parametrize("typed", ["", "8.25", "eight", "nan", "1e9999", "0.5", "31"])
def test_what_is_no_such_number_is_refused(typed: str) -> None:
    assert TYPES["number"].check(Number.typed(typed, SIZE), SIZE) is not None


def test_a_matrix_becomes_one_question_a_finding() -> None:
    asked = protocol(FINDINGS)
    assert [q.id for q in asked.questions] == [
        "cxr.no_finding",
        "cxr.nodule",
        "cxr.nodule.side",
        "cxr.ptx",
        "cxr.ptx.side",
        "cxr.ptx.size",
        "cxr.effusion",
    ]
    assert asked.ids["cxr.no_finding"].clears and asked.ids["cxr.nodule"].marks.need == "offered"
    assert asked.ids["cxr.ptx.side"].sides == "RL"


def test_a_condition_may_only_look_back() -> None:
    with pytest.raises(GraticuleError, match="not asked before"):
        protocol(item("a", "bool", when={"question": "b", "is": [True]}), item("b", "bool"))
    with pytest.raises(GraticuleError, match="condition of an unknown kind"):
        protocol(item("a", "bool"), item("b", "bool", when={"question": "a", "resembles": "x"}))


def test_the_same_id_twice_and_a_broken_document_are_refused_in_words() -> None:
    with pytest.raises(GraticuleError, match="asks “a” twice"):
        protocol(item("a", "bool"), item("a", "bool"))
    for broken in ({"questions": [{"id": "x"}]}, {"questions": [item("n", "number", decimals="many")]}):
        with pytest.raises(GraticuleError, match="cannot be read"):
            parse_protocol({"title": "T", "version": "1", "project": "p", "ontology": [], **broken})


def test_confidence_steps_rise() -> None:
    assert list(CONFIDENCES.values()) == sorted(CONFIDENCES.values()) == [30, 60, 90]
