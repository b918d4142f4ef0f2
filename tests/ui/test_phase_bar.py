"""From one phase of a series to the next, by key and by button: same place, same tool, and the mask comes when asked for."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fakes.desk import case
from fakes.window import DeskWindow, open_window
from graticule.domain.case import Kind
from graticule.domain.codes import Code
from graticule.domain.edits import voxel_change
from graticule.domain.elements import Segment
from graticule.domain.labels import AUTHOR_HAND
from graticule.ui.phase_bar import PhaseBar

PHASES = [replace(case(n, Kind.VOLUME, "CT", f"Heart, phase {n}"), facts={"series": "1.2.3", "interpretation": f"phase {n} of 3"})
          for n in (1, 2, 3)]


@pytest.fixture
def desk(qtbot) -> DeskWindow:
    made = open_window(PHASES)
    qtbot.addWidget(made.window)
    made.window.activateWindow()
    qtbot.waitUntil(made.window.isActiveWindow)
    made.parts.desk.open("c1:01")
    QApplication.processEvents()
    return made


def bar(desk: DeskWindow) -> PhaseBar:
    return desk.window.stage.page.phase_bar


def press(key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget(), key, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)


def paint(desk: DeskWindow) -> np.ndarray:
    """A few voxels of a new segment; its mask."""
    opened = desk.window.stage.page.opened
    code = Code("SCT", "80891009", "")
    opened.workspace.set("Add segment", Segment(id="s1", group="main", value=1, colour="#56b4e9", category=code, type=code,
                                                    name="Heart"))
    mask = np.zeros((5, 16, 16), bool)
    mask[2, 4:7, 5:8] = True
    group = opened.workspace.labels.group("main")
    opened.workspace.do("Paint Heart", voxel_change("main", group, np.flatnonzero(mask), 1, AUTHOR_HAND))
    return mask


def test_the_key_goes_to_the_next_phase_and_back_at_the_same_place(desk: DeskWindow, qtbot) -> None:
    page = desk.window.stage.page
    assert "1 of 3" in bar(desk).label.text() and not page.perform("volume.previous-phase"), "there is none before the first"
    page.set_tool("brush")
    page.presenter.move_cursor((4.0, 5.0, 3.0))
    press(Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: desk.title() == "Heart, phase 2")
    page = desk.window.stage.page
    assert "2 of 3" in bar(desk).label.text() and page.active_tool == "brush"
    assert np.allclose(page.presenter.cursor, (4.0, 5.0, 3.0))
    press(Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: desk.title() == "Heart, phase 1")


def test_the_button_carries_the_mask_on_and_enter_takes_it(desk: DeskWindow, qtbot) -> None:
    mask = paint(desk)
    page = desk.window.stage.page
    page.segments.select("s1")
    QTest.mouseClick(bar(desk).carry, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: desk.title() == "Heart, phase 2")
    page = desk.window.stage.page
    qtbot.waitUntil(lambda: page.bench.proposals.now is not None)
    workspace = page.opened.workspace
    assert [segment.name for segment in workspace.labels.of(Segment)] == ["Heart"]
    assert "main" not in workspace.labels.groups or not workspace.labels.group("main").values.any()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert np.array_equal(workspace.labels.group("main").values != 0, mask)
    assert workspace.undo_title == "Carry Heart on from the other phase"
