import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.imaging.between import Between, drawn_axis, fill_between, fill_labels
from graticule.imaging.patch import Patch, whole
from graticule.imaging.sparse_surface import surface_through
from segmentation_grids import EVEN, GRIDS, PLAIN, ball, overlap_of

EVERYWHERE = whole(PLAIN.shape)


def sparse(mask: np.ndarray, every: int, axis: int = 0) -> np.ndarray:
    out = np.zeros_like(mask)
    keep = [slice(None)] * 3
    filled = np.flatnonzero(mask.any(axis=tuple(n for n in range(3) if n != axis)))
    keep[axis] = np.unique([*filled[::every], filled[-1]])
    out[tuple(keep)] = mask[tuple(keep)]
    return out


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_ball_is_found_again_from_every_fourth_slice(axis) -> None:
    whole_ball = ball(PLAIN, np.array([19.0, 21, 20]), 15)
    drawn = sparse(whole_ball, 4, axis)
    assert drawn_axis(drawn) == axis
    filled = fill_between(Patch(EVERYWHERE, drawn), PLAIN, axis).on(EVERYWHERE)
    assert not (filled & drawn).any()
    assert overlap_of(filled | drawn, whole_ball) > 0.96


def test_a_thin_oblique_vessel_stays_in_one_piece() -> None:
    from graticule.imaging.islands import islands

    k, j, i = np.indices(PLAIN.shape)
    vessel = (j - (5 + 0.75 * k)) ** 2 + (i - 20) ** 2 <= 2.5**2
    drawn = sparse(vessel, 8)
    filled = fill_between(Patch(EVERYWHERE, drawn), PLAIN).on(EVERYWHERE) | drawn
    assert len(islands(filled)) == 1 and overlap_of(filled, vessel) > 0.85


def test_one_part_becomes_two() -> None:
    drawn = np.zeros(PLAIN.shape, bool)
    drawn[10, 10:30, 8:32] = True
    drawn[18, 12:28, 8:17] = drawn[18, 12:28, 23:32] = True
    filled = fill_between(Patch(EVERYWHERE, drawn), PLAIN).on(EVERYWHERE)
    assert filled[11, 15:25, 10:30].all() and filled[17, 15:25, 10:15].all() and filled[17, 15:25, 25:30].all()
    assert not filled[17, :, 19:21].any()


def test_a_part_without_a_partner_ends_half_way() -> None:
    drawn = np.zeros(PLAIN.shape, bool)
    drawn[10, 5:30, 5:20] = drawn[20, 5:30, 5:20] = True
    drawn[10, 5:15, 28:38] = True
    filled = fill_between(Patch(EVERYWHERE, drawn), PLAIN).on(EVERYWHERE)
    sizes = filled[11:20, :, 28:38].sum(axis=(1, 2))
    assert sizes[0] > 0 and (np.diff(sizes) <= 0).all() and not sizes[4:].any()


@settings(max_examples=20)
@given(st.integers(0, 10**6), st.sampled_from(sorted(GRIDS)))
def test_the_drawn_slices_stay_and_the_rest_lies_between_them(seed, name) -> None:
    grid, random = GRIDS[name], np.random.default_rng(seed)
    drawn = np.zeros(grid.shape, bool)
    for k in (1, 5, 8):
        j, i = int(random.integers(0, 10)), int(random.integers(0, 10))
        drawn[k, j:j + 6, i:i + 8] = True
    filled = fill_between(Patch(whole(grid.shape), drawn), grid).on(whole(grid.shape))
    assert not filled[[0, 1, 5, 8, 9]].any()
    both = drawn[1] & drawn[5] & drawn[8]
    assert not both.any() or all((filled | drawn)[k][both].mean() > 0.5 for k in range(1, 9))


def test_identical_neighbours_give_the_same_shape_between_them() -> None:
    drawn = np.zeros(PLAIN.shape, bool)
    drawn[[5, 15], 10:22, 12:30] = True
    filled = fill_between(Patch(EVERYWHERE, drawn), PLAIN).on(EVERYWHERE)
    assert np.array_equal(filled[6:15], np.repeat(drawn[5][None], 9, axis=0))


def test_uneven_slices_are_weighted_by_where_they_lie() -> None:
    grid = Grid((4, 30, 30), EVEN, True, np.array([0, 1.0, 9.0, 10.0]))
    drawn = np.zeros(grid.shape, bool)
    drawn[0, 5:25, 5:25], drawn[3, 13:17, 13:17] = True, True
    filled = fill_between(Patch(whole(grid.shape), drawn), grid).on(whole(grid.shape))
    assert filled[1].sum() > 300 and filled[2].sum() < 50


def test_only_what_changed_is_prepared_again() -> None:
    drawn = sparse(ball(PLAIN, np.array([20.0, 20, 20]), 15), 5)
    live = Between(drawn, PLAIN)
    before = live.suggestion(live.drawn[0] + 2)
    for n in live.drawn[:-1]:
        live.field(n + 1)
    kept = dict(live._pairs)
    changed = drawn.copy()
    changed[live.drawn[-1]] = False
    live.changed(changed)
    assert set(live._pairs) == set(kept) - {max(kept)}
    assert np.array_equal(live.suggestion(live.drawn[0] + 2), before)
    assert np.array_equal(live.suggestion(live.drawn[-2] + 1), Between(changed, PLAIN).suggestion(live.drawn[-2] + 1))


def test_two_segments_never_claim_the_same_voxel_and_drawn_ones_stay() -> None:
    labels = np.zeros(PLAIN.shape, np.uint8)
    labels[[5, 15], 5:20, 5:20] = 1
    labels[[5, 15], 18:35, 5:20] = 2
    labels[[5, 15], 5:20, 5:20] = 1
    filled = fill_labels(labels, PLAIN)
    assert not filled[labels > 0].any() and set(np.unique(filled)) == {0, 1, 2}
    assert (filled[10] == 1).sum() >= 15 * 15 * 0.9


def test_nothing_to_fill_is_said() -> None:
    drawn = np.zeros(PLAIN.shape, bool)
    drawn[5, 5:9, 5:9] = True
    with pytest.raises(GraticuleError):
        fill_between(Patch(EVERYWHERE, drawn), PLAIN)


def circle(axis: int, at: float, radius: float, middle: np.ndarray) -> np.ndarray:
    turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    flat = [n for n in range(3) if n != axis]
    points = np.tile(middle, (60, 1))
    points[:, axis] = at
    points[:, flat[0]] += radius * np.cos(turn)
    points[:, flat[1]] += radius * np.sin(turn)
    return points


def test_three_circles_across_each_other_make_a_ball() -> None:
    middle = np.array([19.0, 20, 21])
    outlines = [circle(axis, middle[axis], 12, middle) for axis in range(3)]
    got = surface_through(outlines, PLAIN).on(EVERYWHERE)
    assert overlap_of(got, ball(PLAIN, middle, 12)) > 0.95
    with pytest.raises(GraticuleError):
        surface_through(outlines[:1], PLAIN)


@pytest.mark.parametrize("name", GRIDS)
def test_a_surface_passes_its_outlines_on_any_grid(name) -> None:
    grid = GRIDS[name]
    middle, radius = grid.centre_mm, 5.0
    outlines = [circle(axis, middle[axis], radius, middle) for axis in range(3)]
    assert overlap_of(surface_through(outlines, grid).on(whole(grid.shape)), ball(grid, middle, radius)) > 0.9
