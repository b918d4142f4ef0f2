"""Rows 7 and 7b in the window: from the release of a stroke of seeds, or a step of the wheel, to the paint of its answer."""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from statistics import median

import numpy as np
from PySide6.QtCore import QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks.figure import Figure, Timing
from benchmarks.phantoms import cube, organ
from benchmarks.room import PATIENCE_S, application, mouse, painted, wheel
from graticule.domain.edits import voxel_change
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Grid
from graticule.domain.labels import AUTHOR_HAND, SEEDS_AROUND, seeds_of
from graticule.domain.volume import Volume, Window
from graticule.editing.tools.seeds import AROUND
from graticule.jobs import ThreadRunner
from graticule.ui.home import Home
from graticule.ui.volume_page import VolumePage

_PROMISE = "promise"
VIEW_PX = 800


class _Room:
    def __init__(self, voxels: Array, grid: Grid) -> None:
        from fakes.images import opened_with

        application()
        home = Home()
        self.runner = ThreadRunner(home.post)
        self.opened = opened_with(Volume(voxels, grid, "MR", None, (Window(400, 200),)), runner=self.runner)
        self.page = VolumePage(self.opened)
        self.page.resize(VIEW_PX, VIEW_PX)
        self.page.show()
        self.page.presenter.set_layout("axial")
        self.page.segments.add_template(self.page.segments.templates()[0])
        self.view = self.page.views["axial"]
        QTest.qWait(1500)

    def plant(self, mask: Array, name: str, value: int) -> None:
        index = np.flatnonzero(mask.reshape(-1)).astype(np.int64)
        workspace = self.opened.workspace
        workspace.do("Paint", voxel_change(name, workspace.labels.group(name), index, value, AUTHOR_HAND))

    def close(self) -> None:
        self.page.shutdown()
        self.runner.close()
        self.page.close()


def run() -> Iterator[Figure]:
    sys.path.insert(0, "tests")
    yield from _seeds()
    yield from _between()


def _seeds() -> Iterator[Figure]:
    voxels, grid = cube()
    room = _Room(voxels, grid)
    page, name = room.page, seeds_of("1")
    planted = np.zeros(voxels.shape, dtype=bool)
    planted[64, 55:75, 60:62] = True
    around = np.zeros(voxels.shape, dtype=bool)
    around[64, 10:15, 10:100], around[100:104, 20, 20:90], around[0, 0, 0], around[-1, -1, -1] = True, True, True, True
    room.plant(around, name, SEEDS_AROUND)
    page.set_tool("seeds")
    page.presenter.move_cursor(grid.to_patient(np.array([64.0, 64, 64])))
    room.plant(planted, name, 1)
    _until(lambda: page.bench.proposals.now is not None)

    tool = page.hand.tool
    tool.options = replace(tool.options, kind=AROUND)

    def stroke(n: int, j: int, i: int) -> float:
        """A stroke, made and taken back in turn; milliseconds from its release to the paint of what it changed."""
        if n % 2:
            start, before = time.perf_counter_ns(), page.bench.proposals.now
            room.opened.workspace.undo()
        else:
            x, y = room.view.view.on_screen(tuple(grid.to_patient(np.array([float(i), float(j), 64.0]))))
            mouse(room.view, QEvent.Type.MouseButtonPress, x, y)
            for step in range(1, 6):
                mouse(room.view, QEvent.Type.MouseMove, x + 4 * step, y)
            start, before = time.perf_counter_ns(), page.bench.proposals.now
            mouse(room.view, QEvent.Type.MouseButtonRelease, x + 20, y)
        _until(lambda: page.bench.proposals.now is not before)
        shown = time.perf_counter_ns()
        _until(lambda: room.view.painted_ns > shown)
        return (room.view.painted_ns - start) / 1e6

    for words, place in (("a small correcting stroke", (30, 100)), ("a stroke that takes much of the box", (62, 96))):
        spans = sorted([stroke(n, *place) for n in range(34)][4:])
        yield Figure("7b", f"in the window: {words}, made and taken back", _timing(spans), _PROMISE, Timing(300, 300))
    room.close()


def _between() -> Iterator[Figure]:
    truth = organ()
    grid = Grid(truth.shape, np.diag([0.8, 0.8, 1.5, 1.0]))
    room = _Room(np.where(truth, 300, 100).astype(np.int16), grid)
    drawn = np.zeros_like(truth)
    drawn[::10], drawn[-1] = truth[::10], truth[-1]
    room.plant(drawn, "1", 1)
    room.page.set_tool("fill-between")
    room.page.presenter.move_cursor(grid.to_patient(np.array([128.0, 128, 60])))
    scrolled = painted(room.view, lambda n: wheel(room.view, 1 if n % 40 < 20 else -1), 80)
    yield Figure("7", "in the window: a step of the wheel, with its suggestion", scrolled, _PROMISE, Timing(30, 30))
    start = time.perf_counter_ns()
    room.page.perform("volume.fill-all")
    _until(lambda: (room.opened.workspace.undo_title or "").startswith("Fill between"))
    done = time.perf_counter_ns()
    _until(lambda: room.view.painted_ns > done)
    spent = (room.view.painted_ns - start) / 1e6
    yield Figure("7", "in the window: every 10th of 180 slices filled by one key", Timing(spent, spent), "", Timing(0, 0))
    room.close()


def _timing(spans: list[float]) -> Timing:
    return Timing(median(spans), spans[min(len(spans) - 1, int(len(spans) * 0.95))])


def _until(done: Callable[[], bool]) -> None:
    start = time.perf_counter_ns()
    while not done():
        QApplication.processEvents()
        if time.perf_counter_ns() - start > 10 * PATIENCE_S * 1e9:
            raise GraticuleError("Something the benchmark waited for did not come.")
