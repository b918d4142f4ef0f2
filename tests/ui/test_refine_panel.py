"""The panel Refine in a page: by button or segment menu, taken with Enter, dropped with Esc; copy and paste by keys."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fakes.images import opened_with, ramp_volume
from graticule.domain.edits import voxel_change
from graticule.domain.elements import Segment
from graticule.domain.labels import AUTHOR_HAND
from graticule.ui.segment_menu import segment_menu
from graticule.ui.volume_page import VolumePage
from segmentation_grids import ball


def page_with_ball(qtbot) -> tuple[VolumePage, str, np.ndarray]:
    page = VolumePage(opened_with(ramp_volume()))
    qtbot.addWidget(page, before_close_func=lambda page: page.shutdown())
    qtbot.addWidget(page.workshop.panel)
    page.resize(800, 600)
    page.show()
    page.workshop.panel.show()
    one = page.segments.add_template(page.segments.templates()[0])
    grid, workspace = page.opened.content.grid, page.opened.workspace
    mask = ball(grid, np.add(grid.centre_mm, (0, 0, 1.0)), 11.0)
    workspace.do("Paint", voxel_change("1", workspace.labels.group("1"), np.flatnonzero(mask), 1, AUTHOR_HAND))
    page.activate("axial")
    page.current().setFocus()
    return page, one, mask


def test_a_button_shows_what_would_be_enter_takes_it_and_the_keyboard_goes_back(qtbot) -> None:
    page, _, mask = page_with_ball(qtbot)
    panel, workspace = page.workshop.panel, page.opened.workspace
    QTest.mouseClick(panel._buttons["margin"], Qt.MouseButton.LeftButton)
    assert page.bench.proposals.now is not None and panel.take.isEnabled() and "→" in panel._note.text()
    QTest.keyClick(panel, Qt.Key.Key_Return)
    assert workspace.undo_title == "Grow Tumour" and workspace.labels.group("1").counts[1] > mask.sum()
    QTest.mouseClick(panel._buttons["smooth"], Qt.MouseButton.LeftButton)
    QTest.keyClick(page.current(), Qt.Key.Key_Escape)
    assert page.bench.proposals.now is None and page.workshop.refining.now is None and not panel.take.isVisible()


def test_the_menu_of_a_segment_adds_a_possible_boundary_that_is_painted_like_any(qtbot) -> None:
    page, one, mask = page_with_ball(qtbot)
    line = page.segments_panel._list.lines.get(one) or page.segments_panel._lines[one]
    menu = segment_menu(line, page.segments.rows()[0], [("1", "")])
    next(action for action in menu.actions() if "possible" in action.text()).trigger()
    QApplication.processEvents()
    assert page.workshop.refining.now.name == "possible" and "possible" in page.workshop.refining.note
    QTest.keyClick(page.current(), Qt.Key.Key_Return)
    labels = page.opened.workspace.labels
    outer = labels.possible_of(labels.get(Segment, one))
    assert [row.possible for row in page.segments.rows()] == [False, True] and labels.voxels_of(outer) > mask.sum()
    QApplication.processEvents()
    layers = page.views["axial"]._layers
    page.views["axial"].grab()
    assert layers[outer.group].dashed and not layers["1"].dashed
    page.segments.delete(one)
    assert labels.of(Segment) == []
    page.opened.workspace.undo()
    assert len(labels.of(Segment)) == 2


def test_ctrl_c_and_ctrl_shift_v_bring_the_slice_onward(qtbot) -> None:
    page, _, mask = page_with_ball(qtbot)
    view, said = page.current(), []
    page.status_changed.connect(said.append)
    for _ in range(4):
        view.view.scroll(1)
    cut = page.workshop._shown()[0]
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    after = page.workshop._shown()[0]
    found = page.opened.workspace.labels.group("1").values == 1
    assert abs(after.at - cut.at) == 1 and np.array_equal(found[after.at], mask[cut.at] | mask[after.at])
    assert any("Copied Tumour" in words for words in said) and any("Pasted" in words for words in said)
