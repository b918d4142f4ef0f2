"""The comparison and the numbers on the ECG page: by mouse and key."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from fakes.ecg_case import ecg_case, plain
from graticule.domain.elements import Beat
from graticule.domain.labels import Labels
from graticule.ui import theme
from graticule.ui.ecg_page import EcgPage


class Imported:
    title = "Imported 1.atr"

    def load(self) -> Labels:
        return marked("NNNNVNNNNN")


def marked(symbols: str) -> Labels:
    labels = Labels()
    for n, symbol in enumerate(symbols):
        labels.put("beat", f"b{n}", Beat(id=f"b{n}", tick=500 + 1000 * n, symbol=symbol))
    return labels


@pytest.fixture
def page(qapp: QApplication, qtbot: QtBot) -> Iterator[EcgPage]:
    theme.apply(qapp)
    opened = ecg_case(plain(seconds=60))
    opened.references = (Imported(),)
    for beat in marked("NNVNVNNNN").of(Beat):
        opened.workspace.set("Mark", beat)
    page = EcgPage(opened)
    desk = QWidget()
    column = QVBoxLayout(desk)
    for widget in (page, page.numbers, page.ec57):
        column.addWidget(widget)
    qtbot.addWidget(desk, before_close_func=lambda _: page.shutdown())
    desk.resize(1200, 1500)
    desk.show()
    qtbot.waitExposed(desk)
    yield page


def test_a_cell_opens_its_strips_and_keys_go_on(page):
    panel = page.ec57
    QTest.mouseClick(panel._go, Qt.MouseButton.LeftButton)
    table = panel._desk.table("beats")
    assert table is not None
    assert dict(table.counts) == {("N", "N"): 7, ("N", "V"): 1, ("V", "V"): 1, ("N", "O"): 1}
    box = panel.matrix.box(table.rows.index("N"), table.columns.index("N"))
    QTest.mouseClick(panel.matrix, Qt.MouseButton.LeftButton, pos=box.center())
    assert len(panel._desk.places) == 7 and panel._desk.at == 0
    QTest.keyClick(page.paper, Qt.Key.Key_F3)
    QTest.keyClick(page.paper, Qt.Key.Key_F3)
    assert panel._desk.at == 2
    start, end = page.view.shown_s
    assert start <= 14.0 <= end   # the third agreed normal beat is the fourth of the reference
    QTest.keyClick(page.paper, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert panel._desk.at == 1
    QTest.keyClick(panel.matrix, Qt.Key.Key_F3)
    assert panel._desk.at == 2


def test_numbers_follow_the_labels(page, qtbot):
    assert "PVC" in page.numbers.text and "22.22 % (2)" in page.numbers.text
    page._opened.workspace.set("Mark", Beat(id="more", tick=9500, symbol="V"))
    qtbot.waitUntil(lambda: "30.00 % (3)" in page.numbers.text, timeout=5000)
