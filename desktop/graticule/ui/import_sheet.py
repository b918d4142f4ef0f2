"""What became of each file of an import: nothing vanishes."""

from collections import Counter
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from graticule.presenters.ports import Imported
from graticule.ui.pieces import label, push
from graticule.ui.theme import TOKENS, icon
from graticule.ui.words import tr

OUTCOMES = {"case": ("New case", "check", TOKENS.good), "labels": ("Labels", "check", TOKENS.good),
            "known": ("Here already", "info", TOKENS.muted), "skipped": ("Left out", "minus", TOKENS.muted),
            "refused": ("Not readable", "warning", TOKENS.warn)}


MOST_ROWS = 2_000


class ImportSheet(QDialog):
    """Not modal: reading goes on beside it. What needs attention stands first."""

    def __init__(self, results: list[Imported], parent: QWidget | None = None,
                 take_over: Callable[[], None] | None = None) -> None:
        """take_over: makes segments that came for the open case the reader's own; None when there are none."""
        super().__init__(parent)
        self.setWindowTitle(tr("Import"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 480)
        order = {"refused": 0, "labels": 1, "case": 2, "known": 3, "skipped": 4}
        rows = sorted(merged(results), key=lambda row: order.get(row[0].outcome, 5))
        self.table = self._table(rows[:MOST_ROWS])
        close = push(tr("Close"), self.close, primary=True)
        close.setDefault(True)
        foot = QHBoxLayout()
        foot.addStretch(1)
        if take_over is not None:
            foot.addWidget(self._own(take_over))
        foot.addWidget(close)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 16, 16, 12)
        box.setSpacing(10)
        box.addWidget(label(summary(results), "title", wrap=True))
        box.addWidget(self.table, 1)
        if len(rows) > MOST_ROWS:
            box.addWidget(label(tr("and {n} more", n=len(rows) - MOST_ROWS), "muted"))
        box.addLayout(foot)

    def _own(self, take_over: Callable[[], None]) -> QPushButton:
        def do() -> None:
            take_over()
            self.close()

        made = push(tr("Take the segments over"), do, sign="edit")
        made.setToolTip(tr("They become segments of your own that you can change; undo takes it back."))
        return made

    def _table(self, rows: list[tuple[Imported, int]]) -> QTableWidget:
        table = QTableWidget(len(rows), 3)
        table.setHorizontalHeaderLabels([tr("File"), tr("Became"), tr("Why")])
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(TOKENS.control)
        for at, (one, files) in enumerate(rows):
            self._fill(table, at, one, files)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        table.setColumnWidth(0, 250)
        table.setColumnWidth(1, 130)
        return table

    @staticmethod
    def _fill(table: QTableWidget, at: int, one: Imported, files: int) -> None:
        word, sign, colour = OUTCOMES.get(one.outcome, (one.outcome, "info", TOKENS.muted))
        became = QTableWidgetItem(icon(sign, colour), tr(word))
        became.setForeground(QColor(colour))
        name = QTableWidgetItem(one.path.name if files == 1 else f"{one.path.name}  + {files - 1}")
        name.setToolTip(str(one.path))
        why = QTableWidgetItem(one.reason or one.title)
        why.setToolTip(one.reason)
        for column, item in enumerate((name, became, why)):
            table.setItem(at, column, item)


def merged(results: list[Imported]) -> list[tuple[Imported, int]]:
    """(first of them, how many) of the files of each case: a folder of a hundred thousand slices is some hundred rows."""
    counts: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], Imported] = {}
    for number, one in enumerate(results):
        key = (one.outcome, one.case_id) if one.case_id else (one.outcome, f"#{number}")
        counts[key] += 1
        first.setdefault(key, one)
    return [(one, counts[key]) for key, one in first.items()]


def summary(results: list[Imported]) -> str:
    """One line: "New cases: 3  ·  left out: 2". Files of one case count as one."""
    counts = Counter(one.outcome for one in results)
    counts["case"] = len({one.case_id for one in results if one.outcome == "case"})
    words = {"case": "New cases: {n}", "labels": "files of labels: {n}", "known": "here already: {n}", "skipped": "left out: {n}",
             "refused": "not readable: {n}"}
    return "  ·  ".join(tr(text, n=counts[outcome]) for outcome, text in words.items() if counts[outcome] or outcome == "case")
