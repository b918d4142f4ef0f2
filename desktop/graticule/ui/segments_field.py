"""Choosing segments by name and colour: one from a list, or several by ticks."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from graticule.ui.pieces import label, shrinkable
from graticule.ui.theme import TOKENS
from graticule.ui.words import tr

Rows = Callable[[], list[tuple[str, str, str]]]


class SegmentsField(QWidget):
    """rows: (id, name, colour) of the segments there are. take: gets a frozenset of ids, or with `one` a single id ("": none)."""

    def __init__(self, words: str, rows: Rows, take: Callable[[Any], None], *, one: bool = False) -> None:
        super().__init__()
        self._rows, self._take, self._one = rows, take, one
        self._shown: list[tuple[str, str, str]] | None = None
        self._ticks: dict[str, QCheckBox] = {}
        self._list = QComboBox()
        self._list.setAccessibleName(words)
        self._list.activated.connect(lambda index: self._take(self._list.itemData(index)))
        shrinkable(self._list)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addWidget(label(words))
        if one:
            self._column.addWidget(self._list)

    def show_value(self, value: Any) -> None:
        """What is chosen now, among the segments there are now."""
        rows = self._rows()
        if rows != self._shown:
            self._shown = rows
            self._draw(rows)
        if self._one:
            with QSignalBlocker(self._list):
                self._list.setCurrentIndex(max(0, self._list.findData(value)))
        for segment, tick in self._ticks.items():
            with QSignalBlocker(tick):
                tick.setChecked(segment in value)

    def _draw(self, rows: list[tuple[str, str, str]]) -> None:
        if self._one:
            self._list.clear()
            self._list.addItem(tr("None"), "")
            for segment, name, colour in rows:
                self._list.addItem(swatch(colour), name, segment)
            return
        for tick in self._ticks.values():
            self._column.removeWidget(tick)
            tick.deleteLater()
        self._ticks = {}
        for segment, name, colour in rows:
            tick = QCheckBox(name)
            tick.setIcon(swatch(colour))
            tick.toggled.connect(self._ticked)
            self._column.addWidget(tick)
            self._ticks[segment] = tick

    def _ticked(self) -> None:
        self._take(frozenset(segment for segment, tick in self._ticks.items() if tick.isChecked()))


def swatch(colour: str) -> QIcon:
    """A small square of a segment's colour."""
    made = QPixmap(TOKENS.small_icon - 4, TOKENS.small_icon - 4)
    made.fill(QColor(colour))
    return QIcon(made)
