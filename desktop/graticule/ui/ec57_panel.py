"""Two annotations compared by EC57: the matrix, its figures, and the strips behind every cell."""

from PySide6.QtCore import QAbstractListModel, QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QListView, QVBoxLayout, QWidget

from graticule.domain.errors import GraticuleError
from graticule.domain.recording import Recording
from graticule.presenters.ec57 import BEATS, SVE_PPV, SVE_SE, TABLES, VE_PPV, VE_SE, Ec57Desk, Place
from graticule.presenters.ecg_sources import DETECTOR, ELSEWHERE, OWN
from graticule.quality.ec57_episodes import AF, ST, VF
from graticule.quality.ec57_marks import STANDARD_LEARNING_S
from graticule.ui.cell_matrix import CellMatrix
from graticule.ui.figure_table import FigureTable
from graticule.ui.keys import acts_of
from graticule.ui.pieces import flat, label, push
from graticule.ui.source_choice import SourceChoice
from graticule.ui.theme import TOKENS, font, grown
from graticule.ui.words import tr

TITLES = {BEATS: "Beat by beat", VE_SE: "Ventricular runs of the reference", VE_PPV: "Ventricular runs of the tested side",
          SVE_SE: "Supraventricular runs of the reference", SVE_PPV: "Supraventricular runs of the tested side",
          AF: "Atrial fibrillation", VF: "Ventricular fibrillation and flutter", ST: "Ischaemic ST episodes"}
LIST_PX = grown(168)
STEPS = {"ecg.next-difference": 1, "ecg.previous-difference": -1}


class Ec57Panel(QWidget):
    """`went(seconds)`: bring this instant to the middle. `trouble(GraticuleError)`: it could not be compared."""

    went = Signal(float)
    trouble = Signal(object)

    def __init__(self, desk: Ec57Desk, recording: Recording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._recording = desk, recording
        self._one = SourceChoice(desk.sources, tr("Reference"), (ELSEWHERE, OWN, DETECTOR))
        self._two = SourceChoice(desk.sources, tr("Tested"), (OWN, DETECTOR, ELSEWHERE))
        self._learning = QCheckBox(tr("Leave out the first 5 minutes (EC57)"))
        self._learning.setEnabled(recording.duration_s > STANDARD_LEARNING_S)   # else nothing would be left
        self._go = push(tr("Compare"), self.compare, primary=True)
        self._terms = label("", "muted", wrap=True)
        self._which = QComboBox()
        for name in TABLES:
            self._which.addItem(tr(TITLES[name]), name)
        self._which.setAccessibleName(tr("Table"))
        self._which.activated.connect(lambda at: self._show_table())
        self.matrix = CellMatrix(self)
        self.matrix.chosen.connect(self._choose)
        self._figures = FigureTable()
        self._list, self._model = QListView(), _Places(self._desk, self)
        self._list.setModel(self._model)
        self._list.setUniformItemSizes(True)
        self._list.setFont(font(TOKENS.label_px, tabular=True))
        self._list.setFixedHeight(LIST_PX)
        self._list.setAccessibleName(tr("What the cell counts"))
        self._list.selectionModel().currentChanged.connect(lambda index, _: self._show(index.row()))
        self._list.clicked.connect(lambda index: self._show(index.row()))
        self._count = label("", "muted")
        self._result = QWidget()
        self._lay_out()
        self._changed()

    # --- asked and shown --------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Other annotations may have come: offer them, and read those that lie in the store."""
        self._offer()
        self._desk.sources.load(self._offer, self.trouble.emit)

    def compare(self) -> None:
        if not self._one.key or not self._two.key:
            return
        try:
            self._desk.compare(self._one.key, self._two.key, learning=self._learning.isChecked(), done=self._changed,
                               failed=self.trouble.emit)
        except GraticuleError as error:
            self.trouble.emit(error)

    def labels_changed(self) -> None:
        """What is shown is of the labels as they were."""
        if self._desk.found is not None:
            self._terms.setText(self._words() + "\n" + tr("The labels have changed since."))

    def step(self, by: int) -> bool:
        """The next or previous of what the cell counts; False when there is none."""
        place = self._desk.step(by)
        if place is None:
            return False
        self._mark()
        self._visit(place)
        return True

    def shutdown(self) -> None:
        self._desk.forget()

    # --- shown ------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The same keys as on the strip, so that one can go on from the cell that was clicked."""
        by = next((STEPS[name] for name in acts_of(event, "ecg") if name in STEPS), 0)
        if not (by and self.step(by)):
            super().keyPressEvent(event)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)
        self.refresh()

    def _offer(self) -> None:
        for box in (self._one, self._two):
            box.refresh()

    def _changed(self) -> None:
        self._result.setVisible(self._desk.found is not None)
        self._terms.setText(self._words())
        self._show_table()

    def _words(self) -> str:
        found = self._desk.found
        if found is None:
            return tr("Beats match within 150 ms. Escape beats from above the ventricles count as S, as in bxb.")
        name = tr("EC57 standard terms") if found.terms.standard else tr("Non-standard: the first 5 minutes count, too")
        return f"{name} · {found.terms.window_ms} ms · {float(found.terms.learning_s):g} s"

    def _show_table(self) -> None:
        table = self._desk.table(self._which.currentData())
        self.matrix.show_table(table)
        self._desk.choose("", ("", ""))
        self._model.renew()
        self._count.setText(tr("Click a cell to see its strips.") if table else "")
        if table is not None:
            rows = [(tr(name), rate.words) for name, rate in table.figures]
            self._figures.show_rows([*rows, *((tr(name), words) for name, words in table.extra)])

    def _choose(self, row: str, column: str) -> None:
        self._desk.choose(self._which.currentData(), (row, column))
        self._model.renew()
        self._tell_count()
        if self._desk.places:
            self.step(1)

    def _tell_count(self) -> None:
        n, at = len(self._desk.places), self._desk.at
        self._count.setText(tr("None") if not n else f"{n}" if at is None else tr("{at} of {n}", at=at + 1, n=n))

    def _show(self, at: int) -> None:
        if 0 <= at < len(self._desk.places) and at != self._desk.at:
            self._visit(self._desk.show(at))

    def _mark(self) -> None:
        if self._desk.at is not None:
            with QSignalBlocker(self._list.selectionModel()):
                self._list.setCurrentIndex(self._model.index(self._desk.at))
            self._list.viewport().update()

    def _visit(self, place: Place) -> None:
        self._tell_count()
        self.went.emit(self._recording.seconds(place.tick))

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for row, (words, box) in enumerate(((tr("Reference"), self._one), (tr("Tested"), self._two))):
            grid.addWidget(label(words, "muted"), row, 0)
            grid.addWidget(box, row, 1)
        step = QHBoxLayout()
        step.addWidget(self._count, 1)
        step.addWidget(flat("previous", tr("Previous"), lambda: self.step(-1)))
        step.addWidget(flat("next", tr("Next"), lambda: self.step(1)))
        inner = QVBoxLayout(self._result)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        for widget in (self._which, self.matrix, self._figures):
            inner.addWidget(widget)
        inner.addLayout(step)
        inner.addWidget(self._list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(grid)
        for widget in (self._learning, self._go, self._terms, self._result):
            column.addWidget(widget)


class _Places(QAbstractListModel):
    def __init__(self, desk: Ec57Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk

    def renew(self) -> None:
        self.beginResetModel()
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return len(self._desk.places)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        place = self._desk.places[index.row()]
        return f"{self._desk.when(place)}   {place.words}"
