"""The history of a case: what was done, when and by whom; a slider that replays it, and the way back to any of it."""

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QListWidget, QListWidgetItem, QSlider, QVBoxLayout, QWidget

from graticule.domain.edits import Touched
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.editing.events import HistoryChanged, LabelsChanged, LockChanged
from graticule.presenters.history_view import HistoryView, Line, Standing
from graticule.presenters.open_case import OpenCase
from graticule.ui.pieces import Elided, flat, label, push, shrinkable
from graticule.ui.replaying import Replaying, Stage
from graticule.ui.section import show_in_place
from graticule.ui.theme import TOKENS, grown, icon
from graticule.ui.words import tr

SPEEDS = (2, 10, 50, 250)
STEP_MS, REFRESH_MS = 0, 60
ROWS_LEAST, ROWS_SEEN = 3, 9
_WORDS = {Standing.DONE: "", Standing.UNDONE: "undone", Standing.GONE: "replaced", Standing.SIGNED: ""}


class HistoryPanel(QWidget):
    """trouble(GraticuleError): something could not be undone or redone. Hidden until it is asked for."""

    trouble = Signal(object)

    def __init__(self, opened: OpenCase, stage: Stage | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._opened = opened
        self.history = HistoryView(opened.workspace)
        self.replaying = Replaying(opened, stage or _Nothing(), lambda: self.history.acts, self)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("History"))
        self.list.setUniformItemSizes(True)
        self.list.setStyleSheet("QListWidget::item { padding: 3px 6px; }")
        self.list.currentRowChanged.connect(self._chosen)
        self.list.itemActivated.connect(lambda item: self.go())
        self.where = Elided("", "muted")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(tr("Replay"))
        self.slider.valueChanged.connect(self._slid)
        self.play = flat("play", tr("Play how it was made"), self.toggle)
        self.speed = QComboBox()
        self.speed.setAccessibleName(tr("Speed"))
        for speed in SPEEDS:
            self.speed.addItem(tr("{n} acts/s", n=speed), speed)
        self.speed.setCurrentIndex(1)
        self.speed.currentIndexChanged.connect(lambda number: self._restart())
        shrinkable(self.speed)
        self.back = push(tr("Back to now"), self.replaying.stop)
        self.there = push(tr("Go to this act"), self.go, sign="undo")
        self._steps = 0
        self._stepping = QTimer(self, interval=STEP_MS)
        self._stepping.timeout.connect(self._step)
        self._soon = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._soon.timeout.connect(self.refresh)
        self._arrange(stage is not None)
        self.replaying.moved.connect(self._moved)
        self.replaying.ended.connect(self._ended)
        bus = opened.bus
        self._leave = [bus.subscribe(HistoryChanged, self._history_changed), bus.subscribe(LockChanged, self._history_changed),
                       bus.subscribe(LabelsChanged, self._labels_changed)]
        self.hide()

    def close_panel(self) -> None:
        """The case is left."""
        self._stepping.stop()
        self._soon.stop()
        self.replaying.stop()
        for leave in self._leave:
            leave()
        self._leave = []

    def refresh(self) -> None:
        """List what the journal holds now; the last act that stands is the current one."""
        self.history.refresh()
        with QSignalBlocker(self.list):
            self.list.clear()
            for line in self.history.lines:
                self.list.addItem(self._item(line))
            now = [row for row, line in enumerate(self.history.lines) if line.standing in (Standing.DONE, Standing.SIGNED)]
            self.list.setCurrentRow(now[-1] if now else -1)
        rows = min(max(self.list.count(), ROWS_LEAST), ROWS_SEEN)
        self.list.setFixedHeight(grown(26) * rows + 4)
        self.list.scrollToItem(self.list.currentItem() or self.list.item(self.list.count() - 1))
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, self.history.acts)
            if not self.replaying.active:
                self.slider.setValue(self.history.acts)
        self._say()

    def go(self) -> None:
        """Undo or redo as far as the chosen line; each step is kept like any other."""
        line = self._line()
        if line is None or not self.history.reachable(line):
            return
        self.replaying.stop()
        self._steps = self.history.steps_to(line)
        if self._steps:
            self._stepping.start()

    def toggle(self) -> None:
        if self.replaying.playing:
            self.replaying.pause()
        elif self.history.acts:
            self.replaying.play(self.speed.currentData())
        self._say()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        self.replaying.stop()
        super().hideEvent(event)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _arrange(self, replays: bool) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.list)
        column.addWidget(self.where)
        row = QHBoxLayout()
        row.setSpacing(6)
        for widget in (self.play, self.slider, self.speed):
            row.addWidget(widget, 1 if widget is self.slider else 0)
            show_in_place(widget, replays)
        column.addLayout(row)
        foot = QHBoxLayout()
        foot.setSpacing(6)
        foot.addWidget(self.there)
        foot.addStretch(1)
        foot.addWidget(self.back)
        column.addLayout(foot)
        column.addWidget(label(tr("Click a line to see how it was then; double-click to go there."), "muted", wrap=True))

    def _item(self, line: Line) -> QListWidgetItem:
        title = f"{line.title}  ×{line.count}" if line.count > 1 else line.title
        word = _WORDS[line.standing]
        text = "  ".join(part for part in (line.when, title, f"({tr(word)})" if word else "") if part)
        item = QListWidgetItem(text)
        item.setToolTip("\n".join(part for part in (title, f"{line.day} {line.when}".strip(), self._opened.reader,
                                                    tr("Signed after this.") if line.signed_after else "") if part))
        if line.standing in (Standing.UNDONE, Standing.GONE):
            item.setForeground(QColor(TOKENS.muted))
            font = item.font()
            font.setItalic(True)
            font.setStrikeOut(line.standing is Standing.GONE)
            item.setFont(font)
        if line.signed_after:
            item.setIcon(icon("sign"))
        return item

    def _line(self) -> Line | None:
        row = self.list.currentRow()
        return self.history.lines[row] if 0 <= row < len(self.history.lines) else None

    def _chosen(self, row: int) -> None:
        line = self._line()
        if line is not None and self.slider.isVisible():
            self.slider.setValue(self.history.at_of(line))
        self._say()

    def _slid(self, at: int) -> None:
        self.replaying.pause()
        if at == self.history.acts and not self.replaying.active:
            return
        self.replaying.seek(at)
        self._show_line_of(at)
        self._say()

    def _moved(self, at: int) -> None:
        if self.replaying.playing or not self.slider.isSliderDown():
            if self.replaying.playing:
                with QSignalBlocker(self.slider):
                    self.slider.setValue(at)
                self._show_line_of(at)
            self._say()

    def _show_line_of(self, at: int) -> None:
        row = next((row for row in range(len(self.history.lines) - 1, -1, -1) if self.history.lines[row].first <= at), -1)
        with QSignalBlocker(self.list):
            self.list.setCurrentRow(row)

    def _ended(self) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(self.history.acts)
        if self._leave:
            self.refresh()

    def _restart(self) -> None:
        if self.replaying.playing:
            self.replaying.play(self.speed.currentData())

    def _step(self) -> None:
        """A few milliseconds of undo or redo, then the window breathes."""
        try:
            self._steps = self.history.step(self._steps)
        except GraticuleError as error:
            self._steps = 0
            self.trouble.emit(error)
        if not self._steps:
            self._stepping.stop()

    def _history_changed(self, event: HistoryChanged | LockChanged) -> None:
        if event.case_id == self._opened.case.id and self.isVisible():
            self._soon.start()

    def _labels_changed(self, event: LabelsChanged) -> None:
        """Something else was done (an answer, a name): what is shown must be now again."""
        if event.case_id == self._opened.case.id and self.replaying.active:
            self.replaying.stop()

    def _say(self) -> None:
        active, line = self.replaying.active, self._line()
        at = self.slider.value() if active else self.history.acts
        words = tr("Act {at} of {acts}", at=at, acts=self.history.acts)
        title, when = self.history.title_at(at), self.history.when_at(at)
        told = " · ".join(part for part in (words, when, title) if part)
        self.where.say(told if self.history.acts else tr("Nothing was done yet."))
        self.back.setVisible(active)
        self.there.setEnabled(line is not None and self.history.reachable(line) and self.history.steps_to(line) != 0)
        self.slider.setEnabled(self.history.acts > 0)
        self.play.setEnabled(self.history.acts > 0)
        self.play.setIcon(icon("pause" if self.replaying.playing else "play", TOKENS.muted))


class _Nothing:
    """A page without labels to replay."""

    def show_labels(self, labels: Labels | None) -> None:
        return None

    def labels_replayed(self, touched: Touched) -> None:
        return None
