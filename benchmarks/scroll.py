"""Row 3: one notch of the wheel → the next slice painted, with labels in view."""

from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtCore import QEvent
from PySide6.QtTest import QTest

from benchmarks.figure import Figure
from benchmarks.room import LIMIT, VIEW_PX, limit, mouse, painted, volume_room, wheel


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
