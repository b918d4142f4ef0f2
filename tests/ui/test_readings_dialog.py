"""Reading the files of the open case another way, at the window on fakes."""

from collections.abc import Sequence

from PySide6.QtWidgets import QRadioButton
from pytestqt.qtbot import QtBot

from fakes.desk import case
from fakes.window import open_window
from graticule.domain.case import Kind
from graticule.domain.progress import Progress
from graticule.presenters.readings import ReadAgain, Reading
from graticule.ui.notices import Notice
from graticule.ui.readings_dialog import ReadingsDialog
from graticule.ui.readings_errand import ReadingsErrand

READINGS = (Reading("geometry", (15, 15), (), True),
            Reading("file-order", (30,), ("30 images of 15 places lie one behind the other.",), False))


def test_each_way_is_shown_with_its_numbers_and_the_one_that_is_now_cannot_be_chosen(qtbot: QtBot) -> None:
    dialog = ReadingsDialog("MR · 15 slices", READINGS)
    qtbot.addWidget(dialog)
    titles = [button.text() for button in dialog.findChildren(QRadioButton)]
    assert titles == ["As the geometry divides them (usual, as now)", "One stack in the order of the files"]
    assert dialog.chosen == "geometry" and not dialog.go.isEnabled()
    dialog.choose("file-order")
    assert dialog.chosen == "file-order" and dialog.go.isEnabled()


class Rereading:
    def __init__(self, cases: list[object]) -> None:
        self.cases = cases

    def readings(self, case_id: str, progress: Progress) -> Sequence[Reading]:
        return READINGS

    def read_as(self, case_id: str, name: str, progress: Progress) -> ReadAgain:
        new = case(9, Kind.VOLUME, "MR", f"as {name}")
        self.cases.append(new)
        return ReadAgain((new.id,), 1)


def test_the_first_new_case_is_opened_and_what_is_kept_is_told(qtbot: QtBot) -> None:
    desk = open_window()
    qtbot.addWidget(desk.window)
    desk.session.desk.open("c1:02")
    told: list[Notice] = []
    errand = ReadingsErrand(desk.window, desk.session, Rereading(desk.parts.cases.cases), told.append)  # type: ignore[arg-type]
    errand.read("c1:02", "file-order")
    assert desk.title() == "as file-order"
    assert [notice.what for notice in told] == ["1 labelled case of these files stays in the worklist."]
