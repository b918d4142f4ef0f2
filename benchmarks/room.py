"""A page shown without a store, and events timed until their paint."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from types import SimpleNamespace

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from benchmarks.figure import Timing, timed
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.volume import Volume, Window
from graticule.jobs import ThreadRunner
from graticule.ui import theme
from graticule.ui.home import Home
from graticule.ui.volume_page import VolumePage

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

SHAPE = (400, 512, 512)
VIEW_PX = 800
PATIENCE_S = 2.0
LIMIT = "limit: numpy slice → QImage → QPainter"


def application() -> QApplication:
    app = QApplication.instance() or QApplication(["bench"])
    assert isinstance(app, QApplication)
    theme.apply(app)
    return app


@contextmanager
def volume_room() -> Iterator[SimpleNamespace]:
    """A page with a made-up 512×512×400 volume whose axial view fills it: `page`, `view`, `workspace`, `voxels`."""
    from fakes.images import opened_with

    application()
    base = np.random.default_rng(0).integers(-200, 300, SHAPE[1:]).astype(np.int16)
    voxels = np.stack([np.roll(base, k, 0) for k in range(SHAPE[0])])
    affine = np.array([[0.8, 0, 0, -204.4], [0, 0.8, 0, -204.4], [0, 0, 1.0, -199.5], [0, 0, 0, 1]])
    home = Home()
    runner = ThreadRunner(home.post)
    opened = opened_with(Volume(voxels, Grid(SHAPE, affine), "CT", "HU", (Window(400, 40),)), runner=runner)
    page = VolumePage(opened)
    page.resize(VIEW_PX, VIEW_PX)
    page.show()
    page.presenter.set_layout("axial")
    page.segments.add_template(page.segments.templates()[0])
    QTest.qWait(3000)  # the 3D picture is made ready beside it
    try:
        yield SimpleNamespace(page=page, view=page.views["axial"], workspace=opened.workspace, voxels=voxels)
    finally:
        page.shutdown()
        runner.close()
        page.close()


def painted(view: QWidget, event: Callable[[int], object], count: int = 60, warm_up: int = 8) -> Timing:
    """From sending `event(n)` to the end of the paint it caused."""
    spans = []
    for n in range(warm_up + count):
        before, start = view.painted_ns, time.perf_counter_ns()  # type: ignore[attr-defined]
        event(n)
        while view.painted_ns == before:  # type: ignore[attr-defined]
            QApplication.processEvents()
            if time.perf_counter_ns() - start > PATIENCE_S * 1e9:
                raise GraticuleError("An event of the benchmark painted nothing.")
        spans.append((view.painted_ns - start) / 1e6)  # type: ignore[attr-defined]
        for _ in range(3):
            QApplication.processEvents()
    kept = sorted(spans[warm_up:])
    return Timing(median(kept), kept[min(len(kept) - 1, int(len(kept) * 0.95))])


def limit(voxels: np.ndarray, size: int = VIEW_PX) -> Timing:
    """A bare slice, windowed and stretched without smoothing: no labels, no marks, no widget."""
    target = QImage(size, size, QImage.Format.Format_RGB32)

    def draw(n: int) -> None:
        grey = ((np.clip(voxels[100 + n], -160, 240) + 160) * np.float32(255 / 400)).astype(np.uint8)
        painter = QPainter(target)
        painter.drawImage(target.rect(), QImage(grey.data, grey.shape[1], grey.shape[0], grey.shape[1],
                                                QImage.Format.Format_Grayscale8))
        painter.end()

    return timed(draw)


def wheel(widget: QWidget, notches: int) -> None:
    at = QPointF(widget.width() / 2, widget.height() / 2)
    QApplication.sendEvent(widget, QWheelEvent(
        at, widget.mapToGlobal(at), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False))


def mouse(widget: QWidget, what: QEvent.Type, x: float, y: float, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    """Press, move or release of a button."""
    held = Qt.MouseButton.NoButton if what is QEvent.Type.MouseButtonRelease else button
    own = Qt.MouseButton.NoButton if what is QEvent.Type.MouseMove else button
    at = QPointF(x, y)
    QApplication.sendEvent(widget, QMouseEvent(what, at, widget.mapToGlobal(at), own, held, Qt.KeyboardModifier.NoModifier))
