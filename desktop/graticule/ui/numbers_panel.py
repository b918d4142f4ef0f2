"""The numbers of the segment in the hand: its amount at every event, the rest as soon as the hand rests."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from graticule.domain.edits import Touched
from graticule.domain.elements import Region
from graticule.domain.geometry import Floats
from graticule.editing.events import Bus
from graticule.presenters.number_words import axes_mark, figure_rows, part_text
from graticule.presenters.segment_figures import Figures
from graticule.presenters.segment_numbers import NumbersChanged, NumbersDesk
from graticule.presenters.segment_table import SegmentTable
from graticule.presenters.segments import SegmentsPresenter
from graticule.ui.button_grid import ButtonGrid
from graticule.ui.figure_table import FigureTable
from graticule.ui.part_list import PartList
from graticule.ui.pieces import Elided, flat, push
from graticule.ui.section import show_in_place
from graticule.ui.theme import TOKENS, font, icon
from graticule.ui.words import tr

REST_MS = 150


class NumbersPanel(QWidget):
    """Hidden while there is no segment. go: brings the views to a place; guide: draws measured diameters ([] for none)."""

    FOLDED = True  # until it is asked for

    compare_asked = Signal()

    def __init__(self, desk: NumbersDesk, segments: SegmentsPresenter, bus: Bus, go: Callable[[Floats], None],
                 guide: Callable[[list[Region]], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._segments, self._go, self._guide = desk, segments, go, guide
        self._table_of_all = SegmentTable(desk, segments)
        self._of: str | None = None
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.ask)
        self.waits: Callable[[], bool] = lambda: False
        self.wanted: Callable[[], bool] = self.isVisible
        self._name, self._amount = Elided(), Elided()
        self._amount.setFont(font(TOKENS.title_px, tabular=True))
        self._amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._table, self._parts = FigureTable(), PartList()
        self._parts.chosen.connect(self._show_part)
        self._axes = QPushButton(tr("On the image"))
        self._axes.setIcon(icon("bidirectional"))
        self._axes.setCheckable(True)
        self._axes.setToolTip(tr("Draw the long and the short axis on their slice"))
        self._axes.toggled.connect(self._draw_axes)
        self._compare = push(tr("Compare"), self.compare_asked.emit, sign="compare")
        self._compare.setToolTip(tr("Compare any two masks of this case"))
        show_in_place(self._compare, not desk.flat)
        show_in_place(self._axes, not desk.flat)
        self._copy = flat("copy", tr("Copy"), self._open_copy)
        self._lay_out()
        self._leave = bus.subscribe(NumbersChanged, self._changed)
        self.follow()

    # --- what happened ----------------------------------------------------------------------------------------------

    def labels_changed(self, touched: Touched) -> None:
        """Amounts follow at once; the rest is asked for when the hand rests."""
        if self._desk.labels_changed(touched):
            self._say_amount()
            self._rest.start()

    def follow(self) -> None:
        """Another segment may be in the hand, or it is called something else."""
        if self._segments.active != self._of:
            self._of = self._segments.active
            self._axes.setChecked(False)
            self._show(self._desk.of(self._of))
            self._rest.start(0)
        self._say_amount()

    def values_changed(self) -> None:
        """The last slices have arrived, or another series lies over this one."""
        self._desk.forget()
        self._rest.start()

    def ask(self) -> None:
        """Find the numbers now, or once the hand that paints lets go."""
        if self.waits():
            self._rest.start()
        elif self.wanted():
            self._desk.ask(self._of)

    def shutdown(self) -> None:
        self._rest.stop()
        self._desk.stop()
        self._leave()

    def showEvent(self, event: object) -> None:
        self._rest.start(0)

    def hideEvent(self, event: QHideEvent) -> None:
        self._rest.stop()

    # --- shown ------------------------------------------------------------------------------------------------------

    def _changed(self, event: NumbersChanged) -> None:
        if event.segment == self._of:
            self._show(self._desk.of(self._of))
            if self._axes.isChecked():
                self._draw_axes(True)

    def _say_amount(self) -> None:
        row = self._segments.row(self._of or "")
        show_in_place(self, row is not None)
        self._name.say(row.name if row is not None else "")
        self._amount.say(row.amount if row is not None else "")

    def _show(self, figures: Figures | None) -> None:
        """Numbers that are not known yet leave the old ones standing for the moment, faint."""
        self._table.setEnabled(figures is not None)
        if figures is None:
            return
        self._table.show_rows(figure_rows(figures, flat=self._desk.flat, length=self._desk.length))
        self._parts.show_parts([part_text(part.numbers) for part in figures.parts], figures.count)
        self._axes.setEnabled(figures.numbers is not None and not self._desk.flat)

    def _draw_axes(self, on: bool) -> None:
        figures = self._desk.of(self._of)
        if not on or figures is None or figures.numbers is None:
            self._guide([])
            return
        self._guide([axes_mark(figures.numbers, self._name.said)])
        self._go(figures.numbers.recist.long.ends.mean(axis=0))

    def _show_part(self, at: int) -> None:
        figures = self._desk.of(self._of)
        if figures is not None and at < len(figures.parts):
            self._go(figures.parts[at].middle_mm)

    # --- copied -----------------------------------------------------------------------------------------------------

    def _open_copy(self) -> None:
        menu = QMenu(self)
        menu.addAction(tr("Copy as text"), self.copy_text)
        menu.addAction(tr("Copy as a CSV row"), self.copy_row)
        menu.addAction(tr("Copy all segments as CSV"), self.copy_all)
        menu.exec(self._copy.mapToGlobal(self._copy.rect().bottomLeft()))

    def copy_text(self) -> None:
        self._desk.ask(self._of)
        QGuiApplication.clipboard().setText(self._table_of_all.text(self._of or ""))

    def copy_row(self) -> None:
        QGuiApplication.clipboard().setText(self._table_of_all.csv([self._of or ""]))

    def copy_all(self) -> None:
        """Measures what is not measured yet, then copies."""
        self._desk.ask_all(lambda: QGuiApplication.clipboard().setText(self._table_of_all.csv()))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(2, 0, 0, 0)
        top.setSpacing(6)
        top.addWidget(self._name, 3)
        top.addWidget(self._amount, 2)
        foot = QHBoxLayout()
        foot.setSpacing(6)
        for button in (self._axes, self._compare):
            button.setProperty("slim", True)
        foot.addWidget(ButtonGrid([self._axes, self._compare], 2), 1)
        foot.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self._table)
        column.addWidget(self._parts)
        column.addLayout(foot)
