"""The middle of the window: the page of the open case, the strip over a signed read, or what to do when nothing is open."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from graticule.presenters.open_case import OpenCase
from graticule.ui.empty import Empty
from graticule.ui.job_card import JobCard
from graticule.ui.lock_banner import LockBanner
from graticule.ui.pages import make_page
from graticule.ui.words import tr


class Stage(QWidget):
    """Holds at most one page; pages live as long as their case is open."""

    def __init__(self, import_files: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.page: Any = None
        self.banner = LockBanner()
        self.jobs = JobCard()
        self._stack = QStackedWidget()
        self._wait = Empty("clock", tr("Opening…"), tr("The first picture comes in a moment."))
        self._choose = Empty("previous", tr("Choose a case"), tr("Click one in the worklist, or press N for the next undone."))
        self._none = Empty("import", tr("No cases yet"), tr("Drop files or a folder anywhere in this window, or choose them."),
                           tr("Import images or ECGs…"), import_files)
        for empty in (self._wait, self._choose, self._none):
            self._stack.addWidget(empty)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        for widget, stretch in ((self.banner, 0), (self._stack, 1), (self.jobs, 0)):
            box.addWidget(widget, stretch)

    def show_waiting(self) -> None:
        self._clear()
        self._stack.setCurrentWidget(self._wait)

    def show_nothing(self, *, any_cases: bool) -> None:
        self._clear()
        self._stack.setCurrentWidget(self._choose if any_cases else self._none)

    def show_other(self, widget: QWidget) -> None:
        """Something else for a while, such as the first-run steps."""
        self._stack.addWidget(widget)
        self._stack.setCurrentWidget(widget)

    def take_away(self, widget: QWidget) -> None:
        self._stack.removeWidget(widget)
        widget.deleteLater()

    def show_case(self, opened: OpenCase, connect: Callable[[Any], None]) -> Any:
        """Make the page of the case and show it; returns the page. connect: called before it is shown, for its signals."""
        self.show_nothing(any_cases=True)  # what stays when the page cannot be made
        self.page = make_page(opened, self)
        connect(self.page)
        self._stack.addWidget(self.page)
        self._stack.setCurrentWidget(self.page)
        self.banner.show_lock(opened.workspace.locked, opened.version)
        return self.page

    def focus(self) -> None:
        if self.page is not None:
            self.page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _clear(self) -> None:
        page, self.page = self.page, None
        self.banner.hide()
        if page is not None:
            page.shutdown()
            self._stack.removeWidget(page)
            page.hide()
            page.deleteLater()
