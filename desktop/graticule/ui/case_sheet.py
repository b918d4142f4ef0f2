"""The one-page sheet of a case, readable and to be copied."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from graticule.presenters.case_sheet import CaseSheet, Line
from graticule.ui.pieces import label, line, push
from graticule.ui.theme import TOKENS, pixmap
from graticule.ui.words import tr

_ROLES = {"warn": "warn", "bad": "bad"}
_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
_SIGNS = {"warn": ("warning", TOKENS.warn), "bad": ("error", TOKENS.bad)}


class CaseSheetDialog(QDialog):
    """Stands beside the image, not in its way."""

    def __init__(self, sheet: CaseSheet, parent: QWidget | None = None, another_way: Callable[[], None] | None = None) -> None:
        """another_way: asks how else the files can be read; None where there is no such question."""
        super().__init__(parent)
        self.setWindowTitle(tr("What this image is"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._sheet = sheet
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addWidget(label(sheet.title, "title", wrap=True))
        for number, (title, lines) in enumerate(sheet.sections):
            if number:
                column.addWidget(line())
            column.addWidget(label(tr(title), "section"))
            column.addLayout(_table(lines))
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inner)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 8, 20, 12)
        if another_way is not None:
            self.another_way = push(tr("Read these files another way…"), lambda: (self.accept(), another_way()))
            foot.addWidget(self.another_way)
        foot.addStretch(1)
        foot.addWidget(push(tr("Copy"), self.copy, sign="copy"))
        foot.addWidget(push(tr("Close"), self.accept, primary=True))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(scroll, 1)
        box.addWidget(line())
        box.addLayout(foot)
        self.resize(560, 620)

    def copy(self) -> None:
        QGuiApplication.clipboard().setText(self._sheet.as_text())


def _table(lines: tuple[Line, ...]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(2, 1)
    for row, item in enumerate(lines):
        if item.level in _SIGNS:
            sign = label("")
            sign.setPixmap(pixmap(_SIGNS[item.level][0], TOKENS.small_icon, _SIGNS[item.level][1]))
            grid.addWidget(sign, row, 0, Qt.AlignmentFlag.AlignTop)
        value = label(item.value, _ROLES.get(item.level, ""), wrap=True)
        value.setTextInteractionFlags(_SELECTABLE)
        if item.what:
            grid.addWidget(label(item.what, "muted"), row, 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 2)
        else:
            grid.addWidget(value, row, 1, 1, 2)
    return grid
