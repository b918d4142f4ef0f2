"""Turning planes, slabs, the 3D panel and registration on the page: ordinary Qt events go in."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from fakes.company import beside, ct_case, volume
from fakes.images import opened_with, ramp_volume
from fakes.relatives import relative
from graticule.domain.elements import Registration
from graticule.imaging.slab import Slab, Through
from graticule.presenters.open_case import OpenCase
from graticule.presenters.planes import Grip
from graticule.render.backend import probe_gl
from graticule.ui.plane_menu import add_plane_menu
from graticule.ui.volume_page import VolumePage

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Room:
    def __init__(self, qtbot, opened: OpenCase) -> None:
        self.page = VolumePage(opened)
        self.page.resize(1000, 800)
        qtbot.addWidget(self.page, before_close_func=lambda page: page.shutdown())
        self.page.show()
        qtbot.waitExposed(self.page)
        QApplication.processEvents()

    def drag(self, widget, *way: tuple[float, float]) -> None:
        kinds = [QEvent.Type.MouseButtonPress, *[QEvent.Type.MouseMove] * (len(way) - 1), QEvent.Type.MouseButtonRelease]
        for kind, at in zip(kinds, (*way, way[-1]), strict=True):
            own = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else LEFT
            held = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseButtonRelease else LEFT
            point = QPointF(*at)
            QApplication.sendEvent(widget, QMouseEvent(kind, point, widget.mapToGlobal(point), own, held, NONE))
        QApplication.processEvents()


@pytest.fixture
def room(qtbot) -> Iterator[Room]:
    yield Room(qtbot, opened_with(ramp_volume()))


def test_a_handle_dragged_on_the_screen_turns_the_planes_and_shift_t_straightens_them(room) -> None:
    page = room.page
    page.set_tool("planes")
    axial = page.views["axial"]
    end = next(h for h in page.presenter.planes.handles(axial.view) if h.grip is Grip.TURN and h.of == "coronal")
    x, y = axial.view.crosshair()
    radius = end.x - x
    way = [(x + radius * np.cos(t), y + abs(radius) * np.sin(t)) for t in np.linspace(0, np.pi / 6, 6)]
    room.drag(axial, *way)
    assert page.views["coronal"].view.title == "Coronal, oblique 30°"
    bright = page.views["coronal"].grab().toImage()
    assert bright.width() > 0
    QTest.keyClick(axial, Qt.Key.Key_T, Qt.KeyboardModifier.ShiftModifier)
    assert not page.presenter.planes.turned


def test_shift_wheel_makes_a_slab_in_a_tool_without_size_and_the_menu_ends_it(room) -> None:
    page = room.page
    page.set_tool("crosshair")
    view = page.views["coronal"]
    at = QPointF(60, 60)
    for _ in range(2):
        QApplication.sendEvent(view, QWheelEvent(at, view.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
                                                 Qt.KeyboardModifier.ShiftModifier, Qt.ScrollPhase.NoScrollPhase, False))
    QApplication.processEvents()
    assert view.view.slab == Slab(Through.MAX, 6.0) and "MIP 6 mm" in view.view.corners().bottom_right
    menu = QMenu()
    add_plane_menu(menu, view.view, page.presenter.planes)
    menu.actions()[0].menu().actions()[0].trigger()
    assert view.view.slab is None


@pytest.mark.skipif(not probe_gl().ok, reason="no GL")
def test_the_3d_panel_chooses_presets_crops_and_cuts(room, qtbot) -> None:
    page, panel = room.page, room.page.panel3d
    view = page.view3d
    qtbot.waitUntil(lambda: view.scene is not None, timeout=5000)
    whole = view.grab().toImage()
    panel._looks.setCurrentIndex(panel._looks.findData("Skin"))
    panel._looks.activated.emit(panel._looks.currentIndex())
    panel._shift.setValue(-20)
    assert view.look.name == "Skin" and view.shift == -0.2 and "Skin, adjusted" in view.captions()
    panel._box.setChecked(True)
    side = view.crop_marks._handles(view.crop, view.width(), view.height())[0]
    towards = view.crop_marks._handles(view.crop, view.width(), view.height())[1]
    middle = (side + towards) / 2
    room.drag(view, side.toTuple(), middle.toTuple())
    assert view.crop.shares[0] == pytest.approx(0.5, abs=0.05) and "Cropped" in view.captions()
    panel._cut.setCurrentIndex(panel._cut.findData("coronal"))
    panel._cut.activated.emit(0)
    assert "Cut open" in view.captions() and view.grab().toImage() != whole
    again = VolumePage(opened_with(ramp_volume(), view_state=page.view_state()))
    assert again.view3d.crop == view.crop and again.view3d.shift == -0.2 and again.view3d.cropping
    again.shutdown()


def test_a_second_series_is_registered_laid_over_nudged_and_taken_back(qtbot) -> None:
    opened = beside(ct_case(), volume(), [(relative(2, "CT"), volume("other", 0.0))])
    room = Room(qtbot, opened)
    page, panel = room.page, room.page.registration_panel
    assert [title for title, _ in page.panels()][-1] == "Registration"
    panel._search.click()
    qtbot.waitUntil(lambda: bool(opened.workspace.labels.of(Registration)), timeout=20000)
    assert panel._state.text().startswith("Registered, rigid")
    panel._over.click()
    QApplication.processEvents()
    fused = next(view for key, view in page.reading.viewports().items() if "fused" in key)
    assert "Registered, rigid" in " ".join(fused.view.corners().top_left)
    page.set_tool("nudge")
    room.drag(fused, (100, 100), (110, 100))
    stored, = opened.workspace.labels.of(Registration)
    assert float(stored.nudged_mm) == pytest.approx(10 / fused.view.pixels_per_unit(), abs=0.01)
    assert "nudged" in " ".join(fused.view.corners().top_left) and opened.workspace.undo_title == "Nudge registration"
    QTest.keyClick(fused, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert opened.workspace.staging
    qtbot.waitUntil(lambda: not opened.workspace.staging, timeout=3000)
    panel._squares.setChecked(True)
    assert page.reading.fusing.fusion.look.checkered
    panel._remove.click()
    assert opened.workspace.labels.of(Registration) == []
