"""What the two archive entries of the File menu set going."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from graticule.domain.archive import Failed, Sent
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.presenters.pacs import FETCH, Archives, ArchiveSearch, Brought
from graticule.presenters.ports import Imported
from graticule.presenters.session import Session
from graticule.ui.import_sheet import ImportSheet
from graticule.ui.notices import Notice
from graticule.ui.pacs_send import SendDialog
from graticule.ui.pacs_window import ArchiveWindow
from graticule.ui.words import tr, trn


class ArchiveErrands(QObject):
    """imported: shows what became of the files of an import."""

    def __init__(self, window: QWidget, session: Session, archives: Archives, tell: Callable[[Notice], None],
                 imported: Callable[[list[Imported]], None]) -> None:
        super().__init__(window)
        self._window, self._session, self._archives, self._tell, self._imported = window, session, archives, tell, imported
        self.shown: ArchiveWindow | None = None

    def bring(self) -> None:
        """Show the search window; it is one, brought to the front when it is open."""
        if self.shown is None:
            hidden = self._session.desk.protocol.blinding.identity_hidden
            search = ArchiveSearch(self._archives, self._session.importer, self._session.runner, hidden)
            self.shown = ArchiveWindow(search, self._brought, self._fetch_failed, self._window)
            self.shown.destroyed.connect(self._gone)
        self.shown.show()
        self.shown.raise_()
        self.shown.activateWindow()

    def send(self) -> None:
        """Export the results of the open case and send them."""
        desk, session = self._session.desk, self._session
        if desk.opened is None:
            self._tell(Notice("info", tr("No case is open whose results could be sent.")))
            return
        if not self._archives.nodes():
            self._tell(Notice("info", tr("No archive is set up yet"), "", tr("Add one under File → From the archive (PACS)…")))
            return
        case = desk.opened.case
        dialog = SendDialog(self._archives, case.title, self._window)
        if not dialog.exec():
            return
        desk.save()
        node, formats = dialog.node, dialog.formats

        def work(progress: Progress) -> Sent:
            return self._archives.send_results(node, case.id, formats, progress)

        session.runner.start(work, done=self._sent, failed=self._trouble, lane=FETCH, title="Sending to the archive")

    def _brought(self, brought: Brought) -> None:
        """The outcome of every file, like a folder's; what did not come stands among them."""
        if not brought.failed:
            self._imported(list(brought.imported))
            return
        self._session.desk.refresh()
        rows = [Imported(Path(one.what), "refused", one.sentence) for one in brought.failed]
        ImportSheet([*rows, *brought.imported], self._window).show()

    def _fetch_failed(self, error: GraticuleError) -> None:
        """Told here when the search window is closed, and there when it is open."""
        if self.shown is None:
            self._trouble(error)

    def _sent(self, sent: Sent) -> None:
        words = trn(len(sent.stored), "1 object is in the archive.", "{n} objects are in the archive.")
        if not sent.failed:
            self._tell(Notice("good", words))
            return
        self._tell(Notice("warn", trn(len(sent.failed), "1 object was not sent.", "{n} objects were not sent."),
                          words if sent.stored else "", tr(sent.failed[0].sentence), _listed(sent.failed)))

    def _trouble(self, error: GraticuleError) -> None:
        self._tell(Notice.of(error, tr("Your committed work is safe.")))

    def _gone(self) -> None:
        self.shown = None


def _listed(failed: tuple[Failed, ...]) -> str:
    return "\n".join(f"{Path(one.what).name}  {one.sentence}" for one in failed)
