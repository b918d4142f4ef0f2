"""A short table of figures: what on the left, how much on the right, in tabular figures."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from graticule.ui.pieces import Elided
from graticule.ui.theme import TOKENS, font
from graticule.ui.words import tr


class FigureTable(QWidget):
    """Rows are kept and only their words set, since figures come anew after every stroke."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(2, 0, 2, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(0, 1)
        self._cells: list[tuple[Elided, QLabel]] = []

    @property
    def rows(self) -> list[tuple[str, str]]:
        """What is shown."""
        return [(what.said, much.text()) for what, much in self._cells if not much.isHidden()]

    def show_rows(self, rows: list[tuple[str, str]]) -> None:
        """(what, how much); what is given in English and shown in the reader's language."""
        while len(self._cells) < len(rows):
            self._cells.append(self._make())
        for at, (what, much) in enumerate(self._cells):
            for cell in (what, much):
                cell.setVisible(at < len(rows))
            if at < len(rows):
                what.say(tr(rows[at][0]))
                much.setText(rows[at][1])

    def _make(self) -> tuple[Elided, QLabel]:
        what, much = Elided(role="muted"), QLabel()
        much.setFont(font(TOKENS.label_px, tabular=True))
        much.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        much.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = len(self._cells)
        self._grid.addWidget(what, row, 0)
        self._grid.addWidget(much, row, 1)
        return what, much
