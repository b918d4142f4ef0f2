"""Index to patient and back, on oblique, sheared and anisotropic grids."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid, letters_for

SHAPE = (7, 6, 5)


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """Any rotation, spacing from 0.1 to 10 mm, some gantry tilt, an origin within two metres."""
    quaternion = np.array(draw(st.lists(st.floats(-1, 1), min_size=4, max_size=4)))
    assume(np.linalg.norm(quaternion) > 0.1)
    w, x, y, z = quaternion / np.linalg.norm(quaternion)
    rotation = np.array([[1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
                         [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
                         [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)]])
    spacing = np.array(draw(st.lists(st.floats(0.1, 10), min_size=3, max_size=3)))
    shear = np.eye(3)
    shear[1, 2] = draw(st.floats(-0.5, 0.5))
    affine = np.eye(4)
    affine[:3, :3] = rotation @ shear * spacing
    affine[:3, 3] = draw(st.lists(st.floats(-2000, 2000), min_size=3, max_size=3))
    return Grid(SHAPE, affine)


indices = st.tuples(st.integers(0, 4), st.integers(0, 5), st.integers(0, 6))


@given(grids(), indices)
def test_a_voxel_centre_comes_back_as_its_index(grid, ijk):
    assert np.allclose(grid.to_index(grid.to_patient(ijk)), ijk, atol=1e-6)
    assert grid.voxel_at(grid.to_patient(ijk)) == ijk


@given(grids(), indices, st.lists(st.floats(-0.49, 0.49), min_size=3, max_size=3))
def test_a_point_inside_a_voxels_cell_is_that_voxel(grid, ijk, off):
    assert grid.voxel_at(grid.to_patient(np.add(ijk, off))) == ijk


@given(grids(), indices)
def test_many_points_map_as_each_does(grid, ijk):
    many = np.array([[ijk, ijk], [(0, 0, 0), (4, 5, 6)]], dtype=float)
    mapped = grid.to_patient(many)
    assert mapped.shape == (2, 2, 3)
    assert np.allclose(mapped[0, 0], grid.to_patient(ijk))
    assert np.allclose(grid.to_index(mapped), many, atol=1e-6)


@given(grids())
def test_outside_is_no_voxel(grid):
    for ijk in [(-1, 0, 0), (5, 0, 0), (0, 6, 0), (0, 0, 7), (0, 0, -0.6)]:
        assert grid.voxel_at(grid.to_patient(ijk)) is None


@given(grids())
def test_spacing_direction_and_origin_rebuild_the_affine(grid):
    k, j, i = grid.spacing_mm
    assert np.allclose(grid.direction * (i, j, k), grid.affine[:3, :3])
    assert np.allclose(grid.origin_mm, grid.to_patient((0, 0, 0)))
    assert np.isclose(grid.normal @ grid.direction[:, 0], 0, atol=1e-9)
    assert np.isclose(grid.normal @ grid.direction[:, 1], 0, atol=1e-9)
    assert grid.normal @ grid.direction[:, 2] > 0
    assert 0 <= grid.tilt_deg < 60


@given(grids())
def test_a_grid_is_the_same_as_itself_and_not_as_one_shifted(grid):
    assert grid.same_as(Grid(SHAPE, grid.affine.copy()))
    moved = grid.affine.copy()
    moved[0, 3] += 0.02
    assert not grid.same_as(Grid(SHAPE, moved))
    assert not grid.same_as(Grid((7, 6, 4), grid.affine))


def test_an_asymmetric_grid_has_no_axis_mixed_up():
    grid = Grid((3, 4, 5), np.array([[0.5, 0, 0, 10], [0, 0.7, 0, 20], [0, 0, 2.0, 30], [0, 0, 0, 1]]))
    assert np.allclose(grid.to_patient((1, 2, 1)), (10.5, 21.4, 32))
    assert grid.spacing_mm == pytest.approx((2.0, 0.7, 0.5))
    assert grid.voxel_ml == pytest.approx(0.0007)
    assert np.allclose(grid.centre_mm, (11.0, 21.05, 32.0))


@pytest.mark.parametrize("affine", [np.zeros((4, 4)), np.full((4, 4), np.nan), np.eye(3)])
def test_an_affine_that_spans_nothing_is_refused(affine):
    with pytest.raises(GraticuleError):
        Grid(SHAPE, affine)


@pytest.mark.parametrize(("direction", "letters"), [
    ((1, 0, 0), "L"), ((-1, 0, 0), "R"), ((0, 1, 0), "P"), ((0, -1, 0), "A"), ((0, 0, 1), "H"), ((0, 0, -1), "F"),
    ((0, 0.6, 0.8), "HP"), ((1, 0.1, 0), "L"), ((0.8, 0.4, -0.6), "LF"), ((0, 0, 0), "?"), ((np.nan, 0, 0), "?"),
])
def test_orientation_letters(direction, letters):
    assert letters_for(direction) == letters
    assert letters_for(direction, oriented=False) == "?"
