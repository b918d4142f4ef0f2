"""What the reader sets going from the menus and buttons: import, sign, verify, send."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.domain.unstated import NOT_STATED
from graticule.presenters.ports import Imported
from graticule.presenters.session import Finding, Session
from graticule.ui import pull_plug
from graticule.ui.import_sheet import ImportSheet, summary
from graticule.ui.notices import Notice
from graticule.ui.server_dialog import ServerDialog
from graticule.ui.sign_dialog import SignDialog
from graticule.ui.verify_sheet import VerifySheet
from graticule.ui.words import tr, trn

if TYPE_CHECKING:
    from graticule.ui.deidentify_errands import DeidentifyErrands
    from graticule.ui.export_errands import ExportErrands
    from graticule.ui.pacs_errands import ArchiveErrands


class Errands(QObject):
    """`tell` shows a notice. Everything slow is a job with Cancel."""

    def __init__(self, window: QWidget, session: Session, tell: Callable[[Notice], None]) -> None:
        super().__init__(window)
        self._window, self._session, self._tell = window, session, tell
        self._archives: ArchiveErrands | None = None
        self._identities: DeidentifyErrands | None = None
        self.exports: ExportErrands | None = None

    def choose_files(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self._window, tr("Import images or ECGs"))
        self.bring_in([Path(name) for name in names])

    def choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self._window, tr("Import a folder"))
        self.bring_in([Path(name)] if name else [])

    def bring_in(self, paths: Sequence[Path]) -> None:
        """Import files and folders, as they are or without identity; a sheet says of every file what became of it."""
        if not paths:
            return
        if self._session.deidentifier is None:
            self._bring_in_as_they_are(paths)
            return
        if self._identities is None:
            from graticule.ui.deidentify_errands import DeidentifyErrands

            self._identities = DeidentifyErrands(self._window, self._session, self._session.deidentifier,
                                                 self._bring_in_as_they_are, self._imported, self._trouble)
        self._identities.ask(paths)

    def _bring_in_as_they_are(self, paths: Sequence[Path]) -> None:
        session = self._session

        def work(progress: Progress) -> list[Imported]:
            return list(session.importer(paths, progress))

        session.runner.start(work, done=self._imported, failed=self._trouble, title="Importing")

    def sign(self) -> None:
        """Ask the password once and sign every read that is finished."""
        session = self._session
        if not session.signing.waiting():
            self._tell(Notice("info", tr("No read waits to be signed."), "", tr("Finish a case first (Ctrl+Enter).")))
            return
        session.desk.save()
        dialog = SignDialog(session.signing, session.password_hint, self._window)
        if not dialog.exec():
            return
        session.desk.lock_signed(dialog.signed)
        self._tell(Notice("good", trn(len(dialog.signed), "1 read is signed and locked.", "{n} reads are signed and locked.")))
        session.sync.look()
        session.sync.nudge()

    def set_server(self) -> None:
        sync = self._session.sync
        dialog = ServerDialog(sync.counts.server, self._window)
        if dialog.exec():
            sync.set_server(dialog.address, dialog.invitation)

    def send(self) -> None:
        """Send now; where no server is set, ask for one."""
        if not self._session.sync.has_server:
            self.set_server()
            return
        self._session.desk.save()
        self._session.sync.now()

    def edit_form(self) -> None:
        """The form editor, on the protocol that is read under; saving makes another protocol, nothing here changes."""
        from graticule.presenters.form_editor import FormEditor
        from graticule.records.ids import protocol_id
        from graticule.resources import load_ontology
        from graticule.ui.form_editor import FormEditorWindow

        editor = FormEditor(self._session.desk.protocol.document, load_ontology(), protocol_id)
        FormEditorWindow(editor, self._window).show()

    def lesions(self) -> None:
        """The contact sheet of the open case's patient."""
        from graticule.ui.patient_lesions import LesionSheet

        desk = self._session.desk
        found = desk.lesions()
        if not found or desk.opened is None:
            self._tell(Notice("info", tr("No other lesions of this patient are in the worklist.")))
            return
        sheet = LesionSheet(found, desk.opened.case.id, desk.read_picture, self._session.runner, self._window)
        sheet.opened.connect(desk.open)
        sheet.show()

    def read_another_way(self) -> None:
        """Ask how else the files of the open case can be read."""
        from graticule.ui.readings_errand import ReadingsErrand

        if self._session.rereader is not None:
            ReadingsErrand(self._window, self._session, self._session.rereader, self._tell).ask()

    def from_archive(self) -> None:
        """Search an image archive and retrieve from it."""
        archives = self._archive_errands()
        if archives is not None:
            archives.bring()

    def to_archive(self) -> None:
        """Send the results of the open case to an image archive."""
        archives = self._archive_errands()
        if archives is not None:
            archives.send()

    def export_labels(self) -> None:
        """Write the labels of the open case into files, each read back by another program."""
        from graticule.presenters.exporting import Exporting
        from graticule.ui.export_errands import ExportErrands

        session = self._session
        if session.exporter is None:
            return
        if self.exports is None:
            self.exports = ExportErrands(self._window, Exporting(session.desk, session.exporter), self._open_title, self._tell)
        self.exports.ask()

    def _open_title(self) -> str:
        opened = self._session.desk.opened
        return opened.case.title if opened is not None else ""

    def _archive_errands(self) -> "ArchiveErrands | None":
        """Made when it is first needed: nothing of archives is loaded before."""
        from graticule.ui.pacs_errands import ArchiveErrands

        if self._archives is None and self._session.archives is not None:
            self._archives = ArchiveErrands(self._window, self._session, self._session.archives, self._tell, self._imported)
        return self._archives

    def verify(self) -> None:
        session = self._session
        session.desk.save()
        session.runner.start(session.verifier, done=self._verified, failed=self._trouble, title="Verifying hashes and signatures")

    def pull_the_plug(self) -> None:
        """Outside the demonstration somebody may have meant the entry above it."""
        if not self._session.demonstration and not self._really():
            return
        self._tell(Notice("warn", tr("The plug is pulled in a moment."), tr("Keep painting: what you let go of is on disk."),
                          tr("Start Graticule again afterwards.")))
        pull_plug.pull_the_plug()

    def _really(self) -> bool:
        words = tr("Graticule will be killed in a moment, as by a power cut. Committed work stays. Go on?")
        return QMessageBox.question(self._window, tr("Pull the plug"), words) == QMessageBox.StandardButton.Yes

    def _imported(self, results: list[Imported]) -> None:
        self._session.desk.refresh()
        silent = [one.path for one in results if one.outcome == "refused" and one.reason.startswith(NOT_STATED)]
        if silent and self._asked(silent):
            results = [one for one in results if one.path not in silent]
            if not results:
                return
        troubled = any(one.outcome in ("refused", "skipped", "labels") for one in results)
        own = self._own(results)
        if troubled or own or len(results) > 1:
            ImportSheet(results, self._window, own).show()
        else:
            self._tell(Notice("good", summary(results)))
        if self._session.desk.opened is None:
            self._session.desk.next_undone()

    def _asked(self, paths: list[Path]) -> bool:
        """Whether the reader stated rate and unit of tables that do not say them; they are then imported with that."""
        from graticule.ui.statement_dialog import StatementDialog

        dialog, session = StatementDialog(len(paths), self._window), self._session
        if not dialog.exec():
            return False
        said = dialog.said
        session.runner.start(lambda progress: list(session.importer(paths, progress, said)), done=self._imported,
                             failed=self._trouble, title="Importing")
        return True

    def _own(self, results: list[Imported]) -> "Callable[[], None] | None":
        """The act that makes the reader's own what came for the open case; None when nothing did."""
        opened, shelf = self._session.desk.opened, self._session.imported
        if opened is None or shelf is None:
            return None
        came = [one for one in results if one.case_id == opened.case.id and one.outcome in ("labels", "known")]
        names = list(dict.fromkeys(one.labels_id for one in came if one.labels_id)) or [shelf.newest(opened.case.id)] * bool(came)
        masks = [labels for name in names if name and (labels := shelf.load(name)).of(Segment)]

        def take() -> None:
            from graticule.presenters.taking_over import take_over  # and NumPy: after the first paint

            try:
                count = sum(take_over(opened, labels, "file") for labels in masks)
            except GraticuleError as error:
                self._trouble(error)
                return
            self._tell(Notice("good", trn(count, "1 segment is yours now.", "{n} segments are yours now."), "",
                              tr("Undo (Ctrl+Z) takes it back.")))

        return take if masks else None

    def _verified(self, findings: list[Finding]) -> None:
        VerifySheet(findings, self._window).show()

    def _trouble(self, error: GraticuleError) -> None:
        self._tell(Notice.of(error, tr("Your committed work is safe.")))
