"""What the archive found: examinations, and under each its series, with boxes to choose by."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from graticule.domain.archive import FoundSeries
from graticule.presenters.pacs import ArchiveSearch, series_words, study_words
from graticule.ui.theme import TOKENS
from graticule.ui.words import tr

STUDY, SERIES = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
STATES = (Qt.CheckState.Unchecked, Qt.CheckState.PartiallyChecked, Qt.CheckState.Checked)
WIDTHS = (300, 120, 92, 70, 240, 60)


class FoundTree(QTreeWidget):
    """`refresh` asks the presenter again. Arrow keys move and open, Space chooses."""

    def __init__(self, search: ArchiveSearch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._search = search
        self._shown: object = None
        self._filling = False
        self.setColumnCount(len(WIDTHS))
        self.setHeaderLabels([tr("Patient"), tr("Number"), tr("Day"), tr("Kind"), tr("Description"), tr("Images")])
        for column, width in enumerate(WIDTHS):
            self.setColumnWidth(column, width)
        self.header().setSectionResizeMode(4, QHeaderView.ResizeMode.Stretch)
        self.header().setStretchLastSection(False)
        self.setUniformRowHeights(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAccessibleName(tr("What the archive found"))
        colours = self.palette()  # the branch is painted by the style, which takes the palette's colour and not the sheet's
        colours.setColor(QPalette.ColorRole.Highlight, QColor(TOKENS.accent_soft))
        self.setPalette(colours)
        self.itemExpanded.connect(self._expanded)
        self.itemChanged.connect(self._changed)

    def refresh(self) -> None:
        self._filling = True
        if self._shown is not self._search.found:
            self._shown = self._search.found
            self._fill()
        for at in range(self.topLevelItemCount()):
            self._show(self.topLevelItem(at))
        self._filling = False

    def _fill(self) -> None:
        self.clear()
        for study in self._search.found.studies if self._search.found else ():
            row = QTreeWidgetItem(list(study_words(study)))
            row.setData(0, STUDY, study.uid)
            row.setTextAlignment(5, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            row.setFlags(row.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            row.setToolTip(4, study.description)
            row.setToolTip(0, study_words(study)[0])
            row.setSizeHint(0, QSize(0, TOKENS.control))
            row.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
            self.addTopLevelItem(row)
        if self.topLevelItemCount():
            self.setCurrentItem(self.topLevelItem(0))

    def _show(self, row: QTreeWidgetItem) -> None:
        study = row.data(0, STUDY)
        row.setCheckState(0, STATES[self._search.chosen_part(study)])
        series = self._search.series(study)
        if series is None:
            return
        if row.childCount() != len(series) or (series and row.child(0).data(0, SERIES) != series[0]):
            row.takeChildren()
            row.addChildren([_series_row(one) for one in series])
        for at, one in enumerate(series):
            row.child(at).setCheckState(0, STATES[2 if self._search.is_chosen(one) else 0])

    def _expanded(self, row: QTreeWidgetItem) -> None:
        study = row.data(0, STUDY)
        if study and self._search.series(study) is None:
            if not row.childCount():
                row.addChild(QTreeWidgetItem([tr("Asking for the series…")]))
            self._search.expand(study)

    def _changed(self, row: QTreeWidgetItem, column: int) -> None:
        if self._filling or column:
            return
        chosen = row.checkState(0) is not Qt.CheckState.Unchecked
        series: FoundSeries | None = row.data(0, SERIES)
        if series is not None:
            self._search.choose_series(series, chosen)
        elif row.data(0, STUDY):
            self._search.choose_study(row.data(0, STUDY), chosen)


def _series_row(one: FoundSeries) -> QTreeWidgetItem:
    row = QTreeWidgetItem(list(series_words(one)))
    row.setData(0, SERIES, one)
    row.setFlags(row.flags() | Qt.ItemFlag.ItemIsUserCheckable)
    row.setTextAlignment(5, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    row.setSizeHint(0, QSize(0, TOKENS.control))
    return row
