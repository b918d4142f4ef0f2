import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import map_coordinates

from graticule.domain.geometry import Grid
from graticule.imaging.plane_picture import picture_of
from segmentation_grids import GRIDS

part = st.floats(-1, 1)
normals = st.tuples(part, part, part).filter(lambda n: np.linalg.norm(n) > 0.2)


def test_on_slices_of_the_grid_pixels_are_the_voxels_themselves() -> None:
    grid = Grid((5, 30, 40), np.array([[0.7, 0, 0, -12.3], [0, 0.7, 0, 5.1], [0, 0, 3.0, 8.8], [0, 0, 0, 1]]))
    voxels = np.random.default_rng(0).integers(-500, 900, grid.shape).astype(np.int16)
    at = grid.to_patient(np.array([11.2, 20.4, 3.0]))
    picture = picture_of(voxels, grid, at, np.array([1.0, 0, 0]), np.array([0, 1.0, 0]))
    assert picture.values.dtype == np.int16 and np.array_equal(picture.values, voxels[3])
    assert picture.pixel(at) == (20, 11) and picture.holds(at)
    assert np.allclose(picture.points(np.array([[11.7, 20.9]])), at)


def test_a_flipped_view_shows_the_slice_flipped() -> None:
    grid = Grid((5, 30, 40), np.diag([0.7, 0.7, 3.0, 1.0]))
    voxels = np.random.default_rng(0).integers(-500, 900, grid.shape).astype(np.int16)
    picture = picture_of(voxels, grid, grid.to_patient(np.array([5.0, 5.0, 2.0])), np.array([-1.0, 0, 0]), np.array([0, 1.0, 0]))
    assert np.array_equal(picture.values, voxels[2, :, ::-1])


@settings(max_examples=30)
@given(st.sampled_from(sorted(GRIDS)), normals)
def test_on_any_plane_a_pixel_shows_what_lies_there(name, normal) -> None:
    grid = GRIDS[name]
    voxels = np.random.default_rng(0).normal(0, 100, grid.shape).astype(np.float32)
    normal = np.array(normal) / np.linalg.norm(normal)
    right = np.cross(normal, [0.3, 0.5, 0.8])
    right /= np.linalg.norm(right)
    picture = picture_of(voxels, grid, grid.centre_mm, right, np.cross(normal, right))
    rows, columns = np.mgrid[:picture.values.shape[0]:3, :picture.values.shape[1]:3]
    points = picture.points(np.stack([columns.reshape(-1) + 0.5, rows.reshape(-1) + 0.5], axis=1))
    assert np.abs((points - grid.centre_mm) @ normal).max() < 1e-6
    index = grid.to_index(points)
    inside = ((index >= 0) & (index <= np.array(grid.shape[::-1]) - 1)).all(axis=1)
    if grid.levels is not None:
        return
    expected = map_coordinates(voxels, index[inside][:, ::-1].T, order=1, mode="nearest")
    assert np.allclose(picture.values[rows, columns].reshape(-1)[inside], expected, atol=1e-2)


@pytest.mark.parametrize("place", [(10, 10), (700, 350)])
def test_of_a_large_plane_it_is_the_part_round_the_hand(place) -> None:
    grid = Grid((2, 800, 1200), np.eye(4))
    voxels = np.zeros(grid.shape, np.int16)
    at = np.array([place[0], place[1], 1.0])
    picture = picture_of(voxels, grid, at, np.array([1.0, 0, 0]), np.array([0, 1.0, 0]))
    assert max(picture.values.shape) <= 640 and picture.holds(at)
    far = np.array([min(place[0] + 300.0, 1199), place[1], 1.0])
    assert picture.near_border(far) == (picture.values.shape[1] == 640)
