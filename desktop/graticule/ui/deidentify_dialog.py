"""Before an import: bring the files in as they are, or copies without identity."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QButtonGroup, QCheckBox, QDialog, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from graticule.presenters.deidentify import Way
from graticule.ui.pieces import label, line, push
from graticule.ui.theme import TOKENS
from graticule.ui.words import tr, trn


class DeidentifyDialog(QDialog):
    """`way` is the chosen profile, "" for files as they are. demanded: the protocol leaves no choice.

    try_out: called with a way; the dialog stays open beside what it shows.
    """

    def __init__(self, files: int, ways: Sequence[Way], demanded: str, chosen: str, try_out: Callable[[str], None],
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Import"))
        self._ways = [way for way in ways if way.name == demanded] if demanded else list(ways)
        self.remove = QCheckBox(tr("Remove who the patient is"))
        self.remove.setChecked(bool(demanded or chosen))
        self.remove.setEnabled(not demanded)
        self.remove.setMinimumHeight(TOKENS.control)
        self.remove.toggled.connect(self._show_choice)
        self._group = QButtonGroup(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 20, 20, 16)
        box.setSpacing(10)
        box.addWidget(label(trn(files, "Import 1 file or folder", "Import {n} files or folders"), "title"))
        box.addWidget(self.remove)
        box.addWidget(label(self._about(demanded), "muted", wrap=True))
        self._choices = self._list(demanded or chosen)
        box.addWidget(self._choices)
        box.addStretch(1)
        box.addWidget(line())
        box.addLayout(self._foot(try_out))
        self.resize(600, self.sizeHint().height())
        self._show_choice()

    @property
    def way(self) -> str:
        return self._ways[self._group.checkedId()].name if self.remove.isChecked() else ""

    @staticmethod
    def _about(demanded: str) -> str:
        words = tr("Copies without names, numbers and places are made in the store. The originals are neither changed nor "
                   "linked.")
        return f"{tr('The protocol of this project asks for it.')} {words}" if demanded else words

    def _list(self, chosen: str) -> QWidget:
        """One button a way, with what it does below it."""
        made = QWidget()
        box = QVBoxLayout(made)
        box.setContentsMargins(24, 4, 0, 0)
        box.setSpacing(4)
        for number, way in enumerate(self._ways):
            button = QRadioButton(tr(way.title))
            button.setChecked(way.name == chosen or number == 0)
            self._group.addButton(button, number)
            said = label(tr(way.text), "muted", wrap=True)
            said.setContentsMargins(24, 0, 0, 8)
            box.addWidget(button)
            box.addWidget(said)
        return made

    def _foot(self, try_out: Callable[[str], None]) -> QHBoxLayout:
        row = QHBoxLayout()
        self.show_first = push(tr("Show what would be removed"), lambda: try_out(self.way))
        self.go = push(tr("Import"), self.accept, primary=True)
        self.go.setDefault(True)
        row.addWidget(self.show_first)
        row.addStretch(1)
        row.addWidget(push(tr("Cancel"), self.reject))
        row.addWidget(self.go)
        return row

    def _show_choice(self) -> None:
        self._choices.setEnabled(self.remove.isChecked())
        self.show_first.setEnabled(self.remove.isChecked())
