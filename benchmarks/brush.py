"""Row 5: one move of the pressed brush → painted in all three views of 512×512×400, and the brush that stops at edges."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from statistics import median
from typing import Any

from PySide6.QtCore import QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks.figure import Figure, Timing
from benchmarks.room import LIMIT, PATIENCE_S, limit, mouse, volume_room
from graticule.domain.errors import GraticuleError
from graticule.presenters.volume import GRID_LAYOUT

# 0.8 mm pixels: 12 mm are 15 voxels.
PLAIN = (("disc", 12.0), ("sphere", 12.0), ("disc", 20.0), ("sphere", 20.0))
AWARE = (("disc", 12.0), ("sphere", 12.0))
PAGE_PX = (1600, 1000)
MOVES, WARM_UP = 60, 8


def run() -> Iterator[Figure]:
    with volume_room() as room:
        page = room.page
        page.resize(*PAGE_PX)
        page.presenter.set_layout(GRID_LAYOUT)
        page.set_tool("brush")
        QTest.qWait(1500)
        beside = limit(room.voxels)
        for name in ("axial", "coronal", "sagittal"):
            for shape, radius in PLAIN if name == "axial" else PLAIN[:1]:
                yield Figure("5", f"brush in {name} → 3 views, {shape} {radius / 0.8:.0f} voxels",
                             _stroke(room, name, shape, radius), LIMIT, beside)
        for shape, radius in AWARE:
            yield Figure("5", f"edge-aware brush → 3 views, {shape} {radius / 0.8:.0f} voxels",
                         _stroke(room, "axial", shape, radius, edge_aware=True), LIMIT, beside)


def _stroke(room: Any, name: str, shape: str, radius: float, *, edge_aware: bool = False) -> Timing:
    """One stroke across a view, its moves timed until every view that shows the change has painted."""
    page, view = room.page, room.page.views[name]
    brush = page.hand.find("brush")
    brush.options = replace(brush.options, radius_mm=radius, shape=shape, edge_aware=edge_aware)
    middle = view.height() / 2
    mouse(view, QEvent.Type.MouseButtonPress, 100, middle)
    ours = _painted_by_all(page, lambda n: mouse(view, QEvent.Type.MouseMove, 102 + n * 2, middle + n % 20 * 3))
    mouse(view, QEvent.Type.MouseButtonRelease, 240, middle)
    QTest.qWait(400)
    room.workspace.undo()
    QTest.qWait(700)
    return ours


def _painted_by_all(page: Any, event: Callable[[int], object]) -> Timing:
    """From sending `event(n)` to the end of the last paint it caused in the three views; a view that shows nothing of it need
    not paint."""
    views, spans = list(page.views.values()), []
    for n in range(WARM_UP + MOVES):
        before, start = [view.painted_ns for view in views], time.perf_counter_ns()
        event(n)
        while all(view.painted_ns == at for view, at in zip(views, before, strict=True)):
            QApplication.processEvents()
            if time.perf_counter_ns() - start > PATIENCE_S * 1e9:
                raise GraticuleError("A move of the brush painted nothing.")
        QApplication.processEvents()
        spans.append((max(view.painted_ns for view in views) - start) / 1e6)
    kept = sorted(spans[WARM_UP:])
    return Timing(median(kept), kept[min(len(kept) - 1, int(len(kept) * 0.95))])
