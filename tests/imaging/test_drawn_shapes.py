import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.imaging.inside import inside as plain_even_odd
from graticule.imaging.patch import Patch, whole
from graticule.imaging.plane import ViewPlane
from graticule.imaging.polygons import points_inside
from graticule.imaging.raster import polygon
from graticule.imaging.scissors import OUTSIDE, ScissorsParameters, from_plane, seen_inside
from graticule.imaging.splines import ClosedSpline, spline_from
from segmentation_grids import GRIDS, centres

part = st.floats(-1, 1)
normals = st.tuples(part, part, part).filter(lambda n: np.linalg.norm(n) > 0.2)


def star(seed: int, count: int, size: float) -> np.ndarray:
    random = np.random.default_rng(seed)
    turn = np.sort(random.uniform(0, 2 * np.pi, count))
    reach = random.uniform(0.4, 1, count) * size
    return np.stack([np.cos(turn) * reach, np.sin(turn) * reach], axis=1)


@given(st.integers(0, 10**6), st.integers(3, 60))
def test_points_lie_inside_where_a_plain_test_says_so(seed, count) -> None:
    corners, points = star(seed, count, 10), np.random.default_rng(seed).uniform(-11, 11, (400, 2))
    assert np.array_equal(points_inside(corners, points), plain_even_odd("polygon", corners, points))


