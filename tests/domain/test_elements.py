"""Elements survive their JSON, also those that only a newer version knows; damaged ones get no further."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graticule.domain.codes import Code
from graticule.domain.elements import ELEMENTS, Answer, Beat, Unknown, element_from_json, element_to_json, kind_of
from graticule.domain.errors import GraticuleError
from label_strategies import elements, json_values


@given(elements)
def test_an_element_survives_its_json(element):
    data = json.loads(json.dumps(element_to_json(element)))
    again = element_from_json(kind_of(element), data)
    assert again == element
    assert element_to_json(again) == data


def test_fields_at_their_default_are_left_out():
    assert element_to_json(Beat(id="a", tick=5, symbol="N")) == {"id": "a", "tick": 5, "symbol": "N"}


@pytest.mark.parametrize("value", [False, None, 0, "", True])
def test_an_answer_keeps_the_exact_value(value):
    answer = Answer(id="q", value=value)
    again = element_from_json("answer", element_to_json(answer))
    assert again == answer and type(again.value) is type(value)


def test_a_field_of_a_newer_version_is_kept():
    data = {"id": "a", "tick": 5, "symbol": "N", "amplitude": ["1.25", "mV"]}
    beat = element_from_json("beat", data)
    assert beat.extra == {"amplitude": ["1.25", "mV"]}
    assert element_to_json(beat) == data


def test_a_kind_of_a_newer_version_is_kept_whole():
    data = {"id": "a", "curve": [1, 2]}
    assert element_from_json("spline", data) == Unknown(id="a", kind="spline", data=data)


@pytest.mark.parametrize(("kind", "data"), [
    ("beat", {"id": "a", "symbol": "N"}),
    ("beat", {"id": "a", "symbol": "N", "tick": "5"}),
    ("beat", {"id": "a", "symbol": "N", "tick": True}),
    ("beat", {"id": 7, "symbol": "N", "tick": 5}),
    ("beat", {"id": "a", "symbol": "N", "tick": 5, "code": ["graticule", "x"]}),
    ("beat", {"id": "a", "symbol": "N", "tick": 5, "code": "abc"}),
    ("region", {"id": "a", "shape": "line", "space": "patient", "points": [1, 2]}),
    ("region", {"id": "a", "shape": "line", "space": "patient", "points": [["1", "2"]]}),
    ("episode", {"id": "a", "track": "rhythm", "start": 1, "end": None, "code": ["g", "x", "1"]}),
    ("note", ["id", "text"]),
])
def test_a_damaged_element_is_refused(kind, data):
    with pytest.raises(GraticuleError, match="stored"):
        element_from_json(kind, data)


@given(st.sampled_from([*ELEMENTS, "future"]), json_values)
def test_whatever_is_stored_gives_an_element_or_a_sentence(kind, data):
    try:
        element = element_from_json(kind, data)
    except GraticuleError as fault:
        assert fault.message.endswith(".")
    else:
        assert kind_of(element) == kind


def test_a_code_has_three_parts():
    assert Code.from_json(Code("graticule", "af", "1").as_json()) == Code("graticule", "af", "1")
    with pytest.raises(ValueError):
        Code.from_json(["graticule", "af"])
