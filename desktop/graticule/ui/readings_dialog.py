"""The ways to read the files of a case, each with what must be said of it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QDialog, QFrame, QHBoxLayout, QRadioButton, QScrollArea, QVBoxLayout, QWidget

from graticule.presenters.readings import Reading
from graticule.ui.pieces import label, line, push
from graticule.ui.theme import TOKENS, grown, wide
from graticule.ui.words import tr, trn

# More doubts than these are told by the case itself, once it is open.
_DOUBTS = 4
_ITEMS = 6


class ReadingsDialog(QDialog):
    """`chosen` is the name of a reading, valid once the dialog was accepted."""

    def __init__(self, title: str, readings: Sequence[Reading], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Read these files another way"))
        self._readings = list(readings)
        self._group = QButtonGroup(self)
        self._group.idToggled.connect(self._show_choice)
        self.go = push(tr("Read them so"), self.accept, primary=True)
        self.go.setDefault(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 20, 20, 16)
        box.setSpacing(10)
        box.addWidget(label(title, "title", wrap=True))
        words = tr("Labels stay with the case they were made on; a case that has any stays in the worklist.")
        box.addWidget(label(words, "muted", wrap=True))
        box.addWidget(self._list(), 1)
        box.addWidget(line())
        box.addLayout(self._foot())
        self.resize(wide(600), grown(480))
        self._show_choice()

    @property
    def chosen(self) -> str:
        return self._readings[self._group.checkedId()].name

    def choose(self, name: str) -> None:
        at = next(at for at, reading in enumerate(self._readings) if reading.name == name)
        self._group.button(at).setChecked(True)

    def _list(self) -> QWidget:
        inner = QWidget()
        box = QVBoxLayout(inner)
        box.setContentsMargins(0, 4, 8, 0)
        box.setSpacing(4)
        for number, reading in enumerate(self._readings):
            button = QRadioButton(_title(reading))
            button.setMinimumHeight(TOKENS.control)
            button.setChecked(reading.now or number == 0)
            self._group.addButton(button, number)
            box.addWidget(button)
            self._add_below(box, _items(reading), "muted", last=not reading.doubts)
            for at, doubt in enumerate(reading.doubts[:_DOUBTS], 1):
                self._add_below(box, doubt, "warn", last=at == min(_DOUBTS, len(reading.doubts)))
        box.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        return scroll

    @staticmethod
    def _add_below(box: QVBoxLayout, text: str, role: str, *, last: bool) -> None:
        said = label(text, role, wrap=True)
        said.setContentsMargins(24, 0, 0, 10 if last else 0)
        box.addWidget(said)

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(push(tr("Cancel"), self.reject))
        row.addWidget(self.go)
        return row

    def _show_choice(self) -> None:
        at = self._group.checkedId()
        self.go.setEnabled(at >= 0 and not self._readings[at].now)


def _title(reading: Reading) -> str:
    marks = [tr("usual")] if reading.usual else []
    marks += [tr("as now")] if reading.now else []
    return f"{tr(reading.title)} ({', '.join(marks)})" if marks else tr(reading.title)


def _items(reading: Reading) -> str:
    counts = ", ".join(map(str, reading.slices[:_ITEMS])) + (", …" if len(reading.slices) > _ITEMS else "")
    if len(reading.slices) == 1:
        return trn(reading.slices[0], "1 item of 1 slice", "1 item of {n} slices")
    return tr("{items} items of {counts} slices", items=len(reading.slices), counts=counts)
