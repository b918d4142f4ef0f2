"""Every control of the real window has a name and can be reached by Tab, F6 or the menus; the sheet of keys tells the truth."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)

from fakes.window import DeskWindow, open_window
from graticule.presenters.actions import all_actions
from graticule.settings.bindings import Bindings
from graticule.ui import theme
from graticule.ui.bindings_editor import BindingsEditor
from graticule.ui.keys import BOUND, presets, shown
from graticule.ui.shortcuts_overlay import ShortcutsOverlay
from graticule.ui.switch_dialog import SwitchDialog
from graticule.ui.viewport import Viewport

CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QAbstractSpinBox, QAbstractSlider, QAbstractItemView, Viewport)


@pytest.fixture(autouse=True)
def radiology_again() -> Iterator[None]:
    yield
    BOUND.use(Bindings(presets()["radiology"]))


@pytest.fixture
def desk(qtbot, qapp: QApplication) -> DeskWindow:
    theme.apply(qapp)
    made = open_window()
    qtbot.addWidget(made.window)
    made.window.activateWindow()
    qtbot.waitUntil(made.window.isActiveWindow)
    return made


def controls(root: QWidget) -> list[QWidget]:
    return [widget for widget in root.findChildren(QWidget) if isinstance(widget, CONTROLS) and widget.isVisibleTo(root)
            and not isinstance(widget, QScrollBar) and not widget.objectName().startswith("qt_")
            and not isinstance(widget.parentWidget(), QAbstractSpinBox | QComboBox)]


def nameless(root: QWidget) -> list[str]:
    return [f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}" for widget in controls(root)
            if not (widget.accessibleName() or (isinstance(widget, QAbstractButton) and (widget.text() or widget.toolTip())))]


@pytest.mark.parametrize("number", ["c1:01", "c1:02", "c1:03"])
def test_every_control_of_the_window_has_a_name(desk: DeskWindow, number: str) -> None:
    desk.parts.desk.open(number)
    QApplication.processEvents()
    assert nameless(desk.window) == []


def test_dialogs_have_names_for_their_controls(qtbot) -> None:
    for dialog in (BindingsEditor(BOUND.now), SwitchDialog([Path("/home/a/store")], None, "R")):
        qtbot.addWidget(dialog)
        dialog.show()
        assert nameless(dialog) == []


@pytest.mark.parametrize("number", ["c1:01", "c1:02"])
def test_tab_or_f6_comes_to_every_view_and_field(desk: DeskWindow, number: str) -> None:
    desk.parts.desk.open(number)
    QApplication.processEvents()
    reached, here, stops = set(), desk.window.worklist.search, 0
    for _ in range(3000):  # the chain goes through hidden widgets too, and comes round
        here = here.nextInFocusChain()
        if here.isVisible() and here.focusPolicy() & Qt.FocusPolicy.TabFocus:
            reached.add(here.focusProxy() or here)
            stops += 1
        if here is desk.window.worklist.search:
            break
    wanted = [widget for widget in controls(desk.window) if isinstance(widget, Viewport | QLineEdit | QComboBox | QAbstractSlider)
              and widget.isEnabled() and widget.isVisible()]
    assert [f"{type(widget).__name__} {widget.accessibleName()}" for widget in wanted if widget not in reached] == []
    assert stops < 60, "what is folded up is no stop"


def test_f6_and_shift_f6_go_round_the_three_regions(desk: DeskWindow) -> None:
    desk.parts.desk.open("c1:02")
    places = {"worklist": desk.window.worklist, "stage": desk.window.stage, "answers": desk.window.answers}

    def where() -> str:
        return next(name for name, place in places.items() if place.isAncestorOf(QApplication.focusWidget()))

    desk.window.stage.focus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
    assert where() == "answers"
    for expected in ("stage", "worklist", "answers"):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
        assert where() == expected


def test_whatever_a_key_does_the_menus_do_too(desk: DeskWindow) -> None:
    for number, place in (("c1:01", "volume"), ("c1:02", "picture"), ("c1:03", "ecg")):
        desk.parts.desk.open(number)
        page, menu = desk.window.stage.page, desk.window.menus.page
        menu.fill()
        said = {entry.text().split("\t")[0] for part in menu.actions() if part.menu() for entry in part.menu().actions()}
        for action in all_actions():
            if action.place in page.PLACES and place in action.heard_in and not action.held and page.can(action.name):
                assert action.words in said, action.name
    window = {entry.objectName() for entry in desk.window.menus.findChildren(QAction)}
    assert {action.name for action in all_actions() if action.place == "window"} <= window


def test_an_entry_of_the_menu_hears_the_key_that_was_bound_to_it(desk: DeskWindow) -> None:
    BOUND.use(BOUND.now.rebound("window.next-case", ["Ctrl+J"]))
    assert [key.toString() for key in desk.window.menus.next_case.shortcuts()] == ["Ctrl+J"]


def test_the_sheet_shows_what_is_bound_and_is_searched(desk: DeskWindow) -> None:
    BOUND.use(BOUND.now.rebound("image.invert", ["Ctrl+I"]))
    desk.parts.desk.open("c1:01")
    desk.window.menus.keys.trigger()
    sheet = desk.window.findChild(ShortcutsOverlay)
    mine = next(row for row in sheet.rows() if row.words == "Invert")
    assert mine.keys == "Ctrl+I" and mine.own and mine.was == "I"
    QTest.keyClicks(sheet.search, "crosshair")
    assert [(row.keys, row.words) for row in sheet.rows()] == [("X", "Crosshair")]
    sheet.copy()
    assert "X\tCrosshair" in QApplication.clipboard().text()
    assert "Crosshair" in sheet.document().toPlainText()
    QTest.keyClick(sheet.search, Qt.Key.Key_Escape)
    assert sheet.isHidden()


def test_every_bound_key_of_the_view_stands_in_the_sheet(desk: DeskWindow) -> None:
    desk.parts.desk.open("c1:01")
    desk.window.menus.keys.trigger()
    rows = desk.window.findChild(ShortcutsOverlay).rows()
    told = " ".join(row.keys for row in rows)
    for action in all_actions():
        if "volume" in action.heard_in and action.place in ("tool", "volume", "image"):
            for key in BOUND.now.keys_of(action.name):
                arrow = key.rpartition("+")[2] in ("Left", "Right", "Up", "Down")
                assert arrow or key[-1] in "123456789" or shown(key) in told, key


def test_the_editor_explains_a_clash_and_takes_the_key_when_told(qtbot) -> None:
    editor = BindingsEditor(BOUND.now)
    qtbot.addWidget(editor)
    editor.show()
    editor.choose("image.turn-right")
    editor.capture.setChecked(True)
    QTest.keyClick(editor.capture, Qt.Key.Key_I)
    assert "“Invert”" in editor.conflict.text() and editor.bindings.keys_of("image.turn-right") == ("R",)
    editor.take.click()
    assert editor.bindings.keys_of("image.turn-right") == ("R", "I") and editor.bindings.keys_of("image.invert") == ()
    editor.reset.click()
    assert editor.bindings.keys_of("image.turn-right") == ("R",)


def test_a_press_on_a_button_lands_although_the_form_above_gives_its_room_back(desk: DeskWindow, qtbot) -> None:
    desk.parts.desk.open("c1:02")
    form = desk.window.answers.form
    assert form is not None
    first, second = form.cards[:2]
    first.setFocus()
    QApplication.processEvents()
    below, high = second.mapToGlobal(second.rect().topLeft()), first.height()
    holding = True
    first.button_is_down = lambda: holding
    second.setFocus(Qt.FocusReason.MouseFocusReason)
    QApplication.processEvents()
    assert first.height() == high and second.mapToGlobal(second.rect().topLeft()) == below, "nothing moves under a held button"
    holding = False
    qtbot.waitUntil(lambda: first.height() < high, timeout=2000)


def test_a_store_is_chosen_to_switch_to(qtbot, tmp_path: Path) -> None:
    dialog = SwitchDialog([tmp_path / "a", tmp_path / "b"], tmp_path / "a", "Dr. A")
    qtbot.addWidget(dialog)
    dialog.open.click()
    assert dialog.result() and dialog.chosen == tmp_path / "b", "the other one is offered first"
