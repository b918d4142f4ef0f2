"""The options of the tool in hand, drawn from the fields of its options dataclass. The only place where they appear."""

import math
from collections.abc import Callable
from dataclasses import Field, fields, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from graticule.editing.tools.tool import Tool
from graticule.presenters.tool_sizes import MILLIMETRES, Lengths
from graticule.ui.button_grid import ButtonGrid
from graticule.ui.pieces import label, leave_keys, push, shrinkable
from graticule.ui.range_field import RangeField
from graticule.ui.segments_field import SegmentsField
from graticule.ui.theme import TOKENS, font
from graticule.ui.words import tr

SLIDER_STEPS = 200


class OptionsForm(QWidget):
    """Field metadata: "label"; a number has "low", "high" and "unit", or "limits": the tool's attribute that holds all three; a
    choice has "choices" {value: words}. "kind": "range" (a Range on the tool's `counts` and `unit`), "list" (a choice too long
    for a row), "segments" (a frozenset of ids, or with "one" a single id). "only_with": (option, values) that it is shown for.

    acted: a button of the tool's `acts`. segments: (id, name, colour) of those there are.
    lengths: what stands for millimetres on a picture that has none.
    """

    changed = Signal()
    acted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tool: Tool | None = None
        self._refreshers: list[Callable[[], None]] = []
        self.lengths = Lengths()
        self.segments: Callable[[], list[tuple[str, str, str]]] = list
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
                item.widget().hide()
                item.widget().deleteLater()
        shown = [item for item in fields(tool.options) if "label" in item.metadata
                 and not (self.lengths.flat and item.metadata.get("volume_only"))]
        for item in shown:
            field = self._field(item)
            self._column.addWidget(field)
            if "only_with" in item.metadata:
                self._refreshers.append(partial(self._show_only_with, field, *item.metadata["only_with"]))
        for act in getattr(tool, "acts", ()):
            self._column.addWidget(push(tr(act.title), partial(self.acted.emit, act.name)))
        hint = label(tr(tool.hint), "muted", wrap=True)
        self._column.addWidget(hint)
        leave_keys(self)
        self.refresh()

    def refresh(self) -> None:
        """Values changed elsewhere (by wheel or key)."""
        for refresher in self._refreshers:
            refresher()

    def _field(self, item: "Field[Any]") -> QWidget:
        kind = item.metadata.get("kind", "")
        if kind == "range":
            return self._range(item)
        if kind == "segments":
            return self._segments(item)
        if "choices" in item.metadata:
            return self._list(item) if kind == "list" else self._choice(item)
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
        whole = isinstance(self._value(item.name), int)
        amount = QLabel()
        amount.setFont(font(TOKENS.body_px, tabular=True))
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, SLIDER_STEPS)
        slider.setAccessibleName(tr(item.metadata["label"]))

        def refresh() -> None:
            value, (low, high, unit) = self._value(item.name), self._limits(item)
            amount.setText(tr("by the click") if "limits" in item.metadata and value <= 0 else f"{value:g} {unit}".strip())
            with QSignalBlocker(slider):
                slider.setValue(to_step(value, low, high))

        def moved(step: int) -> None:
            low, high, _ = self._limits(item)
            value = from_step(step, low, high, figures="limits" in item.metadata)
            self._set(item.name, round(value) if whole else value)

        slider.valueChanged.connect(moved)
        self._refreshers.append(refresh)
        return _stacked(tr(item.metadata["label"]), amount, slider)

    def _limits(self, item: "Field[Any]") -> tuple[float, float, str]:
        if "limits" in item.metadata:
            low, high, unit = getattr(self._tool, item.metadata["limits"])
            return float(low), float(high), str(unit)
        low, high, unit = item.metadata["low"], item.metadata["high"], item.metadata.get("unit", "")
        return (low, high * self.lengths.stretch, self.lengths.unit) if unit == MILLIMETRES else (low, high, unit)

    def _show_only_with(self, field: QWidget, option: str, values: tuple[Any, ...]) -> None:
        field.setVisible(self._value(option) in values)

    def _range(self, item: "Field[Any]") -> QWidget:
        field = RangeField()

        def refresh() -> None:
            field.show_counts(getattr(self._tool, "counts", None), getattr(self._tool, "unit", ""))
            field.show_range(self._value(item.name))

        field.moved.connect(lambda chosen: self._set(item.name, chosen))
        self._refreshers.append(refresh)
        return field

    def _segments(self, item: "Field[Any]") -> QWidget:
        field = SegmentsField(tr(item.metadata["label"]), self.segments, partial(self._set, item.name),
                              one=bool(item.metadata.get("one", False)))
        self._refreshers.append(lambda: field.show_value(self._value(item.name)))
        return field

    def _list(self, item: "Field[Any]") -> QWidget:
        """One choice in sight, the others in a list."""
        box, values = QComboBox(), list(item.metadata["choices"])
        box.addItems([tr(words) for words in item.metadata["choices"].values()])
        box.setAccessibleName(tr(item.metadata["label"]))
        shrinkable(box)

        def refresh() -> None:
            with QSignalBlocker(box):
                box.setCurrentIndex(values.index(self._value(item.name)))

        box.activated.connect(lambda index: self._set(item.name, values[index]))
        self._refreshers.append(refresh)
        return _named(tr(item.metadata["label"]), box)

    def _check(self, item: "Field[Any]") -> QWidget:
        box = QCheckBox(tr(item.metadata["label"]))

        def refresh() -> None:
            with QSignalBlocker(box):
                box.setChecked(self._value(item.name))

        box.toggled.connect(lambda on: self._set(item.name, on))
        self._refreshers.append(refresh)
        return box

    def _choice(self, item: "Field[Any]") -> QWidget:
        """All choices in sight, side by side where there is room."""
        buttons = {}
        for value, words in item.metadata["choices"].items():
            button = QPushButton(tr(words))
            button.setCheckable(True)
            button.clicked.connect(lambda checked=False, value=value: self._set(item.name, value))
            buttons[value] = button
        row = ButtonGrid(list(buttons.values()), len(buttons))
        group = QButtonGroup(row)
        for button in buttons.values():
            group.addButton(button)

        def refresh() -> None:
            buttons[self._value(item.name)].setChecked(True)

        self._refreshers.append(refresh)
        return row


def to_step(value: float, low: float, high: float) -> int:
    return round(SLIDER_STEPS * _share(value, low, high))


def from_step(step: int, low: float, high: float, *, figures: bool = False) -> float:
    """Rounded to what a hand can aim at; `figures`: to two figures, whatever the size."""
    value = low * (high / low) ** (step / SLIDER_STEPS) if low > 0 else low + (high - low) * step / SLIDER_STEPS
    if figures:
        return float(min(high, max(low, float(f"{value:.2g}"))))
    return float(min(high, max(low, round(value, 1) if value < 10 else round(value * 2) / 2)))


def _share(value: float, low: float, high: float) -> float:
    if low > 0:
        return math.log(max(value, low) / low) / math.log(high / low)
    return (value - low) / (high - low)


def _named(words: str, field: QWidget) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(QLabel(words))
    row.addWidget(field, 1)
    return box


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
