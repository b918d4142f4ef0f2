"""Row 7c: one click and the hover verdict in 512×512×400; a line across the lesion; livewire and level tracing on a slice."""

from collections.abc import Iterator

import numpy as np

from benchmarks.figure import Figure, Timing, timed
from benchmarks.phantoms import CT_GRID, ct
from graticule.imaging.flood import FloodParameters, flood
from graticule.imaging.growth_curve import HOVER, click, from_line
from graticule.imaging.livewire import Livewire
from graticule.imaging.threshold import Range
from graticule.imaging.tracing import trace_level

_PROMISE, _WISH = "promise", "our own wish, not a promise"


def run() -> Iterator[Figure]:
    voxels, grid, middle = ct(), CT_GRID, (200, 250, 260)
    places = np.random.default_rng(0).integers((40, 60, 60), (360, 450, 450), (70, 3))
    hover = timed(lambda n: click(voxels, grid, tuple(int(p) for p in places[n % 70]), HOVER), 60)
    yield Figure("7c", "hover verdict, anywhere", hover, _PROMISE, Timing(80, 80))
    whole = timed(lambda n: click(voxels, grid, middle), 20, 2)
    yield Figure("7c", "one click, three scales and both polarities", whole, _WISH, Timing(300, 300))
    curve = click(voxels, grid, middle)
    yield Figure("7c", "one wheel notch along the curve", timed(lambda n: curve.patch(curve.walked(curve.best, n % 9 - 4)), 60),
                 _WISH, Timing(80, 80))
    ends = grid.to_patient(np.array([[238.0, 250, 200], [282, 250, 200]]))
    yield Figure("7c", "from a RECIST line", timed(lambda n: from_line(voxels, grid, ends), 20, 2), _WISH, Timing(300, 300))
    near = FloodParameters(Range(80, 220), reach_mm=40)
    yield Figure("7", "flood within 40 mm", timed(lambda n: flood(voxels, grid, middle, near), 20), _WISH, Timing(80, 80))
    wire = Livewire(voxels[200])
    yield Figure("7", "livewire: a new anchor on 512²", timed(lambda n: wire.start((200 + n, 250)), 50), _PROMISE, Timing(30, 30))
    yield Figure("7", "livewire: one move", timed(lambda n: wire.to((10 + n, 500 - 3 * n)), 100), _PROMISE, Timing(30, 30))
    traced = timed(lambda n: trace_level(voxels[200], (240 + n % 20, 260)), 40)
    yield Figure("7", "level tracing on 512²", traced, _WISH, Timing(30, 30))
