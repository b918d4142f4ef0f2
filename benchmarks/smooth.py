"""Row 7d: smoothing one segment, whole and under a brush; margins and scissors; against SimpleITK where it has the same."""

from collections.abc import Iterator

import numpy as np
import SimpleITK as sitk

from benchmarks.figure import Figure, Timing, side_by_side, timed
from benchmarks.phantoms import organ
from graticule.domain.geometry import Grid
from graticule.imaging.edges import edge_aware
from graticule.imaging.margins import with_margin
from graticule.imaging.patch import Patch, ball_box, size_of, whole
from graticule.imaging.scissors import ScissorsParameters, seen_inside
from graticule.imaging.smoothing import CLOSE, GAUSSIAN, MEDIAN, OPEN, SmoothParameters, smooth, smooth_together

_PROMISE = Timing(100, 100)
_WISH = "our own wish, not a promise"


def run() -> Iterator[Figure]:
    k, j, i = np.ogrid[:60, :110, :110]
    lesion = ((k - 30) / 25.0) ** 2 + ((j - 55) / 45.0) ** 2 + ((i - 55) / 48.0) ** 2 < 1
    lesion ^= np.random.default_rng(0).random(lesion.shape) < 0.02
    grid = Grid(lesion.shape, np.diag([0.8, 0.8, 1.5, 1.0]))
    patch = Patch(whole(lesion.shape), lesion)
    for method in (MEDIAN, GAUSSIAN, OPEN, CLOSE):
        yield Figure("7d", f"{method} 2 mm of a 60×110×110 lesion",
                     timed(lambda n, m=method: smooth(patch, grid, SmoothParameters(m, 2.0)), 15, 2), "promise", _PROMISE)
    box = ball_box(grid, (30, 55, 100), 10)
    within = Patch(box, np.ones(size_of(box), dtype=bool))
    for method in (MEDIAN, GAUSSIAN, OPEN):
        yield Figure("7d", f"{method} 2 mm under a 10 mm brush",
                     timed(lambda n, m=method: smooth(patch, grid, SmoothParameters(m, 2.0), within), 40, 3), "promise", _PROMISE)
    labels = np.where(lesion, np.where(np.indices(lesion.shape)[2] > 55, 2, 1), 0).astype(np.uint8)
    yield Figure("7d", "two segments together", timed(lambda n: smooth_together(labels, grid, 1.5), 15, 2), "promise", _PROMISE)
    image = sitk.GetImageFromArray(lesion.view(np.uint8))
    image.SetSpacing(grid.spacing_mm[::-1])
    ours, peer = side_by_side(lambda: with_margin(patch, grid, 5.0),
                              lambda: sitk.SignedMaurerDistanceMap(image, squaredDistance=False, useImageSpacing=True) < 5, 15)
    yield Figure("7d", "margin of 5 mm, exact", ours, "SimpleITK Maurer distance + threshold", peer)
    big = Patch(whole((180, 256, 256)), organ())
    wide = Grid(big.mask.shape, np.diag([0.8, 0.8, 1.5, 1.0]))
    turn = np.linspace(0, 2 * np.pi, 200)
    outline = np.stack([100 + 30 * np.cos(turn), 100 + 40 * np.sin(turn)], axis=1)
    yield Figure("–", f"scissors through {big.voxels / 1e6:.1f} M voxels, 200 corners",
                 timed(lambda n: seen_inside(big, wide, ScissorsParameters(outline, np.eye(4))), 15, 2), _WISH, _PROMISE)
    voxels = np.where(lesion, 200.0, 100.0)
    flat = Patch((slice(30, 31), slice(40, 71), slice(80, 110)), np.ones((1, 31, 30), dtype=bool))
    stamp = timed(lambda n: edge_aware(flat, voxels, grid, (30, 55, 95)), 40, 3)
    yield Figure("5", "edge-aware disc, one stamp", stamp, _WISH, Timing(8, 8))
