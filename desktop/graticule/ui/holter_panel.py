"""Beats beside the strip: how many of which class, what is chosen, what a change would do, and the keys that do it."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QProgressBar, QPushButton, QSlider, QVBoxLayout, QWidget

from graticule.presenters.holter import HolterDesk
from graticule.presenters.holter_beats import CLASSES
from graticule.presenters.holter_effect import Effect
from graticule.ui.button_grid import ButtonGrid
from graticule.ui.holter_ink import colour_of
from graticule.ui.keys import tip
from graticule.ui.pieces import label
from graticule.ui.words import tr

# The action of each class's key (settings/actions.py).
ACTS: Mapping[str, str] = {"N": "holter.class-n", "S": "holter.class-s", "V": "holter.class-v", "F": "holter.class-f",
                           "/": "holter.class-paced", "Q": "holter.class-q"}


class HolterPanel(QWidget):
    """Its signals say what was asked: `classed(letter)` to change the chosen beats, `confirmed` or `dropped` after the preview,
    `likened(share)` for the beats that look like the one in hand, `views(on)` to show the plots."""

    classed = Signal(str)
    accepted = Signal()
    deleted = Signal()
    confirmed = Signal()
    dropped = Signal()
    likened = Signal(float)
    everything = Signal()
    marked_stretch = Signal()
    views = Signal(bool)
    stopped = Signal()
    joined = Signal()

    def __init__(self, desk: HolterDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._summary, self._effect = QGridLayout(), QGridLayout()
        for grid in (self._summary, self._effect):
            grid.setHorizontalSpacing(10)
            grid.setVerticalSpacing(2)
            grid.setColumnStretch(0, 1)
        self.busy = QProgressBar()
        self.stop = QPushButton(tr("Stop"))
        self.chosen = label("", "", wrap=True)
        self.question = label("", "", wrap=True)
        self.do, self.leave = QPushButton(tr("Change them")), QPushButton(tr("Leave them"))
        self.show_views = QPushButton(tr("Holter views"))
        self.show_views.setCheckable(True)
        self.show_views.setToolTip(tip("Show or hide the Holter views", "ecg.holter"))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(70, 99)
        self.slider.setValue(92)
        self.slider.setAccessibleName(tr("How alike"))
        self.alike = QLabel("0.92")
        self._build()
        self.refresh()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(_beside(self.busy, self.stop))
        column.addWidget(self.show_views)
        column.addLayout(self._summary)
        column.addWidget(label(tr("Chosen beats"), "title"))
        column.addWidget(self.chosen)
        everything, stretch, join = (QPushButton(tr(words)) for words in ("All drafts", "Marked stretch", "Join shapes"))
        join.setToolTip(tr("Make the chosen shapes one (Ctrl+click chooses several)"))
        join.clicked.connect(self.joined)
        everything.clicked.connect(self.everything)
        stretch.clicked.connect(self.marked_stretch)
        column.addWidget(ButtonGrid((everything, stretch, join), 3))
        column.addLayout(_beside(label(tr("Same as this, alike by"), "muted"), self.slider, self.alike))
        column.addWidget(self._buttons())
        column.addWidget(self.question)
        column.addLayout(self._effect)
        column.addLayout(_beside(self.do, self.leave))
        column.addStretch(1)
        self.slider.valueChanged.connect(lambda value: self.alike.setText(f"{value / 100:.2f}"))
        self.slider.valueChanged.connect(lambda value: self.likened.emit(value / 100))
        self.do.setToolTip(tip("Do the change that is shown", "holter.confirm"))
        self.do.clicked.connect(self.confirmed)
        self.leave.clicked.connect(self.dropped)
        self.show_views.toggled.connect(self.views)
        self.stop.clicked.connect(self.stopped)

    def _buttons(self) -> ButtonGrid:
        buttons = []
        for letter, words in CLASSES:
            button = QPushButton(f"{letter}  {tr(words)}")
            button.setStyleSheet(f"QPushButton {{ text-align: left; border-left: 4px solid {colour_of(letter)}; }}")
            button.setToolTip(tip("Change the chosen beats", ACTS[letter]))
            button.clicked.connect(lambda _=False, letter=letter: self.classed.emit(letter))
            buttons.append(button)
        accept, delete = QPushButton(tr("Accept")), QPushButton(tr("Delete"))
        accept.setToolTip(tip("Accept the chosen drafts", "holter.accept-beats"))
        delete.setToolTip(tip("Strike the chosen beats out", "holter.delete-beats"))
        accept.clicked.connect(self.accepted)
        delete.clicked.connect(self.deleted)
        return ButtonGrid((*buttons, accept, delete), 2)

    def refresh(self) -> None:
        """The beats or what is chosen of them changed."""
        _fill(self._summary, [(tr(name) if len(name) > 1 else name, value, "") for name, value in self._desk.summary()])
        count, words = self._desk.chosen.size, self._desk.chosen_words
        self.chosen.setText(tr("{n} beats: {words}", n=f"{count:,}", words=tr(words)) if count else
                            tr("None. Click a beat or a shape, or draw a rectangle in a plot."))
        self.ask(None, "")

    def ask(self, effect: Effect | None, letter: str) -> None:
        """Show what a change would do and ask for it; None asks nothing."""
        for widget in (self.question, self.do, self.leave):
            widget.setVisible(effect is not None)
        _fill(self._effect, [] if effect is None else [(tr("Before → after"), "", ""), *effect.lines])
        if effect is not None:
            self.question.setText(tr("Change {n} beats to {letter}? One step of undo.", n=f"{effect.beats:,}", letter=letter))

    def working(self, done: int, total: int, text: str) -> None:
        """Where the job is; total < 0: it is over."""
        for widget in (self.busy, self.stop):
            widget.setVisible(total >= 0)
        self.busy.setRange(0, max(0, total) and 100)
        self.busy.setValue(round(100 * done / total) if total > 0 else 0)
        self.busy.setFormat(tr(text) if text else "%p %")


def _beside(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(6)
    for widget in widgets:
        row.addWidget(widget, 1 if isinstance(widget, QSlider | QProgressBar | QPushButton) else 0)
    return row


def _fill(grid: QGridLayout, rows: list[tuple[str, str, str]]) -> None:
    while (item := grid.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
    for n, (name, before, after) in enumerate(rows):
        grid.addWidget(label(tr(name), "muted"), n, 0)
        grid.addWidget(label(before), n, 1, Qt.AlignmentFlag.AlignRight)
        if after:
            grid.addWidget(label(f"→ {after}"), n, 2, Qt.AlignmentFlag.AlignRight)
