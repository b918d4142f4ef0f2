"""What lies between drawn slices of a round body is as large as the body."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graticule.domain.geometry import Grid
from graticule.imaging.between import Between, drawn_axis, fill_between
from graticule.imaging.bulge import bulge, parts_below
from graticule.imaging.patch import Patch, whole


@given(st.floats(3, 40), st.floats(0.05, 0.95), st.floats(-0.4, 0.4), st.floats(0.5, 4))
def test_a_parabola_is_met_exactly_and_a_cone_stays_straight(top, share, bend, step) -> None:
    places = [0.0, step, 2 * step, 3 * step]
    radii = [top - bend * (z - 1.4 * step) ** 2 / step**2 for z in places]
    between = step * (1 + share)
    straight = radii[1] * (1 - share) + radii[2] * share
    assert straight + bulge(radii, places, share) == pytest.approx(top - bend * (between - 1.4 * step) ** 2 / step**2, abs=1e-6)
    cone = [top + 0.3 * z for z in places]
    assert bulge(cone, places, share) == pytest.approx(0, abs=1e-6)


def test_with_nothing_before_and_behind_the_way_is_straight_and_at_an_end_it_follows_the_other() -> None:
    assert bulge([0, 5, 9, 0], [0, 1, 2, 3], 0.5) == 0
    assert bulge([0, 5, 9, 10], [0, 1, 2, 3], 0.5) > 0 > bulge([0, 5, 9, 16], [0, 1, 2, 3], 0.5)


@pytest.mark.parametrize("every", [2, 3, 4])
def test_a_ball_drawn_on_every_few_slices_keeps_its_volume(every) -> None:
    k, j, i = np.indices((41, 60, 60))
    ball = ((k - 20) * 1.5) ** 2 + (j - 30) ** 2 + (i - 30) ** 2 < 24**2
    grid = Grid(ball.shape, np.diag([1.0, 1.0, 1.5, 1.0]))
    drawn = np.zeros_like(ball)
    filled = np.flatnonzero(ball.any(axis=(1, 2)))
    keys = sorted({*filled[::every].tolist(), int(filled[-1])})
    drawn[keys] = ball[keys]
    found = drawn | fill_between(Patch(whole(ball.shape), drawn), grid).on(whole(ball.shape))
    assert found.sum() == pytest.approx(ball.sum(), rel=0.015)
    assert 2 * (found & ball).sum() / (found.sum() + ball.sum()) > 0.98


def test_only_parts_over_the_next_outline_tell_how_it_swells() -> None:
    mask = np.zeros((20, 30), dtype=bool)
    mask[2:8, 2:8] = mask[10:18, 18:28] = True
    above = np.zeros_like(mask)
    above[4:6, 4:6] = True
    assert parts_below(mask, above).sum() == 36


def test_a_slice_drawn_beside_a_gap_changes_what_lies_in_it() -> None:
    k, j, i = np.indices((9, 40, 40))
    body = (j - 20) ** 2 + (i - 20) ** 2 < np.array([0, 25, 0, 0, 196, 0, 0, 0, 0])[k]
    work = Between(body, Grid(body.shape, np.eye(4)))
    before = work.suggestion(3).sum()
    more = body | ((k == 6) & ((j - 20) ** 2 + (i - 20) ** 2 < 196))
    work.changed(more)
    assert work.suggestion(3).sum() > before


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_the_gap_between_two_parts_is_not_taken_for_slices_left_out(axis) -> None:
    mask = np.zeros((10, 40, 60), dtype=bool)
    mask[:, 5:35, 5:20] = mask[3:, 5:30, 40:55] = True
    mask[[2, 6]] = False  # of ten slices two were left out; of fifty columns twenty lie between the parts
    assert drawn_axis(np.moveaxis(mask, 0, axis)) == axis
    assert drawn_axis(np.ones((3, 4, 5), dtype=bool)) == 0
