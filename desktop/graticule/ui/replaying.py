"""Shows an earlier moment of the labels in the views, on a copy: while it is shown nothing can be painted or changed."""

import time
from collections.abc import Callable
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject, QTimer, Signal

from graticule.domain.edits import Touched
from graticule.domain.labels import Labels
from graticule.domain.progress import Progress
from graticule.editing.replay import Replay
from graticule.jobs import Handle
from graticule.presenters.open_case import OpenCase

LANE = "history"
TICK_MS, BUDGET_MS = 16, 14


@runtime_checkable
class Stage(Protocol):
    """A page that can show other labels than those of the case."""

    def show_labels(self, labels: Labels | None) -> None:
        """In place of the case's own; None for these."""
        ...

    def labels_replayed(self, touched: Touched) -> None:
        """The shown labels changed there."""
        ...


class Replaying(QObject):
    """moved(int): after so many acts it was like this; ended: the labels of the case are shown again."""

    moved = Signal(int)
    ended = Signal()

    def __init__(self, opened: OpenCase, stage: Stage, acts: Callable[[], int], parent: QObject) -> None:
        super().__init__(parent)
        self._opened, self._stage, self._acts = opened, stage, acts
        self._replay: Replay | None = None
        self._jobs: list[Handle] = []
        self._target, self._speed = 0, 0.0
        self._played, self._begun_at = 0.0, 0.0
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._go_on)

    @property
    def active(self) -> bool:
        return self._opened.workspace.replaying

    @property
    def playing(self) -> bool:
        return self._speed > 0

    @property
    def at(self) -> int:
        return self._replay.at if self._replay is not None else self._acts()

    def seek(self, at: int) -> None:
        """Show how it was after `at` acts; on the way there in the time that the hand leaves."""
        self._target = at
        if not self.active:
            self._begin()
        elif self._replay is not None and not self._tick.isActive():
            self._tick.start()

    def play(self, acts_per_second: float) -> None:
        """From where it stands on, or from the beginning when it stands at the end."""
        start = 0 if self.at >= self._acts() else self.at
        self._speed, self._played, self._begun_at = acts_per_second, float(start), time.monotonic()
        self.seek(start)

    def pause(self) -> None:
        self._speed = 0.0

    def stop(self) -> bool:
        """Back to now; False when now is shown already."""
        if not self.active:
            return False
        self._tick.stop()
        for job in self._jobs:
            job.cancel()
        self._jobs.clear()
        self._speed, self._replay = 0.0, None
        self._opened.workspace.replaying = False
        self._stage.show_labels(None)
        self.ended.emit()
        return True

    def _begin(self) -> None:
        workspace = self._opened.workspace
        workspace.cancel()
        workspace.replaying = True
        labels, acts = workspace.labels, self._acts()
        self._jobs.append(self._opened.runner.start(lambda progress: labels.copy(), done=lambda copy: self._copied(copy, acts),
                                                    failed=lambda fault: self._give_up(), lane=LANE))

    def _copied(self, copy: Labels, acts: int) -> None:
        if not self.active:
            return
        self._replay = replay = Replay(copy, acts, self._opened.workspace.journal.edit)
        self._stage.show_labels(copy)
        self._tick.start()

        def prepare(progress: Progress) -> None:
            replay.prepare(progress)

        self._jobs.append(self._opened.runner.start(prepare, done=lambda nothing: None, failed=lambda fault: None, lane=LANE))

    def _give_up(self) -> None:
        self.stop()

    def _go_on(self) -> None:
        replay = self._replay
        if replay is None:
            return
        if self.playing:
            self._played = min(float(replay.acts), self._played + self._speed * TICK_MS / 1000)
            self._target = int(self._played)
        touched, end = Touched(), time.perf_counter() + BUDGET_MS / 1000
        while replay.at != min(max(self._target, 0), replay.acts) and time.perf_counter() < end:
            touched = touched.joined(replay.step_towards(self._target))
        if touched:
            self._stage.labels_replayed(touched)
            self.moved.emit(replay.at)
        if self.playing and self._played >= replay.acts and replay.at == replay.acts:
            self.pause()
            self.moved.emit(replay.at)
        if not self.playing and replay.at == self._target:
            self._tick.stop()
