"""What became of an export: each file with what its readers found, and what could not be written."""

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QColor, QDesktopServices
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from graticule.presenters.exporting import Export, ReadBack, Written
from graticule.presenters.proof_words import told
from graticule.ui.pieces import label, push
from graticule.ui.theme import TOKENS, icon
from graticule.ui.words import tr, trn

# Written, but nobody else could read it back: that is told apart from exported.
PROVEN, UNPROVEN, FAILED = ("check", TOKENS.good), ("warning", TOKENS.warn), ("error", TOKENS.bad)

# Of those that do not read back but say something about the file.
_DID = {"dciodvfy": "checked by {by}", "areas": "areas", "Graticule": "noted by {by}"}


class ExportSheet(QDialog):
    """Not modal: reading goes on beside it."""

    def __init__(self, export: Export, titles: dict[str, str], parent: QWidget | None = None) -> None:
        """titles: format → its name in the dialog."""
        super().__init__(parent)
        self.setWindowTitle(tr("Export"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(860, 560)
        self._export = export
        self.tree = self._tree()
        for file in export.files:
            self._add_file(file)
        for one in export.failed:
            self._add(None, tr(titles.get(one.format, one.format)), one.why, FAILED)
        self.tree.expandAll()
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 16, 16, 12)
        box.setSpacing(10)
        box.addWidget(label(headline(export), "title", wrap=True))
        box.addWidget(label(str(export.folder), "muted", wrap=True))
        box.addWidget(self.tree, 1)
        box.addLayout(self._foot())

    def _tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setColumnCount(2)
        tree.setHeaderLabels([tr("File"), tr("What its readers found")])
        tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        tree.setRootIsDecorated(True)
        tree.setUniformRowHeights(False)
        tree.setWordWrap(True)
        tree.setStyleSheet("QTreeView::item { padding: 3px 0 }")
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        tree.setColumnWidth(0, 300)
        return tree

    def _add_file(self, file: Written) -> None:
        words = tr("Exported: proven by a second reader") if file.proven else tr("Written, but not proven by a second reader")
        parent = self._add(None, file.path.name, words, PROVEN if file.proven else UNPROVEN)
        for reading in file.readings:
            self._add(parent, tr(_DID.get(reading.by, "read back by {by}"), by=reading.by), sentence(reading), None,
                      muted=not reading.proves)

    def _add(self, parent: QTreeWidgetItem | None, what: str, words: str, sign: tuple[str, str] | None,
             *, muted: bool = False) -> QTreeWidgetItem:
        item = QTreeWidgetItem(parent or self.tree, [what, words])
        item.setToolTip(1, words)
        if sign:
            item.setIcon(0, icon(*sign))
            item.setForeground(1, QColor(sign[1]))
        elif muted:
            for column in (0, 1):
                item.setForeground(column, QColor(TOKENS.muted))
        return item

    def _foot(self) -> QHBoxLayout:
        close = push(tr("Close"), self.close, primary=True)
        close.setDefault(True)
        row = QHBoxLayout()
        if self._export.files:
            row.addWidget(push(tr("Open the folder"), self._show_folder, sign="folder"))
        row.addStretch(1)
        row.addWidget(close)
        return row

    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._export.folder)))


def headline(export: Export) -> str:
    """"Exported" only for what a second library read back and found equal."""
    proven, unproven = sum(file.proven for file in export.files), sum(not file.proven for file in export.files)
    said = []
    if proven:
        said.append(trn(proven, "1 file exported", "{n} files exported"))
    if unproven:
        said.append(trn(unproven, "1 file written, but not proven", "{n} files written, but not proven"))
    if export.failed:
        said.append(trn(len(export.failed), "1 format left no file", "{n} formats left no file"))
    return "  ·  ".join(said)


def sentence(reading: ReadBack) -> str:
    found = told(reading)
    return tr(found.words, **found.values)
