"""Canonical JSON: RFC 8785's own samples, agreement with another implementation, and what is refused."""

import json

import numpy as np
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from graticule.domain.case import Kind
from graticule.domain.errors import GraticuleError
from graticule.records.canonical import canonical, is_canonical, parse
from label_strategies import json_values


def test_sorting_sample_of_the_rfc():
    sample = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\x80": "Control",
        "\xf6": "Latin Small Letter O With Diaeresis",
    }
    assert list(json.loads(canonical(sample))) == ["\r", "1", "\x80", "\xf6", "\u20ac", "\U0001f600", "\ufb33"]


def test_string_and_literal_sample_of_the_rfc():
    sample = json.loads(r'{"string": "\u20ac$\u000F\u000aA\u0027\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}')
    assert canonical(sample) == '{"literals":[null,true,false],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'.encode()


@given(json_values)
def test_another_implementation_writes_the_same_bytes(value):
    data = canonical(value)
    assert data == rfc8785.dumps(value)
    assert parse(data) == value
    assert is_canonical(data)


@given(st.dictionaries(st.text(st.characters(codec="utf-8"), min_size=1, max_size=3), st.integers(0, 9)))
def test_keys_of_any_script_sort_as_utf16(value):
    assert canonical(value) == rfc8785.dumps(value)


def test_order_of_keys_and_kind_of_sequence_do_not_count():
    assert canonical({"b": (1, 2), "a": [Kind.ECG]}) == canonical({"a": ["ecg"], "b": [1, 2]}) == b'{"a":["ecg"],"b":[1,2]}'


def test_integers_of_numpy_are_integers():
    assert canonical([np.int64(5), np.uint8(255)]) == b"[5,255]"
    assert canonical({"\U0001f600": np.int64(5)}) == '{"\U0001f600":5}'.encode()


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        [0.5],
        {"a": {"b": float("nan")}},
        np.float64(1),
        np.float32(1),
        2**53,
        -(2**53),
        {1: 2},
        {None: 1},
        b"bytes",
        {1, 2},
        "\ud800",
        {"\udfff": 1},
        object(),
        np.zeros(2),
        np.bool_(True),
    ],
)
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(GraticuleError):
        canonical(value)
    with pytest.raises(GraticuleError):
        canonical({"\U0001f600": value})


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"1.0",
        b"[1e3]",
        b"NaN",
        b"[Infinity]",
        b'{"a":1,"a":1}',
        b"9007199254740992",
        b'"\\ud800"',
        b"\xff\xfe",
        b"[" * 100_000,
        b"9" * 5000,
        b"{} {}",
        b"'a'",
        b'{"a":-Infinity}',
        b"[" * 65 + b"]" * 65,
    ],
)
def test_what_is_no_record_cannot_be_parsed(data):
    with pytest.raises(GraticuleError):
        parse(data)
    assert not is_canonical(data)


@pytest.mark.parametrize("data", [b'{"b":1,"a":2}', b'{ "a":1}', b'{"a":1}\n', b'"\\u0041"', b"[-0]"])
def test_other_spellings_are_not_canonical(data):
    parse(data)
    assert not is_canonical(data)


@given(st.binary(max_size=40))
def test_arbitrary_bytes_parse_or_are_refused(data):
    try:
        value = parse(data)
    except GraticuleError:
        return
    assert parse(canonical(value)) == value
