"""The right column: what begins folded, what opens because it was asked for, and what is kept; nothing in it is ever a window."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from fakes.window import DeskWindow, open_window
from graticule.domain.codes import Code
from graticule.domain.edits import voxel_change
from graticule.domain.elements import Segment
from graticule.domain.labels import AUTHOR_HAND
from graticule.ui.section import Section

HEART = Code("SCT", "80891009", "")


class Windows(QObject):
    """Writes down every widget that is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(type(watched).__name__)
        return False


@pytest.fixture
def desk(qtbot, tmp_path: Path) -> DeskWindow:
    made = open_window(place=tmp_path / "window.json")
    qtbot.addWidget(made.window)
    made.parts.desk.open("c1:01")
    QApplication.processEvents()
    return made


def sections(desk: DeskWindow) -> dict[str, Section]:
    return {section.head.text(): section for section in desk.window.answers.findChildren(Section) if section.isVisible()}


def add_segment(desk: DeskWindow) -> None:
    workspace = desk.window.stage.page.opened.workspace
    workspace.set("Add segment", Segment(id="s1", group="main", value=1, colour="#56b4e9", category=HEART, type=HEART,
                                         name="Heart"))
    QApplication.processEvents()


def test_few_sections_are_there_and_open_at_first(desk: DeskWindow) -> None:
    assert {name: section.opened for name, section in sections(desk).items()} == {"Segments": True, "Tool": True, "3D": False}
    add_segment(desk)
    found = {name: section.opened for name, section in sections(desk).items()}
    assert found == {"Segments": True, "Tool": True, "Numbers": False, "Refine": False, "3D": False}


def test_a_folded_section_takes_no_part_in_the_tab_chain(desk: DeskWindow) -> None:
    add_segment(desk)
    refine = sections(desk)["Refine"]
    stops = [widget for widget in refine.findChildren(QWidget)
             if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert stops == [refine.head]
    QTest.keyClick(refine.head, Qt.Key.Key_Space)
    assert refine.opened and refine.panel.isVisible()


def test_what_is_asked_for_elsewhere_opens_its_section(desk: DeskWindow) -> None:
    add_segment(desk)
    page = desk.window.stage.page
    page.segments.refine("s1", "smooth")
    QApplication.processEvents()
    assert sections(desk)["Refine"].opened
    desk.window._show_history()
    assert sections(desk)["History"].opened and page.history_panel.isVisible()
    sections(desk)["Numbers"].head.click()
    page.measured.numbers.compare_asked.emit()
    assert sections(desk)["Comparison"].opened


def test_what_was_folded_and_opened_is_kept_for_other_cases_and_days(desk: DeskWindow, qtbot, tmp_path: Path) -> None:
    add_segment(desk)
    for name in ("Tool", "Refine"):
        QTest.mouseClick(sections(desk)[name].head, Qt.MouseButton.LeftButton)
    desk.parts.desk.open("c1:02")
    desk.parts.desk.open("c1:01")
    QApplication.processEvents()
    assert (sections(desk)["Tool"].opened, sections(desk)["Refine"].opened) == (False, True)
    desk.window.close()
    again = open_window(place=tmp_path / "window.json")
    qtbot.addWidget(again.window)
    again.parts.desk.open("c1:01")
    QApplication.processEvents()
    assert not sections(again)["Tool"].opened


def test_keys_go_back_to_the_image_with_the_hand_but_not_while_something_is_written(desk: DeskWindow, qtbot) -> None:
    add_segment(desk)
    desk.window.activateWindow()
    qtbot.waitUntil(desk.window.isActiveWindow)
    page, refine = desk.window.stage.page, sections(desk)["Refine"]
    refine.open()
    button = refine.findChildren(QPushButton)[1]
    for widget, comes_back in ((button, True), (page.segments_panel._typed, False)):
        widget.setFocus()
        middle = QPointF(page.rect().center())
        QApplication.sendEvent(page, QEnterEvent(middle, middle, page.mapToGlobal(middle)))
        assert page.current().hasFocus() is comes_back


def test_who_made_what_is_counted_also_while_the_numbers_are_folded(desk: DeskWindow, qtbot) -> None:
    add_segment(desk)
    page = desk.window.stage.page
    group = page.opened.workspace.labels.group("main")
    page.opened.workspace.do("Paint Heart", voxel_change("main", group, np.arange(600, 620), 1, AUTHOR_HAND))
    page.segments.select("s1")
    assert not sections(desk)["Numbers"].opened
    page.presenter.see_authors(True)
    said = page.segments_panel.legend.findChildren(QLabel)
    qtbot.waitUntil(lambda: "100.0 %" in [one.text() for one in said])


@pytest.mark.parametrize("number", ["c1:01", "c1:02", "c1:03"])
def test_no_part_of_a_page_is_a_window_while_it_is_made(desk: DeskWindow, number: str) -> None:
    """On the screen it would flash up, and take the keys away."""
    add_segment(desk)
    desk.parts.desk.open("c1:02")
    windows = Windows()
    QApplication.instance().installEventFilter(windows)
    desk.parts.desk.open(number)
    QApplication.processEvents()
    QApplication.instance().removeEventFilter(windows)
    assert windows.seen == []
