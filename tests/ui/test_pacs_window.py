"""The archive window by keyboard alone: set up, search, choose, retrieve; and what it says when something fails."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from fakes.archives import SERIES, STUDY, FakeArchives
from graticule.domain.archive import BASIC, DIMSE, Node, Wanted
from graticule.domain.errors import GraticuleError
from graticule.jobs import InlineRunner
from graticule.presenters.pacs import ArchiveSearch, Brought
from graticule.presenters.ports import Imported
from graticule.ui.pacs_nodes import NodesDialog
from graticule.ui.pacs_window import NO_NODE, NOT_YET, NOTHING, RESULTS, TROUBLE, ArchiveWindow

DOWN = GraticuleError("Nothing answers at the archive's address.", "Check the address.")


def shown(qtbot: QtBot, archives: FakeArchives, brought: list[Brought]) -> ArchiveWindow:
    search = ArchiveSearch(archives, lambda paths, progress: [Imported(path, "case") for path in paths], InlineRunner())
    window = ArchiveWindow(search, brought.append, lambda error: None)
    window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(window)
    window.show()
    return window


def page(window: ArchiveWindow) -> int:
    return window._rest.currentIndex()


def test_search_choose_and_retrieve_by_keys(qtbot: QtBot) -> None:
    archives, brought = FakeArchives(), list[Brought]()
    window = shown(qtbot, archives, brought)
    assert page(window) == NOT_YET and not window.retrieve.isEnabled()
    QTest.keyClicks(window.fields["patient_id"], "4711")
    QTest.keyClicks(window.fields["from_day"], "31.3.2024")
    QTest.keyClick(window.fields["patient_id"], Qt.Key.Key_Return)
    assert page(window) == RESULTS and archives.asked[0].from_day == "20240331"
    row = window.tree.topLevelItem(0)
    assert "Müller, Anna" in row.text(0) and row.text(2) == "2024-03-31"
    window.tree.setFocus()
    QTest.keyClick(window.tree, Qt.Key.Key_Right)
    assert [row.child(at).text(0) for at in range(row.childCount())] == ["1  Lung", "2  Soft tissue"]
    QTest.keyClick(window.tree, Qt.Key.Key_Down)
    QTest.keyClick(window.tree, Qt.Key.Key_Space)
    assert row.checkState(0) is Qt.CheckState.PartiallyChecked and window.retrieve.isEnabled()
    window.retrieve.setFocus()
    QTest.keyClick(window.retrieve, Qt.Key.Key_Space)
    assert archives.fetched == [(Wanted(STUDY.uid, SERIES[0].uid),)] and len(archives.tidied) == 1
    assert [one.outcome for one in brought[0].imported] == ["case"] and not window.retrieve.isEnabled()


def test_choosing_both_series_is_choosing_the_study_and_back(qtbot: QtBot) -> None:
    window = shown(qtbot, FakeArchives(), [])
    search = window._search
    window.fields["patient_id"].setText("4711")
    window.find.click()
    search.expand(STUDY.uid)
    for one in SERIES:
        search.choose_series(one, True)
    assert search.chosen == (1, 0) and search.chosen_part(STUDY.uid) == 2
    search.choose_series(SERIES[0], False)
    assert search.chosen == (0, 1) and not search.is_chosen(SERIES[0]) and search.is_chosen(SERIES[1])


def test_every_failure_has_its_words(qtbot: QtBot) -> None:
    archives = FakeArchives()
    window = shown(qtbot, archives, [])
    window.find.click()
    assert page(window) == TROUBLE and window._trouble._what.text() == "Enter what to search for."
    window.fields["from_day"].setText("someday")
    window.find.click()
    assert "someday" in window._trouble._what.text()
    window.fields["from_day"].clear()
    window.fields["patient_id"].setText("0815")
    window.find.click()
    assert page(window) == NOTHING
    archives.down = DOWN
    window.find.click()
    assert page(window) == TROUBLE and window._trouble._what.text() == DOWN.message
    window.test.click()
    assert window.tested.text() == DOWN.message
    archives.down = None
    window.fields["patient_id"].setText("4711")
    window.find.click()
    window._search.choose_study(STUDY.uid, True)
    archives.down = DOWN
    window.retrieve.click()
    assert page(window) == RESULTS and DOWN.message in window.foot.text() and window.retrieve.isEnabled()


def test_an_archive_is_set_up_and_its_password_goes_to_the_vault_alone(qtbot: QtBot) -> None:
    archives = FakeArchives(())
    window = shown(qtbot, archives, [])
    assert page(window) == NO_NODE
    dialog = NodesDialog(archives)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog._keep()
    assert archives.kept == [] and not dialog.isVisible()  # nothing was entered: nothing is kept
    dialog = NodesDialog(archives)
    qtbot.addWidget(dialog)
    for name, text in (("name", "House"), ("url", "https://pacs.example/rs"), ("secret", "s3cret")):
        dialog._inputs[name].setText(text)
    dialog._inputs["login"].setCurrentIndex(1)
    dialog._keep()
    assert "user name" in dialog.wrong.text()
    dialog._inputs["user"].setText("me")
    dialog._keep()
    assert archives.kept == [Node("House", url="https://pacs.example/rs", login=BASIC, user="me")]
    assert archives.secrets == {"House": "s3cret"}


def test_the_form_shows_what_the_kind_of_archive_needs(qtbot: QtBot) -> None:
    dialog = NodesDialog(FakeArchives([Node("Old", DIMSE, host="h", called_ae="PACS")]))
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog._inputs["called_ae"].isVisible() and not dialog._inputs["url"].isVisible()
    assert not dialog._inputs["own_port"].isVisible()
    dialog._inputs["fetch_by"].setCurrentIndex(1)
    assert dialog._inputs["own_port"].isVisible()
