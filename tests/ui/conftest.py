"""Every test of the window begins with the pointer away from it, wherever the test before left it."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def pointer_away(qapp: QApplication) -> Iterator[None]:
    """A view that opens under the pointer becomes the active one, as it should for a reader."""
    QCursor.setPos(QPoint(9_000, 9_000))
    yield
