"""The list of marks in the right column: click to go there, rename, copy, delete; the figures and the curve of the chosen one."""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from graticule.domain.errors import GraticuleError
from graticule.presenters.measurements import Measurements, Row
from graticule.ui.pieces import flat, label
from graticule.ui.profile_plot import ProfilePlot
from graticule.ui.section import bring_into_sight
from graticule.ui.theme import TOKENS, font, grown, icon
from graticule.ui.words import tr

_ICONS = {"line": "length", "point": "probe", "polyline": "profile", "text": "arrow"}
ROW_PX, MOST_ROWS = grown(26), 9


class MeasurementsPanel(QWidget):
    """`trouble`: why something was refused. filled: whether there are marks now."""

    trouble = Signal(object)
    filled = Signal(bool)

    def __init__(self, marks: Measurements, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks = marks
        self._rows: dict[str, Row] = {}
        self._tree = _Tree(self)
        self._empty = label(tr("No marks yet. Take a measuring tool: D for a length."), "muted", wrap=True)
        self._details = QWidget()
        self._grid = QGridLayout(self._details)
        self._grid.setContentsMargins(4, 2, 4, 2)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)
        self._plot = ProfilePlot()
        self._copy = flat("copy", tr("Copy this mark"), self.copy_chosen)
        self._copy_all = flat("export", tr("Copy all marks"), self.copy_all)
        self._rename = flat("edit", tr("Rename (F2)"), self._tree.rename_current)
        self._delete = flat("trash", tr("Delete this mark"), self.delete_chosen)
        acts = QHBoxLayout()
        acts.addStretch(1)
        for button in (self._rename, self._copy, self._copy_all, self._delete):
            acts.addWidget(button)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        for widget in (self._empty, self._tree, self._details, self._plot):
            box.addWidget(widget)
        box.addLayout(acts)
        self._tree.currentItemChanged.connect(self._went)
        self._tree.itemClicked.connect(lambda item, column: self._marks.choose(_id(item)))
        self.refresh()

    def refresh(self) -> None:
        """Marks came, went or changed."""
        rows = self._marks.rows()
        self._rows = {row.id: row for row in rows}
        with QSignalBlocker(self._tree):
            self._fill(rows)
        self.filled.emit(bool(rows))
        self._empty.setVisible(not rows)
        self._tree.setVisible(bool(rows))
        self._copy_all.setVisible(bool(rows))
        self._show_chosen()
        silent = self._marks.wants_name()
        if silent and silent != self._tree.asked and not self._marks.locked:
            self._tree.asked = silent
            bring_into_sight(self)
            self._tree.setCurrentItem(self._item(silent))
            self._tree.rename_current()

    def show_chosen(self) -> None:
        """Another mark was chosen, here or in the image."""
        item = self._item(self._marks.chosen)
        with QSignalBlocker(self._tree):
            self._tree.setCurrentItem(item)
        self._show_chosen()

    def copy_chosen(self) -> None:
        QGuiApplication.clipboard().setText(self._marks.copied(self._marks.chosen))

    def copy_all(self) -> None:
        QGuiApplication.clipboard().setText(self._marks.copied())

    def delete_chosen(self) -> None:
        try:
            self._marks.delete(self._marks.chosen)
        except GraticuleError as error:
            self.trouble.emit(error)

    def _fill(self, rows: list[Row]) -> None:
        self._tree.clear()
        for row in rows:
            item = QTreeWidgetItem([row.title, row.amount])
            item.setData(0, Qt.ItemDataRole.UserRole, row.id)
            item.setIcon(0, icon(_ICONS.get(row.shape, row.shape), TOKENS.muted))
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setFont(1, font(TOKENS.label_px, tabular=True))
            if not row.foreign and not self._marks.locked:
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            if row.foreign:
                item.setToolTip(0, tr("Came in a file with the images: it is shown, and never changed."))
            self._tree.addTopLevelItem(item)
        self._tree.setFixedHeight(ROW_PX * min(MOST_ROWS, max(1, len(rows))) + 2)
        self._tree.setCurrentItem(self._item(self._marks.chosen))

    def _show_chosen(self) -> None:
        row = self._rows.get(self._marks.chosen)
        while self._grid.count():
            widget = self._grid.takeAt(0).widget()
            if widget is not None:
                widget.deleteLater()
        for at, (what, amount) in enumerate(row.details if row else ()):
            value = label(amount)
            value.setFont(font(TOKENS.label_px, tabular=True))
            value.setWordWrap(what in ("Scale", "Layer"))
            self._grid.addWidget(label(tr(what), "muted"), at, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(value, at, 1, Qt.AlignmentFlag.AlignRight)
        self._details.setVisible(bool(row and row.details))
        curve = self._marks.curve()
        self._plot.setVisible(curve is not None)
        if curve is not None:
            self._plot.show_curve(*curve)
        own = row is not None and not row.foreign and not self._marks.locked
        self._copy.setVisible(row is not None)
        self._rename.setVisible(own)
        self._delete.setVisible(own)

    def _went(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self._marks.choose(_id(item))

    def name_of(self, mark: str) -> str:
        """The reader's own word for a mark."""
        return self._marks.name_of(mark)

    def rename(self, mark: str, name: str) -> None:
        try:
            self._marks.rename(mark, name)
        except GraticuleError as error:
            self.trouble.emit(error)

    def _item(self, mark: str) -> QTreeWidgetItem | None:
        items = (self._tree.topLevelItem(at) for at in range(self._tree.topLevelItemCount()))
        return next((item for item in items if _id(item) == mark), None)


class _Tree(QTreeWidget):
    """Two columns: what it is, and how much. asked: the mark whose name was asked for already."""

    def __init__(self, panel: MeasurementsPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self.asked = ""
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setStyleSheet(f"QTreeView::item {{ height: {ROW_PX}px; }}")
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setItemDelegate(_NameEditor(panel))
        self.setAccessibleName(tr("Marks"))
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, self.header().ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, self.header().ResizeMode.ResizeToContents)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self._panel.delete_chosen()
        else:
            super().keyPressEvent(event)

    def rename_current(self) -> None:
        """Type another name, in place."""
        item = self.currentItem()
        if item is not None and item.flags() & Qt.ItemFlag.ItemIsEditable:
            self.setFocus()
            self.editItem(item, 0)


class _NameEditor(QStyledItemDelegate):
    """Edits only the reader's own word, not the number and the amount beside it."""

    def __init__(self, panel: MeasurementsPanel) -> None:
        super().__init__(panel)
        self._panel = panel

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex) -> QWidget | None:
        return QLineEdit(parent) if index.column() == 0 else None

    def setEditorData(self, editor: QWidget, index: QModelIndex) -> None:
        if isinstance(editor, QLineEdit):
            editor.setText(self._panel.name_of(str(index.data(Qt.ItemDataRole.UserRole))))
            editor.setPlaceholderText(tr("Your word for it"))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: QModelIndex) -> None:
        if isinstance(editor, QLineEdit):
            self._panel.rename(str(index.data(Qt.ItemDataRole.UserRole)), editor.text())


def _id(item: QTreeWidgetItem) -> str:
    return str(item.data(0, Qt.ItemDataRole.UserRole))
