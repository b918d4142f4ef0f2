"""The one window: worklist · page · answers. It joins the widgets and passes on what the reader does; it decides nothing."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from graticule.domain.errors import GraticuleError
from graticule.jobs.handle import Handle
from graticule.jobs.runner import OPEN
from graticule.presenters.desk_events import DraftSaved, OtherReadingWanted, SyncChanged, Trouble, WorklistChanged
from graticule.presenters.session import Session
from graticule.ui.about_dialog import AboutDialog
from graticule.ui.answers_panel import AnswersPanel
from graticule.ui.column import Column
from graticule.ui.errands import Errands
from graticule.ui.keys import BOUND
from graticule.ui.menus import MenuActs, Menus
from graticule.ui.notices import Notice, Notices
from graticule.ui.section import bring_into_sight
from graticule.ui.stage import Stage
from graticule.ui.status_bar import StatusBar
from graticule.ui.theme import TOKENS
from graticule.ui.tool_row import RowActs, ToolRow
from graticule.ui.window_memory import WindowMemory
from graticule.ui.words import tr
from graticule.ui.worklist_panel import WorklistPanel

if TYPE_CHECKING:
    from graticule.ui.case_view import CaseView

log = logging.getLogger("graticule.ui")

TICK_MS = 1_000


class MainWindow(QMainWindow):
    """Shown empty at once, so that the first paint waits for nothing; `furnish` gives it an open store."""

    settings_wanted = Signal()
    bindings_wanted = Signal()
    switch_wanted = Signal()
    closed = Signal()
    first_painted = Signal()

    def __init__(self, memory: WindowMemory | None = None) -> None:
        super().__init__()
        self.setWindowTitle("Graticule")
        self.setAcceptDrops(True)
        self.session: Session | None = None
        self._errands: Errands | None = None
        self._view: CaseView | None = None
        self._leave: list[Callable[[], None]] = []
        self._painted = False
        self._memory = memory or WindowMemory(None)
        self.worklist = WorklistPanel()
        self.stage = Stage(self._on(Errands.choose_files))
        self.menus = Menus(self._menu_acts())
        self.tools = ToolRow(RowActs(self._undo, self._redo, self._on(Errands.sign), self._finish))
        self.status = StatusBar()
        self._arrange()
        self.notices = Notices(self, self.status)
        self._connect()
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._every_second)
        self.menus.show_history(None, None)
        self.menus.show_open(False)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    # Furnishing

    def furnish(self, session: Session) -> None:
        """Begin to work with an open store: list its cases and take up the one that lay on the desk last."""
        from graticule.ui.case_view import CaseView  # questions and all that they know: after the first paint

        self.session = session
        self._errands = Errands(self, session, self.notices.show)
        self._view = CaseView(session, self.stage, self.tools, self.answers, self.menus, self.status, self.notices)
        bus = session.desk.bus
        self._leave = [*self._view.leave, bus.subscribe(WorklistChanged, self._worklist_changed),
                       bus.subscribe(SyncChanged, self._sync_changed), bus.subscribe(DraftSaved, self._draft_saved),
                       bus.subscribe(Trouble, self._trouble),
                       bus.subscribe(OtherReadingWanted, lambda event: self._on(Errands.read_another_way)())]
        self.worklist.furnish(session.desk.worklist)
        self.stage.jobs.watch(session.runner)
        self.stage.show_nothing(any_cases=bool(session.desk.worklist.progress()[1]))
        self.status.show_reader(session.signing.reader)
        self.status.show_hint("")
        self._worklist_changed(WorklistChanged())
        self._show_sync()
        self._tick.start()
        session.desk.resume()
        session.sync.nudge()

    def tell(self, notice: Notice) -> None:
        self.notices.show(notice)

    def tell_fault(self, report: str, error: GraticuleError | None) -> None:
        """For the excepthook: an expected failure that nobody caught nearer, or a bug with its report."""
        if error is not None:
            self.notices.show(Notice.of(error, tr("Your committed work is safe.")))
        else:
            self.notices.show(Notice("bad", tr("Something went wrong in Graticule."), tr("Your committed work is safe."),
                                     tr("Go on, or close and start again. The report holds no patient data."), report))

    # What happens at the desk

    def _worklist_changed(self, event: WorklistChanged) -> None:
        session = self._session()
        self.worklist.refresh()
        self.tools.show_signing(len(session.signing.waiting()))
        if session.desk.opened is None and session.desk.worklist.current is None:
            self.stage.show_nothing(any_cases=bool(session.desk.worklist.progress()[1]))

    def _sync_changed(self, event: SyncChanged) -> None:
        self._show_sync()
        if not self._session().sync.running:
            self._session().desk.refresh()

    def _draft_saved(self, event: DraftSaved) -> None:
        sync = self._session().sync
        sync.look()
        sync.nudge()

    def _trouble(self, event: Trouble) -> None:
        self.notices.show(Notice.of(event.error, tr(event.safe)))

    # What the reader does

    def _choose(self, case_id: str) -> None:
        self._session().desk.open(case_id)
        self.stage.focus()

    def _undo(self) -> None:
        if self.session is not None:
            self.session.desk.undo()

    def _redo(self) -> None:
        if self.session is not None:
            self.session.desk.redo()

    def _finish(self) -> None:
        """Finish the case and open the next; what is missing is named and gets the focus."""
        if self.session is None or self.session.desk.opened is None:
            return
        missing = self.session.desk.missing()
        against = self.session.desk.form.conflicts() if missing and self.session.desk.form is not None else []
        if against and self.answers.form is not None:
            self.notices.show(Notice("warn", tr(against[0].sentence), "", tr("Change the side, or explain why it stands.")))
            self.answers.form.focus_missing()
            return
        if missing and self.answers.form is not None:
            names = ", ".join(f"“{tr(question.text)}”" for question in missing)
            self.notices.show(Notice("info", tr("Still to be answered: {names}.", names=names), "",
                                     tr("Answer, or choose “Not assessable” with a reason.")))
            self.answers.form.focus_missing()
            return
        if not self.session.desk.finish():
            waiting = len(self.session.signing.waiting())
            self.notices.show(Notice("good", tr("That was the last one: every case is done."), "",
                                     tr("Sign what you have finished, top right.") if waiting else ""))

    def _job_cancelled(self, handle: Handle) -> None:
        if handle.lane == OPEN:
            self._session().desk.give_up_opening()

    def _correct(self, reason: str) -> None:
        self._session().desk.correct(reason)

    def _step(self, step: int) -> None:
        if self.session is not None and not self.session.desk.next_undone(step):
            self.notices.show(Notice("info", tr("No other case is undone.")))

    def _next_column(self, step: int = 1) -> None:
        """Round: worklist, page, answers."""
        columns: list[tuple[QWidget, Callable[[], Any]]] = [(self.worklist, self._focus_worklist), (self.stage, self.stage.focus),
                                                            (self.answers, self._focus_answers)]
        here = next((at for at, (widget, _) in enumerate(columns) if widget.isAncestorOf(self.focusWidget() or self)), 0)
        columns[(here + step) % len(columns)][1]()

    def _focus_worklist(self) -> None:
        self.worklist.list.setFocus(Qt.FocusReason.TabFocusReason)

    def _focus_answers(self) -> None:
        form = self.answers.form
        if form is not None:
            form.take_focus()
        else:
            self.answers.setFocus(Qt.FocusReason.TabFocusReason)

    def _show_history(self) -> None:
        """Open the list of what was done on this case, and bring it into sight; or put it away."""
        page = self.stage.page
        if hasattr(page, "show_history"):
            page.show_history()
            bring_into_sight(page.history_panel)

    def _show_keys(self) -> None:
        from graticule.presenters.actions import PLACE_OF_KIND
        from graticule.ui.shortcuts_overlay import ShortcutsOverlay

        opened = self.session.desk.opened if self.session else None
        ShortcutsOverlay(self, PLACE_OF_KIND.get(opened.case.kind, "") if opened else "")

    def _bindings_changed(self) -> None:
        """Other keys or strokes are in force: the page and the status line say so at once."""
        page = self.stage.page
        if hasattr(page, "bindings_changed"):
            page.bindings_changed()
        if page is not None:
            self.tools.show_tools(page.tools())
            self.tools.show_active(page.active_tool)
            self.status.show_hint(page.hint())

    def _every_second(self) -> None:
        session = self._session()
        if self._view is not None and self._view.worked():
            session.desk.act()
        session.desk.remember()

    # Window

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._errands is not None and event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if self._errands is not None and paths:
            event.acceptProposedAction()
            self._errands.bring_in(paths)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self.first_painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Put the case back first: its draft is written before the window is gone."""
        self._tick.stop()
        self.stage.jobs.stop()
        self._memory.keep(self, self.worklist.strip)
        if self.session is not None:
            self.session.desk.close()
        for leave in self._leave:
            leave()
        self._leave = []
        self.stage.show_nothing(any_cases=True)
        self.answers.clear()
        super().closeEvent(event)
        self.closed.emit()

    def _session(self) -> Session:
        assert self.session is not None
        return self.session

    def _show_sync(self) -> None:
        self.status.show_sync(self._session().sync)

    def _float_answers(self) -> None:
        self.answers_column.toggle_floating()

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _on(self, act: Callable[[Errands], object]) -> Callable[[], None]:
        """An act that needs an open store; without one it does nothing."""
        def do() -> None:
            if self._errands is not None:
                act(self._errands)

        return do

    def _menu_acts(self) -> MenuActs:
        return MenuActs(
            history=self._show_history,
            import_files=self._on(Errands.choose_files), import_folder=self._on(Errands.choose_folder),
            sync=self._on(Errands.send), server=self._on(Errands.set_server), settings=self.settings_wanted.emit, quit=self.close,
            undo=self._undo, redo=self._redo, search=self.worklist.begin_search, next_case=lambda: self._step(1),
            previous_case=lambda: self._step(-1), finish=self._finish, sign=self._on(Errands.sign),
            toggle_worklist=lambda: self.worklist.set_strip(not self.worklist.strip),
            float_answers=self._float_answers, next_column=self._next_column,
            full_screen=self._toggle_full_screen, keys=self._show_keys, verify=self._on(Errands.verify),
            pull_plug=self._on(Errands.pull_the_plug), about=lambda: AboutDialog(self).exec(),
            edit_form=self._on(Errands.edit_form), lesions=self._on(Errands.lesions),
            from_archive=self._on(Errands.from_archive), to_archive=self._on(Errands.to_archive),
            previous_column=lambda: self._next_column(-1), switch_reader=self.switch_wanted.emit,
            bindings=self.bindings_wanted.emit, read_another_way=self._on(Errands.read_another_way),
            export_labels=self._on(Errands.export_labels))

    def _arrange(self) -> None:
        top = QWidget()
        rows = QVBoxLayout(top)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.menus)
        rows.addWidget(self.tools)
        self.setMenuWidget(top)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stage)
        self.setCentralWidget(middle)
        self.answers = AnswersPanel(self._float_answers, self._memory.folds)
        self.worklist_column = Column("worklist", tr("Worklist"), self.worklist, Qt.DockWidgetArea.LeftDockWidgetArea, self)
        self.answers_column = Column("answers", tr("Answers"), self.answers, Qt.DockWidgetArea.RightDockWidgetArea, self)
        self.resizeDocks([self.worklist_column, self.answers_column], [TOKENS.worklist_width, TOKENS.answers_width],
                         Qt.Orientation.Horizontal)
        self.statusBar().addPermanentWidget(self.status, 1)
        self.statusBar().setSizeGripEnabled(False)
        self.resize(1440, 900)
        self.worklist.set_strip(self._memory.restore(self))

    def _connect(self) -> None:
        BOUND.changed.connect(self._bindings_changed)
        self.worklist.chosen.connect(self._choose)
        self.worklist.import_wanted.connect(self._on(Errands.choose_files))
        self.stage.banner.correction_wanted.connect(self._correct)
        self.stage.jobs.cancelled.connect(self._job_cancelled)
        self.status.sync_wanted.connect(self._on(Errands.send))
