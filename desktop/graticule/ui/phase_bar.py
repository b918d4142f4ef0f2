"""Below a volume that is one of several phases: which it is, and the ways to the others."""

from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from graticule.presenters.phase_passage import PhaseWanted, propose
from graticule.presenters.phases import Phases
from graticule.ui.keys import tip
from graticule.ui.pieces import push
from graticule.ui.theme import TOKENS, font
from graticule.ui.words import tr


class PhaseBar(QWidget):
    """wanted(step, carry): to the phase so many further on, with the selected segment's mask or without."""

    wanted = Signal(int, bool)

    def __init__(self, phases: Phases, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("phaseBar")
        noun, moment = phases.words
        said = tr("{what} {number} of {of}", what=tr(noun), number=phases.moment.number, of=phases.moment.of)
        self.label = QLabel(f"{said} · {moment}" if moment else said)
        self.label.setFont(font(TOKENS.body_px, tabular=True))
        back, on = self._step(-1, "previous", "Previous phase"), self._step(1, "next", "Next phase")
        self.carry = push(tr("Carry the mask on"), lambda: self.wanted.emit(1, True), sign="copy")
        self.carry.setToolTip(tr("Open the next phase and propose the selected segment there, at its place in the patient"))
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 10, 4)
        row.setSpacing(8)
        for widget in (back, self.label, on, self.carry):
            row.addWidget(widget)
        row.addStretch(1)
        back.setEnabled(phases.next(-1) is not None)
        for widget in (on, self.carry):
            widget.setEnabled(phases.next(1) is not None)

    def _step(self, step: int, sign: str, words: str) -> QWidget:
        button = push("", lambda: self.wanted.emit(step, False), sign=sign)
        button.setAccessibleName(tr(words))
        button.setToolTip(tip(words, f"volume.{sign}-phase"))
        return button


def ask_phase(page: Any, step: int, carry: bool = False) -> bool:
    """Go there once the key or click that asked is over: this page goes with its case. False when there is no such phase."""
    opened = page.opened
    if opened.phases is None or opened.phases.next(step) is None:
        return False
    QTimer.singleShot(0, page, lambda: opened.bus.publish(PhaseWanted(opened.case.id, step, carry)))
    return True


def bar_of(page: Any) -> PhaseBar | None:
    """The bar of a page whose case is one of several phases."""
    if page.opened.phases is None:
        return None
    bar = PhaseBar(page.opened.phases)
    bar.wanted.connect(lambda step, carry: ask_phase(page, step, carry))
    return bar


def take_what_came(page: Any) -> None:
    """Show the mask that was carried here from another phase, once."""
    passage, page.opened.passage = page.opened.passage, None
    if passage is not None:
        page.attempt(lambda: propose(passage, page.bench))
