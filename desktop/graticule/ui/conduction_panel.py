"""What is measured of AV conduction in the stretch in hand, the verdict on the chosen code, and why."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from graticule.domain.recording import Recording
from graticule.ecg.av_conduction import Verdict
from graticule.ecg.av_gates import FAIL, PASS, Criteria
from graticule.ecg.rhythm_gates import source_of
from graticule.editing.tracks import span_text
from graticule.presenters.code_choice import TONES
from graticule.presenters.conduction import gates_for, listed, spread
from graticule.ui.ladder import LadderWidget
from graticule.ui.pieces import label
from graticule.ui.theme import TOKENS
from graticule.ui.words import tr

MARKS = {PASS: ("✓", TOKENS.good), FAIL: ("✗", TOKENS.bad)}


class ConductionPanel(QWidget):
    def __init__(self, recording: Recording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recording = recording
        self._empty = label(tr("Drag along the strip or choose an episode: PP, PR and RR of that stretch are measured here."),
                            "muted", wrap=True)
        self._verdict = label("", "", wrap=True)
        self._values = QGridLayout()
        self._values.setColumnStretch(1, 1)
        self._values.setHorizontalSpacing(10)
        self._values.setVerticalSpacing(4)
        self._cells = dict(self._row(n, name) for n, name in enumerate(("Stretch", "PP", "RR", "PR", "Ratio", "QRS")))
        self._ladder = LadderWidget(recording, self)
        self._gates = label("", "", wrap=True)
        self._gates.setTextFormat(Qt.TextFormat.RichText)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self._empty, self._verdict):
            column.addWidget(widget)
        column.addLayout(self._values)
        self._conflict = label("", "warn", wrap=True)
        for widget in (self._ladder, self._gates, self._conflict):
            column.addWidget(widget)
        self.show_criteria(None)

    @property
    def verdict_text(self) -> str:
        return self._verdict.text()

    def show_criteria(self, found: Criteria | None, *, code_label: str = "", slug: str = "", verdict: Verdict | None = None,
                      reason: str = "", waiting: bool = False, conflict: str = "") -> None:
        """found: what was measured, None when nothing is in hand. slug: the code chosen or highlighted, "" for none yet."""
        self._empty.setVisible(found is None)
        self._empty.setText(tr("Measuring …") if waiting else
                            tr("Drag along the strip or choose an episode: PP, PR and RR of that stretch are measured here."))
        for name, value in self._cells.items():
            name.setVisible(found is not None)
            value.setVisible(found is not None)
        self._ladder.show_criteria(found)
        self._say_verdict(verdict if found is not None and slug else None, code_label, reason)
        self._say_gates(found, slug)
        self._conflict.setText(conflict)
        self._conflict.setVisible(bool(conflict))
        if found is not None:
            self._say_values(found)

    def _say_values(self, found: Criteria) -> None:
        c = found.conduction
        prs = [wave.pr_ms for wave in c.p] if c.discernible else []
        known = c.discernible
        by_hand = " · " + tr("P and QRS marked by hand") if c.marked_p else ""
        stretch = span_text(self._recording, c.start, c.end)
        values = {"Stretch": stretch + (tr(", its first two minutes") if c.shortened else "") + by_hand,
                  "PP": f"{spread(c.pp_ms)}\n{listed(c.pp_ms)}" if known else tr("P waves cannot be followed here"),
                  "RR": f"{spread(c.rr_ms)}\n{listed(c.rr_ms)}" if c.rr_ms else "–",
                  "PR": f"{spread(c.pr_ms)}\n{listed(prs)}" if known else "–",
                  "Ratio": ", ".join(dict.fromkeys(c.ratios)) or "–", "QRS": f"{c.qrs_width_ms} ms" if c.qrs_width_ms else "–"}
        for cell, text in zip(self._cells.values(), values.values(), strict=True):
            cell.setText(text)

    def _say_verdict(self, verdict: Verdict | None, code_label: str, reason: str) -> None:
        self._verdict.setVisible(verdict is not None)
        if verdict is None:
            return
        tone = TONES[verdict.colour]
        word = {"good": tr("Fits"), "warn": tr("Undecided"), "bad": tr("Against")}[tone]
        kept = "\n" + tr("Kept with the reason: {reason}", reason=reason) if reason else ""
        self._verdict.setText(f"{code_label}\n{word}: {verdict.text}{kept}")
        self._verdict.setProperty("role", tone)
        self._verdict.style().unpolish(self._verdict)
        self._verdict.style().polish(self._verdict)

    def _say_gates(self, found: Criteria | None, slug: str) -> None:
        gates = gates_for(found, slug) if found is not None else ()
        self._gates.setVisible(bool(gates))
        lines = []
        for gate in gates:
            mark, colour = MARKS.get(gate.state, ("?", TOKENS.warn))
            lines.append(f'<p style="margin:0 0 6px 0"><span style="color:{colour}"><b>{mark}</b></span> {gate.title}'
                         f'<br><span style="color:{TOKENS.muted}">{gate.text}</span></p>')
        sources = dict.fromkeys(source for gate in gates if (source := source_of(gate)))
        if sources:
            lines.append(f'<p style="color:{TOKENS.muted}"><i>{tr("Rules")}: {"; ".join(sources)}</i></p>')
        self._gates.setText("".join(lines))

    def _row(self, row: int, name: str) -> tuple[QLabel, QLabel]:
        title, cell = label(tr(name), "muted"), label("", "", wrap=True)
        for column, widget in enumerate((title, cell)):
            widget.setAlignment(Qt.AlignmentFlag.AlignTop)
            self._values.addWidget(widget, row, column)
        return title, cell
