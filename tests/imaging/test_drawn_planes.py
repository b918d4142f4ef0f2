"""Outlines found again in voxels: the area of each drawn plane, on any plane, and none where only other planes cross."""

import numpy as np
import pytest

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.imaging.drawn_planes import outlines_of
from graticule.imaging.inside import Sheet
from graticule.imaging.patch import whole
from graticule.imaging.raster import polygon
from graticule.imaging.sparse_surface import surface_through
from graticule.quality.masks import dice

SHAPE = (48, 52, 56)
GRID = Grid(SHAPE, np.diag([0.9, 0.9, 1.1, 1.0]))
MIDDLE = GRID.to_patient(np.array([28.0, 26, 24]))


def circle(normal: np.ndarray, radius: float, off: float = 0.0) -> np.ndarray:
    """The cut of a ball of `radius` by a plane `off` mm from its middle."""
    normal = normal / np.linalg.norm(normal)
    first = np.cross(normal, np.eye(3)[int(np.argmin(np.abs(normal)))])
    first /= np.linalg.norm(first)
    second, turn = np.cross(normal, first), np.linspace(0, 2 * np.pi, 80, endpoint=False)
    size = np.sqrt(radius**2 - off**2)
    return MIDDLE + normal * off + size * (np.cos(turn)[:, None] * first + np.sin(turn)[:, None] * second)


def drawn(circles: list[np.ndarray]) -> np.ndarray:
    mask = np.zeros(SHAPE, dtype=bool)
    for one in circles:
        mask |= polygon(GRID, one).on(whole(SHAPE))
    return mask


def area(loop: np.ndarray) -> float:
    sheet = Sheet.through(loop)
    x, y = sheet.flat(loop).T
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2


def ball(radius: float) -> np.ndarray:
    k, j, i = np.indices(SHAPE)
    return np.linalg.norm(GRID.to_patient(np.stack([i, j, k], axis=-1)) - MIDDLE, axis=-1) < radius


def test_each_plane_across_the_others_is_found_with_its_own_area() -> None:
    circles = [circle(np.array(axis, dtype=float), 15) for axis in ((0, 0, 1), (0, 1, 0), (1, 0, 0))]
    found = outlines_of(drawn(circles), whole(SHAPE), GRID)
    assert len(found) == 3
    for loop in found:
        assert area(loop) == pytest.approx(np.pi * 15**2, rel=0.06)
        assert np.allclose(np.linalg.norm(loop - MIDDLE, axis=1), 15, atol=1.2)


@pytest.mark.parametrize("normals", [((0.3, 0.2, 1), (1, -0.2, 0.3), (0.1, 1, -0.4)), ((0.6, 0, 0.8), (0, 1, 0), (0.8, 0, -0.6))])
def test_oblique_planes_are_found_and_the_surface_through_them_is_the_ball(normals) -> None:
    circles = [circle(np.array(normal, dtype=float), 16) for normal in normals]
    found = outlines_of(drawn(circles), whole(SHAPE), GRID)
    assert len(found) == 3
    for loop in found:
        assert area(loop) == pytest.approx(np.pi * 16**2, rel=0.1)
    surface = surface_through(found, GRID).on(whole(SHAPE))
    assert dice(surface, ball(16)) > 0.93


def test_one_plane_is_not_enough() -> None:
    with pytest.raises(GraticuleError, match="at least two planes"):
        outlines_of(drawn([circle(np.array([0, 0, 1.0]), 15)]), whole(SHAPE), GRID)
