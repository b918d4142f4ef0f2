"""What de-identification did, or would do: counts by group, each attribute below it, and what a person must look at."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QDialog, QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from graticule.presenters.deidentify import ACTIONS, Report
from graticule.ui.pieces import label, push
from graticule.ui.theme import TOKENS, icon
from graticule.ui.words import tr, trn


class DeidentifyReport(QDialog):
    """Not modal, so that it can be read beside the import or the dialog before it."""

    def __init__(self, report: Report, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("De-identification"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(820, 560)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 20, 20, 16)
        box.setSpacing(10)
        box.addWidget(label(_title(report), "title", wrap=True))
        if report.trial:
            box.addWidget(label(tr("Nothing was imported and nothing was changed."), "muted", wrap=True))
        for sentence, files in report.doubts:
            box.addWidget(_doubt(sentence, files))
        self.tree = _tree(report)
        box.addWidget(self.tree, 1)
        box.addWidget(label(tr("No program finds everything. Look at the images before you pass them on."), "muted", wrap=True))
        close = push(tr("Close"), self.close, primary=True)
        close.setDefault(True)
        box.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)


def _title(report: Report) -> str:
    if report.trial:
        return trn(report.files, "1 file would be de-identified", "{n} files would be de-identified")
    return trn(report.files, "1 file was de-identified", "{n} files were de-identified")


def _doubt(sentence: str, files: int) -> QWidget:
    return label("⚠ " + said_in_words(sentence) + "  " + trn(files, "(1 file)", "({n} files)"), "warn", wrap=True)


def said_in_words(sentence: str) -> str:
    """A doubt in the reader's language; the places in brackets are words of their own."""
    start, bracket, rest = sentence.partition(" (")
    places, closed, end = rest.partition(")")
    if not bracket or not closed:
        return tr(sentence)
    return tr(start + " ({places})" + end, places=", ".join(tr(place) for place in places.split(", ")))


def _tree(report: Report) -> QTreeWidget:
    tree = QTreeWidget()
    tree.setColumnCount(1 + len(ACTIONS))
    tree.setHeaderLabels([tr("What"), *map(tr, ACTIONS.values())])
    tree.setEditTriggers(QTreeWidget.EditTrigger.NoEditTriggers)
    for group, counts in report.groups():
        item = QTreeWidgetItem([tr(group), *(_count(counts[action]) for action in ACTIONS)])
        item.setIcon(0, icon("check", TOKENS.good))
        for what, action, count in report.details(group):
            column = 1 + list(ACTIONS.values()).index(action)
            child = QTreeWidgetItem([what, *("" for _ in ACTIONS)])
            child.setText(column, _count(count))
            child.setForeground(0, QColor(TOKENS.muted))
            _align(child)
            item.addChild(child)
        _align(item)
        tree.addTopLevelItem(item)
    header = tree.header()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    for column in range(1, 1 + len(ACTIONS)):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        tree.headerItem().setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return tree


def _align(item: QTreeWidgetItem) -> None:
    for column in range(1, 1 + len(ACTIONS)):
        item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


def _count(number: int) -> str:
    return f"{number:,}".replace(",", " ") if number else ""
