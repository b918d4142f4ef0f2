"""PySide6 6.12.0 on Python 3.11 lowers the count of references to None with every void call, until the process aborts."""

import sys

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_void_calls_do_not_use_up_none(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    before = sys.getrefcount(None)
    for _ in range(300):
        widget.setWindowTitle("x")
    assert abs(sys.getrefcount(None) - before) < 20
