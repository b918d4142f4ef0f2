import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter, label

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.imaging.growth_curve import ALIKE, AUTO, BRIGHT, DARK, HOVER, ClickParameters, click, from_line
from graticule.imaging.patch import whole
from graticule.imaging.warm import warm
from segmentation_grids import GRIDS, ball, overlap_of

CLEAN = ClickParameters(polarity=BRIGHT, scales_mm=(0.0,))
GRID = Grid((24, 60, 60), np.diag([0.8, 0.8, 2.0, 1.0]))


def lesion(bright: bool = True, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    truth = ball(GRID, np.array([24.0, 25, 24]), 9.0)
    voxels = 100 + (60 if bright else -60) * gaussian_filter(truth.astype(float), 0.7) + random.normal(0, 8, GRID.shape)
    return voxels.astype(np.float32), truth


@pytest.mark.parametrize("bright", [True, False])
@pytest.mark.parametrize("polarity", [AUTO, ALIKE])
def test_one_click_finds_a_noisy_lesion(bright, polarity) -> None:
    voxels, truth = lesion(bright)
    curve = click(voxels, GRID, (12, 31, 28), ClickParameters(polarity))
    assert curve.good and (polarity == ALIKE or curve.polarity == (BRIGHT if bright else DARK))
    assert overlap_of(curve.patch().on(whole(GRID.shape)), truth) > 0.93
    assert click(voxels, GRID, (12, 31, 28), HOVER).good


def test_a_line_across_is_enough_even_where_the_lesion_touches_something_as_bright() -> None:
    voxels, truth = lesion()
    voxels[:, 25:38, 40:] = 160
    ends = np.array([[15.0, 25, 24], [33.0, 25, 24]])
    assert overlap_of(from_line(voxels, GRID, ends).patch().on(whole(GRID.shape)), truth) > 0.85


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.sampled_from(sorted(GRIDS)))
def test_each_step_of_the_curve_is_the_connected_part_at_its_threshold(seed, name) -> None:
    grid, random = GRIDS[name], np.random.default_rng(seed)
    voxels = random.integers(0, 200, grid.shape).astype(np.float32)
    at = tuple(int(random.integers(2, n - 2)) for n in grid.shape)
    curve = click(voxels, grid, at, CLEAN)
    top = voxels[at[0], at[1] - 1:at[1] + 2, at[2] - 1:at[2] + 2]
    seed_value = float(top.max())
    sizes = curve.ml / grid.voxel_ml
    assert (np.diff(sizes) > 0).all()
    for step in (0, len(curve) // 2, len(curve) - 1):
        mask = curve.patch(step, filled=False).on(curve.box)
        assert label(mask)[1] == 1
        inside, limit = voxels[curve.box], float(curve.values[step])
        assert limit <= seed_value + 0.5
        # The lowest step holds all that is darker than the box's range, too.
        if curve.heights[step] > 0:
            lowest = float(inside[mask].min())
            assert lowest >= limit - 0.5
            connected, _ = label(inside >= lowest)
            assert np.array_equal(connected == connected[mask][0], mask) or step == len(curve) - 1
    if grid.levels is None:
        assert sizes[-1] == pytest.approx(np.count_nonzero(curve.patch(len(curve) - 1, filled=False).mask))


def test_the_wheel_makes_it_larger_and_smaller() -> None:
    voxels, _ = lesion()
    curve = click(voxels, GRID, (12, 31, 28))
    larger, smaller = curve.walked(curve.best, 3), curve.walked(curve.best, -3)
    assert curve.ml[smaller] < curve.ml[curve.best] < curve.ml[larger]
    assert not (curve.patch(smaller, filled=False).on(curve.box) & ~curve.patch(larger, filled=False).on(curve.box)).any()
    assert curve.walked(0, -5) == 0 and curve.walked(len(curve) - 1, 5) == len(curve) - 1


def test_flat_tissue_and_what_is_too_large_get_no_verdict() -> None:
    random = np.random.default_rng(1)
    assert not click(np.zeros(GRID.shape, np.float32), GRID, (12, 30, 30)).good
    voxels = random.normal(100, 1, GRID.shape).astype(np.float32)
    voxels[:, :40] += 300
    assert not click(voxels, GRID, (12, 20, 30), ClickParameters(BRIGHT, reach_mm=12.0, least_ml=0.5)).good


def test_what_is_not_allowed_is_never_entered() -> None:
    voxels, truth = lesion()
    allowed = np.ones(GRID.shape, bool)
    allowed[:, :, 30:] = False
    got = click(voxels, GRID, (12, 31, 26), allowed=allowed).patch(filled=False).on(whole(GRID.shape))
    assert not got[:, :, 30:].any() and (got & truth).sum() > 0.8 * truth[:, :, :30].sum()
    with pytest.raises(GraticuleError):
        click(voxels, GRID, (12, 31, 40), allowed=allowed)


def test_all_loops_can_be_compiled_ahead() -> None:
    warm()
