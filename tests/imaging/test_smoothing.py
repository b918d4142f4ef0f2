import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st

from graticule.imaging.patch import Patch, ball_box, whole
from graticule.imaging.smoothing import CLOSE, GAUSSIAN, MEDIAN, OPEN, SmoothParameters, majority, smooth, smooth_together
from segmentation_grids import GRIDS, PLAIN, ball, centres, overlap_of

EVERYWHERE = whole(PLAIN.shape)
METHODS = (MEDIAN, OPEN, CLOSE, GAUSSIAN)


def rough(seed: int = 0) -> np.ndarray:
    return ball(PLAIN, np.array([20.0, 20, 20]), 11) ^ (np.random.default_rng(seed).random(PLAIN.shape) < 0.04)


@settings(max_examples=15)
@given(st.sampled_from(["even", "uneven"]), st.integers(0, 10**6), st.floats(0.5, 5))
def test_a_median_is_the_majority_within_the_ball(name, seed, radius) -> None:
    grid = GRIDS[name]
    mask = np.random.default_rng(seed).random(grid.shape) < 0.5
    got = majority(mask, grid, radius)
    places = centres(grid)
    for at in np.random.default_rng(seed).integers(0, grid.shape, (25, 3)):
        away = np.linalg.norm(places - places[tuple(at)], axis=-1)
        if np.abs(away - radius).min() > 1e-4:
            near = mask[away <= radius]
            assert got[tuple(at)] == (2 * near.sum() > near.size)


@pytest.mark.parametrize("method", METHODS)
def test_smoothing_takes_noise_away_and_keeps_the_shape(method) -> None:
    clean = ball(PLAIN, np.array([20.0, 20, 20]), 11)
    noisy = clean.copy()
    noisy[20, 20, 32:36] = True
    if method == CLOSE:
        noisy[15:18, 20, 20] = False
    got = smooth(Patch(EVERYWHERE, noisy).trimmed(), PLAIN, SmoothParameters(method, 2.0)).on(EVERYWHERE)
    # A Gaussian draws a ball's surface in by about its variance over the radius.
    assert overlap_of(got, clean) > (0.94 if method == GAUSSIAN else 0.97)
    assert method == CLOSE or not got[20, 20, 34:36].any()
    assert method != CLOSE or got[16, 20, 20]


@pytest.mark.parametrize("method", METHODS)
def test_a_brush_smooths_only_under_itself_and_as_the_whole_would(method) -> None:
    mask, parameters = rough(), SmoothParameters(method, 2.0)
    box = ball_box(PLAIN, (20, 20, 28), 6)
    within = Patch(box, ball(PLAIN, np.array([28.0, 20, 20]), 6)[box])
    under = within.on(EVERYWHERE)
    got = smooth(Patch(EVERYWHERE, mask), PLAIN, parameters, within).on(EVERYWHERE)
    assert np.array_equal(got[~under], mask[~under])
    full = smooth(Patch(EVERYWHERE, mask), PLAIN, parameters).on(EVERYWHERE)
    assert np.mean(got[under] == full[under]) > 0.99


def test_a_gaussian_is_that_of_simpleitk() -> None:
    grid = GRIDS["even"]
    mask = ball(grid, grid.centre_mm, 6.0)
    image = sitk.GetImageFromArray(mask.astype(np.float32))
    image.SetSpacing(grid.spacing_mm[::-1])
    theirs = sitk.GetArrayFromImage(sitk.DiscreteGaussian(image, variance=4.0, maximumKernelWidth=65, maximumError=0.001)) > 0.5
    ours = smooth(Patch(whole(grid.shape), mask), grid, SmoothParameters(GAUSSIAN, 2.0)).on(whole(grid.shape))
    assert overlap_of(ours, theirs) > 0.97


def test_segments_smoothed_together_leave_no_gap_and_change_no_other() -> None:
    labels = np.zeros(PLAIN.shape, np.uint8)
    labels[8:32, 8:32, 8:20], labels[8:32, 8:32, 20:32], labels[0:4] = 1, 2, 7
    labels[::3, 15, 19] = 2
    got = smooth_together(labels, PLAIN, 1.5, (1, 2))
    assert (got[12:28, 12:28, 10:30] > 0).all()
    assert np.array_equal(got == 7, labels == 7)
    assert overlap_of(got == 1, labels == 1) > 0.95
