"""Work that takes over a second: what is being done, how far, and Cancel."""

import time

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from graticule.jobs import Handle, Runner
from graticule.ui.pieces import Elided, push
from graticule.ui.words import tr

LOOK_EVERY_MS, PATIENCE_S = 150, 1.0


class JobCard(QFrame):
    """Looks at the runner a few times a second and shows the oldest titled job that has run for more than a second."""

    cancelled = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._runner: Runner | None = None
        self._since: dict[int, float] = {}
        self._shown: Handle | None = None
        self._words = Elided()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self._words)
        column.addWidget(self._bar)
        box = QHBoxLayout(self)
        box.setContentsMargins(12, 6, 8, 6)
        box.setSpacing(12)
        box.addLayout(column, 1)
        box.addWidget(push(tr("Cancel"), self._cancel))
        self.hide()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)

    def watch(self, runner: Runner) -> None:
        self._runner = runner
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _look(self) -> None:
        now = time.monotonic()
        titled = [handle for handle in (self._runner.running() if self._runner else ()) if handle.title and not handle.cancelled]
        self._since = {id(handle): self._since.get(id(handle), now) for handle in titled}
        late = [handle for handle in titled if now - self._since[id(handle)] > PATIENCE_S]
        self._shown = late[0] if late else None
        self.setVisible(self._shown is not None)
        if self._shown is not None:
            self._show(self._shown)

    def _show(self, handle: Handle) -> None:
        step = handle.progress
        count = tr("{done} of {total}", done=step.done, total=step.total) if step.total else ""
        self._words.say("  ·  ".join(part for part in (tr(handle.title), tr(step.text) if step.text else "", count) if part))
        self._bar.setRange(0, step.total)
        self._bar.setValue(step.done)

    def _cancel(self) -> None:
        if self._shown is not None:
            self._shown.cancel()
            self.hide()
            self.cancelled.emit(self._shown)
