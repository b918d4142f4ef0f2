"""Row 7e: Dice, HD95 and surface Dice of two masks, against DeepMind's surface-distance on the same arrays.

GRATICULE_BENCH_PYTHON names an interpreter with surface-distance (and numpy < 2, which it needs); its values must equal ours.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.figure import Figure, Timing, timed
from graticule.domain.geometry import Array, Grid
from graticule.quality.masks import compare_masks

SPACING_MM, TOLERANCE_MM, RUNS = (2.0, 0.8, 0.8), 2.0, 5
_SCRIPT = """
import json, sys, time
import numpy as np
from surface_distance import metrics
one, two = (np.load(sys.argv[n]) for n in (1, 2))
spacing, tolerance, runs = json.loads(sys.argv[3])
spans = []
for _ in range(runs):
    start = time.perf_counter()
    found = metrics.compute_surface_distances(one, two, spacing)
    values = [metrics.compute_dice_coefficient(one, two), metrics.compute_robust_hausdorff(found, 95),
              metrics.compute_surface_dice_at_tolerance(found, tolerance)]
    spans.append((time.perf_counter() - start) * 1000)
spans.sort()
print(json.dumps([values, spans[len(spans) // 2], spans[-1]]))
"""


def masks(shape: tuple[int, int, int] = (200, 256, 256)) -> tuple[Array, Array]:
    """Two outlines of one large structure, a few millimetres apart, one of them rough."""
    z, y, x = (axis / size * 2 - 1 for axis, size in zip(np.ogrid[:shape[0], :shape[1], :shape[2]], shape))
    one = (z / 0.7) ** 2 + (y / 0.7) ** 2 + (x / 0.63) ** 2 < 1
    two = ((z - 0.04) / 0.7) ** 2 + ((y + 0.06) / 0.7) ** 2 + ((x - 0.02) / 0.64) ** 2 < 1 + 0.05 * np.sin(x * 25)
    return one, two


def run() -> Iterator[Figure]:
    one, two = masks()
    grid = Grid(one.shape, np.diag([SPACING_MM[2], SPACING_MM[1], SPACING_MM[0], 1.0]))
    ours = timed(lambda _: compare_masks(one, two, grid, TOLERANCE_MM), RUNS, 1)
    theirs = _surface_distance(one, two)
    if theirs is None:
        yield Figure("7e", "Dice + HD95 + surface Dice (peer not installed)", ours, "itself", ours)
        return
    values, timing = theirs
    found = compare_masks(one, two, grid, TOLERANCE_MM)
    equal = np.allclose(values, [found.dice, found.hd95_mm, found.surface_dice], rtol=1e-9)
    yield Figure("7e", "Dice + HD95 + surface Dice", ours, f"surface-distance, values {'equal' if equal else 'DIFFER'}", timing)


def _surface_distance(one: Array, two: Array) -> tuple[list[float], Timing] | None:
    python = os.environ.get("GRATICULE_BENCH_PYTHON", "")
    if not python:
        return None
    with tempfile.TemporaryDirectory() as folder:
        names = [Path(folder) / name for name in ("one.npy", "two.npy")]
        for name, mask in zip(names, (one, two)):
            np.save(name, mask)
        done = subprocess.run([python, "-W", "ignore", "-c", _SCRIPT, *map(str, names),
                               json.dumps([SPACING_MM, TOLERANCE_MM, RUNS])], capture_output=True, text=True, check=False)
    if done.returncode:
        return None
    values, p50, p95 = json.loads(done.stdout)
    return values, Timing(p50, p95)
