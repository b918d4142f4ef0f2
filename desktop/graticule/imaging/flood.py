"""Flood fill: what is connected to a seed and lies in a range, kept from leaking by a reach in millimetres."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Grid
from graticule.domain.progress import Progress, Silent
from graticule.imaging.neighbours import FACES, offsets
from graticule.imaging.patch import Patch, ball_box, grid_of, whole
from graticule.imaging.threshold import Range

_STEPS = 1_000_000


@dataclass(frozen=True, slots=True)
class FloodParameters:
    """range: values it may pass. reach_mm: how far from the seed, None without limit. flat_axis: stay in one slice across it."""

    range: Range
    connectivity: int = FACES
    reach_mm: float | None = None
    flat_axis: int | None = None


@dataclass(frozen=True, eq=False)
class Flood:
    """leaked: the flood was stopped by its reach somewhere, so it may have left what was meant."""

    patch: Patch
    leaked: bool


def near_value(voxels: Array, seed: tuple[int, int, int], tolerance: float) -> Range:
    """Within `tolerance` of the median of the 3×3 pixels round the seed (k, j, i): one noisy pixel does not decide."""
    k, j, i = seed
    middle = float(np.median(voxels[k, max(0, j - 1):j + 2, max(0, i - 1):i + 2]))
    own = float(voxels[k, j, i])
    return Range(min(middle, own) - tolerance, max(middle, own) + tolerance)


def flood(voxels: Array, grid: Grid, seed: tuple[int, int, int], parameters: FloodParameters, allowed: Array | None = None,
          progress: Progress | None = None) -> Flood:
    """The connected voxels of the range that hold the seed (k, j, i); nothing when the seed itself lies outside the range.

    allowed: (k, j, i) bool on the whole grid; the flood passes nothing else (locked segments, a mask).
    """
    from graticule.imaging.kernels.flood import spread

    if not all(0 <= at < size for at, size in zip(seed, grid.shape, strict=True)):
        raise GraticuleError("The point lies outside the image.")
    if float(voxels[seed]) not in parameters.range or (allowed is not None and not allowed[seed]):
        return Flood(Patch.nothing(), False)
    progress = progress or Silent()
    box = whole(grid.shape) if parameters.reach_mm is None else ball_box(grid, seed, parameters.reach_mm)
    if parameters.flat_axis is not None:
        box = tuple(slice(s, s + 1) if n == parameters.flat_axis else b for n, (s, b) in enumerate(zip(seed, box)))  # type: ignore[assignment]
    part, inner = np.ascontiguousarray(voxels[box]), grid_of(grid, box)
    visited = np.zeros(part.shape, dtype=np.uint8)
    if allowed is not None:
        visited[~allowed[box]] = 2
    k, j, i = (s - b.start for s, b in zip(seed, box, strict=True))
    visited[k, j, i] = 1
    stack = np.empty(part.size, dtype=np.int64)
    stack[0] = (k * part.shape[1] + j) * part.shape[2] + i
    levels = inner.level_of(np.arange(inner.shape[0]))
    steps, metric = offsets(parameters.connectivity, parameters.flat_axis), inner.affine[:3, :3].T @ inner.affine[:3, :3]
    reach = np.inf if parameters.reach_mm is None else parameters.reach_mm**2 * (1 + 1e-9)
    centre, top, met = np.array([i, j, levels[k]], dtype=np.float64), 1, 0
    while top:
        top, more = spread(part, parameters.range.low, parameters.range.high, steps, metric, levels, centre, reach,
                           visited, stack, top, _STEPS)
        met += more
        progress.step(0, 0)
    return Flood(Patch(box, visited == 1).trimmed(), met > 0)
