"""The queue of offers: doubtful ones first, a random sample last; one key accepts, corrects or refuses and goes on."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHBoxLayout, QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget

from graticule.presenters.ecg_caption import clock
from graticule.presenters.holter_review import ACCEPTED, CORRECTED, OPEN, REFUSED, HolterReview, Offer
from graticule.ui.pieces import label, shrinkable
from graticule.ui.words import tr

COLUMNS = ("Event", "Time", "Lasts", "Measured", "Doubt", "Decision")
WORDS = {OPEN: "", ACCEPTED: "accepted", CORRECTED: "corrected", REFUSED: "refused"}
SORT_ROLE = Qt.ItemDataRole.UserRole


class OffersModel(QAbstractTableModel):
    """Rows as `HolterReview.offers` gives them."""

    def __init__(self, review: HolterReview) -> None:
        super().__init__()
        self._review = review
        self.offers: list[Offer] = []

    def refresh(self) -> None:
        self.beginResetModel()
        self.offers = self._review.offers()
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.offers)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        return len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return tr(COLUMNS[section])
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        offer = self.offers[index.row()]
        if role == SORT_ROLE:
            return self._keys(offer, index.row())[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in (1, 2, 4):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return self._texts(offer)[index.column()] if role == Qt.ItemDataRole.DisplayRole else None

    def _texts(self, offer: Offer) -> tuple[str, ...]:
        one, seconds = offer.candidate, self._review.seconds
        start, end = seconds(one.start), seconds(one.end)
        return (tr(offer.label), clock(start), f"{end - start:.1f} s", one.fact, f"{one.doubt:.2f}", tr(WORDS[offer.verdict]))

    def _keys(self, offer: Offer, row: int) -> tuple[object, ...]:
        one = offer.candidate
        return offer.label, one.start, one.end - one.start, one.fact, row, WORDS[offer.verdict]


class EventList(QWidget):
    """`went(offer)`: the reader chose a row."""

    went = Signal(object)

    def __init__(self, review: HolterReview, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._review = review
        self.model = OffersModel(review)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.model)
        self._sorted.setSortRole(SORT_ROLE)
        self._sorted.setFilterKeyColumn(0)
        self.table = QTableView()
        self.table.setModel(self._sorted)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(4, Qt.SortOrder.AscendingOrder)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(24)
        self.table.setShowGrid(False)
        self.table.horizontalHeader().setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        self.table.setAccessibleName(tr("Events to look at"))
        self.filter = QComboBox()
        self.filter.setAccessibleName(tr("Show only"))
        shrinkable(self.filter)
        self.words = QLabel()
        head = QHBoxLayout()
        head.addWidget(label(tr("Show only"), "muted"))
        head.addWidget(self.filter)
        head.addStretch(1)
        head.addWidget(self.words)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 0)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        self.filter.currentIndexChanged.connect(self._filtered)
        self.table.clicked.connect(self._clicked)

    def refresh(self) -> None:
        """Other offers, or other decisions about them."""
        self.model.refresh()
        names = sorted({offer.label for offer in self.model.offers})
        if names != [self.filter.itemData(n) for n in range(1, self.filter.count())]:
            self.filter.blockSignals(True)
            self.filter.clear()
            self.filter.addItem(tr("Everything"), "")
            for name in names:
                count = sum(offer.label == name for offer in self.model.offers)
                self.filter.addItem(f"{tr(name)} ({count})", name)
            self.filter.blockSignals(False)
            for column in (0, 1, 2, 4, 5):
                self.table.resizeColumnToContents(column)
        left = sum(offer.verdict == OPEN for offer in self.model.offers)
        self.words.setText(tr("{n} to look at", n=left) + " · " + self._review.audit_words())
        self.follow()

    def follow(self) -> None:
        """Mark the row of the offer in hand."""
        if 0 <= self._review.at < len(self.model.offers):
            index = self._sorted.mapFromSource(self.model.index(self._review.at, 0))
            if index.isValid():
                self.table.selectRow(index.row())
                self.table.scrollTo(index)

    def step(self, by: int) -> None:
        """To the next or previous row as they are sorted and filtered now."""
        rows = self._sorted.rowCount()
        if not rows:
            return
        here = -1 if by > 0 else rows
        if self._review.at >= 0:
            here = self._sorted.mapFromSource(self.model.index(self._review.at, 0)).row()
        self._clicked(self._sorted.index(max(0, min(rows - 1, here + by)), 0))

    def _filtered(self) -> None:
        self._sorted.setFilterFixedString(tr(self.filter.currentData() or ""))

    def _clicked(self, index: QModelIndex) -> None:
        self._review.at = self._sorted.mapToSource(index).row()
        self.follow()
        self.went.emit(self._review.current)
