"""One branch of the component tree: how the part that holds a seed grows as the level falls.

Voxels leave a bucket queue from the highest down; the lowest height met so far is the level at which a voxel joins the
seed's part, so one pass gives that part at every level at once.
"""

import numpy as np

from graticule.domain.geometry import Array
from graticule.imaging.kernels.compiled import compiled

NEVER = 65535


@compiled
def climb(height: Array, allowed: Array, seed: int, areas: Array, weight: Array, open_ends: Array, most: int,
          joined: Array, stats: Array) -> int:
    """height: (k, j, i) uint16; allowed: the same bool; seed: its flat index; areas: (k, 3) mm² of a face across k, j and i.

    weight: (k,) mm³ of a voxel; open_ends: (3, 2) bool, whether the box goes on in the image at each side; most: voxels at
    which to stop. joined: (k, j, i) uint16, becomes the height at which each voxel joins, NEVER where the flood did not come.
    stats: (heights, 6) float64, filled for each height at which the part grew: voxels, mm³, mm² of surface, mm² × step of height
    over that surface, mm² of it at an open side of the box, and mm³ × height. Returns the lowest level that is complete.
    """
    planes, rows, columns = height.shape
    size = planes * rows * columns
    flat, way_in, out = height.reshape(-1), allowed.reshape(-1), joined.reshape(-1)
    top = np.full(65536, -1, np.int32)
    after = np.empty(size, np.int32)
    state = np.zeros(size, np.uint8)
    top[flat[seed]] = seed
    after[seed] = -1
    state[seed] = 1
    at = int(flat[seed])
    level = at
    voxels, volume, surface, contrast, at_end, moment = 0, 0.0, 0.0, 0.0, 0.0, 0.0
    while True:
        while at >= 0 and top[at] < 0:
            at -= 1
        if at < 0 or at < level or voxels >= most:
            if voxels:
                stats[level, 0], stats[level, 1], stats[level, 2] = voxels, volume, surface
                stats[level, 3], stats[level, 4], stats[level, 5] = contrast, at_end, moment
            if at < 0 or voxels >= most:
                return level
            level = at
        n = top[at]
        top[at] = after[n]
        state[n] = 2
        out[n] = level
        own = float(flat[n])
        k, j, i = n // (rows * columns), n // columns % rows, n % columns
        voxels += 1
        volume += weight[k]
        moment += weight[k] * own
        for axis in range(3):
            step = rows * columns if axis == 0 else (columns if axis == 1 else 1)
            place = k if axis == 0 else (j if axis == 1 else i)
            extent = planes if axis == 0 else (rows if axis == 1 else columns)
            area = areas[k, axis]
            for side in range(2):
                if (place == 0 and side == 0) or (place == extent - 1 and side == 1):
                    surface += area
                    if open_ends[axis, side]:
                        at_end += area
                    continue
                other = n - step if side == 0 else n + step
                if state[other] == 2:
                    surface -= area
                    contrast -= area * (float(flat[other]) - own)
                    continue
                surface += area
                contrast += area * (own - float(flat[other]))
                if state[other] == 0 and way_in[other]:
                    state[other] = 1
                    key = int(flat[other])
                    after[other] = top[key]
                    top[key] = other
                    if key > at:
                        at = key
