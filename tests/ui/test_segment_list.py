"""The list, the numbers, the authors and the comparison on a real page, by mouse and keys."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QSlider

from fakes.images import opened_with, ramp_volume
from graticule.domain.edits import voxel_change
from graticule.domain.elements import Segment
from graticule.domain.segment_status import DONE, FLAGGED
from graticule.presenters.comparing import OWN
from graticule.resources import load_ontology
from graticule.ui.answers_panel import AnswersPanel
from graticule.ui.meaning_dialog import MeaningDialog
from graticule.ui.segment_line import SegmentLine
from graticule.ui.segment_menu import segment_menu
from graticule.ui.volume_page import VolumePage

NONE, LEFT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton


@pytest.fixture
def page(qtbot) -> VolumePage:
    opened = opened_with(ramp_volume())
    opened.ontology = load_ontology("anatomy")
    made = VolumePage(opened)
    made.resize(900, 700)
    qtbot.addWidget(made, before_close_func=lambda page: page.shutdown())
    for _, panel in made.panels():
        qtbot.addWidget(panel)
    made.show()
    made.segments_panel.resize(300, 600)
    made.segments_panel.show()
    qtbot.waitExposed(made)
    QApplication.processEvents()
    return made


def add(page: VolumePage, letters: str, low: int = 0, count: int = 0, author: int = 1) -> str:
    QTest.keyClicks(page.segments_panel._typed, letters)
    QTest.keyClick(page.segments_panel._typed, Qt.Key.Key_Return)
    made = page.segments.active
    if count:
        segment, labels = page.segments.segment(made), page.opened.workspace.labels
        index = np.arange(low, low + count, dtype=np.int64)
        page.opened.workspace.do("Paint", voxel_change(segment.group, labels.group(segment.group), index, segment.value, author))
    return made


def line_of(page: VolumePage, segment_id: str) -> SegmentLine:
    return page.segments_panel._lines[segment_id]


def act(page: VolumePage, segment_id: str, words: str) -> None:
    line = line_of(page, segment_id)
    menu = segment_menu(line, line.row, line.groups())
    actions = [*menu.actions(), *(one for top in menu.actions() if top.menu() for one in top.menu().actions())]
    next(action for action in actions if action.text().split("\t")[0] == words).trigger()


def test_a_hundred_segments_are_a_dozen_widgets_and_every_one_is_reached(page: VolumePage) -> None:
    one = add(page, "metast")
    for _ in range(99):
        page.segments.add_another(one)
    QApplication.processEvents()
    made = page.segments_panel.findChildren(SegmentLine)
    assert page.segments.count == 100 and len(made) < 25 and len(page.segments_panel._lines) < 20
    assert page.segments.active in page.segments_panel._lines, "the newest is scrolled into sight"
    page.segments.select(one)
    assert one in page.segments_panel._lines and line_of(page, one).row.active
    QTest.keyClicks(page.segments_panel._sieve.typed, "metastasis 9")
    assert len(page.segments.lines()) == 19 and len(page.segments_panel.findChildren(SegmentLine)) < 25


def test_a_stroke_changes_only_the_words_of_its_own_line(page: VolumePage) -> None:
    ids = [add(page, "metast", 100 * n, 20) for n in range(9)]
    told: list[str] = []
    for line in page.segments_panel._lines.values():
        show = line.show_row
        line.show_row = lambda row, show=show: (told.append(row.id), show(row))
    segment, labels = page.segments.segment(ids[8]), page.opened.workspace.labels
    change = voxel_change("1", labels.group("1"), np.arange(5000, 5200), segment.value, 1)
    page.opened.workspace.stage(change)
    assert set(told) <= {ids[8]} and page.segments.row(ids[8]).amount == "1.76 mL"
    page.opened.workspace.cancel()


def test_alt_on_the_eye_shows_only_this_one(page: VolumePage) -> None:
    one, two = add(page, "liver"), add(page, "kid")
    line_of(page, one).solo_pressed.emit(one)
    assert page.presenter.hidden_segments == {two}
    act(page, one, "Show only this one")
    assert page.presenter.hidden_segments == set()
    act(page, two, "25 %")
    assert page.presenter.see_through == {two: 0.25} and page.presenter.shares("1") == {2: 0.25}
    assert page.view_state()["see_through"] == {two: 0.25}


def test_status_group_and_lock_are_reached_by_the_menu(page: VolumePage) -> None:
    one, two = add(page, "liver"), add(page, "kid")
    act(page, one, "Lock what is done")
    act(page, one, "Done")
    assert page.segments.segment(one).status == DONE and page.segments.segment(one).locked
    act(page, two, "Flagged")
    assert page.segments.row(two).status == FLAGGED and "Flagged" in line_of(page, two).accessibleName()
    act(page, two, "New group")
    assert page.segments.segment(two).group == "2" and [line.id for line in page.segments.lines()] == ["1", one, "2", two]
    act(page, two, "Add another of these")
    assert [row.name for row in page.segments.rows()] == ["Liver", "Kidney 1", "Kidney 2"]
    assert page.segments.segment(page.segments.active).group == "2"


def test_arrow_keys_walk_the_list(page: VolumePage) -> None:
    one, two = add(page, "liver"), add(page, "kid")
    QTest.keyClick(line_of(page, two), Qt.Key.Key_Up)
    assert page.segments.active == one
    QTest.keyClick(line_of(page, one), Qt.Key.Key_Down)
    assert page.segments.active == two


def test_numbers_come_when_the_hand_rests_and_diameters_are_drawn_on_their_slice(page: VolumePage, qtbot) -> None:
    one = add(page, "liver", 12 * 1920 + 400, 30)
    numbers = page.measured.numbers
    numbers.show()
    qtbot.waitUntil(lambda: page.measured.desk.of(one) is not None, timeout=4000)
    assert numbers._amount.said == "0.24 mL" and ("Voxels", "30") in numbers._table.rows
    numbers._axes.click()
    assert page.presenter.guides[0].figures["long"] and page.presenter.volume.grid.voxel_at(page.presenter.cursor)[2] == 12
    dashed = [mark for mark in page.views["axial"].view.marks() if mark.style == "guide"]
    assert len(dashed) == 2 and dashed[0].label.startswith("Liver")
    numbers.copy_row()
    assert QGuiApplication.clipboard().text().splitlines()[1].startswith("Liver,1,1,in-progress,30,0.24")
    numbers.copy_all()
    numbers.copy_text()
    assert "Liver: Volume 0.240 mL" in QGuiApplication.clipboard().text()
    numbers._axes.click()
    assert page.presenter.guides == ()


def test_shift_q_colours_voxels_by_their_authors_and_the_key_tells_shares(page: VolumePage, qtbot) -> None:
    one = add(page, "liver", 12 * 1920, 300, author=1)
    segment, labels = page.segments.segment(one), page.opened.workspace.labels
    page.opened.workspace.do("Grow", voxel_change("1", labels.group("1"), np.arange(12 * 1920 + 300, 12 * 1920 + 400),
                                                  segment.value, 3))
    page.presenter.move_cursor(page.presenter.volume.grid.to_patient((10, 5, 12)))
    view = page.views["axial"]
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Q, Qt.KeyboardModifier.ShiftModifier)
    assert page.presenter.authors_seen and page.segments_panel._look.authors.isChecked()
    page.measured.numbers.show()
    qtbot.waitUntil(lambda: page.measured.desk.of(one) is not None, timeout=4000)
    legend = page.segments_panel.legend
    assert legend.isVisible() and [legend._amounts[author][2].text() for author in (1, 3)] == ["75.0 %", "25.0 %"]
    assert colours(view, page) >= {"hand", "grown"}
    more = np.arange(12 * 1920 + 800, 12 * 1920 + 900)
    page.opened.workspace.stage(voxel_change("1", labels.group("1"), more, segment.value, 2))
    assert "interpolated" in colours(view, page), "also while the stroke goes on"
    page.opened.workspace.cancel()
    QTest.keyClick(view, Qt.Key.Key_Q, Qt.KeyboardModifier.ShiftModifier)
    assert not page.presenter.authors_seen and not legend.isVisible()


def colours(view, page: VolumePage) -> set[str]:
    """Whose colours stand in a view, by their hue over grey."""
    view.repaint()
    image = view.grab().toImage()
    found = set()
    for x in range(2, image.width() - 2, 3):
        for y in range(2, image.height() - 2, 3):
            red, green, blue, _ = image.pixelColor(QPoint(x, y)).getRgb()
            if blue - red > 45 and blue > green:
                found.add("hand")
            if green - red > 30 and green - blue > 10:
                found.add("grown")
            if red - blue > 45 and abs(red - green) < 30:
                found.add("interpolated")
    return found


def test_two_masks_are_compared_mapped_and_the_map_goes_with_the_panel(page: VolumePage) -> None:
    one = add(page, "liver", 12 * 1920, 300)
    two = add(page, "kid")
    page.segments.move_to_group(two, "")
    labels, segment = page.opened.workspace.labels, page.segments.segment(two)
    index = np.arange(12 * 1920 + 100, 12 * 1920 + 400)
    page.opened.workspace.do("Paint", voxel_change("2", labels.group("2"), index, segment.value, 1))
    panel = page.measured.comparison
    page.measured.numbers.compare_asked.emit()
    assert panel.isVisible() and [panel._a.currentText(), panel._b.currentText()] == ["Liver", "Kidney"]
    panel.compare()
    now = page.measured.comparing.now
    assert now.agreement.dice == pytest.approx(400 / 600) and page.presenter.compared is now
    assert ("Dice", "0.667") in panel._table.rows and page.presenter.mapped
    panel._places.chosen.emit(0)
    assert page.presenter.volume.grid.voxel_at(page.presenter.cursor)[2] == 12
    panel._tolerance.setValue(3.5)
    assert page.measured.comparing.now.agreement.tolerance_mm == 3.5
    page.opened.workspace.do("More", voxel_change("1", labels.group("1"), np.arange(6), page.segments.segment(one).value, 1))
    assert page.measured.comparing.stale and panel._stale.isVisible()
    panel._map.click()
    assert page.presenter.compared is None
    panel.copy()
    assert QGuiApplication.clipboard().text().startswith("A\tLiver\nB\tKidney\nDice")
    panel.close_comparison()
    assert page.measured.comparing.now is None and not panel.isVisible() and page.measured.comparing.pair[0] == (OWN, one)


def test_a_meaning_is_coded_from_the_keyboard_alone(page: VolumePage, qtbot) -> None:
    one = add(page, "liver")
    dialog = MeaningDialog(page.segments, one, page)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    fields = dialog._fields
    fields["type"].setFocus()
    fields["type"].selectAll()
    QTest.keyClicks(fields["type"], "kid")
    QTest.keyClick(fields["type"], Qt.Key.Key_Return)
    assert fields["type"].text() == "Kidney" and dialog.result() != QDialog.DialogCode.Accepted
    QTest.keyClicks(fields["laterality"], "lef")
    QTest.keyClick(fields["laterality"], Qt.Key.Key_Return)
    fields["laterality"].setFocus()
    codes = dialog.codes()
    page.segments.set_meaning(one, *codes)
    segment: Segment = page.segments.segment(one)
    assert (segment.type.code, segment.laterality.code) == ("kidney", "left")
    assert page.segments.row(one).meaning == "Kidney, left"


def test_the_wheel_over_a_choice_scrolls_the_column_and_changes_nothing(qtbot) -> None:
    slider, panel = QSlider(Qt.Orientation.Horizontal), AnswersPanel(lambda: None)
    slider.setValue(35)
    qtbot.addWidget(panel)
    panel.show_case(None, [("Opacity", slider)])
    panel.show()
    where = QPointF(5, 5)
    wheel = QWheelEvent(where, where, QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton, NONE,
                        Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(slider, wheel)
    assert slider.value() == 35
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert slider.value() == 36
