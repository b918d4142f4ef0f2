"""Tools that compute, in the real page: ordinary Qt events go in, previews and labels come out."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from fakes.images import opened_with
from fakes.lesions import BRIGHT_AT, GRID, RADIUS_MM, ball, lesions
from graticule.domain.geometry import Array
from graticule.domain.volume import Volume
from graticule.imaging.threshold import Range
from graticule.ui.range_field import RangeField
from graticule.ui.volume_page import VolumePage

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
FREE = Qt.KeyboardModifier.NoModifier


class Room:
    def __init__(self, qtbot) -> None:
        self.opened = opened_with(Volume(lesions(), GRID, "CT", "HU", blank=(-2000.0, -2000.0)))
        self.page = VolumePage(self.opened)
        self.page.resize(1000, 760)
        qtbot.addWidget(self.page, before_close_func=lambda page: page.shutdown())
        qtbot.addWidget(self.page.options)
        self.page.options.show()
        self.page.show()
        qtbot.waitExposed(self.page)
        self.page.segments.add_template(self.page.segments.templates()[0])
        self.page.presenter.move_cursor(GRID.to_patient(np.array(BRIGHT_AT[::-1], dtype=float)))
        QApplication.processEvents()
        self.view = self.page.views["axial"]

    def place(self, at: tuple[int, int, int]) -> QPointF:
        return QPointF(*self.view.view.on_screen(tuple(GRID.to_patient(np.array(at[::-1], dtype=float)))))

    def mouse(self, kind: QEvent.Type, at: QPointF, button: Qt.MouseButton, widget=None) -> None:
        widget = widget or self.view
        held = NONE if kind is QEvent.Type.MouseButtonRelease else button
        QApplication.sendEvent(widget, QMouseEvent(kind, at, widget.mapToGlobal(at),
                                                   NONE if kind is QEvent.Type.MouseMove else button, held, FREE))

    def click(self, at: tuple[int, int, int]) -> None:
        self.mouse(QEvent.Type.MouseButtonPress, self.place(at), LEFT)
        self.mouse(QEvent.Type.MouseButtonRelease, self.place(at), LEFT)
        QApplication.processEvents()

    def wheel(self, steps: int) -> None:
        at = self.place(BRIGHT_AT)
        QApplication.sendEvent(self.view, QWheelEvent(at, self.view.mapToGlobal(at), QPoint(), QPoint(0, 120 * steps), NONE, FREE,
                                                      Qt.ScrollPhase.NoScrollPhase, False))
        QApplication.processEvents()

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(self.view, key)
        QApplication.processEvents()

    def tool(self, name: str) -> None:
        self.page.set_tool(name)
        QApplication.processEvents()

    def held(self) -> Array:
        return np.asarray(self.opened.workspace.labels.group("1").values == 1)

    @property
    def bar(self):
        return self.page._proposal_bar


@pytest.fixture
def room(qtbot) -> Iterator[Room]:
    yield Room(qtbot)


def dice(one: Array, two: Array) -> float:
    return 2 * float((one & two).sum()) / float(one.sum() + two.sum())


def test_one_click_wheel_and_enter(room) -> None:
    room.tool("one-click")
    room.click(BRIGHT_AT)
    assert room.bar.isVisibleTo(room.page) and not room.held().any() and "Enter" in room.page.hint()
    before, here = room.page.bench.proposals.now.parts[0].patch.voxels, room.view.view.index
    room.wheel(3)
    assert room.page.bench.proposals.now.parts[0].patch.voxels > before and room.view.view.index == here
    room.wheel(-3)
    room.key(Qt.Key.Key_Return)
    assert dice(room.held(), ball(GRID, BRIGHT_AT, RADIUS_MM)) > 0.9
    assert not room.bar.isVisibleTo(room.page)
    room.wheel(-1)
    assert room.view.view.index == here + 1  # the wheel belongs to the slices again
    room.key(Qt.Key.Key_Z)
    assert not room.held().any()


def test_escape_and_the_drop_button_leave_the_labels_alone(room) -> None:
    room.tool("flood")
    room.click(BRIGHT_AT)
    room.key(Qt.Key.Key_Escape)
    assert room.page.bench.proposals.now is None and not room.held().any()
    room.click(BRIGHT_AT)
    QTest.mouseClick(room.bar.drop, LEFT)
    assert room.page.bench.proposals.now is None and not room.held().any()
    room.click(BRIGHT_AT)
    QTest.mouseClick(room.bar.take, LEFT)
    assert dice(room.held(), ball(GRID, BRIGHT_AT, RADIUS_MM)) > 0.95


def test_a_threshold_end_dragged_on_the_histogram_is_seen_at_once_and_taken_by_enter(room) -> None:
    room.tool("threshold")
    field = room.page.options.findChild(RangeField)
    plot = field._plot
    assert plot.counts is not None and field.range.low > 90
    before = room.view.grab().toImage()
    x = plot._place("low")
    room.mouse(QEvent.Type.MouseButtonPress, QPointF(x, 20), LEFT, plot)
    to = plot.width() - 10 - (plot.width() - 12) * (plot._span[1] - 200) / (plot._span[1] - plot._span[0])
    for step in range(1, 9):
        room.mouse(QEvent.Type.MouseMove, QPointF(x + (to - x) * step / 8, 20), LEFT, plot)
    room.mouse(QEvent.Type.MouseButtonRelease, QPointF(to, 20), LEFT, plot)
    chosen = room.page.hand.tool.options.range
    assert chosen == field.range and chosen.low > 180 and room.page.hand.tool.options.method == "hand"
    assert room.view.grab().toImage() != before
    room.view.setFocus()
    room.key(Qt.Key.Key_Return)
    voxels = room.opened.content.voxels
    assert np.array_equal(room.held(), (voxels >= chosen.low) & (voxels <= chosen.high))


def test_the_range_becomes_the_painting_range_by_its_button(room) -> None:
    room.tool("threshold")
    room.page.hand.tool.options = type(room.page.hand.tool.options)(range=Range(150, 250), method="hand")
    button = next(b for b in room.page.options.findChildren(QPushButton) if "painting range" in b.text())
    QTest.mouseClick(button, LEFT)
    assert room.page.bench.paint.range == Range(150, 250)


def test_a_resting_hand_sees_the_verdict(room) -> None:
    room.tool("one-click")
    room.mouse(QEvent.Type.MouseMove, room.place(BRIGHT_AT), NONE)
    assert room.page.hand.preview()[-1].label.startswith("Clear edge")
    assert room.page.bench.proposals.now is None


def test_another_tool_drops_the_preview(room) -> None:
    room.tool("flood")
    room.click(BRIGHT_AT)
    room.tool("brush")
    assert room.page.bench.proposals.now is None and not room.bar.isVisibleTo(room.page)
