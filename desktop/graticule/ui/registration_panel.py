"""Laying another series over the case: search, look, nudge, take back."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from graticule.domain.elements import Registration
from graticule.domain.errors import GraticuleError
from graticule.editing.events import LabelsChanged
from graticule.presenters.fusion import FusedView
from graticule.presenters.plane_view import PlaneView
from graticule.presenters.registering import AFFINE, RIGID, Registering
from graticule.presenters.relative_words import short_title
from graticule.ui.pieces import label
from graticule.ui.reading import Reading
from graticule.ui.words import tr

POLL_MS, SETTLE_MS = 150, 600
STEP_MM, STEP_DEG, FINE = 1.0, 1.0, 0.2
WAYS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}  # of the screen: right, down


class RegistrationPanel(QWidget):
    """trouble(GraticuleError): something was refused. tool_asked: the hand wants the nudge tool. `close_panel` at the end."""

    FOLDED = True  # until it is asked for

    trouble = Signal(object)
    tool_asked = Signal(str)

    def __init__(self, registering: Registering, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._registering, self._reading = registering, reading
        self._which, self._method = QComboBox(), QComboBox()
        self._state = label("", "muted", wrap=True)
        self._search, self._stop = QPushButton(tr("Register")), QPushButton(tr("Stop"))
        self._over, self._nudge = QPushButton(tr("Lay over")), QPushButton(tr("Nudge"))
        self._remove = QPushButton(tr("Take back"))
        self._squares = QCheckBox(tr("Checkerboard"))
        self._bar = QProgressBar(textVisible=False, maximum=100)
        self._waits = ""
        for relative in reading.company.book.relatives:
            if str(relative.case.kind) == "volume":
                self._which.addItem(short_title(relative.case.title), relative.case.id)
        for words, method in ((tr("Rigid"), RIGID), (tr("Affine"), AFFINE)):
            self._method.addItem(words, method)
        self._poll = QTimer(self, interval=POLL_MS)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._lay_out()
        self._connect()
        self._leave = reading.opened.bus.subscribe(LabelsChanged, self._labels_changed)
        self.follow()

    @property
    def useful(self) -> bool:
        """There is another series to register."""
        return self._which.count() > 0

    @property
    def moving(self) -> str:
        return str(self._which.currentData() or "")

    def close_panel(self) -> None:
        self._poll.stop()
        self._settle.stop()
        self._registering.stop()
        self._attempt(self._registering.settle)
        self._leave()

    def push(self, right: int, down: int, view: PlaneView, *, fine: bool = False, turn: bool = False) -> bool:
        """Move the series above by 1 mm in the plane of `view` (fine: 0.2 mm), or turn it by 1°; False when there is none."""
        if self._fused() is None:
            return False
        share = FINE if fine else 1.0
        if turn:
            axis = np.cross(view.axes.right, view.axes.down)
            centre = view.plane.to_patient(*view.crosshair())
            self._attempt(lambda: self._registering.turn(self._fused(), axis, (right + down) * STEP_DEG * share, centre))
        else:
            step = (view.axes.right * right + view.axes.down * down) * STEP_MM * share
            self._attempt(lambda: self._registering.shift(self._fused(), step))
        self._settle.start()
        return True

    def join(self, view: FusedView) -> None:
        """A view with another series over the case was made: the hand may nudge it."""
        view.nudger = lambda plane, start, end, turn: self._registering.drag(self._fused() or "", plane, start, end, turn=turn)
        view.settle = partial(self._attempt, self._registering.settle)

    def follow(self) -> None:
        """Show what there is now."""
        running = self._registering.job is not None or bool(self._waits)
        stored = self._registering.stored(self.moving) is not None if self.moving else False
        self._state.setText(self._registering.words(self.moving) if self.moving else tr("No other series of this patient."))
        self._search.setVisible(not running)
        self._stop.setVisible(running)
        self._bar.setVisible(running)
        self._remove.setEnabled(stored and not running)
        over = self._fused()
        self._over.setText(tr("Take off") if over == self.moving and over else tr("Lay over"))
        self._nudge.setEnabled(over is not None)
        self._squares.setEnabled(over is not None)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._which)
        column.addWidget(self._state)
        column.addWidget(self._bar)
        grid = QGridLayout()
        grid.setSpacing(6)
        for at, widget in enumerate((self._method, self._search, self._over, self._nudge, self._squares, self._remove)):
            grid.addWidget(widget, at // 2, at % 2)
        grid.addWidget(self._stop, 0, 1)
        column.addLayout(grid)
        self._which.setAccessibleName(tr("Series to register"))
        self._method.setAccessibleName(tr("How it may move"))
        self._nudge.setToolTip(tr("Drag or Ctrl+arrows move it, Alt+drag or Ctrl+Alt+arrows turn it; Shift for small steps"))

    def _connect(self) -> None:
        self._which.currentIndexChanged.connect(lambda _: self.follow())
        self._search.clicked.connect(self._ask)
        self._stop.clicked.connect(self._stopped)
        self._over.clicked.connect(self._lay_over)
        self._nudge.clicked.connect(lambda: self.tool_asked.emit("nudge"))
        self._remove.clicked.connect(lambda: self._attempt(lambda: self._registering.remove(self.moving)))
        self._squares.toggled.connect(self._check)
        self._poll.timeout.connect(self._tick)
        self._settle.timeout.connect(lambda: self._attempt(self._registering.settle))
        self._reading.changed.connect(self.follow)

    def _fused(self) -> str | None:
        """What lies over the case now."""
        fusing = self._reading.fusing
        return fusing.over_id if fusing is not None and fusing.fusion is not None and not fusing.under_id else None

    def _ask(self) -> None:
        """Bring the other series when it is not here, then search."""
        reading = self._reading
        fused = reading.fusing.wanted() if reading.fusing is not None else []
        self._waits = self.moving
        reading.company.want([*reading.layout_now.companions, *fused, self.moving])
        self._poll.start()
        self._tick()

    def _tick(self) -> None:
        job = self._registering.job
        if job is not None:
            self._bar.setRange(0, 100)
            self._bar.setValue(job.progress.done)
        elif self._waits:
            self._bar.setRange(0, 0)
            self._try_search()
        else:
            self._poll.stop()
        self.follow()

    def _try_search(self) -> None:
        companion = self._reading.company.here.get(self._waits)
        if companion is None or companion.series is None or not bool(companion.series.volume.arrived.all()):
            return
        moving, self._waits = self._waits, ""
        self._registering.search(moving, companion.series.volume, self._method.currentData(), self._found, self._failed,
                                 tr("Registering two series"))

    def _found(self) -> None:
        self.follow()

    def _failed(self, error: GraticuleError) -> None:
        self._waits = ""
        self.trouble.emit(error)
        self.follow()

    def _stopped(self) -> None:
        self._waits = ""
        self._registering.stop()
        self.follow()

    def _lay_over(self) -> None:
        self._reading.fuse(None if self._fused() == self.moving else self.moving)
        self.follow()

    def _check(self, on: bool) -> None:
        fusing = self._reading.fusing
        if fusing is not None and fusing.fusion is not None:
            fusing.fusion.look = replace(fusing.fusion.look, checkered=on)
            fusing.look_changed()

    def _labels_changed(self, event: LabelsChanged) -> None:
        """A registration was made, nudged or undone."""
        if event.case_id == self._reading.opened.case.id and any(kind == Registration.KIND for kind, _ in event.touched.elements):
            self._attempt(self._registering.follow)
            self.follow()

    def _attempt(self, act: Callable[[], object]) -> None:
        try:
            act()
        except GraticuleError as error:
            self.trouble.emit(error)
