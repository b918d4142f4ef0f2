"""The radiologist's hand on the page: ordinary Qt events go in, pixels and labels come out."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPointingDevice, QTabletEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fakes.images import SHAPE, THICK, SlowOpening, opened_with, ramp_volume
from graticule.domain.elements import Region
from graticule.domain.geometry import Array
from graticule.presenters.desk_events import Trouble
from graticule.presenters.image_view import Keys
from graticule.presenters.open_case import OpenCase
from graticule.presenters.volume import Part
from graticule.render.backend import probe_gl
from graticule.ui.slice_view import SliceView
from graticule.ui.volume_page import VolumePage

LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton
NONE, CTRL, SHIFT, ALT = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier,
                          Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier)


class Room:
    """A page on the screen, and hands for it."""

    def __init__(self, qtbot, opened: OpenCase) -> None:
        self.opened = opened
        self.page = VolumePage(opened)
        self.page.resize(900, 700)
        qtbot.addWidget(self.page, before_close_func=lambda page: page.shutdown())
        self.page.show()
        qtbot.waitExposed(self.page)
        QApplication.processEvents()
        self.told: list = []
        opened.bus.subscribe(Trouble, self.told.append)

    def view(self, name: str = "axial") -> SliceView:
        return self.page.views[name]

    def drag(self, *way: tuple[float, float], name: str = "axial", button=LEFT, keys=NONE) -> None:
        view = self.view(name)
        self._mouse(view, QEvent.Type.MouseButtonPress, way[0], button, button, keys)
        for at in way[1:]:
            self._mouse(view, QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton, button, keys)
        self._mouse(view, QEvent.Type.MouseButtonRelease, way[-1], button, Qt.MouseButton.NoButton, keys)
        QApplication.processEvents()

    def _mouse(self, view, kind, at, button, buttons, keys) -> None:
        point = QPointF(*at)
        QApplication.sendEvent(view, QMouseEvent(kind, point, view.mapToGlobal(point), button, buttons, keys))

    def wheel(self, steps: int, keys=NONE, name: str = "axial", at: tuple[float, float] | None = None) -> None:
        view = self.view(name)
        point = QPointF(*at) if at else QPointF(view.width() / 2, view.height() / 2)
        turn = QPoint(120 * steps, 0) if keys == ALT else QPoint(0, 120 * steps)
        event = QWheelEvent(point, view.mapToGlobal(point), QPoint(0, 0), turn, Qt.MouseButton.NoButton, keys,
                            Qt.ScrollPhase.NoScrollPhase, False)
        QApplication.sendEvent(view, event)
        QApplication.processEvents()

    def key(self, key: Qt.Key, name: str = "axial") -> None:
        QTest.keyClick(self.view(name), key)

    def add_tumour(self) -> None:
        self.page.segments.add_template(self.page.segments.templates()[0])

    def labels(self) -> Array:
        return self.opened.workspace.labels.group("1").values

    def pixels(self, name: str = "axial") -> Array:
        image = self.view(name).grab().toImage().convertToFormat(self.view(name).grab().toImage().Format.Format_RGB32)
        rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
        return rows[:, :image.width(), :3][..., ::-1].astype(int)


@pytest.fixture
def room(qtbot) -> Iterator[Room]:
    yield Room(qtbot, opened_with(ramp_volume()))


def centre(view: SliceView) -> tuple[float, float]:
    return view.width() / 2, view.height() / 2


def test_the_wheel_scrolls_head_to_foot_and_keys_do_the_same(room) -> None:
    axial = room.view().view
    start = axial.index
    room.wheel(-2)
    assert axial.index == start + 2
    room.key(Qt.Key.Key_Up)
    room.key(Qt.Key.Key_PageUp)
    assert axial.index == start - 9
    room.key(Qt.Key.Key_End)
    assert axial.index == axial.slices.count - 1


@pytest.mark.parametrize("name", ["axial", "coronal", "sagittal"])
def test_painting_labels_the_picked_voxel_on_exactly_one_slice_and_shows_it(room, name) -> None:
    room.add_tumour()
    room.key(Qt.Key.Key_B)
    view = room.view(name)
    x, y = centre(view)
    at = (x + 30.0, y - 20.0)
    before = room.pixels(name)
    room.drag(at, (x + 60.0, y + 10.0), name=name)
    voxels = np.argwhere(room.labels() == 1)
    i, j, k = room.opened.content.grid.voxel_at(view.view.pointer(*at, Keys()).at)
    assert [k, j, i] in voxels.tolist()
    through = {"axial": 0, "coronal": 1, "sagittal": 2}[name]
    assert len(set(voxels[:, through])) == 1
    changed = np.abs(room.pixels(name) - before).max(axis=2) > 12
    assert changed.sum() > 300
    assert room.opened.workspace.undo_title == "Paint Tumour"
    room.key(Qt.Key.Key_Z)
    assert not room.labels().any()


def test_what_is_painted_in_one_plane_appears_in_the_others(room) -> None:
    room.add_tumour()
    room.key(Qt.Key.Key_B)
    x, y = room.view().view.crosshair()
    before = room.pixels("coronal")
    room.drag((x, y), (x + 20, y))
    assert (np.abs(room.pixels("coronal") - before).max(axis=2) > 12).sum() > 50


def test_partial_repaints_leave_the_same_picture_as_a_whole_one(room) -> None:
    room.add_tumour()
    room.key(Qt.Key.Key_B)
    x, y = centre(room.view())
    for step in range(6):
        room.drag((x - 40 + 13 * step, y - 30), (x - 20 + 9 * step, y + 40))
    room.view().leaveEvent(QEvent(QEvent.Type.Leave))
    patched = [layer.pixels.copy() for layer in room.view()._layers.values()]
    room.view().refresh(Part.PLANE)
    QApplication.processEvents()
    room.pixels()
    for old, layer in zip(patched, room.view()._layers.values(), strict=True):
        assert np.array_equal(old, layer.pixels)


def test_ctrl_erases_and_the_middle_button_never_paints(room) -> None:
    room.add_tumour()
    room.key(Qt.Key.Key_B)
    x, y = centre(room.view())
    room.drag((x, y), (x + 40, y))
    painted = int(room.labels().sum())
    room.drag((x + 40, y), (x + 45, y), keys=CTRL)
    assert 0 < int(room.labels().sum()) < painted
    seen = room.view().view.pointer(x, y, Keys()).at
    room.drag((x, y), (x + 33, y + 21), button=MIDDLE)
    assert room.view().view.on_screen(seen) == pytest.approx((x + 33, y + 21))
    assert int(room.labels().sum()) < painted


def test_right_drag_and_ctrl_wheel_zoom_where_the_pointer_is(room) -> None:
    view = room.view().view
    spot = view.pointer(90, 70, Keys()).at
    room.drag((90, 70), (90, 40), button=RIGHT)
    room.wheel(2, CTRL, at=(90, 70))
    assert view.on_screen(spot) == pytest.approx((90, 70), abs=0.01)
    assert view.pixels_per_unit() > 1.5 * room.view("coronal").view.pixels_per_unit() * 0.5


def test_shift_wheel_and_brackets_size_the_brush_and_alt_wheel_the_opacity(room) -> None:
    room.key(Qt.Key.Key_B)
    room.wheel(1, SHIFT)
    assert room.page.hand.tool.options.radius_mm == 7.0
    room.key(Qt.Key.Key_BracketLeft)
    assert room.page.hand.tool.options.radius_mm == 6.0
    room.wheel(2, ALT)
    assert room.page.presenter.label_look.opacity == pytest.approx(0.45)
    assert room.page.segments_panel._percent.text() == "45 %"


def test_digits_take_window_presets_and_nought_resets(room) -> None:
    room.key(Qt.Key.Key_2)
    assert room.page.presenter.window.name == "Lung"
    room.key(Qt.Key.Key_0)
    assert room.page.presenter.window.name == "Soft tissue"


def test_holding_g_shows_the_bare_image(room) -> None:
    bare = room.pixels()
    room.add_tumour()
    room.key(Qt.Key.Key_B)
    x, y = centre(room.view())
    room.drag((x, y), (x + 30, y))
    room.view().leaveEvent(QEvent(QEvent.Type.Leave))
    QTest.keyPress(room.view(), Qt.Key.Key_G)
    room.key(Qt.Key.Key_X)
    assert np.array_equal(room.pixels(), bare)
    QTest.keyRelease(room.view(), Qt.Key.Key_G)
    assert not np.array_equal(room.pixels(), bare)


def test_space_tapped_swaps_the_last_two_tools(room) -> None:
    room.key(Qt.Key.Key_B)
    room.key(Qt.Key.Key_Space)
    assert room.page.active_tool == "window"


def test_a_length_is_drawn_and_deleted(room) -> None:
    room.key(Qt.Key.Key_D)
    room.drag((100, 100), (180, 100))
    line, = room.opened.workspace.labels.of(Region)
    assert float(line.value) == pytest.approx(80 / room.view().view.pixels_per_unit(), abs=0.06)
    room._mouse(room.view(), QEvent.Type.MouseMove, (140, 101), Qt.MouseButton.NoButton, Qt.MouseButton.NoButton, NONE)
    room.key(Qt.Key.Key_Delete)
    assert not room.opened.workspace.labels.of(Region)
    assert room.opened.workspace.undo_title.startswith("Delete length")


def test_a_pen_paints_once_with_its_pressure(room) -> None:
    room.add_tumour()
    room.key(Qt.Key.Key_B)
    view, device = room.view(), QPointingDevice.primaryPointingDevice()
    for kind, button, x in ((QEvent.Type.TabletPress, LEFT, 120), (QEvent.Type.TabletMove, Qt.MouseButton.NoButton, 150),
                            (QEvent.Type.TabletRelease, LEFT, 150)):
        point = QPointF(x, 140)
        event = QTabletEvent(kind, device, point, view.mapToGlobal(point), 0.7, 0, 0, 0, 0, 0, NONE, button, LEFT)
        QApplication.sendEvent(view, event)
        assert event.isAccepted()
    assert room.labels().any() and room.opened.workspace.undo() == "Paint Tumour" and not room.labels().any()


def test_without_a_segment_painting_is_refused_in_words(room) -> None:
    room.key(Qt.Key.Key_B)
    room.drag((100, 100), (120, 100))
    assert "No segment is selected" in room.told[0].error.message


def test_a_double_click_fills_the_page_with_one_plane_and_back(room) -> None:
    view = room.view("coronal")
    QTest.mouseDClick(view, LEFT, NONE, QPoint(100, 100))
    assert view.isVisible() and not room.view("axial").isVisible() and not room.page.view3d.isVisible()
    QTest.mouseDClick(view, LEFT, NONE, QPoint(100, 100))
    assert room.view("axial").isVisible()


def test_a_thick_series_opens_alone_and_m_shows_all_four(qtbot) -> None:
    room = Room(qtbot, opened_with(ramp_volume(THICK)))
    assert room.view("axial").isVisible() and not room.view("sagittal").isVisible()
    room.key(Qt.Key.Key_M)
    assert room.view("sagittal").isVisible() and room.page.view3d.isVisible()


def test_slices_appear_as_they_arrive_the_shown_one_first(qtbot) -> None:
    full = ramp_volume()
    opening = SlowOpening(full)
    room = Room(qtbot, opened_with(opening.content, opening=opening))
    QApplication.processEvents()
    assert opening.order[0] == SHAPE[0] // 2 and opening.content.arrived.all()
    assert room.view().loading is None
    whole = Room(qtbot, opened_with(full))
    assert np.array_equal(room.pixels(), whole.pixels())


def test_the_page_comes_back_as_it_was_left(room, qtbot) -> None:
    room.add_tumour()
    room.key(Qt.Key.Key_B)
    room.wheel(3, SHIFT)
    room.wheel(-3)
    room.key(Qt.Key.Key_3)
    again = Room(qtbot, opened_with(room.opened.content, view_state=room.page.view_state(), workspace=room.opened.workspace))
    assert again.page.active_tool == "brush" and again.page.hand.tool.options.radius_mm == room.page.hand.tool.options.radius_mm
    assert again.page.presenter.window.name == "Liver"
    assert again.view().view.index == room.view().view.index
    assert again.page.segments.active == room.page.segments.active


def test_looks_are_recorded_and_cleared_when_taken(room) -> None:
    QTest.qWait(320)
    assert {look.view for look in room.page.looks()} == {"axial", "coronal", "sagittal"}
    assert room.page.looks() == []


@pytest.mark.skipif(not probe_gl().ok, reason="no GL")
def test_the_surface_follows_the_labels(room, qtbot) -> None:
    qtbot.waitUntil(lambda: room.page.view3d.scene is not None, timeout=5000)
    room.add_tumour()
    room.key(Qt.Key.Key_B)
    x, y = centre(room.view())
    room.drag((x, y), (x + 40, y))
    segment = room.page.segments.active
    qtbot.waitUntil(lambda: room.page.view3d.scene.surfaces() == [segment], timeout=3000)
    room.opened.workspace.undo()
    qtbot.waitUntil(lambda: room.page.view3d.scene.surfaces() == [], timeout=3000)
    room.opened.workspace.redo()
    room.page.segments.delete(segment)
    qtbot.waitUntil(lambda: room.page.view3d.scene.surfaces() == [], timeout=3000)


def test_closing_frees_the_scene_and_stops_listening(room) -> None:
    room.page.shutdown()
    assert room.page.view3d.scene is None
    room.add_tumour()
    assert room.page.segments_panel._lines == {}
