"""The values of another series under a mask: PET under a CT lesion. Each sample of the other series counts once."""

import numpy as np

from graticule.domain.geometry import Array, Grid
from graticule.domain.labels import Box
from graticule.domain.volume import Volume
from graticule.imaging.statistics import Statistics, statistics_of
from graticule.imaging.ties import Tie


def values_under(mask: Array, box: Box, grid: Grid, other: Volume, tie: Tie) -> Statistics | None:
    """Of the samples of `other` whose centres lie in labelled voxels; nothing is resampled, so small masks may hold none.

    mask: (k, j, i) bool of `box` of `grid`; tie: from the mask's series to the other. None when no sample lies inside, when
    they have not arrived, or when the tie does not say where a point lies (an offset).
    """
    part = _part(box, grid, other, tie) if tie.placed else None
    if part is None or not bool(other.arrived[part[0]].all()):
        return None
    k, j, i = (np.arange(side.start, side.stop) for side in part)
    places = np.stack(np.meshgrid(k, j, i, indexing="ij"), axis=-1)[..., ::-1]
    there = tie.reversed().there(other.grid.to_patient(places))
    index = np.floor(grid.to_index(there) + 0.5).astype(np.int64)[..., ::-1] - [side.start for side in box]
    inside = np.all((index >= 0) & (index < mask.shape), axis=-1)
    hit = np.zeros(inside.shape, dtype=bool)
    hit[inside] = mask[tuple(index[inside].T)]
    return statistics_of(other.voxels[part][hit], other.blank)


def _part(box: Box, grid: Grid, other: Volume, tie: Tie) -> Box | None:
    """The box of the other series that may hold samples under the mask's box."""
    k, j, i = ((side.start - 0.5, side.stop - 0.5) for side in box)
    corners = grid.to_patient(np.array([(a, b, c) for a in i for b in j for c in k]))
    index = other.grid.to_index(tie.there(corners))[:, ::-1]
    low = np.maximum(np.floor(index.min(axis=0)).astype(int), 0)
    high = np.minimum(np.ceil(index.max(axis=0)).astype(int) + 1, other.grid.shape)
    if bool((high <= low).any()):
        return None
    return slice(int(low[0]), int(high[0])), slice(int(low[1]), int(high[1])), slice(int(low[2]), int(high[2]))
