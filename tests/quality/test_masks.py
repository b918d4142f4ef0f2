import numpy as np
import pytest
import SimpleITK
from hypothesis import given, settings
from hypothesis.extra.numpy import arrays

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.quality.masks import (
    BOTH,
    ONLY_ONE,
    ONLY_TWO,
    compare_masks,
    dice,
    difference,
    hd95_mm,
    surface_dice,
    volume_ml,
)
from graticule.quality.surface_distance import surfaces

STRAIGHT = Grid((6, 8, 10), np.diag([0.5, 0.75, 2.0, 1.0]))
masks = arrays(np.bool_, STRAIGHT.shape)
REFERENCE = [0.29931972789115646, 0.75, 0.9627040034969485, 2.0, 0.046530423869096935, 0.0952177900839655, 314.6460763800467]


def box(k, j, i, size=3):
    mask = np.zeros(STRAIGHT.shape, bool)
    mask[k:k + size, j:j + size, i:i + size] = True
    return mask


@given(masks, masks)
@settings(max_examples=40, deadline=None)
def test_agreement_is_symmetric_and_bounded(one, two):
    there, back = compare_masks(one, two, STRAIGHT), compare_masks(two, one, STRAIGHT)
    assert (there.dice, there.hd95_mm, there.surface_dice) == (back.dice, back.hd95_mm, back.surface_dice)
    assert there.dice is None or 0 <= there.dice <= 1
    assert there.surface_dice is None or 0 <= there.surface_dice <= 1


@given(masks)
@settings(max_examples=20, deadline=None)
def test_a_mask_agrees_with_itself(mask):
    same = compare_masks(mask, mask, STRAIGHT)
    assert (same.dice, same.hd95_mm, same.surface_dice) == ((1.0, 0.0, 1.0) if mask.any() else (None, None, None))


def test_shifts_are_measured_in_millimetres_of_the_patient():
    assert hd95_mm(box(1, 1, 1, 1), box(3, 1, 1, 1), STRAIGHT) == 4.0
    assert hd95_mm(box(1, 1, 1, 1), box(1, 1, 3, 1), STRAIGHT) == 1.0
    sheared = Grid((6, 8, 10), np.array([[0.5, 0, 3, 0], [0, 0.75, 0, 0], [0, 0, 4, 0], [0, 0, 0, 1.0]]))
    assert hd95_mm(box(1, 1, 1, 1), box(2, 1, 1, 1), sheared) == 5.0


def test_known_numbers():
    one, two = box(1, 1, 1), box(1, 1, 2)
    assert dice(one, two) == pytest.approx(2 * 18 / 54)
    assert volume_ml(one, STRAIGHT) == pytest.approx(27 * 0.75 / 1000)
    assert surface_dice(one, two, STRAIGHT, tolerance_mm=0.4) < 1.0 == surface_dice(one, two, STRAIGHT, tolerance_mm=0.5)
    assert np.bincount(difference(one, two).ravel()).tolist() == [480 - 36, 18, 9, 9]
    assert (BOTH, ONLY_ONE, ONLY_TWO) == (1, 2, 3)


def test_an_empty_mask_has_no_distance():
    nothing = np.zeros(STRAIGHT.shape, bool)
    found = compare_masks(box(1, 1, 1), nothing, STRAIGHT)
    assert (found.dice, found.hd95_mm, found.surface_dice) == (0.0, None, 0.0)


def test_other_shapes_are_refused():
    with pytest.raises(GraticuleError):
        compare_masks(box(1, 1, 1), np.zeros((1, 2, 3), bool), STRAIGHT)


def test_dice_and_distance_agree_with_simpleitk():
    dice_of, one, two = np.random.default_rng(3), box(1, 2, 3), box(2, 3, 4)
    one |= dice_of.random(one.shape) > 0.9
    images = [SimpleITK.GetImageFromArray(mask.astype(np.uint8)) for mask in (one, two)]
    for image in images:
        image.SetSpacing((0.5, 0.75, 2.0))
    overlap, distance = SimpleITK.LabelOverlapMeasuresImageFilter(), SimpleITK.HausdorffDistanceImageFilter()
    overlap.Execute(*images)
    distance.Execute(*images)
    assert dice(one, two) == pytest.approx(overlap.GetDiceCoefficient())
    assert hd95_mm(one, two, STRAIGHT) <= distance.GetHausdorffDistance() + 1e-6


def test_values_of_deepminds_surface_distance():
    """Measured once with surface-distance 0.1 (Apache-2.0) on these two masks at (2.0, 0.75, 0.5) mm."""
    rng = np.random.default_rng(7)
    one, two = rng.random(STRAIGHT.shape) < 0.3, rng.random(STRAIGHT.shape) < 0.3
    found, agreed = surfaces(one, two, STRAIGHT), compare_masks(one, two, STRAIGHT, 0.6)
    ours = [agreed.dice, agreed.hd95_mm, agreed.surface_dice, agreed.hd_mm, *found.mean_mm(), found.one_mm2.sum()]
    assert ours == pytest.approx(REFERENCE)


@given(masks, masks)
@settings(max_examples=20, deadline=None)
def test_the_compiled_way_and_the_tree_agree(one, two):
    nearly = Grid(STRAIGHT.shape, STRAIGHT.affine, levels=np.arange(6.0))  # uneven grids go by the tree
    fast, slow = surfaces(one, two, STRAIGHT), surfaces(one, two, nearly)
    assert np.allclose(np.sort(fast.one_mm), np.sort(slow.one_mm)) and np.allclose(np.sort(fast.two_mm), np.sort(slow.two_mm))
    assert fast.one_mm2.sum() == pytest.approx(slow.one_mm2.sum())
