"""Uneven stacks: every plane and slab shows what lies at its true place, and nothing where nothing was measured."""

import numpy as np
import pytest

from graticule.domain.geometry import Grid
from graticule.imaging.gaps import gap_at, gaps_of
from graticule.imaging.orientation import ANATOMICAL, slices_along
from graticule.imaging.plane import ViewPlane
from graticule.imaging.slab import Slab, Through
from graticule.render.reslice import SliceRenderer

SHAPE = (14, 30, 34)
LEVELS = np.array([0, 1, 2.2, 3.2, 4.0, 5.0, 6.3, 10.3, 11.3, 12.0, 13.2, 14.2, 15.2, 16.4])
PLAIN = np.diag([0.9, 0.8, 2.0, 1.0])
MIRRORED = np.array([[-0.9, 0, 0, 12], [0, 0, 2.0, -9], [0, -0.8, 0, 4], [0, 0, 0, 1.0]])
TILTED = np.array([[0.9, 0, 0, 3], [0, 0.8, 0.6, -7], [0, 0, 2.0, 8], [0, 0, 0, 1.0]])
AFFINES = [PLAIN, MIRRORED, TILTED]


def phantom() -> np.ndarray:
    """Rises linearly in all three true directions: interpolation must give the plane of it, wherever it is true."""
    k, j, i = np.meshgrid(LEVELS, np.arange(SHAPE[1]), np.arange(SHAPE[2]), indexing="ij")
    return np.ascontiguousarray((50 + 10 * i + 30 * j + 70 * k).astype(np.int16))


def places(plane: ViewPlane, grid: Grid, offset_mm: float = 0.0) -> np.ndarray:
    """(height, width, 3): i, j and level of each pixel's centre, without the grid's own arithmetic of levels."""
    x, y = np.meshgrid(np.arange(plane.width) + 0.5, np.arange(plane.height) + 0.5)
    at = plane.to_patient(x, y) + plane.normal * offset_mm
    return (at - grid.affine[:3, 3]) @ np.linalg.inv(grid.affine[:3, :3]).T


