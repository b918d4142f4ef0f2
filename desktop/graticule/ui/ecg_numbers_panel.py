"""The numbers of an annotation: rates, pauses, burdens, ectopy, variability. What was found at an instant leads there."""

import html
from collections.abc import Callable
from itertools import groupby

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from graticule.presenters.ecg_numbers import EcgNumbersDesk, Line
from graticule.ui.pieces import label
from graticule.ui.source_choice import SourceChoice
from graticule.ui.theme import TOKENS
from graticule.ui.words import tr

SOON_MS = 400


class EcgNumbersPanel(QWidget):
    """`went(seconds)`: bring this instant to the middle. `trouble(GraticuleError)`: the numbers could not be made."""

    went = Signal(float)
    trouble = Signal(object)

    def __init__(self, desk: EcgNumbersDesk, seconds_of: Callable[[int], float], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._seconds = desk, seconds_of
        self._which = SourceChoice(desk.sources, tr("Whose beats"))
        self._which.activated.connect(lambda at: self.count())
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self.refresh)
        self._gates = label("", "muted", wrap=True)
        self._lines = label("", "", wrap=True)
        self._lines.setTextFormat(Qt.TextFormat.RichText)
        self._lines.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self._lines.linkActivated.connect(lambda tick: self.went.emit(self._seconds(int(tick))))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self._which, self._lines, self._gates):
            column.addWidget(widget)

    @property
    def text(self) -> str:
        return self._lines.text()

    def refresh(self) -> None:
        """Another set of annotations came, or the labels changed: count again, if anybody sees it."""
        if self.isVisible():
            self._offered()
            self._desk.sources.load(self._offered, self.trouble.emit)

    def labels_changed(self) -> None:
        """Count again when the hand rests: one edit often follows another."""
        self._soon.start()

    def count(self) -> None:
        self._desk.ask(self._which.key, self._show, self.trouble.emit)

    def shutdown(self) -> None:
        self._desk.forget()

    def showEvent(self, event: object) -> None:
        super().showEvent(event)
        self.refresh()

    def _offered(self) -> None:
        self._which.refresh()
        self.count()

    def _show(self) -> None:
        lines = self._desk.lines()
        self._lines.setText(_table(lines) if lines else html.escape(tr("No beats are marked here.")))
        out = self._desk.left_out()
        says = tr("Only intervals between normal beats in sinus rhythm count for the variability. Noise and fibrillation of the "
                  "ventricles count for nothing.")
        self._gates.setText((tr("Left out: {time}.", time=out) + " " if out else "") + says)
        self._gates.setVisible(bool(lines))


def _table(lines: list[Line]) -> str:
    rows = []
    for section, group in groupby(lines, key=lambda line: line.section):
        rows.append(f'<tr><td colspan="3" style="padding-top:8px"><b>{html.escape(tr(section))}</b></td></tr>')
        rows += [_row(line) for line in group]
    return f'<table width="100%" cellspacing="0" cellpadding="2">{"".join(rows)}</table>'


def _row(line: Line) -> str:
    where = "" if line.tick is None else f'<a href="{line.tick}" style="color:{TOKENS.accent}">{html.escape(line.at or "→")}</a>'
    name, value = html.escape(tr(line.name, n=line.n) if line.n else tr(line.name)), html.escape(line.value)
    return (f'<tr><td style="color:{TOKENS.muted}">{name}</td><td align="right">{value}</td>'
            f'<td align="right">{where}</td></tr>')
