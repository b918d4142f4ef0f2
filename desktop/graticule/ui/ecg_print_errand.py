"""The strip that is shown, to a printer or a PDF: the button and the way there."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QPageLayout, QPageSize
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QMenu, QToolButton, QWidget

from graticule.domain.elements import Beat, Episode
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.domain.recording import Recording
from graticule.presenters.ecg import EcgPresenter
from graticule.presenters.ecg_print import A4, Printed, sheets
from graticule.presenters.open_case import OpenCase
from graticule.ui.ecg_print import RESOLUTION_DPI, paint_sheets, strip_pdf
from graticule.ui.words import tr


class PrintButton(QToolButton):
    """`failed(error)`: it could not be written or printed."""

    failed = Signal(object)

    def __init__(self, opened: OpenCase, recording: Recording, view: EcgPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._opened, self._recording, self._view = opened, recording, view
        self.setText(tr("Print"))
        self.setToolTip(tr("What is shown, to true scale and without patient data"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.addAction(tr("Print …"), lambda: self._try(self._print))
        menu.addAction(tr("Save as PDF …"), lambda: self._try(self._save))
        self.setMenu(menu)

    def printed(self) -> list[Printed]:
        """What the window shows, as it is to stand on paper; a compressed strip at 25 mm/s."""
        view = self._view
        speed = 25.0 if view.compressed else view.speed_mm_s
        return [Printed(self._recording.tick(view.first_s), view.layout, speed, view.gain_mm_mv, view.half, view.filter,
                        view.choice, view.tracks)]

    def write(self, path: Path) -> None:
        strip_pdf(self._recording, self.printed(), path, *self._labels())

    def _labels(self) -> tuple[list[tuple[Episode, str]], list[Beat]]:
        """Episodes with their words, and the beats of what is printed alone: a Holter has a million."""
        labels: Labels = self._opened.workspace.labels
        episodes = [(episode, self._opened.ontology.label(episode.code)) for episode in labels.of(Episode)]
        start, end = (self._recording.tick(seconds) for seconds in self._view.shown_s)
        beats = [Beat(id=f"{lead}@{tick}", tick=tick, symbol=chr(symbol)) for lead, table in labels.beats.items()
                 for tick, symbol in zip(*_between(table.ticks, table.symbols, start, end), strict=True) if chr(symbol) != "-"]
        return episodes, beats

    def _save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, tr("Save as PDF"), "ecg.pdf", "PDF (*.pdf)")
        if name:
            self.write(Path(name))

    def _print(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setResolution(RESOLUTION_DPI)
        printer.setFullPage(True)
        made = sheets(self._recording, self.printed(), *self._labels())
        printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4 if made[0].paper_mm == A4 else QPageSize.PageSizeId.A3))
        printer.setPageOrientation(QPageLayout.Orientation.Landscape)
        if QPrintDialog(printer, self).exec() != QDialog.DialogCode.Accepted:
            return
        if not paint_sheets(printer, made):
            raise GraticuleError("The printer does not answer.", "Check that it is on, or save a PDF.")

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except GraticuleError as error:
            self.failed.emit(error)


def _between(ticks: object, symbols: object, start: int, end: int) -> tuple[list[int], list[int]]:
    first, last = ticks.searchsorted(start), ticks.searchsorted(end)
    return ticks[first:last].tolist(), symbols[first:last].tolist()
