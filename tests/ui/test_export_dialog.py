"""File → Export the labels…: by keys and buttons, to the sheet with the proofs."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from graticule.presenters.exporting import Choice, Export, Format, Line, NotWritten, ReadBack, Written
from graticule.ui.export_dialog import ExportDialog
from graticule.ui.export_sheet import ExportSheet, headline

CHOICES = [Choice(Format("dicom-seg", "DICOM SEG", "For archives"), "Only for DICOM images"),
           Choice(Format("nrrd", "3D Slicer", "Segments")), Choice(Format("stl", "STL", "Surfaces"))]
LINES = [Line("{name}: {n} voxels, {amount}", {"name": "Tumour", "n": "4,137", "amount": "16.4 mL"})]


def test_formats_are_ticked_by_keys_and_impossible_ones_cannot_be(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportDialog("Brain", LINES, CHOICES, ["dicom-seg"], tmp_path)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.formats == [] and not dialog.go.isEnabled() and not dialog.boxes["dicom-seg"].isEnabled()
    for name in ("nrrd", "stl"):
        dialog.boxes[name].setFocus()
        QTest.keyClick(dialog.boxes[name], Qt.Key.Key_Space)
    assert dialog.formats == ["nrrd", "stl"] and dialog.go.isEnabled()
    dialog.where.clear()
    assert not dialog.go.isEnabled()
    QTest.keyClicks(dialog.where, str(tmp_path / "out"))
    QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    assert dialog.result() == dialog.DialogCode.Accepted and dialog.folder == tmp_path / "out"


def test_only_what_is_proven_is_called_exported(qtbot: QtBot, tmp_path: Path) -> None:
    good = Written(tmp_path / "a_seg.dcm", True, (ReadBack("dcmqi", "equal: 4137 voxels in 1 segments", True),
                                                  ReadBack("dciodvfy", "no errors", False)))
    bare = Written(tmp_path / "a.stl", False, (ReadBack("VTK", "not available on this computer", False),))
    export = Export(tmp_path, (good, bare), (NotWritten("rtstruct", "It has no place."),))
    sheet = ExportSheet(export, {"rtstruct": "RTSTRUCT"})
    qtbot.addWidget(sheet)
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    rows = [(item.text(0), item.text(1)) for n in range(3) for item in (sheet.tree.topLevelItem(n),)]
    assert rows == [("a_seg.dcm", "Exported: proven by a second reader"),
                    ("a.stl", "Written, but not proven by a second reader"), ("RTSTRUCT", "It has no place.")]
    first = sheet.tree.topLevelItem(0)
    assert [(first.child(n).text(0), first.child(n).text(1)) for n in range(2)] == [
        ("read back by dcmqi", "4,137 voxels equal"), ("checked by dciodvfy", "0 errors")]
    assert headline(export) == "1 file exported  ·  1 file written, but not proven  ·  1 format left no file"
    close = next(button for button in sheet.findChildren(QPushButton) if button.text() == "Close")
    QTest.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not sheet.isVisible()
