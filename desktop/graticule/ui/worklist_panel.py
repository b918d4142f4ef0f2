"""The left column: which cases there are, how far each is, and a search."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from graticule.presenters.worklist import Worklist
from graticule.ui.keys import tip
from graticule.ui.pieces import flat, label, push
from graticule.ui.theme import TOKENS, icon, pixmap, wide
from graticule.ui.words import tr
from graticule.ui.worklist_filter import WorklistFilter
from graticule.ui.worklist_model import ROW, WorklistDelegate, WorklistModel


class WorklistPanel(QWidget):
    """Draws what the Worklist presenter says; `refresh` asks it again."""

    chosen = Signal(str)
    import_wanted = Signal()
    strip_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._worklist, self._furnished = Worklist(), False
        self.model = WorklistModel()
        self._delegate = WorklistDelegate()
        self._title = label(tr("Worklist"), "section")
        self._progress = label("", "muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._fold = flat("chevron-left", tr("Make the worklist narrow"), self._toggle)
        self.search = self._search_line()
        self.filter = WorklistFilter()
        self.filter.changed.connect(self.refresh)
        self.list = self._list()
        self._rest = QStackedWidget()
        self._rest.addWidget(self.list)
        self._rest.addWidget(self._nothing())
        self._rest.addWidget(self._not_found())
        self._rest.addWidget(QWidget())  # before a store is open
        self._arrange()
        self.refresh()

    @property
    def strip(self) -> bool:
        return self._delegate.strip

    def furnish(self, worklist: Worklist) -> None:
        self._worklist, self._furnished = worklist, True
        self.filter.follow(worklist)
        self.refresh()

    def refresh(self) -> None:
        done, total = self._worklist.progress()
        self._progress.setText(tr("{done} of {total} done", done=done, total=total) if total else "")
        self._bar.setRange(0, max(1, total))
        self._bar.setValue(done)
        self.model.show(self._worklist)
        self.list.viewport().update()
        self._rest.setCurrentIndex(0 if self.model.rowCount() else 2 if total else 1 if self._furnished else 3)
        if self._worklist.current:
            here = self.model.place_of(self._worklist.current)
            if here.isValid():
                self.list.setCurrentIndex(here)
                self.list.scrollTo(here)

    def begin_search(self) -> None:
        self.set_strip(False)
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def set_strip(self, strip: bool) -> None:
        """Show only a narrow strip of signs, or everything."""
        if strip == self.strip:
            return
        self._delegate.strip = strip
        for widget in (self._title, self._progress, self._bar, self.search, self.filter):
            widget.setVisible(not strip)
        self._head.setContentsMargins(*((4, 8, 4, 4) if strip else (12, 8, 6, 4)))
        self._fold.setIcon(icon("chevron-right" if strip else "chevron-left", TOKENS.muted))
        self._fold.setToolTip(tr("Make the worklist wide") if strip else tr("Make the worklist narrow"))
        self.setMinimumWidth(TOKENS.strip_width if strip else wide(200))
        self.setMaximumWidth(TOKENS.strip_width if strip else 16_777_215)
        self.model.layoutChanged.emit()
        self.strip_changed.emit(strip)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        elif event.key() == Qt.Key.Key_Down and self.search.hasFocus():
            self.list.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)

    def _toggle(self) -> None:
        self.set_strip(not self.strip)

    def _typed(self, text: str) -> None:
        self._worklist.search = text
        self.refresh()

    def _first(self) -> None:
        if self.model.rowCount():
            self.chosen.emit(self.model.row(0).case_id)

    def _show_all(self) -> None:
        self.filter.clear()
        self.search.clear()

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(index.data(ROW).case_id)

    def _search_line(self) -> QLineEdit:
        search = QLineEdit()
        search.setPlaceholderText(tr("Search title, modality, state…"))
        search.setTextMargins(22, 0, 0, 0)
        sign = label("")
        sign.setParent(search)
        sign.setPixmap(pixmap("search", TOKENS.small_icon, TOKENS.muted))
        sign.move(9, (TOKENS.control - TOKENS.small_icon) // 2)
        search.setClearButtonEnabled(True)
        search.setAccessibleName(tr("Search the worklist"))
        search.setToolTip(tip("Search the worklist", "window.search"))
        search.textChanged.connect(self._typed)
        search.returnPressed.connect(self._first)
        return search

    def _list(self) -> QListView:
        view = QListView()
        view.setModel(self.model)
        view.setItemDelegate(self._delegate)
        view.setMouseTracking(True)
        view.setUniformItemSizes(True)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setAccessibleName(tr("Worklist"))
        view.clicked.connect(self._choose)
        view.activated.connect(self._choose)
        return view

    def _nothing(self) -> QWidget:
        page = QWidget()
        box = QVBoxLayout(page)
        box.setContentsMargins(16, 24, 16, 16)
        box.setSpacing(8)
        box.addWidget(label(tr("No cases yet"), "title"))
        box.addWidget(label(tr("Drop files or a folder here, or choose them."), "muted", wrap=True))
        box.addSpacing(4)
        box.addWidget(push(tr("Import images or ECGs…"), self.import_wanted.emit, sign="import"))
        box.addStretch(1)
        return page

    def _not_found(self) -> QWidget:
        page = QWidget()
        box = QVBoxLayout(page)
        box.setContentsMargins(16, 24, 16, 16)
        box.setSpacing(8)
        box.addWidget(label(tr("No case fits this search."), "muted", wrap=True))
        box.addWidget(push(tr("Show all cases"), self._show_all))
        box.addStretch(1)
        return page

    def _arrange(self) -> None:
        head = self._head = QHBoxLayout()
        head.setContentsMargins(12, 8, 6, 4)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._progress)
        head.addWidget(self._fold)
        middle = QVBoxLayout()
        middle.setContentsMargins(8, 0, 8, 8)
        middle.setSpacing(8)
        middle.addWidget(self._bar)
        search = QHBoxLayout()
        search.setSpacing(4)
        search.addWidget(self.search, 1)
        search.addWidget(self.filter)
        middle.addLayout(search)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(head)
        box.addLayout(middle)
        box.addWidget(self._rest, 1)
        self.setMinimumWidth(wide(200))
