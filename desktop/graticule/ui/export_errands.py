"""What the export entry of the File menu sets going: the dialog, the job, the sheet with the proofs."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QWidget

from graticule.domain.errors import GraticuleError
from graticule.presenters.exporting import Export, Exporting
from graticule.ui.export_dialog import ExportDialog
from graticule.ui.export_sheet import ExportSheet
from graticule.ui.notices import Notice
from graticule.ui.words import tr

USUAL = ("dicom-seg", "nrrd")


class ExportErrands(QObject):
    """Remembers formats and folder for as long as the window is open."""

    def __init__(self, window: QWidget, exporting: Exporting, title: Callable[[], str], tell: Callable[[Notice], None]) -> None:
        super().__init__(window)
        self._window, self._exporting, self._title, self._tell = window, exporting, title, tell
        self._folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)) / "Graticule"
        self._ticked: tuple[str, ...] = USUAL
        self._titles: dict[str, str] = {}
        self.sheet: ExportSheet | None = None

    def ask(self) -> None:
        choices, contents = self._exporting.choices(), self._exporting.contents()
        if not choices:
            self._tell(Notice("info", tr("No case is open whose labels could be exported.")))
            return
        if not contents:
            self._tell(Notice("info", tr("Nothing is labelled in this case yet.")))
            return
        possible = [choice.format.name for choice in choices if not choice.why_not]
        ticked = [name for name in self._ticked if name in possible] or possible[:1]
        dialog = ExportDialog(self._title(), contents, choices, ticked, self._folder, self._window)
        if not dialog.exec():
            return
        self._ticked, self._folder = tuple(dialog.formats), dialog.folder
        self._titles = {choice.format.name: choice.format.title for choice in choices}
        self._exporting.start(dialog.formats, dialog.folder, self._done, self._trouble)

    def _done(self, export: Export) -> None:
        self.sheet = ExportSheet(export, self._titles, self._window)
        self.sheet.show()

    def _trouble(self, error: GraticuleError) -> None:
        self._tell(Notice.of(error, tr("Your committed work is safe.")))
