from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QPushButton, QSlider

from fakes.images import opened_with, ramp_volume
from graticule.domain.elements import Segment
from graticule.editing.tools.brush import BrushTool
from graticule.editing.tools.crosshair import CrosshairTool
from graticule.editing.tools.strokes import SPHERE
from graticule.ui.options_form import OptionsForm, from_step, to_step
from graticule.ui.segment_line import SegmentLine
from graticule.ui.segments_panel import SegmentsPanel
from graticule.ui.volume_page import VolumePage


def panel_of(qtbot) -> tuple[VolumePage, SegmentsPanel]:
    page = VolumePage(opened_with(ramp_volume()))
    qtbot.addWidget(page, before_close_func=lambda page: page.shutdown())
    qtbot.addWidget(page.segments_panel)
    page.segments_panel.show()
    return page, page.segments_panel


def words(panel: SegmentsPanel) -> list[str]:
    return [button.text() for button in panel.findChildren(QPushButton) if button.text().startswith("Add")]


def test_an_empty_list_says_what_to_do_and_offers_what_the_protocol_asks_for(qtbot) -> None:
    page, panel = panel_of(qtbot)
    assert not panel._empty.isHidden() and words(panel) == ["Add Tumour", "Add Liver"]
    first = next(button for button in panel.findChildren(QPushButton) if button.text() == "Add Tumour")
    QTest.mouseClick(first, Qt.MouseButton.LeftButton)
    assert panel._empty.isHidden() and [row.name for row in page.segments.rows()] == ["Tumour"]


def test_a_few_letters_and_enter_add_a_structure(qtbot) -> None:
    page, panel = panel_of(qtbot)
    QTest.keyClicks(panel._typed, "kid")
    QTest.keyClick(panel._typed, Qt.Key.Key_Return)
    assert [row.name for row in page.segments.rows()] == ["Kidney"] and panel._typed.text() == ""
    assert page.active_tool == "window", "typing took no tool"


def test_a_line_can_be_renamed_locked_hidden_and_deleted(qtbot) -> None:
    page, panel = panel_of(qtbot)
    one = page.segments.add_template(page.segments.templates()[0])
    line: SegmentLine = panel._lines[one]
    line.renamed.emit(one, "Left tumour")
    line.lock_pressed.emit(one)
    assert page.opened.workspace.labels.get(Segment, one).locked
    line.eye_pressed.emit(one)
    assert page.presenter.hidden_segments == {one}
    line.lock_pressed.emit(one)
    line.deleted.emit(one)
    assert page.segments.rows() == [] and page.opened.workspace.undo_title == "Delete Left tumour"


def test_options_are_drawn_from_the_fields_and_follow_the_tool(qtbot) -> None:
    form, brush = OptionsForm(), BrushTool()
    qtbot.addWidget(form)
    form.show_tool(brush)
    form.findChild(QSlider).setValue(to_step(12.0, 0.5, 60.0))
    assert abs(brush.options.radius_mm - 12.0) < 0.6
    next(b for b in form.findChildren(QPushButton) if b.text() == "Sphere").click()
    form.findChild(QCheckBox).click()
    assert brush.options.shape == SPHERE and brush.options.edge_aware
    form.show_tool(CrosshairTool())
    assert form._tool.name == "crosshair" and not form._refreshers


def test_slider_steps_keep_their_ends() -> None:
    assert from_step(to_step(0.5, 0.5, 60.0), 0.5, 60.0) == 0.5 and from_step(200, 0.5, 60.0) == 60.0
