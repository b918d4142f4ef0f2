"""Row 4: a notch of the wheel → the next slice painted, labels in view. Row 4b: the crosshair dragged through three views."""

import time
from collections.abc import Iterator
from dataclasses import replace
from statistics import median
from types import SimpleNamespace

from PySide6.QtCore import QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks.figure import Figure, Timing
from benchmarks.room import LIMIT, PATIENCE_S, VIEW_PX, limit, mouse, painted, volume_room, wheel
from graticule.domain.errors import GraticuleError


def run() -> Iterator[Figure]:
    with volume_room() as room:
        brush = room.page.hand.find("brush")
        room.page.set_tool("brush")
        brush.options = replace(brush.options, radius_mm=40.0, shape="sphere")
        mouse(room.view, QEvent.Type.MouseButtonPress, VIEW_PX / 2, VIEW_PX / 2)
        mouse(room.view, QEvent.Type.MouseButtonRelease, VIEW_PX / 2, VIEW_PX / 2)
        QTest.qWait(1500)
        ours = painted(room.view, lambda n: wheel(room.view, -1 if n % 40 < 20 else 1))
        yield Figure("4", f"wheel → slice painted, labels, {room.view.width()}×{room.view.height()} px", ours,
                     LIMIT, limit(room.voxels))
        room.page.presenter.set_layout("grid")
        room.page.set_tool("crosshair")
        QTest.qWait(500)
        yield Figure("4b", "crosshair drag → three linked planes painted, labels", dragged(room), LIMIT, limit(room.voxels))


def dragged(room: SimpleNamespace, count: int = 60, warm_up: int = 8) -> Timing:
    """From a move of the held crosshair to the end of the last of the three paints it caused."""
    views = list(room.page.views.values())
    middle = (room.view.width() / 2, room.view.height() / 2)
    mouse(room.view, QEvent.Type.MouseButtonPress, *middle)
    spans = []
    for n in range(warm_up + count):
        before, start = [view.painted_ns for view in views], time.perf_counter_ns()
        mouse(room.view, QEvent.Type.MouseMove, middle[0] + 3 * (n % 20) - 30, middle[1] + 2 * (n % 30) - 30)
        while any(view.painted_ns == old for view, old in zip(views, before, strict=True)):
            QApplication.processEvents()
            if time.perf_counter_ns() - start > PATIENCE_S * 1e9:
                raise GraticuleError("A drag of the crosshair did not paint every view.")
        spans.append((max(view.painted_ns for view in views) - start) / 1e6)
        QApplication.processEvents()
    mouse(room.view, QEvent.Type.MouseButtonRelease, *middle)
    kept = sorted(spans[warm_up:])
    return Timing(median(kept), kept[min(len(kept) - 1, int(len(kept) * 0.95))])
