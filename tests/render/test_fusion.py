"""The coloured layer against plain numpy on a grid that coincides, and SimpleITK on one that does not."""

import numpy as np
import SimpleITK as sitk

from graticule.domain.geometry import Grid
from graticule.domain.volume import LINEAR_EXACT, Window
from graticule.imaging.colour_maps import HOT_IRON, PERCEPTUAL, table
from graticule.imaging.plane import ViewPlane
from graticule.imaging.rigid import rotation
from graticule.imaging.ties import Tie, TieKind
from graticule.render.fusion import FusedLayer, blend_table
from graticule.render.reslice import SliceRenderer

WINDOW = Window(100, 50, function=LINEAR_EXACT)


def plane(size: int = 40, mm: float = 1.0) -> ViewPlane:
    return ViewPlane(np.array([1.0, 0, 0]), np.array([0, 1.0, 0]), np.array([-0.5, -0.5, 5.0]), mm, size, size)


def voxels() -> np.ndarray:
    return np.random.default_rng(1).uniform(0, 100, (12, 30, 32)).astype(np.float32)


def test_colours_are_the_maps_at_the_blend_and_clear_beyond_the_grid() -> None:
    values = voxels()
    layer = FusedLayer(values, Grid(values.shape, np.eye(4)))
    layer.draw(plane(), WINDOW, PERCEPTUAL, 1.0, fades=False)
    grey = np.clip(np.floor(values[5] / 100 * 255 + 0.5), 0, 255).astype(int)
    wanted = table(PERCEPTUAL)[grey].astype(int)
    got = layer.pixels[:30, :32]
    shown = np.stack([(got >> shift) & 255 for shift in (16, 8, 0)], axis=-1).astype(int)
    assert np.abs(shown - wanted).max() <= 3
    assert not layer.pixels[30:].any() and not layer.pixels[:, 32:].any()


def test_the_blend_is_premultiplied_and_low_values_fade() -> None:
    half, fading = blend_table(HOT_IRON, 0.5, False), blend_table(HOT_IRON, 0.5, True)
    assert (half >> 24 == 128).all() and fading[0] == 0 and fading[255] == half[255]
    assert ((fading >> 16) & 255 <= fading >> 24).all()


def test_a_placed_grid_shows_what_simpleitk_resamples() -> None:
    values = voxels()
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = rotation(np.array([0.2, 1, 0.4]), 12), (2.0, -1.5, 0.5)
    tie = Tie(TieKind.REGISTERED, matrix)
    rendered = SliceRenderer(values, tie.placed_grid(Grid(values.shape, np.eye(4)))).slice(plane(30))
    referee = sitk.Resample(sitk.GetImageFromArray(values), [30, 30, 1],
                            sitk.AffineTransform(matrix[:3, :3].ravel().tolist(), matrix[:3, 3].tolist()),
                            sitk.sitkLinear, [0.0, 0, 5], [1.0, 1, 1], [1.0, 0, 0, 0, 1, 0, 0, 0, 1], -1.0)
    other = sitk.GetArrayFromImage(referee)[0]
    inside = (other > -0.5) & (rendered > -1)
    assert inside.sum() > 400 and np.abs(rendered - other)[inside].max() < 0.05
