"""Row 7: fill between slices, every tenth of 180 drawn; the live suggestion on one slice; the surface from three planes."""

from collections.abc import Iterator

import numpy as np

from benchmarks.figure import Figure, Timing, timed
from benchmarks.itk_peers import itk
from benchmarks.phantoms import organ
from graticule.domain.geometry import Grid
from graticule.imaging.between import Between, fill_between
from graticule.imaging.patch import Patch, whole
from graticule.quality.masks import dice


def run() -> Iterator[Figure]:
    truth = organ()
    grid = Grid(truth.shape, np.diag([0.8, 0.8, 1.5, 1.0]))
    drawn = np.zeros_like(truth)
    drawn[::10], drawn[-1] = truth[::10], truth[-1]
    patch = Patch(whole(truth.shape), drawn)
    ours = timed(lambda n: fill_between(patch, grid), 9, 2)
    filled = fill_between(patch, grid).on(whole(truth.shape)) | drawn
    peer = itk("between", 3, drawn=drawn.astype(np.uint8), spacing=grid.spacing_mm)
    if peer is not None:
        theirs = peer[1] > 0
        names = f"Dice to truth: ours {dice(filled, truth):.4f}, ITK {dice(theirs, truth):.4f}, both {dice(filled, theirs):.4f}"
        yield Figure("7", "fill every 10th of 180 slices", ours, "ITK morphological interpolator", peer[0])
        print(f"     {names}")
    else:
        yield Figure("7", f"fill every 10th of 180 slices (Dice {dice(filled, truth):.4f})", ours, "no ITK here", Timing(0, 0))
    live = Between(drawn, grid)
    first = timed(lambda n: Between(drawn, grid).suggestion(10 * (n % 17) + 5), 34, 3)
    yield Figure("7", "live suggestion, a slice never asked before", first, "promise", Timing(30, 30))
    yield Figure("7", "live suggestion while scrolling on", timed(lambda n: live.suggestion(10 * (n % 17) + 1 + n % 9), 120, 20),
                 "promise", Timing(30, 30))
