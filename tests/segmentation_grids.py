"""Grids that imaging tests share: tilted, oblique, thick and uneven; and round things on them."""

import numpy as np

from graticule.domain.geometry import Grid

EVEN = np.diag([0.8, 0.8, 3.0, 1.0])
TILT = np.array([[0.8, 0, 0, -20], [0, 0.8, 1.0, 5], [0, 0, 3.0, 40], [0, 0, 0, 1.0]])
OBLIQUE_AXES = np.linalg.qr(np.array([[1, 0.3, 0.2], [-0.2, 1, 0.4], [0.1, -0.3, 1]]))[0] * [0.9, 0.7, 2.0]
OBLIQUE = np.block([[OBLIQUE_AXES, np.array([[3.0], [-7], [9]])], [np.zeros((1, 3)), np.ones((1, 1))]])
LEVELS = np.array([0, 1, 1.7, 2.9, 3.9, 5.0, 6.4, 7.3, 8.2, 9.4])
SHAPE = (10, 18, 20)
_KINDS = {"even": (EVEN, None), "uneven": (EVEN, LEVELS), "tilted": (TILT, None), "tilted and uneven": (TILT, LEVELS),
          "oblique": (OBLIQUE, None)}
GRIDS = {name: Grid(SHAPE, affine, True, levels) for name, (affine, levels) in _KINDS.items()}
PLAIN = Grid((40, 40, 40), np.diag([1.0, 1.0, 1.0, 1.0]))


def centres(grid: Grid) -> np.ndarray:
    k, j, i = np.meshgrid(*(np.arange(n) for n in grid.shape), indexing="ij")
    return grid.to_patient(np.stack([i, j, k], axis=-1).astype(float))


def ball(grid: Grid, middle_mm: np.ndarray, radius_mm: float) -> np.ndarray:
    return np.linalg.norm(centres(grid) - middle_mm, axis=-1) <= radius_mm


def overlap_of(one: np.ndarray, two: np.ndarray) -> float:
    return 2 * np.count_nonzero(one & two) / max(1, np.count_nonzero(one) + np.count_nonzero(two))
