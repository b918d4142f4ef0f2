"""The import asks who may be seen; what it did stands in a sheet. Real widgets over a deidentifier of our own."""

import pytest
from PySide6.QtCore import Qt

from graticule.presenters.deidentify import Report, Way
from graticule.resources import read_json, resource
from graticule.ui.deidentify_dialog import DeidentifyDialog
from graticule.ui.deidentify_report import DeidentifyReport, said_in_words
from graticule.ui.words import use_language

WAYS = [Way("reading", "For reading", "Names go."), Way("strict", "Strict", "All goes.")]
REPORT = Report(3, (("identity", "PatientName", "replaced", 3), ("identity", "PatientAge", "kept", 3),
                    ("times", "StudyDate", "shifted", 3)),
                (("There may be writing in the picture (top left). Look at it before you go on.", 1),))


@pytest.fixture(autouse=True)
def english():
    use_language("en")
    yield
    use_language("en")


def test_nothing_is_removed_unless_it_is_chosen(qtbot):
    tried = []
    dialog = DeidentifyDialog(2, WAYS, "", "", tried.append)
    qtbot.addWidget(dialog)
    assert dialog.way == "" and not dialog.show_first.isEnabled()
    dialog.remove.setChecked(True)
    assert dialog.way == "reading"
    qtbot.mouseClick(dialog.show_first, Qt.MouseButton.LeftButton)
    assert tried == ["reading"]


def test_a_demanding_protocol_leaves_no_choice(qtbot):
    dialog = DeidentifyDialog(2, WAYS, "strict", "", lambda way: None)
    qtbot.addWidget(dialog)
    assert dialog.way == "strict" and not dialog.remove.isEnabled() and len(dialog._group.buttons()) == 1


def test_the_report_counts_by_group_and_names_each_attribute(qtbot):
    sheet = DeidentifyReport(REPORT)
    qtbot.addWidget(sheet)
    first = sheet.tree.topLevelItem(0)
    assert first.text(0) == "Names, numbers, age and sex" and [first.text(n) for n in range(1, 6)] == ["", "3", "", "", "3"]
    assert {first.child(n).text(0) for n in range(first.childCount())} == {"PatientName", "PatientAge"}


def test_doubts_and_profiles_are_said_in_german():
    use_language("de")
    said = said_in_words(REPORT.doubts[0][0])
    assert said == "Im Bild könnte Schrift stehen (oben links). Sehen Sie es an, bevor Sie weitermachen."
    german = read_json("words", "de.json")
    for path in resource("deidentify", "profiles").glob("*.json"):
        profile = read_json("deidentify", "profiles", path.name)
        assert profile["title"] in german and profile["text"] in german
    from graticule.formats.deidentify import doubts
    from graticule.presenters.deidentify import ACTIONS, GROUPS

    said = [doubts.SAID, doubts.FACE, doubts.PHOTOGRAPH, doubts.CAPTURE, *ACTIONS.values(), *GROUPS.values()]
    assert [words for words in said if words not in german] == []