def drawn_on(grid: Grid, normal: np.ndarray, seed: int, size: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    normal = normal / np.linalg.norm(normal)
    first = np.cross(normal, [0.3, 0.5, 0.8])
    first /= np.linalg.norm(first)
    second = np.cross(normal, first)
    flat = star(seed, 12, size)
    return grid.centre_mm + flat[:, :1] * first + flat[:, 1:] * second, first, second


@settings(max_examples=40)
@given(st.sampled_from(sorted(GRIDS)), normals, st.integers(0, 10**6))
def test_a_polygon_on_an_oblique_plane_has_no_holes_against_a_dense_sampler(name, normal, seed) -> None:
    """Every voxel that the plane meets well inside the outline is there: looked at on that plane, no stripe is seen."""
    grid = GRIDS[name]
    corners, first, second = drawn_on(grid, np.array(normal), seed, 8.0)
    mask = polygon(grid, corners, np.cross(first, second)).on(whole(grid.shape))
    away = np.stack(np.meshgrid(np.arange(-8, 8, 0.2), np.arange(-8, 8, 0.2)), axis=-1).reshape(-1, 2)
    flat = np.stack([(corners - grid.centre_mm) @ first, (corners - grid.centre_mm) @ second], axis=1)
    samples = away[points_inside(flat, away)]
    met = grid.to_index(grid.centre_mm + samples[:, :1] * first + samples[:, 1:] * second) + 0.5
    # On the very border of two cells rounding decides which one a sample falls into.
    index = np.floor(met[(np.abs(met - np.rint(met)) > 1e-5).all(axis=1)]).astype(int)
    inside = ((index >= 0) & (index < grid.shape[::-1])).all(axis=1)
    index = index[inside]
    places = grid.to_patient(index) - grid.centre_mm
    held = points_inside(flat, np.stack([places @ first, places @ second], axis=1))
    met = index[held]
    assert mask[met[:, 2], met[:, 1], met[:, 0]].all()
    at = centres(grid)[mask] - grid.centre_mm
    assert points_inside(flat, np.stack([at @ first, at @ second], axis=1)).all()


@pytest.mark.parametrize("name", GRIDS)
def test_a_polygon_on_a_slice_is_one_slice_and_the_centres_inside(name) -> None:
    grid = GRIDS[name]
    flat = star(4, 20, 6.0) + np.array([9.3, 8.7])
    corners = grid.to_patient(np.column_stack([flat, np.full(len(flat), 4.0)]))
    mask = polygon(grid, corners, grid.normal).on(whole(grid.shape))
    assert np.flatnonzero(mask.any(axis=(1, 2))).tolist() == [4]
    j, i = np.mgrid[:grid.shape[1], :grid.shape[2]]
    expected = plain_even_odd("polygon", flat, np.stack([i, j], axis=-1).reshape(-1, 2)).reshape(mask[4].shape)
    assert np.array_equal(mask[4], expected)


def test_a_slab_takes_the_slices_it_meets() -> None:
    grid = GRIDS["even"]
    corners = grid.to_patient(np.array([[2, 2, 5], [15, 2, 5], [15, 15, 5], [2, 15, 5.0]]))
    slabs = [polygon(grid, corners, grid.normal, mm).on(whole(grid.shape)) for mm in (0, 2, 4, 10)]
    assert [np.count_nonzero(slab.any(axis=(1, 2))) for slab in slabs] == [1, 1, 3, 5]
    with pytest.raises(GraticuleError):
        polygon(grid, corners[:2])


def test_a_polygon_beside_the_image_holds_nothing() -> None:
    grid = GRIDS["even"]
    corners = grid.to_patient(np.array([[2, 2, 50], [15, 2, 50], [15, 15, 50.0]]))
    assert polygon(grid, corners, grid.normal).voxels == 0


PLANE = ViewPlane(np.array([1.0, 0, 0]), np.array([0, 0.6, -0.8]), np.array([-3.0, -2, 30]), 0.4, 100, 100)


@pytest.mark.parametrize("name", GRIDS)
def test_scissors_cut_what_is_seen_inside_to_the_depth_they_are_given(name) -> None:
    grid = GRIDS[name]
    patch = Patch(whole(grid.shape), np.random.default_rng(1).random(grid.shape) < 0.5)
    outline = star(3, 15, 35.0) + PLANE.to_screen(grid.centre_mm)
    screen, depth = PLANE.to_screen(centres(grid)), PLANE.distance_mm(centres(grid))
    inside = plain_even_odd("polygon", outline, screen.reshape(-1, 2)).reshape(grid.shape)
    middle = float(np.median(depth))
    for near, far in ((-np.inf, np.inf), (middle - 4, middle + 4)):
        reached = (depth >= near) & (depth <= far)
        for side, expected in (("inside", inside), (OUTSIDE, ~inside)):
            got = seen_inside(patch, grid, ScissorsParameters(outline, from_plane(PLANE), side, near, far)).on(whole(grid.shape))
            assert np.array_equal(got, patch.mask & expected & reached)


def test_scissors_see_by_perspective_and_nothing_behind_the_eye() -> None:
    grid = GRIDS["even"]
    eye = grid.to_patient([10, 9, 4])
    matrix = np.array([[100, 0, 50, -100 * eye[0] - 50 * eye[2]], [0, 100, 50, -100 * eye[1] - 50 * eye[2]],
                       [0, 0, 1, 0], [0, 0, 1, -eye[2]]])
    everything = Patch(whole(grid.shape), np.ones(grid.shape, bool))
    outline = np.array([[-1e6, -1e6], [1e6, -1e6], [1e6, 1e6], [-1e6, 1e6]])
    got = seen_inside(everything, grid, ScissorsParameters(outline, matrix)).on(whole(grid.shape))
    assert not got[:5].any() and got[5:].all()


@given(st.integers(0, 10**6), st.integers(3, 12))
def test_a_spline_passes_through_its_points(seed, count) -> None:
    points = np.random.default_rng(seed).uniform(-20, 20, (count, 3))
    curve = ClosedSpline(points).polygon(0.2)
    assert max(np.linalg.norm(curve - point, axis=1).min() for point in points) < 1e-9
    assert np.linalg.norm(np.diff(curve, axis=0), axis=1).max() < 4


def test_a_spline_point_is_added_where_the_curve_is_nearest_moved_and_taken_away() -> None:
    square = ClosedSpline(np.array([[0.0, 0], [10, 0], [10, 10], [0, 10]]))
    more = square.with_point(np.array([11.0, 5]))
    assert more.points[2].tolist() == [11, 5]
    assert more.handle(np.array([11.2, 5]), 1.0) == 2 and more.handle(np.array([50.0, 5]), 1.0) is None
    assert more.moved(2, np.array([12.0, 5])).without_point(2).points.tolist() == square.points.tolist()
    with pytest.raises(GraticuleError):
        ClosedSpline(square.points[:3]).without_point(0)


def test_an_outline_becomes_a_spline_of_few_points_that_stays_near() -> None:
    turn = np.linspace(0, 2 * np.pi, 300, endpoint=False)
    outline = np.stack([30 * np.cos(turn), 18 * np.sin(turn) + 3 * np.cos(3 * turn)], axis=1)
    spline = spline_from(outline, 0.5)
    curve = spline.polygon(0.2)
    assert len(spline.points) < 25
    assert max(np.linalg.norm(curve - point, axis=1).min() for point in outline) <= 0.6
