import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from graticule.imaging.distance import distance_mm
from graticule.imaging.margins import INNER, MIDDLE, OUTER, HollowParameters, closed, hollow, opened, unbridged, with_margin
from graticule.imaging.patch import Patch, grid_of, grown, whole
from segmentation_grids import GRIDS, PLAIN, ball, centres

grids = st.sampled_from(sorted(GRIDS))
masks = st.integers(0, 10_000).map(np.random.default_rng)


def random_mask(random: np.random.Generator, shape: tuple[int, int, int]) -> np.ndarray:
    mask = np.zeros(shape, bool)
    for _ in range(int(random.integers(1, 4))):
        low = [int(random.integers(0, n)) for n in shape]
        mask[tuple(slice(a, a + int(random.integers(1, 6))) for a in low)] = True
    return mask


@settings(max_examples=25)
@given(grids, masks)
def test_distances_are_those_between_centres_in_the_patient(name, random) -> None:
    grid = GRIDS[name]
    mask = random_mask(random, grid.shape)
    places = centres(grid)
    expected = cKDTree(places[mask]).query(places.reshape(-1, 3))[0].reshape(grid.shape)
    assert np.abs(distance_mm(mask, grid) - expected).max() < 1e-3


def test_distances_agree_with_simpleitk_on_an_anisotropic_grid() -> None:
    grid = GRIDS["even"]
    mask = random_mask(np.random.default_rng(3), grid.shape)
    image = sitk.GetImageFromArray(mask.astype(np.uint8))
    image.SetSpacing(grid.spacing_mm[::-1])
    theirs = sitk.GetArrayFromImage(sitk.SignedMaurerDistanceMap(image, squaredDistance=False, useImageSpacing=True))
    outside = ~mask
    assert np.abs(distance_mm(mask, grid)[outside] - theirs[outside]).max() < 1e-3


@settings(max_examples=25)
@given(grids, masks, st.floats(0.3, 7))
def test_a_larger_mask_holds_exactly_the_centres_within_the_margin(name, random, margin) -> None:
    grid = GRIDS[name]
    mask = random_mask(random, grid.shape)
    away = distance_mm(mask, grid)
    got = with_margin(Patch(whole(grid.shape), mask).trimmed(), grid, margin).on(whole(grid.shape))
    sure = np.abs(away - margin) > 1e-3
    assert np.array_equal(got[sure], (away <= margin)[sure])


@settings(max_examples=25)
@given(grids, masks, st.floats(0.3, 7))
def test_growing_then_shrinking_loses_nothing_and_shrinking_then_growing_adds_nothing(name, random, margin) -> None:
    grid = GRIDS[name]
    patch = Patch(whole(grid.shape), random_mask(random, grid.shape))
    everywhere = whole(grid.shape)
    assert not (patch.mask & ~closed(patch, grid, margin).on(everywhere)).any()
    assert not (opened(patch, grid, margin).on(everywhere) & ~patch.mask).any()
    smaller = with_margin(patch, grid, -margin)
    assert not (smaller.on(everywhere) & ~patch.mask).any()


@settings(max_examples=20)
@given(grids, masks, st.floats(0.3, 5))
def test_the_box_makes_no_difference(name, random, margin) -> None:
    grid = GRIDS[name]
    patch = Patch(whole(grid.shape), random_mask(random, grid.shape))
    for size in (margin, -margin):
        one, two = with_margin(patch, grid, size), with_margin(patch.trimmed(), grid, size)
        assert np.array_equal(one.on(whole(grid.shape)), two.on(whole(grid.shape)))


@pytest.mark.parametrize("wall,outside,inside", [(INNER, 4, 0), (MIDDLE, 2, 2), (OUTER, 0, 4)])
def test_a_shell_lies_where_it_was_asked_for(wall, outside, inside) -> None:
    middle = np.array([20.0, 20, 20])
    ball_patch = Patch(whole(PLAIN.shape), ball(PLAIN, middle, 10))
    shell = hollow(ball_patch, PLAIN, HollowParameters(4, wall)).on(whole(PLAIN.shape))
    away = np.linalg.norm(centres(PLAIN) - middle, axis=-1)
    assert shell[(away < 10 + outside - 1) & (away > 10 - inside + 1)].all()
    assert not shell[(away > 10 + outside + 1) | (away < 10 - inside - 1)].any()


def test_a_neck_is_cut_and_the_body_stays() -> None:
    mask = ball(PLAIN, np.array([10.0, 20, 20]), 7) | ball(PLAIN, np.array([30.0, 20, 20]), 7)
    mask[19:22, 19:22, 8:32] = True
    got = unbridged(Patch(whole(PLAIN.shape), mask), PLAIN, (20, 20, 10), 5.0).on(whole(PLAIN.shape))
    body = ball(PLAIN, np.array([10.0, 20, 20]), 7)
    assert (got & body).sum() > 0.97 * body.sum() and not got[:, :, 24:].any()


@given(grids, st.integers(0, 1000), st.floats(0, 9))
def test_a_grown_box_holds_all_within_reach_and_its_grid_lies_where_it_did(name, seed, margin) -> None:
    grid, random = GRIDS[name], np.random.default_rng(seed)
    low = [int(random.integers(0, n - 1)) for n in grid.shape]
    box = tuple(slice(a, int(random.integers(a + 1, n + 1))) for a, n in zip(low, grid.shape))
    wide = grown(box, grid, margin)
    mask = np.zeros(grid.shape, bool)
    mask[box] = True
    near = distance_mm(mask, grid) <= margin - 1e-4
    near[wide] = False
    assert not near.any()
    assert np.allclose(centres(grid)[box], centres(grid_of(grid, box)), atol=1e-6)


@given(st.integers(0, 1000))
def test_flat_indices_are_those_of_the_whole_grid(seed) -> None:
    random = np.random.default_rng(seed)
    mask = random.random(GRIDS["even"].shape) < 0.1
    patch = Patch(whole(mask.shape), mask).trimmed()
    assert np.array_equal(patch.flat(mask.shape), np.flatnonzero(mask))
    assert np.array_equal(patch.on(whole(mask.shape)), mask)
