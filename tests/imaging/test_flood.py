import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st

from graticule.domain.errors import GraticuleError
from graticule.imaging.flood import FloodParameters, flood, near_value
from graticule.imaging.patch import whole
from graticule.imaging.threshold import Range
from segmentation_grids import GRIDS, centres


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.sampled_from([6, 26]))
def test_a_flood_covers_what_simpleitk_connects(seed, connectivity) -> None:
    grid, random = GRIDS["even"], np.random.default_rng(seed)
    voxels = random.integers(0, 100, grid.shape).astype(np.int16)
    at = tuple(int(random.integers(0, n)) for n in grid.shape)
    low, high = int(voxels[at]) - 30, int(voxels[at]) + 30
    theirs = sitk.ConnectedThreshold(sitk.GetImageFromArray(voxels), [[int(n) for n in at[::-1]]], low, high, 1,
                                     sitk.ConnectedThresholdImageFilter.FullConnectivity if connectivity == 26
                                     else sitk.ConnectedThresholdImageFilter.FaceConnectivity)
    ours = flood(voxels, grid, at, FloodParameters(Range(low, high), connectivity))
    assert np.array_equal(ours.patch.on(whole(grid.shape)), sitk.GetArrayFromImage(theirs) == 1) and not ours.leaked


@pytest.mark.parametrize("name", GRIDS)
def test_nothing_further_than_the_reach_is_filled_and_the_leak_is_told(name) -> None:
    grid = GRIDS[name]
    voxels = np.zeros(grid.shape, np.float32)
    got = flood(voxels, grid, (5, 9, 10), FloodParameters(Range(-1, 1), reach_mm=5.1))
    away = np.linalg.norm(centres(grid) - grid.to_patient([10, 9, 5]), axis=-1)
    assert np.array_equal(got.patch.on(whole(grid.shape)), away <= 5.1) and got.leaked


def test_a_flood_in_one_slice_stays_there() -> None:
    grid = GRIDS["even"]
    got = flood(np.zeros(grid.shape), grid, (5, 9, 10), FloodParameters(Range(-1, 1), flat_axis=0)).patch
    assert got.voxels == grid.shape[1] * grid.shape[2] and got.box[0] == slice(5, 6)


def test_a_flood_passes_no_wall_and_never_leaves_the_image() -> None:
    grid = GRIDS["even"]
    allowed = np.ones(grid.shape, bool)
    allowed[:, :, 12] = False
    got = flood(np.zeros(grid.shape), grid, (5, 9, 10), FloodParameters(Range(-1, 1)), allowed).patch
    assert got.voxels == grid.shape[0] * grid.shape[1] * 12
    assert flood(np.zeros(grid.shape), grid, (5, 9, 12), FloodParameters(Range(-1, 1)), allowed).patch.voxels == 0
    with pytest.raises(GraticuleError):
        flood(np.zeros(grid.shape), grid, (50, 9, 12), FloodParameters(Range(-1, 1)))


def test_the_range_near_a_seed_forgives_one_noisy_pixel() -> None:
    voxels = np.full((3, 5, 5), 100.0)
    voxels[1, 2, 2] = 130
    assert near_value(voxels, (1, 2, 2), 10) == Range(90, 140)
