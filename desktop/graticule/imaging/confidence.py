"""Region growing by its own statistics: connected voxels within mean ± k standard deviations of the region, again and again.

Confidence connected growing as ITK defines it (Ibanez et al., The ITK Software Guide, “Confidence Connected”).
"""

from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Array, Grid
from graticule.domain.progress import Progress, Silent
from graticule.imaging.flood import Flood, FloodParameters, flood
from graticule.imaging.neighbours import FACES
from graticule.imaging.patch import Patch, joined
from graticule.imaging.threshold import Range


@dataclass(frozen=True, slots=True)
class ConfidenceParameters:
    """spread: k of mean ± k·SD. rounds: how often the region's statistics are taken anew. radius: voxels round a seed of the
    first statistics. reach_mm, flat_axis: as of a flood."""

    spread: float = 2.5
    rounds: int = 4
    radius: int = 1
    connectivity: int = FACES
    reach_mm: float | None = None
    flat_axis: int | None = None


def grow_by_confidence(voxels: Array, grid: Grid, seeds: list[tuple[int, int, int]], parameters: ConfidenceParameters,
                       allowed: Array | None = None, progress: Progress | None = None) -> tuple[Flood, Range]:
    """The region of all seeds (k, j, i), and the range of values it ended with.

    allowed: (k, j, i) bool of the whole grid; nothing else is entered.
    """
    progress = progress or Silent()
    own = [float(voxels[seed]) for seed in seeds]
    chosen = _range_of(_round(voxels, seeds, parameters), parameters.spread, own)
    found = _flooded(voxels, grid, seeds, chosen, parameters, allowed, progress)
    for number in range(parameters.rounds):
        progress.step(number, parameters.rounds)
        inside = voxels[found.patch.box][found.patch.mask]
        if inside.size < 2 or float(inside.min()) == float(inside.max()):
            break
        after = _range_of(inside, parameters.spread, own)
        if after == chosen:
            break
        chosen = after
        found = _flooded(voxels, grid, seeds, chosen, parameters, allowed, progress)
    return found, chosen


def _round(voxels: Array, seeds: list[tuple[int, int, int]], parameters: ConfidenceParameters) -> Array:
    """The values near the seeds; beyond the edge the last value counts again, as in ITK."""
    reach = np.arange(-parameters.radius, parameters.radius + 1)
    parts = []
    for seed in seeds:
        places = [np.clip(at + (reach if axis != parameters.flat_axis else np.zeros(1, dtype=int)), 0, size - 1)
                  for axis, (at, size) in enumerate(zip(seed, voxels.shape, strict=True))]
        parts.append(voxels[np.ix_(*places)].reshape(-1))
    return np.concatenate(parts)


def _range_of(values: Array, spread: float, seeds: list[float]) -> Range:
    """Mean ± spread·SD, made wide enough for the seeds themselves."""
    known = values[np.isfinite(values)].astype(np.float64)
    if known.size == 0:
        return Range(min(seeds), max(seeds))
    middle, away = float(known.mean()), spread * float(known.std(ddof=1) if known.size > 1 else 0.0)
    return Range(min(middle - away, *seeds), max(middle + away, *seeds))


def _flooded(voxels: Array, grid: Grid, seeds: list[tuple[int, int, int]], chosen: Range, parameters: ConfidenceParameters,
             allowed: Array | None, progress: Progress) -> Flood:
    wanted = FloodParameters(chosen, parameters.connectivity, parameters.reach_mm, parameters.flat_axis)
    return together([flood(voxels, grid, seed, wanted, allowed, progress) for seed in seeds])


def together(floods: list[Flood]) -> Flood:
    """Everything any of the floods holds."""
    full = [found for found in floods if found.patch.voxels]
    if not full:
        return Flood(Patch.nothing(), False)
    box = full[0].patch.box
    for found in full[1:]:
        box = joined(box, found.patch.box)
    mask = full[0].patch.on(box)
    for found in full[1:]:
        mask |= found.patch.on(box)
    return Flood(Patch(box, mask), any(found.leaked for found in full))