def true_values(where: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What must be seen, and which pixels are well inside the slices, which well inside a gap. An own sampler."""
    i, j, level = where[..., 0], where[..., 1], where[..., 2]
    inside = (i > 0) & (i < SHAPE[2] - 1) & (j > 0) & (j < SHAPE[1] - 1) & (level > 0) & (level < LEVELS[-1])
    low = np.clip(np.searchsorted(LEVELS, level, side="right") - 1, 0, SHAPE[0] - 2)
    apart, step = LEVELS[low + 1] - LEVELS[low], np.median(np.diff(LEVELS))
    wide = apart > 1.5 * step
    blank = inside & wide & (level > LEVELS[low] + step / 2 + 0.01) & (level < LEVELS[low + 1] - step / 2 - 0.01)
    near = np.where(level - LEVELS[low] < apart / 2, LEVELS[low], LEVELS[low + 1])
    edge = wide & ((np.abs(level - LEVELS[low] - step / 2) < 0.01) | (np.abs(LEVELS[low + 1] - step / 2 - level) < 0.01))
    return 50 + 10 * i + 30 * j + 70 * np.where(wide, near, level), inside & ~blank & ~edge, blank


def oblique(grid: Grid) -> ViewPlane:
    right = np.array([0.8, 0.3, 0.5]) / np.linalg.norm([0.8, 0.3, 0.5])
    down = np.cross([0.2, 0.9, -0.3], right)
    down /= np.linalg.norm(down)
    return ViewPlane(right, down, grid.centre_mm - (right * 45 + down * 40) * 0.5, 0.5, 90, 80)


def straight(grid: Grid, name: str) -> ViewPlane:
    axes = ANATOMICAL[name]
    centre = slices_along(grid, axes.onward).moved(grid.centre_mm, 5)
    return ViewPlane(axes.right, axes.down, centre - (axes.right * 45 + axes.down * 40) * 0.5, 0.5, 90, 80)


@pytest.mark.parametrize("affine", AFFINES)
@pytest.mark.parametrize("dtype", [np.int16, np.float32])
def test_every_plane_shows_true_places_and_leaves_gaps_blank(affine, dtype) -> None:
    grid, voxels = Grid(SHAPE, affine, True, LEVELS), phantom().astype(dtype)
    renderer = SliceRenderer(voxels, grid)
    blanks = 0
    for plane in (oblique(grid), *(straight(grid, name) for name in ANATOMICAL)):
        expected, inside, blank = true_values(places(plane, grid))
        got = renderer.slice(plane).astype(float)
        assert inside.sum() > 500
        assert np.abs(got - expected)[inside].max() <= 0.6
        assert np.all(got[blank] == renderer.outside)
        blanks += int(blank.sum())
    assert blanks > 500


@pytest.mark.parametrize("affine", AFFINES)
def test_labels_are_those_of_the_voxel_that_a_click_would_find(affine) -> None:
    grid = Grid(SHAPE, affine, True, LEVELS)
    labels = np.random.default_rng(4).integers(0, 200, SHAPE).astype(np.uint8)
    renderer = SliceRenderer(labels, grid, labels=True)
    for plane in (oblique(grid), *(straight(grid, name) for name in ANATOMICAL)):
        got = renderer.slice(plane)
        for x, y in ((3, 4), (40, 41), (47, 18), (60, 70), (85, 33), (22, 66)):
            voxel = grid.voxel_at(plane.to_patient(x + 0.5, y + 0.5))
            assert got[y, x] == (0 if voxel is None else labels[voxel[::-1]])


def test_the_acquired_slices_are_stepped_through_one_by_one_at_their_true_places() -> None:
    grid = Grid(SHAPE, PLAIN, True, LEVELS)
    slices = slices_along(grid, ANATOMICAL["axial"].onward)
    assert slices.count == SHAPE[0]
    z = [float(-slices.position_mm(q)) for q in range(SHAPE[0])]
    assert np.allclose(z, LEVELS[::-1] * 2.0)
    assert [slices.nearest(np.array([0, 0, value])) for value in z] == list(range(SHAPE[0]))
    assert slices.apart_mm(6) == pytest.approx(8.0) and slices.step_mm == pytest.approx(2.0)


def test_a_gap_is_named_by_its_true_size_along_the_normal() -> None:
    for affine in AFFINES:
        grid = Grid(SHAPE, affine, True, LEVELS)
        gap, = gaps_of(grid)
        assert (gap.after, gap.words) == (6, "Gap of 8.0 mm: no data")
        middle = affine[:3, :3] @ (10, 10, 8.3) + affine[:3, 3]
        assert gap_at(grid, middle) == gap and gap_at(grid, grid.to_patient((10, 10, 3))) is None
    assert gaps_of(Grid(SHAPE, PLAIN)) == ()


@pytest.mark.parametrize("affine", AFFINES)
@pytest.mark.parametrize("through", list(Through))
@pytest.mark.parametrize("levels", [None, LEVELS])
def test_an_oblique_slab_is_what_a_sampler_of_our_own_collects(affine, through, levels) -> None:
    grid, voxels = Grid(SHAPE, affine, True, levels), phantom()
    plane, slab = oblique(grid), Slab(through, 5.0)
    offsets = slab.offsets_mm(grid, plane.normal)
    assert offsets.size < 25 and offsets[0] == -2.5 and offsets[-1] == 2.5
    single = SliceRenderer(voxels, grid)
    planes = []
    for offset in offsets:
        moved = ViewPlane(plane.right, plane.down, plane.corner_mm + plane.normal * offset, 0.5, 90, 80)
        values = single.slice(moved).astype(float)
        planes.append(np.where(values == single.outside, np.nan, values))
    stack = np.array(planes)
    whole = ~np.isnan(stack).any(axis=0)
    collect = {Through.MAX: np.max, Through.MIN: np.min, Through.MEAN: np.mean}[through]
    got = SliceRenderer(voxels, grid).slice(plane, slab=slab).astype(float)
    assert whole.sum() > 300
    assert np.abs(got - collect(stack, axis=0))[whole].max() <= 1.1


def test_a_slab_along_the_slices_takes_whole_layers_by_their_true_places() -> None:
    grid, voxels = Grid(SHAPE, PLAIN, True, LEVELS), np.random.default_rng(1).integers(0, 900, SHAPE).astype(np.int16)
    axes, renderer = ANATOMICAL["axial"], SliceRenderer(voxels, Grid(SHAPE, PLAIN, True, LEVELS))
    at = grid.to_patient((16, 14, 3))
    plane = ViewPlane(axes.right, axes.down, at - (axes.right * 16.5 * 0.9 + axes.down * 14.5 * 0.8), 0.9, 34, 27)
    rows = np.clip(((np.arange(27) + 0.5) * 0.9 - 0.4) / 0.8, 0, 29)

    def drawn(flat: np.ndarray) -> np.ndarray:
        low = np.minimum(rows.astype(int), 28)
        return flat[low] + (flat[low + 1] - flat[low]) * (rows - low)[:, None]

    # 4 mm either side of level 3.2 (6.4 mm): the slices at 2.4 … 10.4 mm, which are numbers 2 to 5.
    for through, collect in ((Through.MAX, np.max), (Through.MIN, np.min)):
        got = renderer.slice(plane, slab=Slab(through, 8.0)).astype(float)
        assert np.abs(got - drawn(collect(voxels[2:6].astype(float), axis=0))).max() <= 1.0
    # A mean weighs each layer by the millimetres of its cell that lie in the slab.
    faces = np.array([0.5 * (LEVELS[q] + LEVELS[q + 1]) * 2 for q in range(6)])
    low, high = np.maximum(faces[:-1], 2.4), np.minimum(faces[1:], 10.4)
    weights = np.maximum(high - low, 0)
    got = renderer.slice(plane, slab=Slab(Through.MEAN, 8.0)).astype(float)
    mean = np.tensordot(weights / weights.sum(), voxels[1:6].astype(float), 1)
    assert np.abs(got - drawn(mean)).max() <= 1.5


def test_a_slab_across_the_slices_keeps_the_gap_blank() -> None:
    grid = Grid(SHAPE, PLAIN, True, LEVELS)
    plane, renderer = straight(grid, "coronal"), SliceRenderer(phantom(), grid)
    _, _, blank = true_values(places(plane, grid))
    assert blank.sum() > 50
    assert np.all(renderer.slice(plane, slab=Slab(Through.MAX, 6.0))[blank] == renderer.outside)
