"""Made-up volumes of the sizes that the promises name."""

import numpy as np
from scipy.ndimage import gaussian_filter

from graticule.domain.geometry import Grid

CT_SHAPE = (400, 512, 512)
CT_GRID = Grid(CT_SHAPE, np.array([[0.8, 0, 0, -204.4], [0, 0.8, 0, -204.4], [0, 0, 1.0, -199.5], [0, 0, 0, 1]]))


def ct() -> np.ndarray:
    """512×512×400 int16: soft tissue with noise, ribs of bone, a lesion at (200, 250, 260)."""
    random = np.random.default_rng(0)
    flat = random.normal(40, 25, CT_SHAPE[1:])
    flat[random.integers(0, 500, 40)[:, None] + np.arange(12)] += 600
    voxels = np.empty(CT_SHAPE, dtype=np.int16)
    for k in range(CT_SHAPE[0]):
        voxels[k] = np.roll(flat, 3 * k, 1)
    k, j, i = np.ogrid[180:221, 225:276, 235:286]
    near = ((k - 200) / 18.0) ** 2 + ((j - 250) / 24.0) ** 2 + ((i - 260) / 22.0) ** 2 < 1
    voxels[180:221, 225:276, 235:286][near] = random.normal(140, 20, int(near.sum()))
    return voxels


def cube(size: int = 128) -> tuple[np.ndarray, Grid]:
    """A noisy ball in a noisy cube, int16, 1 mm."""
    random = np.random.default_rng(0)
    away = np.sqrt(((np.indices((size,) * 3) - size / 2) ** 2).sum(axis=0))
    noise = gaussian_filter(random.normal(0, 200, (size,) * 3), 1)
    voxels = gaussian_filter(np.where(away < size * 0.23, 600.0, 300.0), 1.5) + noise
    return voxels.astype(np.int16), Grid((size,) * 3, np.eye(4))


def organ(shape: tuple[int, int, int] = (180, 256, 256)) -> np.ndarray:
    """A mask that bends and changes its outline from slice to slice."""
    k, j, i = np.ogrid[:shape[0], :shape[1], :shape[2]]
    turn = k / shape[0] * np.pi
    middle_j, middle_i = shape[1] / 2 + 25 * np.sin(2 * turn), shape[2] / 2 + 30 * np.cos(turn)
    angle = np.arctan2(j - middle_j, i - middle_i)
    reach = (25 + 45 * np.sin(turn)) * (1 + 0.15 * np.cos(3 * angle + 2 * turn))
    return np.asarray((j - middle_j) ** 2 + (i - middle_i) ** 2 < reach**2)
