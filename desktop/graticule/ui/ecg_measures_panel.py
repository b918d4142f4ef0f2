"""The panel of measures: the usual beat with its marks, the intervals read from them, QTc by four formulas, and what is kept."""

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from graticule.domain.elements import Intervals
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.recording import Recording
from graticule.jobs import Handle
from graticule.presenters.ecg import EcgPresenter
from graticule.presenters.ecg_measures import Measured, Measures
from graticule.presenters.open_case import OpenCase
from graticule.ui.ecg_beat_view import BeatView
from graticule.ui.ecg_loops import LoopsView
from graticule.ui.figure_table import FigureTable
from graticule.ui.pieces import label, push, shrinkable
from graticule.ui.words import tr

LANE = "measures"


class MeasuresPanel(QWidget):
    """peaks: the R peaks found so far, None while they are looked for. `failed(error)`: too few beats, for one."""

    failed = Signal(object)

    def __init__(self, opened: OpenCase, recording: Recording, view: EcgPresenter, peaks: Callable[[], Array | None],
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._opened, self._peaks = opened, peaks
        self.measures = Measures(recording, view)
        self._job: Handle | None = None
        self.beat, self.loops = BeatView(self.measures, self), LoopsView(self.measures, self)
        self.figures = FigureTable(self)
        self._said = label(tr("Measures the usual beat of what is shown; every mark can be dragged."), "muted", wrap=True)
        self._lead = QComboBox(self)
        self._lead.setAccessibleName(tr("Marks of"))
        self._lead.activated.connect(self._choose_lead)
        shrinkable(self._lead)
        self._keep = push(tr("Keep as evidence"), self.keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._again = push(tr("Draft again"), self._draft_again)
        column.addLayout(self._row(push(tr("Measure"), self.measure), self._lead))
        switches = (self._check(tr("Beats superimposed"), self._superimpose), self._check(tr("Vector loops"), self._show_loops))
        for widget in (*switches, self.beat, self.loops, self._said, self.figures):
            column.addWidget(widget)
        for widget in (self._keep, self._again):
            column.addWidget(widget)
        column.addStretch(1)
        self.beat.moved.connect(self._follow)
        self.loops.hide()
        self._fill_leads()
        self._follow()

    def measure(self) -> None:
        """The usual beat of what is shown, in a job."""
        peaks = self._peaks()
        if peaks is None:
            self._said.setText(tr("R peaks are still being looked for."))
            return
        if self._job is not None:
            self._job.cancel()
        self._said.setText(tr("Measuring …"))
        self._job = self._opened.runner.start(self.measures.job(peaks), done=self._take, failed=self._failed, lane=LANE)

    def keep(self) -> None:
        """What stands here becomes a part of the labels, in place of what was kept of the same lead and stretch."""
        made = self.measures.evidence(self._opened.new_id())
        if made is None:
            return
        same = next((one for one in self._opened.workspace.labels.of(Intervals)
                     if (one.lead, one.start, one.end) == (made.lead, made.start, made.end)), None)
        if same is not None:
            made = self.measures.evidence(same.id)
        try:
            self._opened.workspace.set(tr("Keep intervals"), made)
        except GraticuleError as error:
            self.failed.emit(error)

    def close_job(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _take(self, found: Measured) -> None:
        self.measures.now = found
        if self.measures.lead not in found.beat.names:
            self.measures.lead = None
        self._fill_leads()
        self._follow()

    def _failed(self, error: GraticuleError) -> None:
        self._said.setText(str(error))
        self.failed.emit(error)

    def _follow(self) -> None:
        there = self.measures.now is not None
        for widget in (self.beat, self._keep, self._again):
            widget.setVisible(there)
        if there:
            self._said.setText(self.measures.signal_text())
        self.figures.show_rows(self.measures.rows())
        self.beat.update()
        self.loops.update()

    def _fill_leads(self) -> None:
        with QSignalBlocker(self._lead):
            self._lead.clear()
            self._lead.addItem(tr("All leads"), None)
            for name in self.measures.leads:
                self._lead.addItem(name, name)
            self._lead.setCurrentIndex(max(0, self._lead.findData(self.measures.lead)))

    def _choose_lead(self, index: int) -> None:
        self.measures.lead = self._lead.itemData(index)
        self._follow()

    def _draft_again(self) -> None:
        self.measures.again()
        self._follow()

    def _superimpose(self, on: bool) -> None:
        self.beat.superimposed = on
        self.beat.update()

    def _show_loops(self, on: bool) -> None:
        self.loops.setVisible(on)

    def _check(self, words: str, act: Callable[[bool], None]) -> QCheckBox:
        box = QCheckBox(words, self)
        box.toggled.connect(act)
        return box

    def _row(self, *widgets: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in widgets:
            row.addWidget(widget)
        row.addStretch(1)
        return row
