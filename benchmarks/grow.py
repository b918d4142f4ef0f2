"""Row 7b: grow from seeds in a 128³ box: first answer, a new stroke, a stroke taken back; against ITK's fast grow-cut."""

from collections.abc import Iterator

import numpy as np

from benchmarks.figure import Figure, Timing, timed
from benchmarks.itk_peers import itk
from benchmarks.phantoms import cube
from graticule.imaging.patch import whole
from graticule.imaging.seeds import GrowParameters, Growth
from graticule.quality.masks import dice

_PROMISE = "promise"


def run() -> Iterator[Figure]:
    voxels, grid = cube()
    seeds = np.zeros(voxels.shape, dtype=np.uint8)
    seeds[64, 55:75, 60:62], seeds[64, 10:15, 10:100], seeds[100:104, 20, 20:90] = 1, 2, 2
    more = seeds.copy()
    more[64, 60:66, 95:100] = 2
    parameters = GrowParameters()
    growth = Growth(voxels, grid, whole(voxels.shape), parameters)
    growth.update(seeds)
    penalty = parameters.per_mm * growth.unit * growth.fine
    peer = itk("growcut", 1, voxels=voxels, seeds=seeds, penalty=penalty, spacing=grid.spacing_mm)
    first = timed(lambda n: Growth(voxels, grid, whole(voxels.shape), parameters).update(seeds), 7, 1)
    yield Figure("7b", "first growth in 128³, with its arrays", first, "itk-growcut", peer[0] if peer else Timing(0, 0))
    if peer is not None:
        # ITK leaves the outermost layer of its image untouched.
        inner = (slice(1, -1),) * 3
        agreed = [dice(growth.labels[inner] == label, peer[1][inner] == label) for label in (1, 2)]
        print(f"     labels against itk-growcut, same cost: Dice {agreed[0]:.4f} and {agreed[1]:.4f}")
    states = (more, seeds)
    growth.update(more)
    growth.update(seeds)
    large = timed(lambda n: growth.update(states[n % 2]), 30, 2)
    yield Figure("7b", "a stroke that takes 40 % of the box, come and gone in turn", large, _PROMISE, Timing(300, 300))
    small = seeds.copy()
    small[66:70, 90, 60:64] = 2
    states = (small, seeds)
    yield Figure("7b", "a small correcting stroke, come and gone in turn", timed(lambda n: growth.update(states[n % 2]), 50, 2),
                 _PROMISE, Timing(300, 300))
