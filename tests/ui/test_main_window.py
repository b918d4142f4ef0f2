"""The window on fakes: worklist, questions, finishing, signing, undo, import, by mouse and keyboard."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import MappingProxyType

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fakes.desk import PASSWORD, FakeLabels, FakeMemory
from fakes.window import CASES, DeskWindow, open_window
from graticule.domain.case import Kind, State
from graticule.presenters.ports import SyncCounts
from graticule.presenters.session import Finding
from graticule.ui import pages, theme
from graticule.ui.sign_dialog import SignDialog
from graticule.ui.verify_sheet import VerifySheet

Open = Callable[..., DeskWindow]


@pytest.fixture
def opened(qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    theme.apply(qapp)
    monkeypatch.setattr(pages, "PAGES", MappingProxyType(dict.fromkeys(Kind, ("fakes.page", "FakePage"))))

    def make(**kinds: object) -> DeskWindow:
        made = open_window(**kinds)  # type: ignore[arg-type]
        qtbot.addWidget(made.window)
        made.window.activateWindow()
        qtbot.waitUntil(made.window.isActiveWindow)
        return made

    yield make


def key(widget: QWidget, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for one in keys:
        QTest.keyClick(widget, one, modifier)


def shortcut(desk: DeskWindow, *sequence: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    desk.window.activateWindow()
    QApplication.processEvents()
    key(QApplication.focusWidget() or desk.window, *sequence, modifier=modifier)


def answer_everything(desk: DeskWindow) -> None:
    form = desk.parts.desk.form
    assert form is not None
    form.give("pneumothorax", False)
    form.confidence("pneumothorax", "high")
    form.give("lesion", "other")


def test_the_first_undone_case_lies_open_and_the_bars_say_what_there_is(opened: Open) -> None:
    desk = opened()
    assert desk.title() == "Brain tumour" and desk.window.windowTitle() == "Brain tumour – Graticule"
    fields = desk.window.status.fields()
    assert fields["reader"] == "Dr. A. Reader" and fields["hint"].startswith("Drag: window")
    assert fields["sync"].startswith("2 here · 2 on server · 0 backed up")


def test_a_click_in_the_worklist_opens_and_the_page_has_the_keys(opened: Open) -> None:
    desk = opened()
    view = desk.window.worklist.list
    place = view.visualRect(desk.window.worklist.model.index(2))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place.center())
    assert desk.title() == "Record 231"
    key(desk.window.stage.page, Qt.Key.Key_B)
    assert desk.window.stage.page.keys == ["b"]


def test_n_goes_to_the_next_undone_case_and_shift_n_back(opened: Open) -> None:
    desk = opened()
    shortcut(desk, Qt.Key.Key_N)
    assert desk.title() == "Chest"
    shortcut(desk, Qt.Key.Key_N, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert desk.title() == "Brain tumour"


def test_letters_typed_in_the_search_are_text_and_enter_opens_the_first(opened: Open) -> None:
    desk = opened()
    shortcut(desk, Qt.Key.Key_F, modifier=Qt.KeyboardModifier.ControlModifier)
    search = desk.window.worklist.search
    assert search.hasFocus()
    QTest.keyClicks(search, "ne")
    assert search.text() == "ne" and desk.title() == "Brain tumour"
    search.clear()
    QTest.keyClicks(search, "231")
    assert desk.window.worklist.model.rowCount() == 1
    key(search, Qt.Key.Key_Return)
    assert desk.title() == "Record 231"


def test_digits_answer_only_while_the_form_has_the_focus(opened: Open) -> None:
    desk = opened()
    desk.parts.desk.open("c1:02")
    form = desk.parts.desk.form
    assert form is not None and desk.window.answers.form is not None
    key(desk.window.stage.page, Qt.Key.Key_2)
    assert form.answer("pneumothorax") is None and form.answer("lesion") is None
    card = desk.window.answers.form.cards[1]
    card.setFocus()
    key(card, Qt.Key.Key_2)
    assert form.answer("lesion").value == "melanoma"  # type: ignore[union-attr]


def test_answering_by_keys_walks_through_the_form(opened: Open) -> None:
    desk = opened()
    desk.parts.desk.open("c1:02")
    form, panel = desk.parts.desk.form, desk.window.answers.form
    assert form is not None and panel is not None
    first, second = panel.cards
    first.setFocus()
    key(first, Qt.Key.Key_1)
    assert first.hasFocus(), "how sure is still to be said"
    key(first, Qt.Key.Key_Right, Qt.Key.Key_Right)
    assert form.answer("pneumothorax").confidence == 60 and first.hasFocus()  # type: ignore[union-attr]
    key(first, Qt.Key.Key_Return)
    assert second.hasFocus()
    key(second, Qt.Key.Key_3)
    assert form.missing() == []


def test_answers_are_undone_with_ctrl_z_and_the_buttons_say_what(opened: Open) -> None:
    desk = opened()
    desk.parts.desk.open("c1:02")
    assert not desk.window.tools.undo.isEnabled()
    assert desk.parts.desk.form is not None
    desk.parts.desk.form.give("lesion", "naevus")
    assert desk.window.tools.undo.toolTip() == "Undo: Answer: Most likely diagnosis (Ctrl+Z)"
    assert desk.window.menus.undo.text() == "Undo: Answer: Most likely diagnosis"
    shortcut(desk, Qt.Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert desk.parts.desk.form.answer("lesion") is None
    shortcut(desk, Qt.Key.Key_Y, modifier=Qt.KeyboardModifier.ControlModifier)
    assert desk.parts.desk.form.answer("lesion") is not None


def test_finish_names_what_is_missing_and_puts_the_focus_there(opened: Open) -> None:
    desk = opened()
    desk.parts.desk.open("c1:02")
    shortcut(desk, Qt.Key.Key_Return, modifier=Qt.KeyboardModifier.ControlModifier)
    assert desk.title() == "Chest"
    said = [card.notice.what for card in desk.window.notices.cards]
    assert said == ["Still to be answered: “Pneumothorax”, “Most likely diagnosis”."]
    assert desk.window.answers.form is not None and desk.window.answers.form.cards[0].hasFocus()


def test_finish_opens_the_next_and_offers_to_sign(opened: Open) -> None:
    desk = opened()
    desk.parts.desk.open("c1:02")
    assert desk.window.tools.sign.isHidden()
    answer_everything(desk)
    shortcut(desk, Qt.Key.Key_Return, modifier=Qt.KeyboardModifier.ControlModifier)
    assert desk.title() == "Record 231" and desk.parts.labels.done == {"c1:02"}
    assert not desk.window.tools.sign.isHidden() and desk.window.tools.sign.text() == "Sign 1 read"


def test_signing_asks_once_says_what_is_wrong_and_locks(opened: Open) -> None:
    desk = opened(labels=FakeLabels(done={"c1:01", "c1:02"}))
    desk.parts.desk.open("c1:01")
    seen: list[str] = []

    def sign() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, SignDialog)
        assert dialog.sign.text() == "Sign 2 reads"
        dialog.password.setText("wrong")
        dialog.sign.click()
        seen.append(dialog.wrong.text())
        dialog.password.setText(PASSWORD)
        dialog.sign.click()

    QTimer.singleShot(0, sign)
    desk.window.tools.sign.click()
    assert seen == ["The password is not right. Nothing was signed."]
    assert desk.parts.labels.signed == {"c1:01", "c1:02"}
    banner = desk.window.stage.banner
    assert banner.isVisible() and banner.words.text() == "Signed and locked  ·  Version 1"
    assert desk.window.tools.finish.text() == "Next case"


def test_a_correction_is_a_new_version_with_a_reason(opened: Open) -> None:
    desk = opened(labels=FakeLabels(done={"c1:01"}, signed={"c1:01"}))
    desk.parts.desk.open("c1:01")
    banner = desk.window.stage.banner
    assert banner.isVisible()
    banner.correct.menu().actions()[1].trigger()
    assert desk.parts.labels.reasons == ["slip"] and not banner.isVisible()
    assert desk.parts.desk.opened is not None and not desk.parts.desk.opened.workspace.locked


def test_view_state_survives_leaving_and_a_sudden_end(opened: Open) -> None:
    memory = FakeMemory()
    desk = opened(memory=memory)
    desk.window.stage.page.state["slice"] = 17
    desk.window._every_second()
    again = opened(memory=memory)
    assert again.window.stage.page.state == {"slice": 17}


def test_pages_are_shut_down_when_their_case_is_left(opened: Open) -> None:
    desk = opened()
    page = desk.window.stage.page
    desk.parts.desk.open("c1:02")
    assert page.is_shut and desk.window.stage.page is not page


def test_closing_puts_the_case_back(opened: Open) -> None:
    desk = opened()
    desk.window.close()
    assert desk.parts.desk.opened is None and desk.parts.labels.saved[0][0] == "c1:01"


def test_an_empty_store_says_what_to_do_and_dropped_files_are_imported(opened: Open, tmp_path: Path) -> None:
    desk = opened(cases=())
    assert desk.title() == ""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "Chest.dcm"))])
    drop = QDropEvent(QPointF(400, 400), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                      Qt.KeyboardModifier.NoModifier)
    desk.window.dropEvent(drop)
    assert desk.title() == "Chest" and desk.window.worklist.model.rowCount() == 1


def test_a_failure_is_a_notice_and_the_window_lives(opened: Open) -> None:
    desk = opened()
    desk.parts.opener.gone.add("c1:03")
    desk.parts.desk.open("c1:03")
    notice = desk.window.notices.cards[-1].notice
    assert (notice.what, notice.meaning) == ("The file of this case is gone.", "Your committed work is safe.")
    desk.parts.desk.open("c1:01")
    assert desk.title() == "Brain tumour"


def test_the_worklist_folds_to_a_strip_and_the_window_remembers_it(opened: Open, tmp_path: Path) -> None:
    desk = opened(place=tmp_path / "window.json")
    desk.window.menus.toggle_worklist.trigger()
    assert desk.window.worklist.strip and desk.window.worklist.maximumWidth() == theme.TOKENS.strip_width
    desk.window.close()
    assert opened(place=tmp_path / "window.json").window.worklist.strip


def test_a_spoilt_window_file_is_forgotten(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "window.json").write_text('{"geometry": 3, "columns": "#"', encoding="utf-8")
    assert not opened(place=tmp_path / "window.json").window.worklist.strip


def test_the_answers_float_to_another_screen_and_come_back(opened: Open) -> None:
    column = opened().window.answers_column
    column.toggle_floating()
    assert column.isFloating() and column.titleBarWidget() is None
    column.toggle_floating()
    assert not column.isFloating() and column.titleBarWidget() is not None


def test_tools_stand_by_intent_and_a_click_chooses_one(opened: Open) -> None:
    desk = opened()
    names = [action.text() for action in desk.window.tools._bar.actions() if not action.isSeparator()]
    assert names == ["Window", "Brush", "Eraser", "Length"]
    brush = desk.window.tools._tools["brush"]
    assert brush.toolTip().splitlines()[0] == "Brush (B)"
    brush.trigger()
    assert desk.window.stage.page.active_tool == "brush" and brush.isChecked()
    assert desk.window.status.fields()["hint"].startswith("Drag: brush")


def test_sync_words_say_why_not(opened: Open) -> None:
    desk = opened()
    desk.sync.down, desk.sync.now = True, SyncCounts(4, 2, waiting=2, server="https://labels.example")
    desk.window.status.sync.click()
    assert desk.window.status.fields()["sync"].endswith("waiting to send: 2")
    assert "The server cannot be reached. Your work is safe on this computer." in desk.window.status.sync.toolTip()


def test_states_follow_the_server(opened: Open) -> None:
    labels = FakeLabels(signed={"c1:01"})
    desk = opened(labels=labels)
    assert desk.parts.desk.worklist.state("c1:01") is State.SEALED
    labels.sent.add("c1:01")
    desk.window.status.sync.click()
    assert desk.parts.desk.worklist.state("c1:01") is State.SYNCED


def test_verify_lists_what_does_not_hold(opened: Open) -> None:
    desk = opened()
    desk.findings.append(Finding("Signature", "version r1:ab", "does not fit the read"))
    desk.window.menus.verify.trigger()
    sheet = desk.window.findChild(VerifySheet)
    assert sheet is not None and sheet.isVisible()
    sheet.close()


def test_question_mark_shows_the_keys_and_any_key_closes(opened: Open) -> None:
    from graticule.ui.shortcuts_overlay import ShortcutsOverlay
    desk = opened()
    desk.window.menus.keys.trigger()
    overlay = desk.window.findChild(ShortcutsOverlay)
    assert overlay is not None and overlay.isVisible()
    key(overlay, Qt.Key.Key_Escape)
    assert overlay.isHidden()


def test_f6_goes_round_the_columns(opened: Open) -> None:
    desk = opened()
    desk.parts.desk.open("c1:02")
    seen = []
    desk.window.stage.focus()
    for _ in range(3):
        desk.window.menus.next_column.trigger()
        where = QApplication.focusWidget()
        seen.append(next(name for name, column in (("worklist", desk.window.worklist), ("page", desk.window.stage),
                                                   ("answers", desk.window.answers)) if column.isAncestorOf(where)))
    assert seen == ["answers", "worklist", "page"]


@pytest.mark.parametrize("size", [(1280, 800), (1024, 700)])
def test_nothing_that_ends_a_read_is_pushed_out_of_a_small_window(opened: Open, size: tuple[int, int]) -> None:
    desk = opened(labels=FakeLabels(done={CASES[1].id}))
    desk.window.resize(*size)
    QApplication.processEvents()
    for button in (desk.window.tools.finish, desk.window.tools.sign, desk.window.tools.undo):
        corner = button.mapTo(desk.window, QPoint(button.width(), button.height()))
        assert corner.x() <= desk.window.width() and button.width() >= button.sizeHint().width()
