"""File → From the archive (PACS)…: search, choose, retrieve. Not modal: reading goes on beside it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from graticule.domain.archive import Node, Search
from graticule.domain.errors import GraticuleError
from graticule.presenters.pacs import ArchiveSearch, Brought, day_of
from graticule.ui.empty import Empty
from graticule.ui.pacs_nodes import NodesDialog
from graticule.ui.pacs_tree import FoundTree
from graticule.ui.pieces import label, line, push
from graticule.ui.words import tr, trn

FIELDS = (("patient_id", "Patient number"), ("patient_name", "Name"), ("accession", "Accession number"), ("modality", "Modality"),
          ("from_day", "From day"), ("to_day", "To day"))
LOOK_EVERY_MS = 250
RESULTS, NO_NODE, NOT_YET, NOTHING, TROUBLE = range(5)


class ArchiveWindow(QDialog):
    """brought, failed: called at the end of a retrieve, even when this window is closed by then."""

    def __init__(self, search: ArchiveSearch, brought: Callable[[Brought], None],
                 failed: Callable[[GraticuleError], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("From the archive"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(980, 620)
        self._search, self._brought, self._failed = search, brought, failed
        self.node = QComboBox()
        self.node.setMinimumWidth(240)
        self.node.setAccessibleName(tr("Archive"))
        self.node.activated.connect(self._choose_node)
        self.test = push(tr("Test"), self._test)
        self.tested = label("", "muted")
        self.fields = {name: self._field(name, words) for name, words in FIELDS}
        self.find = push(tr("Search"), self._find_or_stop, primary=True, sign="search")
        self.find.setDefault(True)
        self.tree = FoundTree(search)
        self._rest = QStackedWidget()
        self._rest.addWidget(self.tree)
        for page in self._empties():
            self._rest.addWidget(page)
        self.foot = label("", "muted", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 0)
        self.retrieve = push(tr("Retrieve"), self._retrieve, primary=True, sign="import")
        self.retrieve.setAutoDefault(False)
        self._arrange()
        search.changed = self._show
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(search.look)
        self._timer.start()
        self._show_nodes()
        self._show()
        (self.fields["patient_id"] if search.node else self._first.findChild(QPushButton)).setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        """A retrieve goes on: its end is told in the main window."""
        self._timer.stop()
        self._search.changed = lambda: None
        if self._search.busy:
            self._search.stop()
        super().closeEvent(event)

    def reject(self) -> None:
        """Escape, as the window's own close button."""
        self.close()

    def _choose_node(self, at: int) -> None:
        self.tested.setText("")
        self._search.choose_node(self.node.itemData(at))

    def _find_or_stop(self) -> None:
        if self._search.busy:
            self._search.stop()
            return
        try:
            self._search.search(self._typed())
        except GraticuleError as error:
            self._search.trouble = error
            self._show()

    def _typed(self) -> Search:
        said = {name: line.text().strip() for name, line in self.fields.items()}
        return Search(said["patient_id"], said["patient_name"], said["accession"], said["modality"].upper(),
                      day_of(said["from_day"]), day_of(said["to_day"]))

    def _retrieve(self) -> None:
        self._search.retrieve(self._brought, self._failed)

    def _test(self) -> None:
        self.tested.setText(tr("Asking…"))
        self._search.test(self._tested)

    def _tested(self, error: GraticuleError | None) -> None:
        words = tr("The archive answers.") if error is None else tr(error.message)
        self._say(self.tested, words, "good" if error is None else "bad")
        self.tested.setToolTip("" if error is None else tr(error.hint))

    def _edit_nodes(self) -> None:
        dialog = NodesDialog(self._search.archives, self)
        dialog.exec()
        nodes = self._search.nodes()
        chosen = next((node for node in nodes if self._search.node and node.name == self._search.node.name), None)
        self._search.choose_node(chosen or (nodes[0] if nodes else None))
        self.tested.setText("")
        self._show_nodes()
        self._show()

    def _show_nodes(self) -> None:
        nodes: Sequence[Node] = self._search.nodes()
        self.node.clear()
        for node in nodes:
            self.node.addItem(node.name, node)
        self.node.setCurrentIndex(next((at for at, node in enumerate(nodes) if node == self._search.node), -1))

    def _show(self) -> None:
        search = self._search
        ready = search.node is not None
        for widget in (self.test, *self.fields.values()):
            widget.setEnabled(ready)
        self.find.setEnabled(ready)
        self.find.setText(tr("Stop") if search.busy else tr("Search"))
        self.bar.setVisible(search.busy or search.fetching)
        self.tree.refresh()
        self._rest.setCurrentIndex(self._page())
        studies, series = search.chosen
        self.retrieve.setEnabled(bool(studies or series) and not search.fetching)
        self.foot.setText(self._foot(studies, series))

    def _page(self) -> int:
        search = self._search
        if search.node is None:
            return NO_NODE
        if search.trouble is not None:
            self.tested.setText("")
            self._trouble.say(tr(search.trouble.message), tr(search.trouble.hint) if search.trouble.hint else "")
            return RESULTS if search.found and search.found.studies else TROUBLE
        if search.found is None:
            return NOT_YET
        return RESULTS if search.found.studies else NOTHING

    def _foot(self, studies: int, series: int) -> str:
        search = self._search
        if search.trouble is not None and search.found and search.found.studies:
            return f"{tr(search.trouble.message)} {tr(search.trouble.hint) if search.trouble.hint else ''}".strip()
        if search.fetching:
            return tr("Retrieving. Progress and Cancel stand in the main window; you can go on reading.")
        if search.said:
            return tr(search.said)
        parts = [trn(studies, "1 examination chosen", "{n} examinations chosen") if studies else "",
                 trn(series, "1 single series chosen", "{n} single series chosen") if series else ""]
        if search.found and search.found.more:
            parts.append(tr("The archive has more than these. Narrow the search."))
        if not studies and not series and search.found and search.found.studies:
            parts.append(tr("Space chooses, the right arrow key opens an examination."))
        return "  ·  ".join(part for part in parts if part)

    def _field(self, name: str, words: str) -> QLineEdit:
        made = QLineEdit()
        made.setAccessibleName(tr(words))
        made.setPlaceholderText({"patient_name": tr("Beginning of the name"), "modality": "CT, MR, CR …",
                                 "from_day": "2024-03-31", "to_day": "2024-03-31"}.get(name, ""))
        return made

    def _empties(self) -> tuple[QWidget, ...]:
        self._trouble = _Trouble()
        self._first = Empty("plug", tr("No archive is set up yet"), tr("Its administrator knows the address and the AE titles."),
                            tr("Add an archive…"), self._edit_nodes)
        return (self._first,
                Empty("search", tr("Search the archive"), tr("A number, a name or a day is enough.")),
                Empty("info", tr("The archive found nothing"), tr("Try fewer fields, or only the beginning of the name.")),
                self._trouble)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        for widget in (label(tr("Archive")), self.node, self.test):
            head.addWidget(widget)
        head.addWidget(self.tested, 1)
        head.addWidget(push(tr("Archives…"), self._edit_nodes, sign="settings"))
        form = QGridLayout()
        form.setHorizontalSpacing(10)
        form.setVerticalSpacing(2)
        for column, (name, words) in enumerate(FIELDS):
            form.addWidget(label(tr(words), "muted"), 0, column)
            form.addWidget(self.fields[name], 1, column)
            form.setColumnStretch(column, 2 if name == "patient_name" else 1)
        form.addWidget(self.find, 1, len(FIELDS))
        foot = QHBoxLayout()
        foot.addWidget(self.foot, 1)
        foot.addWidget(push(tr("Close"), self.close))
        foot.addWidget(self.retrieve)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 12)
        box.setSpacing(10)
        box.addLayout(head)
        box.addWidget(line())
        box.addLayout(form)
        if self._search.names_hidden:
            told = tr("Names are shown here so that you can choose the right person; the worklist hides them.")
            box.addWidget(label(told, "muted"))
        box.addWidget(self.bar)
        box.addWidget(self._rest, 1)
        box.addLayout(foot)
        for button in self.findChildren(type(self.retrieve)):
            if button is not self.find:
                button.setAutoDefault(False)

    @staticmethod
    def _say(where: QWidget, words: str, role: str) -> None:
        where.setProperty("role", role)
        where.style().unpolish(where)
        where.style().polish(where)
        where.setText(words)


class _Trouble(QWidget):
    """Why there is no list, and what helps."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("empty")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._what, self._hint = label("", "title", wrap=True), label("", "muted", wrap=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(60, 0, 60, 0)
        box.setSpacing(8)
        box.addStretch(1)
        for widget in (self._what, self._hint):
            widget.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            box.addWidget(widget)
        box.addStretch(1)

    def say(self, what: str, hint: str) -> None:
        self._what.setText(what)
        self._hint.setText(hint)
