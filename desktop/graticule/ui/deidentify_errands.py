"""The road of an import that may leave identities behind: ask, try out, bring in, tell."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.presenters.deidentify import Deidentifier, Report
from graticule.presenters.ports import Imported
from graticule.presenters.session import Session
from graticule.ui.deidentify_dialog import DeidentifyDialog
from graticule.ui.deidentify_report import DeidentifyReport


class DeidentifyErrands(QObject):
    """plain: imports files as they are. imported: told of what came in. failed: told why it did not."""

    def __init__(self, window: QWidget, session: Session, deidentifier: Deidentifier, plain: Callable[[Sequence[Path]], None],
                 imported: Callable[[list[Imported]], None], failed: Callable[[GraticuleError], None]) -> None:
        super().__init__(window)
        self._window, self._session, self._deidentifier = window, session, deidentifier
        self._plain, self._imported, self._failed = plain, imported, failed
        self._chosen = ""

    def ask(self, paths: Sequence[Path]) -> None:
        """Show the choice; what was chosen last stands there again."""
        dialog = DeidentifyDialog(len(paths), self._deidentifier.ways(), self._deidentifier.demanded, self._chosen,
                                  lambda way: self.try_out(paths, way), self._window)
        dialog.setModal(True)
        dialog.accepted.connect(lambda: self.go(paths, dialog.way))
        dialog.open()

    def go(self, paths: Sequence[Path], way: str) -> None:
        self._chosen = way
        if not way:
            self._plain(paths)
            return
        self._session.runner.start(lambda progress: self._deidentifier.bring_in(paths, way, progress), done=self._brought,
                                   failed=self._failed, title="De-identifying and importing")

    def try_out(self, paths: Sequence[Path], way: str) -> None:
        def work(progress: Progress) -> Report:
            return self._deidentifier.try_out(paths, way, progress)

        self._session.runner.start(work, done=self._show, failed=self._failed, title="Looking at what would be removed")

    def _brought(self, brought: tuple[list[Imported], Report]) -> None:
        results, report = brought
        self._imported(results)
        self._show(report)

    def _show(self, report: Report) -> None:
        parent = next((child for child in self._window.findChildren(DeidentifyDialog) if child.isVisible()), self._window)
        DeidentifyReport(report, parent).show()
