from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from fakes.desk import case
from graticule.domain.errors import GraticuleError
from graticule.jobs import ThreadRunner
from graticule.presenters.ports import Imported
from graticule.settings import Settings
from graticule.ui.first_run import FirstAnswers, FirstRun
from graticule.ui.home import Home
from graticule.ui.import_sheet import MOST_ROWS, ImportSheet, merged, summary
from graticule.ui.notices import Notice, Notices
from graticule.ui.settings_dialog import SettingsDialog
from graticule.ui.unlock_dialog import UnlockDialog


def test_first_run_asks_who_and_where_and_says_what_is_wrong(qtbot: QtBot) -> None:
    steps = FirstRun()
    qtbot.addWidget(steps)
    given: list[FirstAnswers] = []
    steps.answered.connect(given.append)
    steps.next()
    assert steps.wrong.text() == "Please give your name."
    steps.name.setText("Dr. A. Reader")
    steps.password.setText("long enough")
    steps.again.setText("long enoug")
    steps.next()
    assert steps.wrong.text() == "The two passwords differ." and steps.steps.currentIndex() == 0
    steps.again.setText("long enough")
    steps.next()
    assert steps.steps.currentIndex() == 1
    steps.start("labels.example")
    assert given == [] and "https://" in steps.wrong.text()
    steps.start("https://labels.example/")
    assert given == [FirstAnswers(False, "Dr. A. Reader", "long enough", "https://labels.example")]
    assert not steps.isEnabled()
    steps.refuse("The folder cannot be written.")
    assert steps.isEnabled()


def test_unlocking_stays_until_the_passphrase_is_right(qtbot: QtBot) -> None:
    def attempt(passphrase: str) -> None:
        if passphrase != "right":
            raise GraticuleError("The password is not right.")

    dialog = UnlockDialog(attempt)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.passphrase.setText("wrong")
    QTest.keyClick(dialog.passphrase, Qt.Key.Key_Return)
    assert dialog.isVisible() and dialog.wrong.text() == "The password is not right."
    dialog.passphrase.setText("right")
    QTest.keyClick(dialog.passphrase, Qt.Key.Key_Return)
    assert dialog.result() == dialog.DialogCode.Accepted.value


def test_settings_are_drawn_from_their_declaration(qtbot: QtBot) -> None:
    dialog = SettingsDialog(Settings(language="de", text_percent=130))
    qtbot.addWidget(dialog)
    dialog._keep()
    assert dialog.settings == Settings(language="de", text_percent=130)
    assert set(dialog._inputs) == {"language", "text_percent", "theme", "segment_palette", "segment_patterns", "touch",
                                   "pen_pressure", "sync_by_itself"}


def test_the_import_sheet_accounts_for_every_file_troubles_first(qtbot: QtBot) -> None:
    results = [Imported(Path(f"1-{n}.dcm"), "case", "", "Liver", "c1:1") for n in range(3)]
    results += [Imported(Path("README.txt"), "skipped", "Not an image."),
                Imported(Path("broken.dcm"), "refused", "The file is cut short.")]
    sheet = ImportSheet(results)
    qtbot.addWidget(sheet)
    assert sheet.table.rowCount() == 3 and sheet.table.item(0, 0).text() == "broken.dcm"
    assert summary(results) == "New cases: 1  ·  left out: 1  ·  not readable: 1"


def test_notices_stack_do_not_repeat_and_show_all_their_words(qtbot: QtBot) -> None:
    host, foot = QWidget(), QWidget()
    foot.setParent(host)
    qtbot.addWidget(host)
    host.resize(900, 700)
    foot.setFixedHeight(30)
    host.show()
    notices = Notices(host, foot)
    long = Notice("bad", "Something went wrong in a way that needs more than one line of words to tell.", "Your work is safe.",
                  "Go on, or close and start again; the report below can be copied and sent.", "line\n" * 20)
    for notice in (long, long, Notice("warn", "The disk is nearly full.")):
        notices.show(notice)
    qtbot.wait(20)
    assert len(notices.cards) == 2
    upper, lower = notices.cards
    assert upper.geometry().bottom() < lower.geometry().top() and lower.geometry().bottom() < 700 - 30
    for words in upper.findChildren(QLabel):
        assert words.height() >= words.heightForWidth(words.width())
    lower.close_button.click()
    assert notices.cards == [upper]


def test_at_most_four_notices(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(900, 700)
    notices = Notices(host, QWidget(host))
    for n in range(7):
        notices.show(Notice("warn", f"Trouble {n}"))
    assert [card.notice.what for card in notices.cards] == [f"Trouble {n}" for n in range(3, 7)]


def test_results_of_threads_come_home_to_the_main_thread(qtbot: QtBot) -> None:
    import threading

    home, got = Home(), []
    runner = ThreadRunner(home.post)
    runner.start(lambda progress: 42, done=lambda n: got.append((n, threading.current_thread() is threading.main_thread())),
                 failed=lambda error: pytest.fail(str(error)))
    qtbot.waitUntil(lambda: bool(got), timeout=5000)
    assert got == [(42, True)]
    runner.close()


def test_a_kind_without_a_page_is_said_in_words(qtbot: QtBot) -> None:
    from fakes.desk import make_desk
    from graticule.domain.case import Kind
    from graticule.ui.pages import make_page

    parts = make_desk([case(1, Kind.SLIDE, "SM")])
    parts.desk.open("c1:01")
    assert parts.desk.opened is not None
    with pytest.raises(GraticuleError, match="no view for this kind"):
        make_page(parts.desk.opened)


def test_the_import_sheet_names_a_case_once_and_stays_short(qtbot: QtBot) -> None:
    """A hundred thousand files are one row a case, and no more rows than a reader scrolls through."""
    slices = [Imported(Path(f"im{n}.dcm"), "case", title="CT", case_id=f"c1:{n // 50}") for n in range(5_000)]
    assert [(one.path.name, count) for one, count in merged(slices)][:2] == [("im0.dcm", 50), ("im50.dcm", 50)]
    sheet = ImportSheet([*slices, *(Imported(Path(f"x{n}"), "skipped", "No image.") for n in range(MOST_ROWS))])
    qtbot.addWidget(sheet)
    assert sheet.table.rowCount() == MOST_ROWS and sheet.table.item(0, 0).text() == "im0.dcm  + 49"
