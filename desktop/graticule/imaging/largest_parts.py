"""The largest connected parts of a mask, each in its own box: what a list of lesions or of disagreements shows."""

import numpy as np
from scipy.ndimage import find_objects

from graticule.domain.geometry import Array, Grid
from graticule.domain.labels import Box
from graticule.imaging.islands import islands
from graticule.imaging.patch import Patch, grid_of, inside_box


def largest_parts(mask: Array, box: Box, grid: Grid, most: int) -> tuple[list[tuple[Patch, float]], int]:
    """([(part, millilitres)], largest first, at most `most`; how many parts there are). mask: (k, j, i) bool of `box`."""
    found = islands(mask, grid_of(grid, box))
    if not len(found):
        return [], 0
    numbered = found.drawn(np.arange(1, len(found) + 1, dtype=np.int32))
    places = find_objects(numbered)
    order = np.argsort(-found.ml, kind="stable")[:most].tolist()
    return [(Patch(inside_box(box, places[at]), numbered[places[at]] == at + 1), float(found.ml[at])) for at in order], len(found)


def middle_voxel(patch: Patch) -> tuple[int, int, int]:
    """(k, j, i) of the labelled voxel nearest to the centre of gravity, so that it lies inside also of a ring."""
    counts = [np.count_nonzero(patch.mask, axis=others) for others in ((1, 2), (0, 2), (0, 1))]
    centre = np.array([(np.arange(len(n)) @ n) / n.sum() for n in counts])
    k, j, i = (round(float(at)) for at in centre)
    if not patch.mask[k, j, i]:
        places = np.argwhere(patch.mask)
        k, j, i = places[int(np.argmin(((places - centre) ** 2).sum(axis=1)))]
    return int(k) + patch.box[0].start, int(j) + patch.box[1].start, int(i) + patch.box[2].start
