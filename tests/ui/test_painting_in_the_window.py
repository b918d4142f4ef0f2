"""Outlines, rules and the row of tools, with the mouse and the keys in a real page."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fakes.images import opened_with, ramp_volume
from graticule.domain.elements import Segment
from graticule.domain.geometry import Array
from graticule.editing.paint_rules import ALL, CHOSEN, FREE
from graticule.presenters.paint_where import A_RANGE
from graticule.ui.paint_where import PaintWherePanel
from graticule.ui.tool_row import RowActs, ToolRow
from graticule.ui.volume_page import VolumePage

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton


class Hand:
    """A page on the screen and a hand for its axial view."""

    def __init__(self, qtbot, **more) -> None:
        self.opened = opened_with(ramp_volume(), **more)
        self.page = VolumePage(self.opened)
        self.page.resize(900, 700)
        qtbot.addWidget(self.page, before_close_func=lambda page: page.shutdown())
        self.page.show()
        qtbot.waitExposed(self.page)
        QApplication.processEvents()
        self.view = self.page.views["axial"]

    def press(self, *at: float) -> None:
        self._mouse(QEvent.Type.MouseMove, at, NONE, NONE)
        self._mouse(QEvent.Type.MouseButtonPress, at, LEFT, LEFT)

    def move(self, *at: float) -> None:
        self._mouse(QEvent.Type.MouseMove, at, NONE, LEFT)

    def let_go(self, *at: float) -> None:
        self._mouse(QEvent.Type.MouseButtonRelease, at, LEFT, NONE)
        QApplication.processEvents()

    def click(self, *places: tuple[float, float]) -> None:
        for at in places:
            self.press(*at)
            self.let_go(*at)

    def double_click(self, *at: float) -> None:
        self.click(at)
        self._mouse(QEvent.Type.MouseButtonDblClick, at, LEFT, LEFT)
        self.let_go(*at)

    def key(self, key: Qt.Key, held=Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.view, key, held)
        QApplication.processEvents()

    def round_the_middle(self, reach: float) -> list[tuple[float, float]]:
        x, y = self.view.width() / 2, self.view.height() / 2
        return [(x - reach, y), (x, y - reach), (x + reach, y), (x, y + reach)]

    def painted(self, value: int = 1) -> Array:
        return self.opened.workspace.labels.group("1").values == value

    def _mouse(self, kind, at, button, buttons) -> None:
        point = QPointF(*at)
        QApplication.sendEvent(self.view, QMouseEvent(kind, point, self.view.mapToGlobal(point), button, buttons,
                                                      Qt.KeyboardModifier.NoModifier))


@pytest.fixture
def hand(qtbot) -> Iterator[Hand]:
    made = Hand(qtbot)
    made.page.segments.add_template(made.page.segments.templates()[0])
    yield made


def test_a_contour_is_drawn_bent_and_taken_with_mouse_and_keys(hand) -> None:
    hand.key(Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    assert hand.page.active_tool == "contour"
    corners = hand.round_the_middle(70)
    hand.click(*corners[:-1])
    hand.double_click(*corners[-1])
    shown = hand.page.bench.proposals.now
    assert shown is not None and not hand.painted().any()
    before = shown.parts[0].patch.voxels
    hand.press(*corners[2])
    hand.move(corners[2][0] + 20, corners[2][1])
    hand.move(corners[2][0] + 60, corners[2][1])
    hand.let_go(corners[2][0] + 60, corners[2][1])
    wider = hand.page.bench.proposals.now.parts[0].patch.voxels
    assert wider > before * 1.1
    hand.key(Qt.Key.Key_Backspace)
    assert hand.page.bench.proposals.now.parts[0].patch.voxels != wider
    taken = hand.page.bench.proposals.now.parts[0].patch.voxels
    hand.key(Qt.Key.Key_Return)
    assert hand.painted().sum() == taken and hand.page.bench.proposals.now is None
    assert hand.opened.workspace.undo_title == "Fill Tumour"
    hand.key(Qt.Key.Key_Z)
    assert not hand.painted().any()


def test_escape_drops_a_contour_and_another_tool_does_too(hand) -> None:
    corners = hand.round_the_middle(60)
    for leave in (lambda: hand.key(Qt.Key.Key_Escape), lambda: hand.key(Qt.Key.Key_B)):
        hand.page.set_tool("contour")
        hand.click(*corners)
        hand.key(Qt.Key.Key_Return)
        assert hand.page.bench.proposals.now is not None
        leave()
        assert hand.page.bench.proposals.now is None and not hand.painted().any()


@pytest.mark.parametrize("name", ["fill-polygon", "livewire"])
def test_corners_clicked_round_a_place_fill_it(hand, name) -> None:
    hand.page.set_tool(name)
    hand.click(*hand.round_the_middle(60))
    hand.key(Qt.Key.Key_Return)
    i, j, k = hand.opened.content.grid.voxel_at(hand.view.view.plane.to_patient(hand.view.width() / 2, hand.view.height() / 2))
    assert hand.painted()[k, j, i] and len(set(np.argwhere(hand.painted())[:, 0])) == 1


def test_the_panel_chooses_where_painting_is_allowed_and_the_page_remembers(qtbot, hand) -> None:
    segments, bench = hand.page.segments, hand.page.bench
    first = segments.active
    other = segments.add_concept(segments.search("liver")[0])
    segments.select(first)
    panel: PaintWherePanel = hand.page.paint_panel
    hand.page.set_tool("brush")
    assert panel.isVisibleTo(hand.page.tool_panel) and bench.paint.over == FREE
    panel.over.activated.emit(1)
    assert bench.paint.over == CHOSEN and [one.id for one in panel._shown_ticks] == [other]
    panel._ticks.itemAt(0).widget().click()
    assert bench.paint.chosen == {other}
    panel.inside.activated.emit(1)
    assert bench.paint.inside == other
    panel.values.activated.emit(1)
    assert hand.page.paint_where.values == A_RANGE and bench.paint.range is not None
    assert panel.range.isVisibleTo(hand.page.tool_panel)
    kept = hand.page.view_state()["paint"]
    assert kept["over"] == CHOSEN and kept["chosen"] == [other] and kept["inside"] == other and kept["range"]
    hand.page.paint_where.reset()
    hand.page.paint_where.restore(kept)
    assert bench.paint.chosen == {other} and bench.paint.range is not None
    segments.delete(other)
    assert not bench.paint.chosen and not bench.paint.inside
    panel.over.activated.emit(2)
    assert bench.paint.over == ALL
    hand.page.set_tool("window")
    assert not panel.isVisibleTo(hand.page.tool_panel)


def test_shift_b_takes_the_brush_that_stops_at_edges(hand) -> None:
    hand.key(Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier)
    assert hand.page.active_tool == "brush" and hand.page.hand.find("brush").options.edge_aware
    hand.key(Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier)
    assert not hand.page.hand.find("brush").options.edge_aware


def test_strokes_over_a_locked_neighbour_leave_it_whole(hand) -> None:
    segments = hand.page.segments
    first = segments.active
    liver = segments.add_concept(segments.search("liver")[0])
    hand.page.set_tool("brush")
    x, y = hand.view.width() / 2, hand.view.height() / 2
    hand.press(x, y)
    hand.let_go(x, y)
    value = hand.opened.workspace.labels.get(Segment, liver).value
    kept = hand.painted(value).copy()
    segments.toggle_locked(liver)
    segments.select(first)
    hand.page.paint_where.set_over(ALL)
    hand.press(x - 40, y)
    hand.move(x + 40, y)
    hand.let_go(x + 40, y)
    assert kept.any() and np.array_equal(hand.painted(value), kept) and hand.painted().any()


# --- the row of tools ---------------------------------------------------------------------------------------------------

def test_a_family_stands_in_one_button_that_keeps_the_tool_used_last(qtbot, hand) -> None:
    row = ToolRow(RowActs(*[lambda: None] * 4))
    qtbot.addWidget(row)
    row.resize(1280, 44)
    row.show_tools(hand.page.tools())
    assert list(row._families)[:2] == ["paint", "outline"] and row._families["paint"].shown == "brush"
    row.show_active("livewire")
    assert row._families["outline"].shown == "livewire" and row._families["outline"].isChecked()
    assert "Shift+W" in row._families["outline"].toolTip()
    row.show_active("brush")
    assert row._families["outline"].shown == "livewire" and not row._families["outline"].isChecked()
    taken: list[str] = []
    row.tool_chosen.connect(taken.append)
    row._families["outline"].click()
    row._families["outline"].menu().actions()[0].trigger()
    assert taken == ["livewire", "fill-polygon"]
    row.show_tools(hand.page.tools())
    assert row._families["outline"].shown == "livewire"


@pytest.mark.parametrize("width", [1280, 1000, 760])
def test_the_row_fits_narrow_windows_without_losing_a_family(qtbot, hand, width) -> None:
    row = ToolRow(RowActs(*[lambda: None] * 4))
    qtbot.addWidget(row)
    row.show_tools(hand.page.tools())
    row.resize(width, 44)
    row.show()
    qtbot.waitExposed(row)
    QApplication.processEvents()
    assert row.width() == width
    if width >= 1000:
        for button in row._families.values():
            assert button.isVisible() and row._bar.rect().contains(button.geometry())


def test_down_opens_the_family_and_every_button_takes_the_keyboard(qtbot, hand) -> None:
    row = ToolRow(RowActs(*[lambda: None] * 4))
    qtbot.addWidget(row)
    row.show_tools(hand.page.tools())
    button = row._families["outline"]
    assert all(one.focusPolicy() & Qt.FocusPolicy.TabFocus for one in row._families.values())
    opened: list[bool] = []
    button.menu().aboutToShow.connect(lambda: (opened.append(True), button.menu().close()))
    from PySide6.QtCore import QTimer

    QTimer.singleShot(200, button.menu().close)
    QTest.keyClick(button, Qt.Key.Key_Down)
    assert opened
