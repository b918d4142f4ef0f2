import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graticule.domain.geometry import Grid
from graticule.imaging.brush import swept_ball, swept_disc

TILT = np.array([[0.8, 0, 0, -20], [0, 0.7, 1.2, 5], [0, -0.1, 3.0, 40], [0, 0, 0, 1.0]])
OBLIQUE = np.array([[0.79, -0.2, 0.5, 3], [0.1, 0.6, 1.1, -7], [0.2, 0.3, -2.1, 9], [0, 0, 0, 1.0]])
PLAIN = np.diag([1.0, 1.0, 5.0, 1.0])
LEVELS = np.array([0, 1, 1.7, 2.9, 3.9, 5.0, 9.0, 10.0, 11.2, 12.0, 13.1, 14.1])
GRIDS = [Grid((12, 30, 34), affine, True, levels) for levels in (None, LEVELS) for affine in (TILT, OBLIQUE, PLAIN)]


def largest_cell(grid: Grid) -> float:
    """No voxel's cell reaches further, also beside the widest distance between slices."""
    return float(np.abs(grid.affine[:3, :3]).sum()) * (1.0 if grid.levels is None else 4.0)

fraction = st.floats(0, 1, allow_nan=False)
points = st.tuples(fraction, fraction, fraction)


def centres(grid: Grid) -> np.ndarray:
    k, j, i = np.meshgrid(*(np.arange(n) for n in grid.shape), indexing="ij")
    return grid.to_patient(np.stack([i, j, k], axis=-1).reshape(-1, 3).astype(float))


def cells(grid: Grid, normal: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Per voxel: how far its cell reaches against and along the normal; half-way to the neighbouring slices."""
    n = grid.shape[0]
    levels = np.arange(n, dtype=float) if grid.levels is None else grid.levels
    gaps = np.diff(levels)
    down, up = np.concatenate([gaps[:1], gaps]) / 2, np.concatenate([gaps, gaps[-1:]]) / 2
    i, j, k = normal @ grid.affine[:3, :3]
    side = (abs(i) + abs(j)) / 2
    below, above = (down, up) if k >= 0 else (up, down)
    rows = grid.shape[1] * grid.shape[2]
    return np.repeat(side + abs(k) * below, rows), np.repeat(side + abs(k) * above, rows)


def inside(grid: Grid, part: tuple[float, float, float]) -> np.ndarray:
    k, j, i = grid.shape
    return grid.to_patient(np.array(part) * (i - 1, j - 1, k - 1))


def distance_to_way(x: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    d = b - a
    t = np.clip((x - a) @ d / max(d @ d, 1e-12), 0, 1)
    return np.linalg.norm(x - a - t[:, None] * d, axis=1)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(GRIDS), points, points, st.floats(0.2, 9))
def test_a_ball_covers_exactly_the_centres_within_its_radius_and_the_way_itself(grid, a, b, radius) -> None:
    start, end = inside(grid, a), inside(grid, b)
    away = distance_to_way(centres(grid), start, end)
    got = set(swept_ball(grid, start, end, radius).tolist())
    assert set(np.flatnonzero(away < radius - 1e-6)) <= got
    beyond = got - set(np.flatnonzero(away <= radius + 1e-6))
    cell = largest_cell(grid)
    assert all(away[voxel] < cell for voxel in beyond)
    for share in np.linspace(0, 1, 40):
        i, j, k = grid.voxel_at(start + share * (end - start)) or (None, None, None)
        if i is not None and share in (0.0, 1.0) and not grid.in_gap(start + share * (end - start)):
            assert np.ravel_multi_index((k, j, i), grid.shape) in got


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(GRIDS), points, points, st.floats(0.2, 9))
def test_a_disc_covers_what_the_plane_cuts(grid, a, b, radius) -> None:
    start, end = inside(grid, a), inside(grid, b)
    normal = np.cross(end - start, [0.3, 0.4, 0.5])
    if np.linalg.norm(normal) < 1e-3:
        return
    normal /= np.linalg.norm(normal)
    x = centres(grid)
    off = (x - start) @ normal
    below, above = cells(grid, normal)
    away = distance_to_way(x - off[:, None] * normal, start, end)
    surely = set(np.flatnonzero((off < below - 1e-4) & (-off < above - 1e-4) & (away < radius - 1e-4)))
    perhaps = set(np.flatnonzero((off < below + 1e-4) & (-off < above + 1e-4) & (away < radius + 1e-4)))
    got = set(swept_disc(grid, start, end, radius, normal).tolist())
    assert surely <= got
    cell = largest_cell(grid)
    assert all(distance_to_way(x[[v]], start, end)[0] < cell for v in got - perhaps)


def test_a_disc_on_an_acquired_slice_stays_on_it() -> None:
    grid = GRIDS[0]
    at = grid.to_patient(np.array([15.0, 14.0, 6.0]))
    k = swept_disc(grid, at, at, 6.0, grid.normal) // (30 * 34)
    assert set(k.tolist()) == {6}


def test_a_plane_exactly_between_two_slices_takes_the_one_that_is_picked_there() -> None:
    grid = GRIDS[2]
    at = grid.to_patient(np.array([15.0, 14.0, 5.5]))
    assert grid.voxel_at(at) == (15, 14, 6)
    for normal in ([0, 0, 1.0], [0, 0, -1.0]):
        assert set((swept_disc(grid, at, at, 4.0, np.array(normal)) // (30 * 34)).tolist()) == {6}


def test_outside_the_grid_nothing_is_covered() -> None:
    grid = GRIDS[2]
    far = np.array([500.0, 500.0, 500.0])
    assert swept_ball(grid, far, far, 5.0).size == 0
    assert swept_disc(grid, far, far, 5.0, np.array([0, 0, 1.0])).size == 0


def test_indices_rise_and_are_unique() -> None:
    grid = GRIDS[1]
    index = swept_ball(grid, inside(grid, (0.1, 0.1, 0.1)), inside(grid, (0.8, 0.9, 0.7)), 3.0)
    assert np.all(np.diff(index) > 0)
