"""Scissors on the 3D view: all the way through five segments of 512×512×400, and to a depth, with progress that can stop it."""

from collections.abc import Iterator

import numpy as np

from benchmarks.figure import Figure, timed
from graticule.domain.elements import Segment
from graticule.domain.geometry import Grid
from graticule.domain.labels import AUTHOR_HAND
from graticule.domain.volume import Volume
from graticule.editing.carving import Carving, carve
from graticule.editing.tools.scissors import ALL, DEPTH, THROUGH, ScissorsOptions
from graticule.editing.tools.tool import Bench

SHAPE = (400, 512, 512)
SIZE_PX = (800, 800)
BALLS = (((200, 256, 256), 110), ((80, 120, 120), 60), ((320, 400, 130), 60), ((100, 380, 380), 70), ((330, 120, 400), 50))
LIMIT = "limit: one look at every voxel of the segments"


def run() -> Iterator[Figure]:
    bench = _bench()
    matrix = np.eye(4)
    # Seen from the front, slightly turned: 1.4 pixels a millimetre.
    turn = np.radians(20)
    matrix[0, :3], matrix[1, :3], matrix[2, :3] = (1.4 * np.cos(turn), 1.4 * np.sin(turn), 0), (0, 0, -1.4), \
        (-np.sin(turn), np.cos(turn), 0)
    matrix[:3, 3] = SIZE_PX[0] / 2, SIZE_PX[1] / 2, 400
    across = np.linspace(0, 2 * np.pi, 200)
    outline = np.column_stack([400 + 180 * np.cos(across) * (1 + 0.2 * np.sin(5 * across)), 400 + 200 * np.sin(across)])
    group = bench.workspace.labels.group("1")
    beside = timed(lambda n: np.count_nonzero(group.values[group.box]), count=5, warm_up=1)
    for reach, words in ((THROUGH, "through"), (DEPTH, "10 mm deep")):
        options = ScissorsOptions(act="erase", side="inside", reach=reach, whose=ALL)

        def cut(n: int, options: ScissorsOptions = options) -> None:
            carve(bench, Carving(outline, matrix, options))

        yield Figure("5", f"3D scissors, 5 segments of 512×512×400, {words}",
                     timed(cut, count=5, warm_up=1, before=lambda: _restore(bench)), LIMIT, beside)


def _restore(bench: Bench) -> None:
    if bench.workspace.undo_title is not None:
        bench.workspace.undo()


def _bench() -> Bench:
    from fakes.images import opened_with

    affine = np.array([[0.8, 0, 0, -204.4], [0, 0.8, 0, -204.4], [0, 0, 1.0, -199.5], [0, 0, 0, 1]])
    opened = opened_with(Volume(np.zeros(SHAPE, np.int16), Grid(SHAPE, affine), "CT"))
    labels = opened.workspace.labels
    group = labels.group("1")
    code = opened.ontology.search("liver")[0].code
    for value, ((k, j, i), radius) in enumerate(BALLS, 1):
        labels.put("segment", f"s{value}", Segment(id=f"s{value}", group="1", value=value, colour="#56b4e9", category=code,
                                                   type=code, name=f"Part {value}"))
        z, y, x = np.ogrid[:SHAPE[0], :SHAPE[1], :SHAPE[2]]
        ball = (z - k) ** 2 + (y - j) ** 2 + (x - i) ** 2 < radius**2
        group.values[ball], group.authors[ball] = value, AUTHOR_HAND
    group.counts[:] = np.bincount(group.values.reshape(-1), minlength=256)
    group.grow_box(tuple(slice(0, n) for n in SHAPE))
    bench = Bench(opened.workspace, opened.content, opened.ontology, opened.new_id)
    bench.active_segment = "s1"
    return bench
