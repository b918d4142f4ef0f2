"""File → Export the labels…: which formats, into which folder, and what would be written."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from graticule.presenters.exporting import Choice, Line
from graticule.ui.pieces import dialog_foot, label, line, push
from graticule.ui.theme import TOKENS
from graticule.ui.words import tr, trn

MOST_LINES = 8


class ExportDialog(QDialog):
    """`formats` and `folder` hold what was chosen once the dialog was accepted."""

    def __init__(self, title: str, contents: Sequence[Line], choices: Sequence[Choice], ticked: Sequence[str], folder: Path,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Export the labels"))
        self.setMinimumWidth(660)
        self.boxes: dict[str, QCheckBox] = {}
        self.where = QLineEdit(str(folder))
        self.where.setAccessibleName(tr("Folder"))
        self.where.setMinimumHeight(TOKENS.control)
        self.where.textChanged.connect(self._fit)
        self.go = push(tr("Export"), self.accept, primary=True, sign="export")
        self._said = label("", "muted", wrap=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 20, 20, 16)
        box.setSpacing(10)
        box.addWidget(label(tr("Export the labels of “{case}”", case=title), "title", wrap=True))
        box.addWidget(_listed(contents))
        box.addWidget(line())
        box.addWidget(self._list(choices, ticked), 1)
        box.addWidget(line())
        box.addLayout(self._destination())
        box.addWidget(self._said)
        box.addLayout(dialog_foot(self, self.go))
        self._fit()

    @property
    def formats(self) -> list[str]:
        return [name for name, box in self.boxes.items() if box.isChecked()]

    @property
    def folder(self) -> Path:
        return Path(self.where.text().strip())

    def _list(self, choices: Sequence[Choice], ticked: Sequence[str]) -> QWidget:
        """A row for each format: its name, and what it is good for or why it cannot be."""
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        for row, choice in enumerate(choices):
            check = QCheckBox(tr(choice.format.title))
            check.setEnabled(not choice.why_not)
            check.setChecked(choice.format.name in ticked and not choice.why_not)
            check.setMinimumHeight(TOKENS.control)
            check.toggled.connect(self._fit)
            self.boxes[choice.format.name] = check
            grid.addWidget(check, row, 0)
            grid.addWidget(label(tr(choice.why_not or choice.format.about), "muted"), row, 1)
        scroll = QScrollArea()
        scroll.setWidget(made)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setMinimumHeight(min(420, made.sizeHint().height() + 4))
        return scroll

    def _destination(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        words = QLabel(tr("Folder"))
        words.setBuddy(self.where)
        row.addWidget(words)
        row.addWidget(self.where, 1)
        row.addWidget(push(tr("Choose…"), self._choose, sign="folder"))
        return row

    def _choose(self) -> None:
        name = QFileDialog.getExistingDirectory(self, tr("Export into a folder"), self.where.text())
        if name:
            self.where.setText(name)

    def _fit(self) -> None:
        count = len(self.formats)
        self.go.setEnabled(bool(count and self.where.text().strip()))
        told = trn(count, "1 format. Every file is read back by another program before it counts as exported.",
                   "{n} formats. Every file is read back by another program before it counts as exported.")
        self._said.setText(told if count else tr("Choose at least one format."))


def _listed(contents: Sequence[Line]) -> QLabel:
    """What there is to be written, line by line."""
    lines = [tr(one.words, **one.values) for one in contents[:MOST_LINES]]
    if len(contents) > MOST_LINES:
        lines.append(tr("and {n} more", n=len(contents) - MOST_LINES))
    return label("\n".join(lines))
