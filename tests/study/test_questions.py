import pytest
from hypothesis import given
from hypothesis import strategies as st

from graticule.study.protocol import QUESTION_TYPES
from graticule.study.questions import CONFIDENCES, TYPES

CHOICES = ("naevus", "melanoma")


def test_the_protocol_accepts_exactly_the_registered_types() -> None:
    assert tuple(TYPES) == QUESTION_TYPES and all(name == type_.name for name, type_ in TYPES.items())


@given(st.one_of(st.none(), st.integers(), st.text(), st.floats(), st.lists(st.booleans())))
def test_yes_no_takes_only_true_and_false(value: object) -> None:
    assert TYPES["bool"].check(value, ()) is not None
    assert TYPES["bool"].check(True, ()) is None and TYPES["bool"].check(False, ()) is None


@given(st.one_of(st.none(), st.booleans(), st.text()))
def test_choice_takes_only_what_is_listed(value: object) -> None:
    assert (TYPES["choice"].check(value, CHOICES) is None) == (value in CHOICES)


@pytest.mark.parametrize("type_", TYPES.values(), ids=TYPES)
def test_every_digit_gives_an_answer_the_type_accepts(type_) -> None:  # type: ignore[no-untyped-def]
    assert all(type_.check(value, CHOICES) is None for value in type_.keys(CHOICES))


def test_confidence_steps_rise() -> None:
    assert list(CONFIDENCES.values()) == sorted(CONFIDENCES.values()) == [30, 60, 90]
