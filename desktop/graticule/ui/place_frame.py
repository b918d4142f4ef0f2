"""One viewport's place in the wall: a line that says what it shows and whether it is being labelled, and the view below."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from graticule.ui.pieces import Elided, flat, label
from graticule.ui.theme import TOKENS, grown
from graticule.ui.words import tr

SERIES_MIME = "application/x-graticule-series"
HEAD_PX = grown(24)


class PlaceFrame(QFrame):
    """number: its place in the layout, row by row."""

    series_dropped = Signal(int, str)
    menu_asked = Signal(int, QPoint)

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("place")
        self.number = number
        self.held: QWidget | None = None
        self.setAcceptDrops(True)
        self._role = label("", "place-role")
        self._what = Elided("", "place")
        self._link = label("", "muted")
        self._more = flat("more", tr("What stands here"), self._ask_menu)
        self._head = self._make_head()
        self._empty = QLabel(tr("Drag a series here, or choose one from the menu above"))
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setProperty("role", "empty-place")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._head)
        self._column.addWidget(self._empty, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def hold(self, view: QWidget | None, words: str = "") -> None:
        """Show a view, or `words` instead of one. What stood here before is left to its owner."""
        if self.held is not None and self.held is not view:
            self._column.removeWidget(self.held)
            if self.held.parentWidget() is self:
                self.held.hide()
                self.held.setParent(self.parentWidget())
        self.held = view
        if view is None:
            self._empty.setText(words or tr("Drag a series here, or choose one from the menu above"))
        elif view.parentWidget() is not self:
            self._column.addWidget(view, 1)
        self._empty.setVisible(view is None)
        if view is not None:
            view.show()

    def say(self, role: str, what: str, link: str = "", why: str = "", *, own: bool) -> None:
        """The line above the view. own: it is the case that is labelled. why: the link in full words, as its tooltip."""
        self._role.setText(role)
        colour = TOKENS.accent if own else TOKENS.muted
        self._role.setStyleSheet(f"color: {colour}; font-weight: 600;")
        self._what.say(what)
        self._link.setText(link)
        self._link.setToolTip(why)

    def show_head(self, on: bool) -> None:
        self._head.setVisible(on)

    # --- events -----------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(SERIES_MIME):
            self._mark(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._mark(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._mark(False)
        case_id = bytes(event.mimeData().data(SERIES_MIME).data()).decode("utf-8")
        event.acceptProposedAction()
        self.series_dropped.emit(self.number, case_id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.held is None:
            self.menu_asked.emit(self.number, event.globalPos())

    def _ask_menu(self) -> None:
        self.menu_asked.emit(self.number, self._more.mapToGlobal(QPoint(0, self._more.height())))

    def _mark(self, on: bool) -> None:
        """A series hovers over this place."""
        self.setStyleSheet(f"QFrame#place {{ border: 2px solid {TOKENS.accent}; }}" if on else "")

    def _make_head(self) -> QWidget:
        head = QWidget()
        head.setObjectName("placeHead")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        head.setFixedHeight(HEAD_PX)
        row = QHBoxLayout(head)
        row.setContentsMargins(8, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._role)
        row.addWidget(self._what, 1)
        row.addWidget(self._link)
        row.addWidget(self._more)
        return head
