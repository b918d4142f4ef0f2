"""The form's widgets by real keys: typing, contradictions, marks on the page, the editor and the lesions of a patient."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import fakes.desk
from fakes.asking import FINDINGS, item, protocol
from fakes.window import DeskWindow, open_window
from graticule.domain.case import Case, Kind
from graticule.domain.picture import Picture
from graticule.presenters.form_editor import FormEditor
from graticule.presenters.turning import Turn
from graticule.records.ids import protocol_id
from graticule.resources import load_ontology, read_json
from graticule.study.protocol import Protocol, parse_protocol
from graticule.ui import theme
from graticule.ui.body_map import BodyMap
from graticule.ui.form_editor import FormEditorWindow
from graticule.ui.patient_lesions import LesionSheet
from graticule.ui.question_finding import FindingRow

QUESTIONS = (
    FINDINGS,
    item("depth", "number", unit="mm", decimals=1, low="0.1", required=False),
    item("why", "text", required=False),
)


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    theme.apply(qapp)
    monkeypatch.setattr(
        fakes.desk,
        "content_for",
        lambda case: Picture(
            np.full((60, 80, 3), 90, np.uint8) if case.modality == "DMS" else np.zeros((60, 80), np.uint16),
            case.modality,
            "RGB" if case.modality == "DMS" else "MONOCHROME2",
            edge_letters=("R", "H", "L", "F"),
        ),
    )

    def make(study: Protocol, cases: list[Case]) -> DeskWindow:
        monkeypatch.setattr(fakes.desk, "protocol", lambda: study)
        made = open_window(cases)
        qtbot.addWidget(made.window)
        made.window.activateWindow()
        qtbot.waitUntil(made.window.isActiveWindow)
        return made

    yield make


def chest(**facts: object) -> list[Case]:
    return [replace(fakes.desk.case(number), facts=facts) for number in (1, 2)]


def press(text: str) -> None:
    for letter in text:
        QTest.keyClick(QApplication.focusWidget(), letter)
        QApplication.processEvents()


def test_a_side_that_contradicts_the_file_is_explained_by_keyboard(window: Any) -> None:
    desk = window(protocol(*QUESTIONS), chest(laterality="L"))
    form, panel = desk.parts.desk.form, desk.window.answers.form
    panel.take_focus()
    press("ad")
    row = QApplication.focusWidget()
    assert isinstance(row, FindingRow) and row.question.id == "cxr.nodule"
    press("r")
    assert form.conflicts() and row.hasFocus(), "nothing goes on while a side contradicts the file"
    QTest.keyClick(row, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.title() == "CR 1" and desk.window.notices.cards[-1].notice.what == "You answered right, but the file says left."
    row.setFocus()
    QTest.keyClick(row, Qt.Key.Key_Tab)
    press("Wrong marker")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert form.answer("cxr.nodule.side").explanation == "Wrong marker" and form.conflicts() == []


def test_a_letter_the_question_does_not_know_never_reaches_the_image(window: Any) -> None:
    desk = window(protocol(*QUESTIONS), chest())
    place = desk.window.stage.page.presenter.place
    desk.window.answers.form.take_focus()
    for slip in (Qt.Key.Key_H, Qt.Key.Key_I, Qt.Key.Key_7):
        QTest.keyClick(QApplication.focusWidget(), slip)
    assert place.turn == Turn()
    desk.window.stage.page.setFocus()
    QTest.keyClick(desk.window.stage.page, Qt.Key.Key_H)
    assert place.turn != Turn(), "on the image itself the key flips"


def test_what_is_being_typed_is_kept_when_the_case_is_finished_left_or_the_program_ends(window: Any) -> None:
    desk = window(protocol(*QUESTIONS), chest())
    form, panel = desk.parts.desk.form, desk.window.answers.form
    panel.take_focus()
    press("d")
    assert QApplication.focusWidget() is next(card for card in panel.cards if card.question.id == "depth")._input.field
    press("1,5")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert form.answer("depth").value == "1.5"
    press("Haze 3")
    assert form.answer("why") is None
    assert desk.parts.memory.load("unfinished c1:01") == {"why": "Haze 3"}, "every keystroke is kept before the hand rests"
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert form.answer("why").value == "Haze 3" and desk.title() == "CR 2"
    assert desk.parts.memory.load("unfinished c1:01") == {}
    desk.window.answers.form.take_focus()
    press("d")
    next(card for card in desk.window.answers.form.cards if card.question.id == "why").setFocus()
    press("left")
    second = desk.parts.desk.form
    desk.window.close()
    assert second.answer("why").value == "left"


def test_x_lends_the_mark_tool_and_the_drawn_box_comes_back_to_the_row(window: Any, qtbot: QtBot) -> None:
    desk = window(protocol(*QUESTIONS), chest())
    form, panel, page = desk.parts.desk.form, desk.window.answers.form, desk.window.stage.page
    before = page.active_tool
    panel.take_focus()
    press("apx")
    view = page.current()
    assert page.active_tool == "mark" and page.hasFocus()
    start, end = (QPointF(*view.view.on_screen(at)).toPoint() for at in ((10.0, 10.0), (30.0, 40.0)))
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(view, end)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=end)
    qtbot.waitUntil(lambda: page.active_tool == before)
    (region,) = form.regions("cxr.nodule")
    assert region.shape == "box" and QApplication.focusWidget().question.id == "cxr.nodule"
    assert "Nodule" in [outline.label for outline in view.view.marks()], "the finding stands beside its box"
    qtbot.waitUntil(lambda: [row.title for row in page.acts.marks.rows()] == ["1  Nodule"])
    page.acts.marks.rename(region.id, "largest")
    assert "Nodule: largest" in [outline.label for outline in view.view.marks()]
    assert page.acts.marks.name_of(region.id) == "largest"
    press("l")
    assert [conflict.question for conflict in form.conflicts()] == ["cxr.nodule.side"]


def test_a_click_on_the_body_map_gives_the_place(qtbot: QtBot, qapp: QApplication) -> None:
    made, given = BodyMap({"head_neck", "anterior_torso"}), []
    qtbot.addWidget(made)
    made.pointed.connect(given.append)
    for view, x, y in (("front", 500, 300), ("back", 500, 75), ("front", 400, 800)):
        QTest.mouseClick(made, Qt.MouseButton.LeftButton, pos=made._on_screen(view, (x, y)).toPoint())
    assert [(value["site"], value["view"]) for value in given] == [("anterior_torso", "front"), ("head_neck", "back")]
    assert abs(given[0]["at"][0] - 500) < 20 and abs(given[0]["at"][1] - 300) < 10


def test_the_editor_makes_a_protocol_that_readers_can_use(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    theme.apply(qapp)
    editor = FormEditorWindow(FormEditor(read_json("protocols", "open.json"), load_ontology(), protocol_id))
    qtbot.addWidget(editor, before_close_func=lambda widget: widget.editor.saved())
    editor.show()
    editor._add("choice")
    editor.question.text.setText("Which lesion?")
    editor.question.text.editingFinished.emit()
    editor.question.choices.table.item(0, 0).setText("Naevus")
    editor.question.choices.table.item(0, 2).setText("skin_dx_nevus")
    editor._add("bool")
    editor.question.when.setCurrentIndex(1)
    editor.question.when.activated.emit(1)
    assert editor.editor.question(1)["when"] == {"question": "q1", "is": ["a1"]}
    editor._show_preview()
    assert editor.preview.panel is not None and len(editor.preview.panel.cards) == 2
    assert editor.preview.panel.cards[1].isHidden()
    editor.preview.panel._form.give("q1", "a1")
    assert not editor.preview.panel.cards[1].isHidden(), "the preview answers, hides and shows"
    editor.save_to(tmp_path / "form.json")
    saved = FormEditor(read_json("protocols", "open.json"), load_ontology(), protocol_id)
    editor.open_from(tmp_path / "form.json")
    study = parse_protocol(editor.editor.document)
    assert study.questions[0].choices[0].code == "skin_dx_nevus" and editor.editor.id != saved.id and not editor.editor.changed


def test_all_lesions_of_the_patient_open_from_their_sheet(window: Any, qtbot: QtBot) -> None:
    study = parse_protocol(read_json("protocols", "forms", "skin_lesion.json"))
    cases = [
        replace(fakes.desk.case(number, Kind.IMAGE, "DMS"), facts={"patient": "p-1" if number < 4 else "p-2"})
        for number in range(1, 5)
    ]
    desk = window(study, cases)
    desk.parts.desk.form.give("body_site", {"site": "posterior_torso", "view": "back", "at": [400, 300]})
    desk.window.menus.lesions.trigger()
    sheet = desk.window.findChild(LesionSheet)
    assert sheet is not None and sheet.model.rowCount() == 3
    qtbot.waitUntil(lambda: sheet.model.index(2).data(Qt.ItemDataRole.UserRole + 1) is not None)
    sheet.list.selectAll()
    assert sheet._compare.count() == 3
    sheet.list.setCurrentIndex(sheet.model.index(1))
    QTest.keyClick(sheet.list, Qt.Key.Key_Return)
    assert desk.title() == "DMS 2" and not sheet.isVisible()


def test_words_that_a_crash_interrupted_stand_in_their_field_again(window: Any, qtbot: QtBot) -> None:
    desk = window(protocol(*QUESTIONS), chest())
    desk.parts.memory.save("unfinished c1:02", {"why": "Opacity in the ri", "depth": "1,", "gone": "x"})
    desk.parts.desk.open("c1:02")
    qtbot.waitUntil(lambda: desk.title() == "CR 2")
    form, panel = desk.parts.desk.form, desk.window.answers.form
    fields = {card.question.id: card._input.field for card in panel.cards if card.question.id in ("why", "depth")}
    assert fields["why"].toPlainText() == "Opacity in the ri" and fields["depth"].text() == "1,"
    fields["why"].setFocus()
    QTest.keyClick(fields["why"], Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    press("ght")
    assert form.answer("why") is None
    fields["depth"].setFocus()
    assert form.answer("why").value == "Opacity in the right"
