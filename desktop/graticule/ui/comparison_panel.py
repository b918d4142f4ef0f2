"""Two masks side by side in numbers, and over the image where they differ."""

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Floats
from graticule.editing.events import Bus
from graticule.presenters.comparing import IMPORTED, WHOLE_GROUP, Choice, Comparing, ComparisonChanged
from graticule.presenters.difference_words import DIFFERENCE_COLOURS, agreement_rows, copied
from graticule.presenters.differences import Compared, Place
from graticule.presenters.segment_amounts import millilitres
from graticule.quality.masks import BOTH, ONLY_ONE, ONLY_TWO
from graticule.ui.figure_table import FigureTable
from graticule.ui.group_line import group_title
from graticule.ui.part_list import PartList
from graticule.ui.pieces import flat, label, push
from graticule.ui.segment_swatch import Swatch
from graticule.ui.theme import icon
from graticule.ui.words import tr


class ComparisonPanel(QWidget):
    """show: draws a comparison's map over the image, None for none. trouble(GraticuleError): it could not be made."""

    trouble = Signal(object)

    def __init__(self, comparing: Comparing, bus: Bus, go: Callable[[Floats], None], show: Callable[[Compared | None], None],
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._comparing, self._go, self._show_map = comparing, go, show
        self._a, self._b = QComboBox(), QComboBox()
        for box, words in ((self._a, tr("First mask")), (self._b, tr("Second mask"))):
            box.setAccessibleName(words)
            box.activated.connect(lambda at: self.compare())
        self._tolerance = QDoubleSpinBox()
        self._tolerance.setRange(0.0, 50.0)
        self._tolerance.setSingleStep(0.5)
        self._tolerance.setDecimals(1)
        self._tolerance.setSuffix(" mm")
        self._tolerance.setValue(comparing.tolerance_mm)
        self._tolerance.setKeyboardTracking(False)
        self._tolerance.lineEdit().setTextMargins(6, 0, 6, 0)
        self._tolerance.setAccessibleName(tr("Tolerance of the surface Dice"))
        self._tolerance.valueChanged.connect(lambda mm: self.compare())
        self._map = QPushButton(tr("Map"))
        self._map.setIcon(icon("outline"))
        self._map.setCheckable(True)
        self._map.setChecked(True)
        self._map.setToolTip(tr("Colour the image by which of the two masks holds each voxel"))
        self._map.toggled.connect(lambda on: self._show_map(self._comparing.now if on else None))
        self._stale = label(tr("The labels have changed since."), "warn", wrap=True)
        self._again = push(tr("Compare"), self.compare)
        self._table, self._places = FigureTable(), PartList()
        self._places.chosen.connect(self._go_to_place)
        self._worst = push("", self._go_to_worst)
        self._result = QWidget()
        self._lay_out()
        self._leave = bus.subscribe(ComparisonChanged, lambda event: self._changed())
        self._changed()
        self.hide()

    # --- opened and closed ------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Offer what can be compared; imported masks are read now."""
        self.show()
        self.refresh()
        self._comparing.load(self.refresh, self.trouble.emit)

    def toggle(self) -> None:
        self.close_comparison() if not self.isHidden() else self.open()

    def close_comparison(self) -> None:
        self.hide()
        self._comparing.close()

    def shutdown(self) -> None:
        self._leave()

    def refresh(self) -> None:
        """The masks there are: another segment came, or imported ones were read."""
        if self.isHidden():
            return
        choices = self._comparing.choices()
        for at, box in enumerate((self._a, self._b)):
            kept = box.currentData()
            with QSignalBlocker(box):
                box.clear()
                for choice in choices:
                    box.addItem(_title(choice), choice.key)
                found = box.findData(kept) if kept is not None else -1
                box.setCurrentIndex(found if found >= 0 else min(at, box.count() - 1))

    # --- acts -------------------------------------------------------------------------------------------------------

    def compare(self) -> None:
        """The two that are chosen."""
        one, two = self._a.currentData(), self._b.currentData()
        if one is None or two is None:
            return
        try:
            self._comparing.compare(tuple(one), tuple(two), self._tolerance.value(), self.trouble.emit)
        except GraticuleError as error:
            self.trouble.emit(error)

    def copy(self) -> None:
        now = self._comparing.now
        if now is not None:
            QGuiApplication.clipboard().setText(copied(now, self._a.currentText(), self._b.currentText()))

    def _go_to_place(self, at: int) -> None:
        now = self._comparing.now
        if now is not None and at < len(now.places):
            self._go(now.places[at].middle_mm)

    def _go_to_worst(self) -> None:
        now = self._comparing.now
        if now is not None and now.worst is not None:
            self._go(now.worst.middle_mm)

    # --- shown ------------------------------------------------------------------------------------------------------

    def _changed(self) -> None:
        now = self._comparing.now
        self._result.setVisible(now is not None)
        self._show_map(now if self._map.isChecked() and not self.isHidden() else None)
        self._stale.setVisible(self._comparing.stale)
        if now is None:
            return
        self._table.show_rows(agreement_rows(now))
        self._places.show_places(tr("Where they differ most:"), [_place_text(place) for place in now.places])
        worst = now.worst
        self._worst.setText("" if worst is None else tr("Worst: slice {n}, {amount} differ", n=worst.slice + 1,
                                                        amount=millilitres(worst.ml)))
        self._worst.setVisible(now.worst is not None)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for row, (letter, box) in enumerate((("A", self._a), ("B", self._b))):
            grid.addWidget(label(letter, "muted"), row, 0)
            grid.addWidget(box, row, 1)
        grid.addWidget(label(tr("Tolerance"), "muted"), 2, 0)
        grid.addWidget(self._tolerance, 2, 1)
        acts = QHBoxLayout()
        acts.setSpacing(6)
        acts.addWidget(self._again, 1)
        acts.addWidget(self._map)
        acts.addWidget(flat("copy", tr("Copy"), self.copy))
        acts.addWidget(flat("close", tr("Close the comparison"), self.close_comparison))
        inner = QVBoxLayout(self._result)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(6)
        for widget in (self._stale, _key(), self._table, self._worst, self._places):
            inner.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(grid)
        column.addLayout(acts)
        column.addWidget(self._result)


def _place_text(place: Place) -> str:
    """"only A · 0.42 mL · slice 38": slices are counted from 1."""
    which = tr("only A") if place.only == ONLY_ONE else tr("only B")
    return f"{which} · {millilitres(place.ml)} · {tr('slice {n}', n=place.slice + 1)}"


def _title(choice: Choice) -> str:
    if choice.kind == WHOLE_GROUP:
        return tr("All of {group}", group=group_title(choice.key[1], choice.name))
    return f"{choice.name} ({choice.source})" if choice.kind == IMPORTED else choice.name


def _key() -> QWidget:
    """Which colour says what."""
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(2, 0, 2, 0)
    row.setSpacing(6)
    for value, words in ((ONLY_ONE, tr("only A")), (ONLY_TWO, tr("only B")), (BOTH, tr("both"))):
        swatch = Swatch()
        swatch.show_colour("#{:02x}{:02x}{:02x}".format(*DIFFERENCE_COLOURS[value]), True)
        row.addWidget(swatch)
        row.addWidget(label(words, "muted"))
        row.addSpacing(6)
    row.addStretch(1)
    row.setAlignment(Qt.AlignmentFlag.AlignVCenter)
    return made
