"""The form editor for study leads: questions at the left, the chosen one in the middle, the form as readers see it beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QMainWindow,
    QMenu,
    QMessageBox,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from graticule.domain.errors import GraticuleError
from graticule.presenters.form_editor import FormEditor
from graticule.resources import read_json, resource
from graticule.study.findings import MATRIX
from graticule.study.protocol import parse_protocol
from graticule.ui.form_editor_preview import FormPreview
from graticule.ui.form_editor_question import QuestionEditor
from graticule.ui.pieces import flat, label, push
from graticule.ui.words import tr

TYPE_WORDS: Mapping[str, str] = {
    "bool": "Yes or no", "choice": "One answer of a list", "multi": "Several answers of a list", "ordinal": "A scale",
    "number": "A number with its unit", "text": "Free text", "laterality": "Side", MATRIX: "Findings matrix",
    "regions": "Marks on the image", "body-site": "Body site"}
_PREVIEW_MS = 250


class FormEditorWindow(QMainWindow):
    """`identify` names a document by its content, so that a new version is another protocol."""

    def __init__(self, editor: FormEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editor = editor
        self.list = QListWidget()
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setSpacing(3)
        self.question = QuestionEditor(editor)
        self.preview = FormPreview()
        self._faults = label("", "warn", wrap=True)
        self._name = label("", "muted")
        self._title, self._version = QLineEdit(), QLineEdit()
        self._later = QTimer(self, singleShot=True, interval=_PREVIEW_MS)
        self._later.timeout.connect(self._show_preview)
        self._arrange()
        self.list.currentRowChanged.connect(self._chosen)
        self.question.changed.connect(self.refresh)
        self._title.editingFinished.connect(lambda: self._header("title", self._title.text()))
        self._version.editingFinished.connect(lambda: self._header("version", self._version.text()))
        for keys, act in (("Ctrl+Z", self._undo), ("Ctrl+Y", self._redo), ("Ctrl+S", self.save)):
            QShortcut(QKeySequence(keys), self, act)
        self.resize(1240, 760)
        self.refresh()
        self.list.setCurrentRow(0)
        self._show_preview()

    def refresh(self) -> None:
        """Ask the editor again; the chosen question stays chosen."""
        at = max(0, self.list.currentRow())
        self.list.blockSignals(True)
        self.list.clear()
        for item in self.editor.questions():
            self.list.addItem(f"{item['text']}   ·   {tr(TYPE_WORDS.get(item['type'], item['type']))}")
        self.list.setCurrentRow(min(at, self.list.count() - 1))
        self.list.blockSignals(False)
        self.question.show_question(self.list.currentRow())
        document = self.editor.document
        self._title.setText(str(document["title"]))
        self._version.setText(str(document["version"]))
        faults = self.editor.faults()
        self._faults.setText("\n".join(faults))
        self._faults.setVisible(bool(faults))
        mark = "  ·  " + tr("not saved") if self.editor.changed else ""
        self._name.setText(f"{self.editor.id[:15]}…{mark}")
        self.setWindowTitle(f"{document['title']} – {tr('Form editor')}")
        self._later.start()

    def save(self) -> None:
        """Ask for a file and write the document; a form with faults is refused in words."""
        faults = self.editor.faults()
        if faults:
            QMessageBox.warning(self, tr("Form editor"), tr("The form is not ready: {why}", why=faults[0]))
            return
        name, _ = QFileDialog.getSaveFileName(self, tr("Save the form as a protocol"), "protocol.json", "JSON (*.json)")
        if name:
            self.save_to(Path(name))

    def save_to(self, path: Path) -> None:
        try:
            path.write_text(json.dumps(self.editor.document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            raise GraticuleError("The form could not be saved.", "Choose another folder.") from error
        self.editor.saved()
        self.refresh()

    def open_from(self, path: Path) -> None:
        """Edit another form; GraticuleError when the file holds none."""
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise GraticuleError("This file holds no form.", "Choose a protocol that Graticule saved.") from error
        parse_protocol(document)
        self._begin(document)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.editor.changed and not self._really():
            event.ignore()
            return
        self.preview.clear()
        super().closeEvent(event)

    def _begin(self, document: Mapping[str, Any]) -> None:
        self.editor.take(document)
        self.refresh()
        self.list.setCurrentRow(0)

    def _really(self) -> bool:
        words = tr("The changes are not saved. Close all the same?")
        return QMessageBox.question(self, tr("Form editor"), words) == QMessageBox.StandardButton.Yes

    def _chosen(self, at: int) -> None:
        self.question.show_question(at)

    def _header(self, name: str, value: str) -> None:
        self.editor.set_header(name, value)
        self.refresh()

    def _show_preview(self) -> None:
        self.preview.show_protocol(self.editor.parsed())

    def _undo(self) -> None:
        if self.editor.undo():
            self.refresh()

    def _redo(self) -> None:
        if self.editor.redo():
            self.refresh()

    def _add(self, type_: str) -> None:
        at = self.list.currentRow()
        place = self.editor.add(type_, at if at >= 0 else None)
        self.refresh()
        self.list.setCurrentRow(place)

    def _add_form(self, name: str) -> None:
        self.editor.insert(read_json("protocols", "forms", name)["questions"], self.list.count() - 1)
        self.refresh()

    def _move(self, step: int) -> None:
        if self.list.currentRow() >= 0:
            to = self.editor.move(self.list.currentRow(), step)
            self.refresh()
            self.list.setCurrentRow(to)

    def _remove(self) -> None:
        if self.list.currentRow() >= 0:
            self.editor.remove(self.list.currentRow())
            self.refresh()

    def _open(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, tr("Open a form"), "", "JSON (*.json)")
        if name:
            try:
                self.open_from(Path(name))
            except GraticuleError as error:
                QMessageBox.warning(self, tr("Form editor"), tr(str(error)))

    def _add_menu(self) -> QMenu:
        menu = QMenu(self)
        for type_, words in TYPE_WORDS.items():
            menu.addAction(tr(words), lambda type_=type_: self._add(type_))
        menu.addSeparator()
        forms = menu.addMenu(tr("Questions of a ready-made form"))
        for path in sorted(resource("protocols", "forms").glob("*.json")):
            title = str(read_json("protocols", "forms", path.name)["title"])
            forms.addAction(tr(title), lambda path=path: self._add_form(path.name))
        return menu

    def _arrange(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.addWidget(label(tr("Questions"), "section"))
        column.addWidget(self.list, 1)
        row = QHBoxLayout()
        add = push(tr("Add"), lambda: None, sign="plus")
        add.setMenu(self._add_menu())
        row.addWidget(add)
        row.addStretch(1)
        acts: tuple[tuple[str, str, Callable[[], None]], ...] = (
            ("chevron-up", tr("Move up"), lambda: self._move(-1)), ("chevron-down", tr("Move down"), lambda: self._move(1)),
            ("trash", tr("Remove the question"), self._remove))
        for sign, words, act in acts:
            row.addWidget(flat(sign, words, act))
        column.addLayout(row)
        middle = QScrollArea()
        middle.setWidgetResizable(True)
        middle.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        middle.setWidget(self.question)
        split = QSplitter()
        for widget in (left, middle, self.preview):
            split.addWidget(widget)
        split.setSizes([330, 530, 360])
        page = QWidget()
        box = QVBoxLayout(page)
        box.addLayout(self._head())
        box.addWidget(self._faults)
        box.addWidget(split, 1)
        self.setCentralWidget(page)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        self._version.setMaximumWidth(90)
        head.addWidget(label(tr("Title"), "muted"))
        head.addWidget(self._title, 1)
        head.addWidget(label(tr("Version"), "muted"))
        head.addWidget(self._version)
        head.addWidget(self._name)
        head.addWidget(flat("undo", tr("Undo (Ctrl+Z)"), self._undo))
        head.addWidget(flat("redo", tr("Redo (Ctrl+Y)"), self._redo))
        head.addWidget(push(tr("Open…"), self._open))
        head.addWidget(push(tr("Save as a protocol…"), self.save, primary=True))
        return head
