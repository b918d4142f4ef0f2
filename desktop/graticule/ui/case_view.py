"""One open case in the window: its page in the middle, its tools above, its questions at the right, its words below."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from graticule.editing.events import HistoryChanged, LockChanged
from graticule.presenters.clinical_context import context_of
from graticule.presenters.desk_events import CaseLeft, CaseOpened, CaseOpening
from graticule.presenters.session import Session
from graticule.ui.answers_panel import AnswersPanel
from graticule.ui.menus import Menus
from graticule.ui.notices import Notice, Notices
from graticule.ui.question_form import QuestionPanel
from graticule.ui.stage import Stage
from graticule.ui.status_bar import StatusBar
from graticule.ui.tool_row import ToolRow


class CaseView(QObject):
    """Follows the desk's events and keeps the widgets round the page in step with it."""

    def __init__(self, session: Session, stage: Stage, tools: ToolRow, answers: AnswersPanel, menus: Menus, status: StatusBar,
                 notices: Notices) -> None:
        super().__init__(stage)
        self._session = session
        self._stage, self._tools, self._answers = stage, tools, answers
        self._menus, self._status, self._notices = menus, status, notices
        self._worked = False
        tools.tool_chosen.connect(self._choose_tool)
        bus = session.desk.bus
        self.leave: list[Callable[[], None]] = [
            bus.subscribe(CaseOpening, self._opening), bus.subscribe(CaseOpened, self._opened),
            bus.subscribe(CaseLeft, self._left),
            bus.subscribe(HistoryChanged, self._history_changed), bus.subscribe(LockChanged, self._lock_changed)]

    def worked(self) -> bool:
        """Whether the reader did anything since this was last asked."""
        worked, self._worked = self._worked, False
        return worked

    def _opening(self, event: CaseOpening) -> None:
        self._answers.clear()
        self._tools.clear()
        self._stage.show_waiting()
        self._notices.clear_passing()

    def _opened(self, event: CaseOpened) -> None:
        opened, desk = event.opened, self._session.desk
        page = self._stage.show_case(opened, self._connect)
        desk.attach(page)
        panel = QuestionPanel(desk.form, opened.bus) if desk.form is not None and desk.form.questions else None
        if panel is not None:
            panel.refused.connect(lambda error: self._notices.show(Notice.of(error)))
            panel.attach(page)
        self._answers.show_context(context_of(opened.case, opened.protocol))
        self._answers.show_case(panel, page.panels())
        self._tools.show_tools(page.tools())
        self._tools.show_active(page.active_tool)
        self._tools.show_locked(opened.workspace.locked)
        self._show_history(opened.workspace.undo_title, opened.workspace.redo_title)
        self._menus.show_open(True)
        self._menus.page.show_page(page)
        self._status.show_hint(page.hint())
        self._stage.window().setWindowTitle(f"{opened.case.title} – Graticule")
        self._stage.focus()
        self._answers.resume_focus()

    def _connect(self, page: Any) -> None:
        page.status_changed.connect(self._pointer_moved)
        page.tool_changed.connect(self._tool_changed)
        page.fidelity_changed.connect(self._status.show_fidelity)

    def _left(self, event: CaseLeft) -> None:
        """The page first: it still speaks to its panels in the right column while it ends."""
        self._stage.show_nothing(any_cases=True)
        self._answers.clear()
        self._tools.clear()
        self._menus.show_open(False)
        self._menus.page.show_page(None)
        self._show_history(None, None)
        for show in (self._status.show_pointer, self._status.show_fidelity, self._status.show_hint):
            show("")
        self._stage.window().setWindowTitle("Graticule")

    def _history_changed(self, event: HistoryChanged) -> None:
        self._worked = True
        self._show_history(event.undo_title, event.redo_title)

    def _show_history(self, undo_title: str | None, redo_title: str | None) -> None:
        self._tools.show_history(undo_title, redo_title)
        self._menus.show_history(undo_title, redo_title)

    def _lock_changed(self, event: LockChanged) -> None:
        opened = self._session.desk.opened
        if opened is not None:
            self._stage.banner.show_lock(event.locked, opened.version)
            self._tools.show_locked(event.locked)

    def _choose_tool(self, name: str) -> None:
        page = self._stage.page
        if page is not None:
            page.set_tool(name)
            self._tools.show_active(page.active_tool)
            self._stage.focus()

    def _tool_changed(self, name: str) -> None:
        self._tools.show_active(name)
        if self._stage.page is not None:
            self._status.show_hint(self._stage.page.hint())

    def _pointer_moved(self, text: str) -> None:
        self._worked = True
        self._status.show_pointer(text)
