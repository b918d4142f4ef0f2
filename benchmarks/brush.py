"""Row 5: one move of the pressed brush → painted, on the axial view of 512×512×400."""

from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtCore import QEvent
from PySide6.QtTest import QTest

from benchmarks.figure import Figure
from benchmarks.room import LIMIT, limit, mouse, painted, volume_room

STROKES = (("disc", 6.0), ("sphere", 20.0))


def run() -> Iterator[Figure]:
    with volume_room() as room:
        brush, view = room.page.hand.find("brush"), room.view
        room.page.set_tool("brush")
        beside = limit(room.voxels)
        for shape, radius in STROKES:
            brush.options = replace(brush.options, radius_mm=radius, shape=shape)
            mouse(view, QEvent.Type.MouseButtonPress, 250, 260)
            ours = painted(view, lambda n: mouse(view, QEvent.Type.MouseMove, 252 + n * 2, 260 + n % 20 * 3))
            mouse(view, QEvent.Type.MouseButtonRelease, 390, 270)
            yield Figure("5", f"brush move → painted, {shape} r = {radius:g} mm", ours, LIMIT, beside)
            QTest.qWait(300)
            room.workspace.undo()
            QTest.qWait(700)
