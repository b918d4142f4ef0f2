"""Row 4b: three linked planes of a 512×512×400 volume on the screen, turned by a handle and followed by the crosshair."""

from collections.abc import Iterator

import numpy as np
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks.figure import Figure, Timing, timed
from benchmarks.room import LIMIT, limit, volume_room
from graticule.imaging.slab import Slab, Through

PAGE_PX = (1380, 1120)


def run() -> Iterator[Figure]:
    with volume_room() as room:
        page, planes = room.page, room.page.presenter.planes
        page.resize(*PAGE_PX)
        page.presenter.set_layout("grid")
        QTest.qWait(1500)
        axial = page.views["axial"].view
        beside = limit(room.voxels, page.views["axial"].width())
        size = f"3 × {page.views['axial'].width()}×{page.views['axial'].height()} px"
        yield Figure("4b", f"crosshair drag, {size}", _painted(page, lambda n: _go(page, n)), LIMIT, beside)
        page.hand.pressed = True
        yield Figure("4b", f"planes turned by a handle, {size}", _painted(page, lambda n: planes.turn(axial, 0.7)), LIMIT, beside)
        page.views["coronal"].view.set_slab(Slab(Through.MAX, 20.0))
        drag = _painted(page, lambda n: _go(page, n))
        yield Figure("4b", "crosshair drag, oblique planes, one 20 mm slab", drag, LIMIT, beside)
        page.hand.pressed = False


def _painted(page: object, event: object) -> Timing:
    """From the change to the last paint of the views it concerns."""
    def all_of_it(n: int) -> None:
        event(n)  # type: ignore[operator]
        QApplication.processEvents()

    return timed(all_of_it, 60, 8)


def _go(page: object, n: int) -> None:
    at = np.array([-20.0 + n * 0.7, 30.0 - n * 0.5, 60.0 - n])
    page.presenter.move_cursor(at)  # type: ignore[attr-defined]
