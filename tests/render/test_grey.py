"""Values to grey: what is black whatever the window, and that a look-up gives what the formula gives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graticule.domain.volume import LINEAR, LINEAR_EXACT, SIGMOID, GreyTable, Window
from graticule.render.grey import to_grey

TABLE = GreyTable(-5.0, 2.0, np.linspace(0, 1, 50) ** 2)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([LINEAR, LINEAR_EXACT, SIGMOID, "table"]), st.floats(0.01, 3000), st.floats(-300, 300), st.booleans(),
       st.sampled_from([np.int16, np.uint16, np.uint8]))
def test_a_look_up_gives_what_the_formula_gives(function, width, level, inverted, dtype):
    window = Window(width, level, inverted=inverted, table=TABLE) if function == "table" else \
        Window(width, level, inverted=inverted, function=function)
    values = np.arange(256, dtype=np.uint8).reshape(16, 16).astype(dtype)
    looked_up = to_grey(values, window).astype(int)
    assert np.array_equal(looked_up, to_grey(values.astype(np.float32), window))
    # At the very half between two greys float32 and float64 may round apart.
    assert np.abs(looked_up - to_grey(values.astype(np.float64), window)).max() <= 1


def test_greys_rise_with_values_and_fall_when_inverted():
    values = np.arange(-2000, 2000, dtype=np.int16).reshape(50, 80)
    for function in (LINEAR, LINEAR_EXACT, SIGMOID):
        grey = to_grey(values, Window(400, 40, function=function)).astype(int).ravel()
        assert np.all(np.diff(grey) >= 0) and (grey[0], grey[-1]) == (0, 255)
        turned = to_grey(values, Window(400, 40, function=function, inverted=True)).astype(int).ravel()
        assert np.array_equal(turned, 255 - grey)


def test_the_standards_own_example_of_a_linear_window():
    """C.11.2.1.2.1: centre 2048, width 4096 maps 0 … 4095 onto the whole range; centre 0, width 1 is a threshold."""
    ramp = np.array([[0, 4095]], np.int16)
    assert to_grey(ramp, Window(4096, 2048)).tolist() == [[0, 255]]
    assert to_grey(np.array([[-1, 0]], np.int16), Window(1, 0)).tolist() == [[0, 255]]


@pytest.mark.parametrize("dtype", [np.int16, np.float32, np.float64])
@pytest.mark.parametrize("inverted", [False, True])
def test_padding_and_what_lies_outside_is_black(dtype, inverted):
    values = np.array([[-32768, -3024, 0, 100, 3000]]).astype(dtype)
    window = Window(400, 40, inverted=inverted, blank=(-3024, -3000))
    grey = to_grey(values, window, outside=-32768).tolist()[0]
    assert grey[:2] == [0, 0] and grey[4] == (0 if inverted else 255)


def test_what_is_no_number_is_black():
    values = np.array([[np.nan, -np.inf, np.inf, 5.0]], np.float32)
    assert to_grey(values, Window(10, 5, function=LINEAR_EXACT)).tolist() == [[0, 0, 255, 128]]


def test_an_array_given_to_write_into_is_used():
    out = np.empty((1, 3), np.uint8)
    for values in (np.array([[0, 50, 100]], np.int16), np.array([[0, 50, 100]], np.float32)):
        assert to_grey(values, Window(100, 50, function=LINEAR_EXACT), out=out) is out and out.tolist() == [[0, 128, 255]]
