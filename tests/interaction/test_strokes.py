"""Mouse, pen and finger on a real page under each preset: the same stroke, another act."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from fakes.images import opened_with, ramp_volume
from graticule.settings.bindings import Bindings
from graticule.ui.keys import BOUND, presets
from graticule.ui.pen import SOFTEST, scaled
from graticule.ui.slice_view import SliceView
from graticule.ui.view_keys import MOUSE, sheet
from graticule.ui.volume_page import VolumePage

LEFT, MIDDLE, RIGHT, NONE = (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton,
                             Qt.KeyboardModifier.NoModifier)


@pytest.fixture(autouse=True)
def radiology_again() -> Iterator[None]:
    yield
    BOUND.use(Bindings(presets()["radiology"]))


def page_of(qtbot, preset: str) -> VolumePage:
    BOUND.use(Bindings(presets()[preset]))
    page = VolumePage(opened_with(ramp_volume()))
    page.resize(900, 700)
    qtbot.addWidget(page, before_close_func=lambda page: page.shutdown())
    page.show()
    qtbot.waitExposed(page)
    QApplication.processEvents()
    return page


def drag(view: SliceView, button: Qt.MouseButton, right: int, down: int) -> None:
    at = QPoint(view.width() // 2, view.height() // 2)
    QTest.mousePress(view, button, NONE, at)
    for share in (0.3, 0.7, 1.0):
        QTest.mouseMove(view, at + QPoint(round(right * share), round(down * share)))
    QTest.mouseRelease(view, button, NONE, at + QPoint(right, down))
    QApplication.processEvents()


def seen(page: VolumePage) -> tuple[float, int, int]:
    """Window width, slice, labelled voxels."""
    return page.presenter.window.width, page.views["axial"].view.index, labelled(page)


def labelled(page: VolumePage) -> int:
    return sum(int(np.count_nonzero(group.values)) for group in page.opened.workspace.labels.groups.values())


def test_radiology_sets_the_window_with_the_left_button(qtbot) -> None:
    page = page_of(qtbot, "radiology")
    before = seen(page)
    drag(page.views["axial"], LEFT, 60, 0)
    after = seen(page)
    assert page.active_tool == "window" and after[0] > before[0] and after[1] == before[1]


def test_pacs_scroll_scrolls_with_the_left_and_windows_with_the_right(qtbot) -> None:
    page = page_of(qtbot, "pacs-scroll")
    before = seen(page)
    drag(page.views["axial"], LEFT, 0, 20)
    scrolled = seen(page)
    assert scrolled[1] == before[1] + 3 and scrolled[0] == before[0]
    drag(page.views["axial"], RIGHT, 60, 0)
    assert seen(page)[0] > before[0] and seen(page)[1] == scrolled[1]


@pytest.mark.parametrize("preset", list(presets()))
def test_a_brush_in_the_hand_paints_under_every_preset_and_the_middle_button_pans(qtbot, preset: str) -> None:
    page = page_of(qtbot, preset)
    BOUND.use(BOUND.now.regestured("left", "scroll"))
    add_segment(page)
    page.set_tool("brush")
    before = seen(page)
    drag(page.views["axial"], LEFT, 0, 20)
    after = seen(page)
    assert after[2] > 0 and after[:2] == before[:2]
    view = page.views["axial"]
    before_x = view.view.on_screen(page.presenter.cursor)[0]
    drag(view, MIDDLE, 30, 0)
    assert seen(page) == after and view.view.on_screen(page.presenter.cursor)[0] == pytest.approx(before_x + 30, abs=1)


def test_segmentation_erases_with_the_right_button_while_painting(qtbot) -> None:
    page = page_of(qtbot, "segmentation")
    add_segment(page)
    page.set_tool("brush")
    drag(page.views["axial"], LEFT, 40, 0)
    painted = labelled(page)
    drag(page.views["axial"], RIGHT, 40, 0)
    assert 0 <= labelled(page) < painted
    page.opened.workspace.undo()
    assert labelled(page) == painted, "the stroke is one act"


def test_the_turned_pen_erases_and_gives_the_brush_back(qtbot) -> None:
    page = page_of(qtbot, "radiology")
    add_segment(page)
    page.set_tool("brush")
    pen(page.views["axial"], QPointingDevice.PointerType.Pen, 30)
    painted, strokes = labelled(page), page.opened.workspace.undo_title
    assert painted > 0
    pen(page.views["axial"], QPointingDevice.PointerType.Eraser, 30)
    assert labelled(page) < painted and page.hand.tool.name == "brush"
    page.opened.workspace.undo()
    assert labelled(page) == painted and page.opened.workspace.undo_title == strokes, "one stroke, not two"


def test_pressure_counts_only_when_the_reader_wants_it() -> None:
    assert scaled(0.4, False) == 1.0 and scaled(0.4, True) == 0.4 and scaled(0.01, True) == SOFTEST and scaled(0.0, True) == 1.0


def test_one_finger_scrolls_under_pacs_scroll_and_two_pinch(qtbot) -> None:
    page = page_of(qtbot, "pacs-scroll")
    view, device = page.views["axial"], QTest.createTouchDevice()
    at, before = QPoint(view.width() // 2, view.height() // 2), seen(page)
    QTest.touchEvent(view, device).press(0, at)
    for down in (8, 20):
        QTest.touchEvent(view, device).move(0, at + QPoint(0, down))
    QTest.touchEvent(view, device).release(0, at + QPoint(0, 20))
    assert seen(page)[1] == before[1] + 3
    size, here = view.view.pixels_per_unit(), seen(page)
    QTest.touchEvent(view, device).press(0, at - QPoint(30, 0)).press(1, at + QPoint(30, 0))
    QTest.touchEvent(view, device).move(0, at - QPoint(60, 0)).move(1, at + QPoint(60, 0))
    QTest.touchEvent(view, device).release(0, at - QPoint(60, 0)).release(1, at + QPoint(60, 0))
    assert view.view.pixels_per_unit() == pytest.approx(2 * size, rel=0.05) and seen(page) == here


def test_a_second_finger_takes_back_what_the_first_began_to_paint(qtbot) -> None:
    page = page_of(qtbot, "radiology")
    add_segment(page)
    page.set_tool("brush")
    view, device = page.views["axial"], QTest.createTouchDevice()
    at = QPoint(view.width() // 2, view.height() // 2)
    QTest.touchEvent(view, device).press(0, at)
    QTest.touchEvent(view, device).move(0, at + QPoint(20, 0))
    assert labelled(page) > 0
    QTest.touchEvent(view, device).move(0, at + QPoint(20, 0)).press(1, at + QPoint(60, 0))
    QTest.touchEvent(view, device).release(0, at).release(1, at + QPoint(60, 0))
    assert labelled(page) == 0 and not page.hand.pressed


def test_a_finger_that_rests_asks_for_the_menu(qtbot) -> None:
    page = page_of(qtbot, "radiology")
    view, device = page.views["axial"], QTest.createTouchDevice()
    view.menu_asked.disconnect()
    with qtbot.waitSignal(view.menu_asked, timeout=3000):
        QTest.touchEvent(view, device).press(0, QPoint(200, 150))
    QTest.touchEvent(view, device).release(0, QPoint(200, 150))
    assert page.findChildren(QMenu) is not None and not page.hand.pressed


def test_a_rebound_key_is_heard_and_its_old_one_is_not(qtbot) -> None:
    page = page_of(qtbot, "radiology")
    BOUND.use(BOUND.now.rebound("image.invert", ["Ctrl+I"]))
    QTest.keyClick(page, Qt.Key.Key_I)
    assert not page.presenter.window.inverted
    QTest.keyClick(page, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert page.presenter.window.inverted


def test_the_status_line_says_what_mouse_and_wheel_do_now(qtbot) -> None:
    page = page_of(qtbot, "radiology")
    assert page.hint().startswith("Left: Window · Wheel: slices · Right: zoom · Middle: pan · Ctrl+wheel: zoom")
    BOUND.use(Bindings(presets()["pacs-scroll"]))
    page.bindings_changed()
    assert page.hint().startswith("Left: Scroll · Wheel: slices · Right: window")
    page.set_tool("brush")
    assert page.hint().startswith("Left: Brush")


def add_segment(page: VolumePage) -> None:
    from PySide6.QtWidgets import QPushButton

    next(button for button in page.segments_panel.findChildren(QPushButton) if button.text() == "Add Tumour").click()


def pen(view: SliceView, end: QPointingDevice.PointerType, right: int) -> None:
    device = QPointingDevice.primaryPointingDevice()
    eraser = QPointingDevice("pen", 7, device.type(), end, device.capabilities(), 1, 3)
    start = QPointF(view.width() / 2, view.height() / 2)
    for kind, at, button in ((QEvent.Type.TabletPress, start, LEFT), (QEvent.Type.TabletMove, start + QPointF(right, 0), LEFT),
                             (QEvent.Type.TabletRelease, start + QPointF(right, 0), LEFT)):
        event = QTabletEvent(kind, eraser, at, view.mapToGlobal(at), 0.5, 0, 0, 0, 0, 0, NONE, button, button)
        QApplication.sendEvent(view, event)
        assert event.isAccepted()
    QApplication.processEvents()


def test_the_sheet_says_what_the_wheel_does_over_a_picture_and_over_slices(qapp) -> None:
    rows = {place: sheet(place, BOUND.now)[MOUSE] for place in ("picture", "volume")}
    wheel = {place: next(row.words for row in shown if row.keys == "Wheel") for place, shown in rows.items()}
    assert wheel == {"picture": "Frames of a loop, else zoom", "volume": "Slices"}
