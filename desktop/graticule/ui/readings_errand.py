"""Read the files of the open case another way: ask, put the case back, read, open the first of what came."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from graticule.domain.errors import GraticuleError
from graticule.presenters.readings import ReadAgain, Reading, Rereader
from graticule.presenters.session import Session
from graticule.ui.notices import Notice
from graticule.ui.readings_dialog import ReadingsDialog
from graticule.ui.words import tr, trn


class ReadingsErrand:
    def __init__(self, window: QWidget, session: Session, rereader: Rereader, tell: Callable[[Notice], None]) -> None:
        self._window, self._session, self._rereader, self._tell = window, session, rereader, tell

    def ask(self) -> None:
        """Find the ways in which the open case's files can be read, then let the reader choose."""
        opened = self._session.desk.opened
        if opened is None:
            return
        case = opened.case
        self._session.runner.start(lambda progress: self._rereader.readings(case.id, progress),
                                   done=lambda found: self._choose(case.id, case.title, found), failed=self._trouble,
                                   title="Looking for other ways to read the files")

    def _choose(self, case_id: str, title: str, found: Sequence[Reading]) -> None:
        if not found:
            self._tell(Notice("info", tr("The files of this case can be read one way only.")))
            return
        dialog = ReadingsDialog(title, found, self._window)
        if dialog.exec():
            self.read(case_id, dialog.chosen)

    def read(self, case_id: str, name: str) -> None:
        """The open case is put back first, so that its labels are in the store before its place in the list changes."""
        desk = self._session.desk
        desk.leave()
        desk.save()
        self._session.runner.start(lambda progress: self._rereader.read_as(case_id, name, progress), done=self._read,
                                   failed=lambda error: self._not_read(case_id, error), title="Reading the files another way")

    def _read(self, result: ReadAgain) -> None:
        self._session.desk.refresh()
        if result.kept:
            self._tell(Notice("info", trn(result.kept, "1 labelled case of these files stays in the worklist.",
                                          "{n} labelled cases of these files stay in the worklist.")))
        if self._session.desk.opened is None:
            self._session.desk.open(result.cases[0])

    def _not_read(self, case_id: str, error: GraticuleError) -> None:
        self._trouble(error)
        self._session.desk.open(case_id)

    def _trouble(self, error: GraticuleError) -> None:
        self._tell(Notice.of(error, tr("Your committed work is safe.")))
