import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from graticule.imaging.slice_spacing import blocks_of, holes_in, regular, spacing_of, usual_step
from graticule.imaging.stack_geometry import axes_of, line_through, tilt_deg

PLAIN = axes_of(np.array([1.0, 0, 0, 0, 1, 0]))


@given(st.floats(0.2, 10), st.integers(6, 60), st.data())
def test_lost_slices_are_found_where_they_were(step, count, data):
    """Up to a quarter of the slices within a stack are lost; each hole and its width is found again."""
    lost = data.draw(st.sets(st.integers(1, count - 2), max_size=(count - 2) // 5))
    kept = np.array([k for k in range(count) if k not in lost])
    assume(not any({k, k + 2, k + 4, k + 6} <= lost for k in lost))  # four equal wide gaps in a row are a coarser part
    spacing = spacing_of(kept * step)
    assert spacing.missing == len(lost)
    assert spacing.usual_mm == pytest.approx(step)
    assert (spacing.levels is None) == (not lost)
    for hole in spacing.holes:
        assert hole.width_mm == pytest.approx((hole.count + 1) * step)


@given(st.lists(st.floats(0.5, 9), min_size=1, max_size=30), st.floats(-500, 500))
def test_levels_and_the_usual_step_give_back_every_place(gaps, start):
    along = start + np.concatenate([[0], np.cumsum(gaps)])
    spacing = spacing_of(along)
    if spacing.levels is None:
        assert spacing.error_mm <= 0.01
    else:
        assert np.allclose(start + spacing.levels * spacing.step_mm, along, atol=1e-9)


@pytest.mark.parametrize("gaps,hint,step", [([2.5, 5.0], None, 2.5), ([5.0, 2.5], None, 2.5), ([2.5, 2.5, 2.6], None, 2.5),
                                            ([1.0, 3.1, 5.3], None, 3.1)])
def test_the_usual_step(gaps, hint, step):
    assert usual_step(np.array(gaps), hint) == pytest.approx(step)


def test_slices_without_a_usual_step_miss_none():
    assert holes_in(np.cumsum([0, 1.0, 2.9, 1.3, 4.2, 2.2, 3.7]), 2.55) == ()


@pytest.mark.parametrize("along,blocks", [
    ([0, 1, 2, 3, 30, 31, 32], [(0, 4), (4, 7)]), ([0, 1, 2, 3, 7, 8, 9], [(0, 7)]),
    ([0, 1, 2, 40, 41, 42, 80, 81, 82], [(0, 3), (3, 6), (6, 9)]),
    ([*range(100), *range(120, 220)], [(0, 200)])])
def test_blocks_stand_apart_where_much_is_missing_for_their_size(along, blocks):
    assert blocks_of(np.array(along, float), 1.0) == blocks


def test_regular_places_may_have_holes():
    assert regular(np.array([0, 2.5, 5, 10, 12.5]))
    assert not regular(np.array([0, 2.5, 3.4, 5.9]))


@given(st.floats(-40, 40), st.floats(-40, 40), st.integers(2, 20))
def test_tilt_is_given_back_with_its_sign(about_row, about_column, count):
    rise = np.array([np.tan(np.radians(about_column)), np.tan(np.radians(about_row)), 1.0])
    line = line_through(np.outer(np.arange(count) * 3.0, rise), PLAIN)
    assert tilt_deg(line.rise, PLAIN) == pytest.approx((about_row, about_column), abs=1e-6)
    assert line.jitter_mm < 1e-9


@given(st.integers(0, 11), st.floats(1, 30))
def test_one_stray_slice_does_not_bend_the_line(stray, away):
    positions = np.outer(np.arange(12) * 3.0, (0, 0.2, 1.0))
    positions[stray, 0] += away
    line = line_through(positions, PLAIN)
    assert (line.worst, line.jitter_mm) == (stray, pytest.approx(away, abs=1e-6))
