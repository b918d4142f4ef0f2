"""Compile every loop ahead of the first use, on toy data of the kinds the real calls have.

The results lie on disk between starts, so this takes half a minute once and about a second afterwards. Run it in a job or in a
child process, never on the window's thread.
"""

import numpy as np

from graticule.domain.geometry import Array, Grid
from graticule.domain.progress import Progress, Silent
from graticule.imaging.between import fill_between
from graticule.imaging.edges import edge_aware
from graticule.imaging.flood import FloodParameters, flood
from graticule.imaging.growth_curve import click
from graticule.imaging.islands import fill_holes, keep_largest, split
from graticule.imaging.kernels.tint import tint
from graticule.imaging.livewire import Livewire
from graticule.imaging.luminance import luminance
from graticule.imaging.margins import with_margin
from graticule.imaging.patch import Patch, whole
from graticule.imaging.polygons import points_inside
from graticule.imaging.scissors import ScissorsParameters, seen_inside
from graticule.imaging.seeds import Growth
from graticule.imaging.smoothing import SmoothParameters, smooth
from graticule.imaging.sparse_surface import surface_through
from graticule.imaging.threshold import Range, counts_of, inside_range

# What volumes hold: DICOM's stored or rescaled values.
KINDS = (np.int16, np.uint16, np.uint8, np.float32)
_SIZE = 16


def warm(progress: Progress | None = None) -> None:
    """Every loop once."""
    progress = progress or Silent()
    grid = Grid((_SIZE, _SIZE, _SIZE), np.eye(4))
    k, j, i = np.indices(grid.shape)
    ball = (k - 8) ** 2 + (j - 8) ** 2 + (i - 8) ** 2 < 25
    for number, kind in enumerate(KINDS):
        progress.step(number, len(KINDS) + 1)
        voxels = np.where(ball, 200, 50).astype(kind)
        for writeable in (True, False):  # decoded files may be read-only, which is another type to the compiler
            voxels.flags.writeable = writeable
            inside_range(voxels, Range(100, 250))
            counts_of(voxels)
            flood(voxels, grid, (8, 8, 8), FloodParameters(Range(100, 250), reach_mm=4))
    progress.step(len(KINDS), len(KINDS) + 1)
    _shapes(np.where(ball, 200, 50).astype(np.int16), Patch(whole(grid.shape), ball), grid)


def _shapes(voxels: Array, patch: Patch, grid: Grid) -> None:
    square = np.array([[4.0, 4], [12, 4], [12, 12], [4, 12]])
    seeds = np.zeros(grid.shape, dtype=np.uint8)
    seeds[8, 8, 8], seeds[1, 1, 1] = 1, 2
    growth = Growth(voxels, grid, whole(grid.shape))
    growth.update(seeds)
    seeds[1, 1, 1] = 0
    growth.update(seeds)
    keep_largest(patch.mask)
    fill_holes(patch.mask)
    split(patch.mask, grid)
    with_margin(patch, grid, 1.0)
    smooth(patch, grid, SmoothParameters())
    drawn = patch.mask.copy()
    drawn[5:11:2] = False
    fill_between(Patch(patch.box, drawn), grid)
    points_inside(square, square)
    seen_inside(patch, grid, ScissorsParameters(square, np.eye(4)))
    Livewire(voxels[8]).start((8, 8))
    surface_through([np.column_stack([square, np.full(4, at)]) for at in (5.0, 10.0)], grid)
    click(voxels, grid, (8, 8, 8))
    edge_aware(patch, voxels, grid, (8, 8, 8))
    luminance(np.zeros((2, 2, 3), dtype=np.uint8))
    colours = np.zeros(256, dtype=np.uint32)
    view = np.zeros((4, 6), dtype=np.uint32)
    tint(np.zeros((4, 4), dtype=np.uint8), 1, 1, 2, colours, colours, view[1:3, 1:3])
