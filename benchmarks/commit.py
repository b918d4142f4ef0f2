"""Rows 6 and 6b: a stroke made durable, and undone, beside this disk's fsync of the same bytes."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.figure import Figure, timed
from graticule.domain.case import Case, Kind
from graticule.domain.edits import voxel_change
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import AUTHOR_HAND
from graticule.domain.progress import Silent
from graticule.editing.events import Bus
from graticule.editing.replay import Replay
from graticule.editing.workspace import Workspace
from graticule.store.store import create_store
from graticule.store.unlock import Unlock

SHAPE = (400, 512, 512)
RADIUS = 15
STROKES = 5_000
CASE = Case("c1:" + "0" * 64, Kind.VOLUME, "CT", "Bench", "bench", ())


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        store = create_store(Path(folder) / "store", "Bench", Unlock.key_file(), password="bench")
        store.cases.add(CASE)
        opened = store.labels.open(CASE.id, SHAPE)
        workspace = Workspace(CASE.id, opened.labels, opened.journal, Bus())
        fsync = _fsync_of(Path(folder) / "raw", 20_000)
        yield Figure("6", f"stroke commit, sphere r = {RADIUS} voxels, 512×512×400", timed(lambda n: _paint(workspace, n)),
                     "write + fsync of 20 kB", fsync)
        yield Figure("6b", "undo of one stroke, durable", timed(lambda _: workspace.undo(), 40), "write + fsync of 20 kB", fsync)
        yield from _five_thousand(store, workspace, fsync)
        store.close()


def _five_thousand(store, workspace, fsync) -> Iterator[Figure]:  # type: ignore[no-untyped-def]
    """Re-opening, undoing and replaying a case with 5,000 strokes."""
    for n in range(workspace.history.depth, STROKES):
        _paint(workspace, n % 60, n)
    store._checkpoints.settle()
    yield Figure("6b", f"re-open a case with {STROKES:,} strokes", timed(lambda _: store.labels.open(CASE.id, SHAPE), 5, 1),
                 "write + fsync of 20 kB", fsync)
    yield Figure("6b", f"undo of one of {STROKES:,}", timed(lambda _: workspace.undo(), 40), "write + fsync of 20 kB", fsync)
    replay = Replay(workspace.labels.copy(), len(workspace.journal.told()), workspace.journal.edit)
    yield Figure("6b", "one step of the time slider", timed(lambda _: replay.step_towards(0), 200),
                 "write + fsync of 20 kB", fsync)
    yield Figure("6b", "preparing the time slider, beside the hand", timed(lambda _: replay.prepare(Silent()), 1, 0),
                 "write + fsync of 20 kB", fsync)
    ends = (0, replay.acts)
    yield Figure("6b", "the slider from one end to the other", timed(lambda n: replay.go(ends[n % 2]), 6, 2),
                 "write + fsync of 20 kB", fsync)


def _paint(workspace: Workspace, n: int, turn: int = 0) -> None:
    group = workspace.labels.group("main")
    z, y, x = 40 + 5 * n, 100 + 3 * n, 60 + turn % 380
    reach = np.arange(-RADIUS, RADIUS + 1)
    k, j, i = np.meshgrid(reach, reach, reach, indexing="ij")
    ball = k**2 + j**2 + i**2 <= RADIUS**2
    index = ((z + k[ball]) * SHAPE[1] + y + j[ball]) * SHAPE[2] + x + i[ball]
    change = voxel_change("main", group, np.sort(index).astype(np.int64), 1 + turn // 60 % 4, AUTHOR_HAND)
    if change is None:
        raise GraticuleError("The benchmark painted nothing.")
    workspace.do("Paint", change)


def _fsync_of(path: Path, size: int):  # type: ignore[no-untyped-def]
    handle = os.open(path, os.O_CREAT | os.O_WRONLY)
    data = os.urandom(size)

    def once(_: int) -> None:
        os.write(handle, data)
        os.fsync(handle)

    try:
        return timed(once)
    finally:
        os.close(handle)
