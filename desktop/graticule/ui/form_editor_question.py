"""The middle of the form editor: everything about one question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from graticule.presenters.form_editor import LISTED, FormEditor
from graticule.resources import resource
from graticule.study.findings import MATRIX
from graticule.ui.form_editor_choices import ChoiceTable, FindingTable
from graticule.ui.pieces import label, push
from graticule.ui.words import tr

KINDS: Mapping[str, str] = {"volume": "Volumes", "image": "Images", "ecg": "ECGs"}


class QuestionEditor(QWidget):
    """Writes each field into the editor when it is left; `changed` follows."""

    changed = Signal()

    def __init__(self, editor: FormEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor, self._at, self._showing = editor, -1, False
        self.text, self.id, self.section = QLineEdit(), QLineEdit(), QLineEdit()
        self.help = _Words(lambda words: self._set(help=words or None))
        self.required, self.confidence = QCheckBox(tr("Must be answered")), QCheckBox(tr("Ask how sure the reader is"))
        self.assessable = QCheckBox(tr("May be not assessable, with a reason"))
        self.modalities, self.unit, self.low, self.high, self.decimals = (QLineEdit() for _ in range(5))
        self.marks = QComboBox()
        for need, words in (("", "No marks"), ("offered", "Marks are offered"), ("required", "A mark is required")):
            self.marks.addItem(tr(words), need)
        self.picture = label("", "muted")
        self.when, self.value = QComboBox(), QComboBox()
        self.kinds = {kind: QCheckBox(tr(words)) for kind, words in KINDS.items()}
        self.choices, self.findings = ChoiceTable(editor), FindingTable(editor)
        self._rows: dict[str, QWidget] = {}
        self._arrange()
        self._connect()

    def show_question(self, at: int) -> None:
        self._at = at
        self.setEnabled(at >= 0)
        if at < 0:
            return
        self._showing = True
        item = self._editor.question(at)
        for line, name in self._lines():
            line.setText(str(item.get(name, "")))
        self.help.say(str(item.get("help", "")))
        self.decimals.setText(str(item.get("decimals", "")))
        self.modalities.setText(", ".join(item.get("modalities", ())))
        self.required.setChecked(item.get("required", True))
        self.confidence.setChecked(item.get("confidence", False))
        self.assessable.setChecked(item.get("not_assessable", True))
        self.marks.setCurrentIndex(max(0, self.marks.findData((item.get("marks") or {}).get("need", ""))))
        self.picture.setText(str(item.get("picture", "")) or tr("None"))
        for kind, box in self.kinds.items():
            box.setChecked(kind in item.get("kinds", ()))
        self._show_condition(item)
        self.choices.show_choices(at)
        self.findings.show_rows(at)
        self._show_rows(str(item["type"]))
        self._showing = False

    def _show_rows(self, type_: str) -> None:
        matrix = type_ == MATRIX
        shown = {"choices": type_ in LISTED, "findings": matrix, "number": type_ == "number"}
        for name, widget in self._rows.items():
            self._form.setRowVisible(widget, shown.get(name, not matrix))

    def _show_condition(self, item: Mapping[str, Any]) -> None:
        self.when.clear()
        self.when.addItem(tr("Always"), "")
        for name, words in self._editor.earlier(self._at):
            self.when.addItem(words, name)
        when = item.get("when") or {}
        simple = set(when) == {"question", "is"}
        if when and not simple:
            self.when.addItem(tr("A condition with several parts"), "*")
        self.when.setCurrentIndex(max(0, self.when.findData(when.get("question", "") if simple else "*" if when else "")))
        self._show_values(list(when.get("is", ())) if simple else [])

    def _show_values(self, wanted: list[Any]) -> None:
        self.value.clear()
        for value, words in self._editor.answers_of(self.when.currentData() or ""):
            self.value.addItem(tr(words), value)
        known = [self.value.itemData(n) for n in range(self.value.count())]
        if len(wanted) > 1:
            self.value.addItem(tr("any of {n}", n=len(wanted)), wanted)
            self.value.setCurrentIndex(self.value.count() - 1)
        elif wanted and wanted[0] in known:
            self.value.setCurrentIndex(known.index(wanted[0]))
        self.value.setVisible(self.value.count() > 0)

    def _set(self, **fields: Any) -> None:
        if self._showing or self._at < 0:
            return
        self._editor.set(self._at, **fields)
        self.changed.emit()

    def _other_question(self) -> None:
        """Another question was chosen to look back to: its first answer is offered."""
        self._showing = True
        self._show_values([])
        self._showing = False
        self._condition()

    def _condition(self) -> None:
        if self._showing or self.when.currentData() == "*":
            return
        value = self.value.currentData()
        self._editor.set_condition(self._at, self.when.currentData() or "", value if isinstance(value, list) else
                                   [value] if value is not None else [])
        self.changed.emit()

    def _connect(self) -> None:
        for line, name in self._lines():
            line.editingFinished.connect(lambda line=line, name=name: self._line_left(line, name))
        self.decimals.editingFinished.connect(
            lambda: self._set(decimals=int(self.decimals.text()) if self.decimals.text().strip().isdigit() else None))
        self.modalities.editingFinished.connect(
            lambda: self._set(modalities=self.modalities.text().upper().replace(",", " ").split() or None))
        for box, name in ((self.required, "required"), (self.confidence, "confidence"), (self.assessable, "not_assessable")):
            box.clicked.connect(lambda on, name=name: self._set(**{name: on}))
        self.marks.activated.connect(self._marks)
        self.when.activated.connect(lambda _: self._other_question())
        self.value.activated.connect(lambda _: self._condition())
        for box in self.kinds.values():
            box.clicked.connect(lambda on: self._set(kinds=[kind for kind, one in self.kinds.items() if one.isChecked()]))
        self.choices.changed.connect(self.changed)
        self.findings.changed.connect(self.changed)

    def _lines(self) -> tuple[tuple[QLineEdit, str], ...]:
        return ((self.text, "text"), (self.id, "id"), (self.section, "section"), (self.unit, "unit"), (self.low, "low"),
                (self.high, "high"))

    def _line_left(self, line: QLineEdit, name: str) -> None:
        """A question keeps its text and its short name: an empty field gets the old words back."""
        words = line.text().strip()
        if words or name not in ("text", "id"):
            self._set(**{name: words or None})
        else:
            self.show_question(self._at)

    def _marks(self, at: int) -> None:
        need = self.marks.currentData()
        shape = (self._editor.question(self._at).get("marks") or {}).get("shape", "box")
        self._set(marks={"need": need, "shape": shape} if need else None)

    def _choose_picture(self) -> None:
        """Only pictures that come with the program can be named: a protocol must mean the same on every workstation."""
        name, _ = QFileDialog.getOpenFileName(self, tr("Example picture"), str(resource("samples")), "*.png *.jpg *.jpeg")
        root = resource("samples").parent.as_posix()
        if name and name.startswith(root):
            self._set(picture=name.removeprefix(root).lstrip("/"))

    def _arrange(self) -> None:
        self._form = form = QFormLayout(self)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("Question"), self.text)
        form.addRow(tr("Short name"), self.id)
        self._row("section", tr("Section"), self.section)
        self._row("help", tr("Definition"), self.help)
        picture = _line(self.picture, push(tr("Choose…"), self._choose_picture))
        self._row("picture", tr("Example picture"), picture)
        form.addRow(tr("Asked of"), _line(*self.kinds.values()))
        form.addRow(tr("Only modalities"), self.modalities)
        self.modalities.setPlaceholderText(tr("all, or for example CR, DX"))
        form.addRow("", self.required)
        self._row("confidence", "", self.confidence)
        form.addRow("", self.assessable)
        self._row("number", tr("Unit, from, to, decimals"), _line(self.unit, self.low, self.high, self.decimals))
        self._row("marks", tr("Marks"), self.marks)
        form.addRow(tr("Only when"), _line(self.when, self.value))
        self._row("choices", tr("Answers"), self.choices)
        self._row("findings", tr("Findings"), self.findings)

    def _row(self, name: str, words: str, widget: QWidget) -> None:
        self._rows[name] = widget
        self._form.addRow(words, widget)


class _Words(QPlainTextEdit):
    """Several lines, told when they are left."""

    def __init__(self, done: Any) -> None:
        super().__init__()
        self._done, self._before = done, ""
        self.setFixedHeight(64)
        self.setTabChangesFocus(True)

    def say(self, text: str) -> None:
        self._before = text
        if self.toPlainText() != text:
            self.setPlainText(text)

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        if self.toPlainText() != self._before:
            self._before = self.toPlainText()
            self._done(self._before.strip())


def _line(*widgets: QWidget) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        row.addWidget(widget, 1)
    return made
