import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from graticule.domain.geometry import Grid
from graticule.imaging.islands import fill_holes, islands, keep_at, keep_largest, remove_small, split
from segmentation_grids import EVEN, GRIDS, LEVELS

TOUCH = {6: 1, 18: 2, 26: 3}
grid = GRIDS["even"]
noise = st.tuples(st.integers(0, 10**6), st.floats(0.02, 0.6), st.sampled_from([7, 8, 16, 19])).map(
    lambda made: np.random.default_rng(made[0]).random((5, 9, made[2])) < made[1])


@given(noise, st.sampled_from([6, 18, 26]))
def test_parts_are_those_that_scipy_finds_in_the_same_order(mask, connectivity) -> None:
    theirs, count = ndimage.label(mask, ndimage.generate_binary_structure(3, TOUCH[connectivity]))
    ours = islands(mask, None, connectivity)
    assert len(ours) == count
    drawn = ours.drawn(np.arange(1, count + 1, dtype=np.int32))
    assert np.array_equal(drawn > 0, mask)
    pairs = set(zip(drawn[mask].tolist(), theirs[mask].tolist()))
    assert len(pairs) == count
    assert np.array_equal(ours.voxels, np.bincount(drawn.reshape(-1), minlength=count + 1)[1:])


@given(noise)
def test_the_largest_part_is_kept_whole(mask) -> None:
    kept = keep_largest(mask)
    assert not (kept & ~mask).any()
    if mask.any():
        assert kept.sum() == islands(mask).voxels.max()
        assert len(islands(kept)) == 1


@given(noise)
def test_parts_divide_the_mask(mask) -> None:
    numbered = split(mask, grid)
    found = islands(mask)
    if len(found) <= 255:
        assert np.array_equal(numbered > 0, mask)
    sizes = np.bincount(numbered.reshape(-1))[1:]
    assert (np.diff(sizes) <= 0).all()


@given(noise, st.booleans())
def test_holes_are_those_that_scipy_fills(mask, each_slice) -> None:
    theirs = np.stack([ndimage.binary_fill_holes(part) for part in mask]) if each_slice else ndimage.binary_fill_holes(mask)
    assert np.array_equal(fill_holes(mask, each_slice=each_slice), theirs)


@given(noise, st.sampled_from([1, 2]))
def test_holes_of_slices_across_any_axis_are_filled(mask, axis) -> None:
    theirs = np.moveaxis(np.stack([ndimage.binary_fill_holes(part) for part in np.moveaxis(mask, axis, 0)]), 0, axis)
    assert np.array_equal(fill_holes(mask, each_slice=True, axis=axis), theirs)


def test_small_parts_go_by_millilitres_of_their_own_slices() -> None:
    uneven = Grid((10, 9, 8), EVEN, True, LEVELS)
    mask = np.zeros(uneven.shape, bool)
    mask[0, 0, 0:4] = mask[2, 5, 0:4] = True
    ml = islands(mask, uneven).ml
    assert ml == pytest.approx(uneven.slice_ml[[0, 2]] * 4)
    assert remove_small(mask, uneven, below_ml=float(ml.mean())).sum() == 4
    assert remove_small(mask, uneven, below_voxels=5).sum() == 0


def test_clicked_parts_are_kept_or_removed() -> None:
    mask = np.zeros((3, 9, 9), bool)
    mask[0, 0, 0], mask[1, 4, 4:6], mask[2, 8, 8] = True, True, True
    kept = keep_at(mask, [(1, 4, 5), (0, 3, 3)])
    assert kept.sum() == 2 and kept[1, 4, 4]
    assert np.array_equal(keep_at(mask, [(1, 4, 5)], keep=False), mask & ~kept)


def test_the_largest_part_agrees_with_simpleitk() -> None:
    mask = ndimage.gaussian_filter(np.random.default_rng(5).normal(size=(20, 50, 48)), 2) > 0.02
    ordered = sitk.RelabelComponent(sitk.ConnectedComponent(sitk.GetImageFromArray(mask.astype(np.uint8)), True))
    assert np.array_equal(keep_largest(mask), sitk.GetArrayFromImage(ordered) == 1)
