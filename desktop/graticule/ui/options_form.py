"""The options of the tool in hand, drawn from the fields of its options dataclass. The only place where they appear."""

import math
from collections.abc import Callable
from dataclasses import Field, fields, replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from graticule.editing.tools.tool import Tool
from graticule.ui.pieces import label
from graticule.ui.theme import TOKENS, font
from graticule.ui.words import tr

SLIDER_STEPS = 200


class OptionsForm(QWidget):
    """Field metadata: "label"; a number has "low", "high" and "unit"; a choice has "choices" {value: words}."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tool: Tool | None = None
        self._refreshers: list[Callable[[], None]] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def show_tool(self, tool: Tool) -> None:
        """Draw the form of another tool."""
        self._tool = tool
        self._refreshers.clear()
        while self._column.count():
            item = self._column.takeAt(0)
            if item.widget() is not None:
                item.widget().deleteLater()
        shown = [item for item in fields(tool.options) if "label" in item.metadata]
        for item in shown:
            self._column.addWidget(self._field(item))
        hint = label(tr(tool.hint), "muted", wrap=True)
        self._column.addWidget(hint)
        self.refresh()

    def refresh(self) -> None:
        """Values changed elsewhere (by wheel or key)."""
        for refresher in self._refreshers:
            refresher()

    def _field(self, item: "Field[Any]") -> QWidget:
        if "choices" in item.metadata:
            return self._choice(item)
        return self._check(item) if isinstance(self._value(item.name), bool) else self._number(item)

    def _value(self, name: str) -> Any:
        return getattr(self._tool.options, name) if self._tool else None

    def _set(self, name: str, value: Any) -> None:
        if self._tool is not None and self._value(name) != value:
            self._tool.options = replace(self._tool.options, **{name: value})
            self.refresh()
            self.changed.emit()

    def _number(self, item: "Field[Any]") -> QWidget:
        """A slider that grows by equal shares: small sizes need finer steps than large ones."""
        low, high, unit = item.metadata["low"], item.metadata["high"], item.metadata.get("unit", "")
        amount = QLabel()
        amount.setFont(font(TOKENS.body_px, tabular=True))
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, SLIDER_STEPS)
        slider.setAccessibleName(tr(item.metadata["label"]))

        def refresh() -> None:
            value = self._value(item.name)
            amount.setText(f"{value:g} {unit}".strip())
            with QSignalBlocker(slider):
                slider.setValue(to_step(value, low, high))

        slider.valueChanged.connect(lambda step: self._set(item.name, from_step(step, low, high)))
        self._refreshers.append(refresh)
        return _stacked(tr(item.metadata["label"]), amount, slider)

    def _check(self, item: "Field[Any]") -> QWidget:
        box = QCheckBox(tr(item.metadata["label"]))

        def refresh() -> None:
            with QSignalBlocker(box):
                box.setChecked(self._value(item.name))

        box.toggled.connect(lambda on: self._set(item.name, on))
        self._refreshers.append(refresh)
        return box

    def _choice(self, item: "Field[Any]") -> QWidget:
        """All choices in sight, side by side."""
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        group = QButtonGroup(row)
        buttons = {}
        for value, words in item.metadata["choices"].items():
            button = QPushButton(tr(words))
            button.setCheckable(True)
            button.clicked.connect(lambda checked=False, value=value: self._set(item.name, value))
            group.addButton(button)
            line.addWidget(button, 1)
            buttons[value] = button

        def refresh() -> None:
            buttons[self._value(item.name)].setChecked(True)

        self._refreshers.append(refresh)
        return row


def to_step(value: float, low: float, high: float) -> int:
    return round(SLIDER_STEPS * _share(value, low, high))


def from_step(step: int, low: float, high: float) -> float:
    """Rounded to two figures that a hand can aim at."""
    value = low * (high / low) ** (step / SLIDER_STEPS) if low > 0 else low + (high - low) * step / SLIDER_STEPS
    return float(min(high, max(low, round(value, 1) if value < 10 else round(value * 2) / 2)))


def _share(value: float, low: float, high: float) -> float:
    if low > 0:
        return math.log(max(value, low) / low) / math.log(high / low)
    return (value - low) / (high - low)


def _stacked(words: str, amount: QLabel, slider: QSlider) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    top = QHBoxLayout()
    top.addWidget(QLabel(words), 1)
    top.addWidget(amount)
    column.addLayout(top)
    column.addWidget(slider)
    return box
