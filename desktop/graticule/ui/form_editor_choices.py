"""The answers of a question, and the findings of a matrix, as tables; codes are searched by a few letters."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import (
    QCompleter,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from graticule.presenters.form_editor import FormEditor
from graticule.ui.pieces import flat
from graticule.ui.theme import grown
from graticule.ui.words import tr

_ROW_PX = grown(26)


class _Table(QWidget):
    """Rows of a list in the question (`field`): columns are (name, heading, is a tick)."""

    changed = Signal()
    field = ""
    columns: tuple[tuple[str, str, bool], ...] = ()

    def __init__(self, editor: FormEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor, self._at = editor, -1
        self.table = QTableWidget(0, len(self.columns))
        self.table.setHorizontalHeaderLabels([tr(heading) for _, heading, _ in self.columns])
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for at, (name, _, _) in enumerate(self.columns):
            if name in ("label", "code"):
                self.table.horizontalHeader().setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(_ROW_PX)
        self.table.setMinimumHeight(190)
        self._codes = _CodeDelegate(editor, self)
        for at, (name, _, _) in enumerate(self.columns):
            if name == "code":
                self.table.setItemDelegateForColumn(at, self._codes)
        self.table.itemChanged.connect(self._edited)
        row = QHBoxLayout()
        acts = (("plus", tr("Add a row"), self._add), ("chevron-up", tr("Move up"), lambda: self._move(-1)),
                ("chevron-down", tr("Move down"), lambda: self._move(1)), ("trash", tr("Remove the row"), self._remove))
        for sign, words, act in acts:
            row.addWidget(flat(sign, words, act))
        row.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.table)
        box.addLayout(row)

    def items(self) -> list[dict[str, Any]]:
        return [dict(item) for item in self._editor.question(self._at).get(self.field, ())] if self._at >= 0 else []

    def show_items(self, at: int) -> None:
        self._at = at
        held = self.table.currentRow()
        self.table.blockSignals(True)
        rows = self.items()
        self.table.setRowCount(len(rows))
        for line, item in enumerate(rows):
            for column, (name, _, tick) in enumerate(self.columns):
                self.table.setItem(line, column, _cell(item.get(name), tick))
        self.table.blockSignals(False)
        if rows:
            self.table.setCurrentCell(max(0, min(held, len(rows) - 1)), 0)

    def fresh(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        raise AssertionError("each table says what a new row holds")

    def written(self, item: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
        kept = {**item, name: value}
        return {key: held for key, held in kept.items() if held not in ("", None, False) or key in ("value", "id", "label")}

    def _edited(self, cell: QTableWidgetItem) -> None:
        rows = self.items()
        name, _, tick = self.columns[cell.column()]
        value: Any = cell.checkState() is Qt.CheckState.Checked if tick else cell.text().strip()
        rows[cell.row()] = self.written(rows[cell.row()], name, value)
        self._write(rows)

    def _add(self) -> None:
        rows = self.items()
        self._write([*rows, self.fresh(rows)])

    def _remove(self) -> None:
        self._write([item for at, item in enumerate(self.items()) if at != self.table.currentRow()])

    def _move(self, step: int) -> None:
        rows, at = self.items(), self.table.currentRow()
        if 0 <= at < len(rows) and 0 <= at + step < len(rows):
            rows.insert(at + step, rows.pop(at))
            self._write(rows)
            self.table.setCurrentCell(at + step, 0)

    def _write(self, rows: list[dict[str, Any]]) -> None:
        self._editor.set(self._at, **{self.field: rows})
        self.changed.emit()


class ChoiceTable(_Table):
    field = "choices"
    columns = (("label", "Answer", False), ("key", "Key", False), ("code", "Code", False), ("exclusive", "Alone", True))

    def show_choices(self, at: int) -> None:
        self.show_items(at)

    def fresh(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        taken = {item["value"] for item in rows}
        return {"value": next(f"a{n}" for n in range(1, len(rows) + 2) if f"a{n}" not in taken), "label": tr("New answer")}


class FindingTable(_Table):
    field = "rows"
    columns = (("label", "Finding", False), ("section", "Section", False), ("code", "Code", False), ("side", "Side", True),
               ("box", "Box", True))

    def show_rows(self, at: int) -> None:
        self.show_items(at)

    def fresh(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        taken = {item["id"] for item in rows}
        return {"id": next(f"f{n}" for n in range(1, len(rows) + 2) if f"f{n}" not in taken), "label": tr("New finding")}

    def written(self, item: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
        if name == "box":
            value = "offered" if value else ""
        if name == "side":
            value = (item.get("side") or "RLB") if value else ""
        return super().written(item, name, value)


class _CodeDelegate(QStyledItemDelegate):
    """Type a few letters: the codes that fit stand below, with their words."""

    def __init__(self, editor: FormEditor, parent: QWidget) -> None:
        super().__init__(parent)
        self._editor = editor

    def createEditor(self, parent: QWidget, option: Any, index: Any) -> QLineEdit:
        line = QLineEdit(parent)
        found = QStringListModel(line)
        completer = QCompleter(found, line)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        line.setCompleter(completer)
        line.textEdited.connect(lambda typed: found.setStringList(
            [f"{concept.code.code}  ({concept.label})" for concept in self._editor.concepts(typed)]))
        return line

    def setModelData(self, line: QWidget, model: Any, index: Any) -> None:
        if isinstance(line, QLineEdit):
            model.setData(index, re.sub(r"\s*\(.*\)$", "", line.text()).strip())


def _cell(value: Any, tick: bool) -> QTableWidgetItem:
    cell = QTableWidgetItem("" if tick or value is None else str(value))
    if tick:
        cell.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        cell.setCheckState(Qt.CheckState.Checked if value else Qt.CheckState.Unchecked)
    return cell
