"""Row 5: one move of the pressed brush → painted over a colour photograph of 4000×4000."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest

from benchmarks.figure import Figure, Timing, timed
from benchmarks.room import application, mouse, painted
from graticule.domain.picture import Picture
from graticule.jobs import ThreadRunner
from graticule.ui.home import Home
from graticule.ui.picture_page import PicturePage

SIZE, VIEW_PX, DAB_PX = 4000, 800, 100
LIMIT = "limit: 100 × 100 pixels of a QImage → QPainter"
# (radius in pixels of the picture, screen pixels of one): fitted, every pixel, and magnified.
CASES = ((60.0, None), (200.0, None), (60.0, 1.0), (20.0, 4.0))


def run() -> Iterator[Figure]:
    application()
    pixels = np.random.default_rng(0).integers(0, 255, (SIZE, SIZE, 3), dtype=np.uint8)
    from fakes.images import opened_with

    runner = ThreadRunner(Home().post)
    page = PicturePage(opened_with(Picture(pixels, "DMS", "RGB"), runner=runner))
    page.resize(VIEW_PX, VIEW_PX)
    page.show()
    page.segments.add_template(page.segments.templates()[0])
    page.set_tool("brush")
    QTest.qWait(1000)
    beside = _limit(pixels)
    try:
        for radius, scale in CASES:
            seen = "fitted" if scale is None else f"{scale:g} : 1"
            yield Figure("5", f"brush on 4000×4000 colour, {seen}, radius {radius:g} px", _stroke(page, radius, scale), LIMIT,
                         beside)
    finally:
        page.shutdown()
        runner.close()
        page.close()


def _stroke(page: Any, radius: float, scale: float | None) -> Timing:
    view, presenter = page.view, page.presenter
    presenter.fit()
    if scale is not None:
        presenter.zoom(scale / presenter.scale, (view.width() / 2, view.height() / 2))
    brush = page.hand.find("brush")
    brush.options = replace(brush.options, radius_mm=radius)
    view.repaint()
    middle = view.height() / 2
    mouse(view, QEvent.Type.MouseButtonPress, 100, middle)
    ours = painted(view, lambda n: mouse(view, QEvent.Type.MouseMove, 102 + n * 2, middle + n % 20 * 3))
    mouse(view, QEvent.Type.MouseButtonRelease, 240, middle)
    page.opened.workspace.undo()
    QTest.qWait(200)
    return ours


def _limit(pixels: np.ndarray) -> Timing:
    target = QImage(VIEW_PX, VIEW_PX, QImage.Format.Format_RGB32)
    part = np.ascontiguousarray(pixels[:DAB_PX, :DAB_PX])

    def draw(n: int) -> None:
        painter = QPainter(target)
        painter.drawImage(n, n, QImage(part.data, DAB_PX, DAB_PX, DAB_PX * 3, QImage.Format.Format_RGB888))
        painter.end()

    return timed(draw)
