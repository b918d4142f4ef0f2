from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graticule.ecg.calipers import interval_ms, march, rate_per_min


def test_interval_and_rate():
    assert interval_ms(1.2, 2.0) == interval_ms(2.0, 1.2) == 800
    assert rate_per_min(800) == 75
    assert rate_per_min(0) is None


@settings(deadline=None)
@given(st.floats(0, 100), st.floats(0.05, 5), st.floats(0, 50), st.floats(1, 60))
def test_marks_stand_at_equal_distance_inside_the_view_and_pass_through_both_legs(first, step, left, width):
    marks = march(first, first + step, left, left + width)
    assert all(left - 1e-9 <= mark <= left + width + 1e-9 for mark in marks)
    assert [b - a for a, b in pairwise(marks)] == pytest.approx([step] * (len(marks) - 1), abs=1e-6)
    for leg in (first, first + step):
        if left + 1e-6 < leg < left + width - 1e-6:
            assert any(abs(mark - leg) < 1e-9 for mark in marks)


def test_legs_on_one_another_do_not_march():
    assert march(1.0, 1.0, 0, 10) == []
    assert march(1.0, 1.0001, 0, 1000) == []
