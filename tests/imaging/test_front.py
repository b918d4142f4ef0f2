"""What the eye sees first: the near half of a ball, the nearer of two plates."""

import numpy as np

from graticule.domain.geometry import Grid
from graticule.imaging.front import front_of
from graticule.imaging.patch import Patch, whole

SHAPE = (30, 34, 38)
GRID = Grid(SHAPE, np.diag([1.0, 1.2, 1.5, 1.0]))


def from_front(scale: float = 2.0) -> np.ndarray:
    """An eye far in −y (anterior), x to the right, z up: depth rises with y."""
    return np.array([[scale, 0, 0, 10], [0, 0, -scale, 90], [0, 1, 0, 500], [0, 0, 0, 1]], dtype=np.float64)


def ball(radius: float = 14.0) -> np.ndarray:
    k, j, i = np.indices(SHAPE)
    return (i - 19) ** 2 + ((j - 17) * 1.2) ** 2 + ((k - 15) * 1.5) ** 2 < radius**2


def everything(mask: np.ndarray) -> Patch:
    return Patch(whole(SHAPE), mask)


def test_of_a_ball_the_near_shell_is_found() -> None:
    mask = ball()
    found = front_of(everything(mask), everything(mask), GRID, from_front(), 6.0).on(whole(SHAPE))
    first = np.where(mask.any(axis=1), mask.argmax(axis=1), SHAPE[1])
    deep = (np.arange(SHAPE[1])[None, :, None] - first[:, None, :]) * 1.2
    sure, never = mask & (deep <= 2.0), mask & (deep > 6.0 + 1e-9)
    middle = ((np.arange(38) - 19) ** 2)[None, None, :] + (((np.arange(30) - 15) * 1.5) ** 2)[:, None, None] < 8**2
    assert not (found & never).any(), "never deeper than was asked, counted from a voxel's own ray"
    assert not (sure & middle & ~found).any(), "where the surface faces the eye nothing of the front is left"


def test_a_segment_behind_another_is_not_seen_first() -> None:
    near, far = np.zeros(SHAPE, bool), np.zeros(SHAPE, bool)
    near[5:25, 3:5, 5:20], far[5:25, 20:23, 5:34] = True, True
    found = front_of(everything(far), everything(near | far), GRID, from_front(), 5.0).on(whole(SHAPE))
    assert not found[:, :, 5:19].any() and np.array_equal(found[:, :, 22:], far[:, :, 22:])


def test_deep_enough_is_all_the_way_through() -> None:
    mask = ball()
    assert np.array_equal(front_of(everything(mask), everything(mask), GRID, from_front(), 1e4).on(whole(SHAPE)), mask)


def test_uneven_slices_have_their_own_places() -> None:
    grid = Grid((3, 4, 4), np.eye(4), levels=np.array([0.0, 1.0, 9.0]))
    mask = np.ones((3, 4, 4), bool)
    along_z = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]], dtype=np.float64)
    found = front_of(Patch(whole(grid.shape), mask), Patch(whole(grid.shape), mask), grid, along_z, 2.0).on(whole(grid.shape))
    assert found.any(axis=(1, 2)).tolist() == [True, True, False]


def test_nothing_seen_is_nothing_found() -> None:
    assert front_of(everything(ball()), Patch.nothing(), GRID, from_front(), 5.0).voxels == 0
