"""Slices on their way: the page shows each as it comes, and says in words how far the series is."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.domain.volume import Volume
from graticule.jobs import Handle, Runner
from graticule.jobs.runner import READ
from graticule.presenters.open_case import Opening
from graticule.ui.overlays import Loading
from graticule.ui.slice_view import SliceView
from graticule.ui.words import tr

# Planes that cross the slices are redrawn at most so often: each of them changes with every slice.
CROSSING_MS = 120


class Arrival(QObject):
    """Runs `opening.fill` in a job. `finished` once every slice is there. lane: of the runner; a companion's is its own."""

    finished = Signal()
    failed = Signal(object)
    _arrived = Signal(int)

    def __init__(self, volume: Volume, views: Sequence[SliceView], runner: Runner, parent: QObject, lane: str = READ) -> None:
        super().__init__(parent)
        self._lane = lane
        self._volume = volume
        self._views = views
        self._runner = runner
        self._job: Handle | None = None
        self._left = False
        self._crossing = QTimer(self, singleShot=True, interval=CROSSING_MS)
        self._crossing.timeout.connect(self._show_crossing)
        self._arrived.connect(self._show)

    def start(self, opening: Opening | None, first: int) -> None:
        """Fetch what has not arrived, slice `first` before the others."""
        if opening is None or bool(self._volume.arrived.all()):
            return
        fetch = opening.fill
        tell: Callable[[int], None] = self._tell

        def fill(progress: Progress) -> None:
            fetch(progress, tell, first)

        self._show_progress()
        self._job = self._runner.start(fill, done=self._done, failed=self._fail, lane=self._lane,
                                       title=tr("Loading slices"))

    def stop(self) -> None:
        self._left = True
        self._crossing.stop()
        if self._job is not None:
            self._job.cancel()

    def _tell(self, k: int) -> None:
        """In the decoding thread, which may outlive the page by a slice."""
        if not self._left:
            self._arrived.emit(k)

    def _show(self, k: int) -> None:
        for view in self._views:
            if view.view.acquired_k() == k:
                view.samples_changed()
        if not self._crossing.isActive():
            self._crossing.start()

    def _show_crossing(self) -> None:
        self._show_progress()
        for view in self._views:
            if view.view.acquired_k() is None:
                view.samples_changed()

    def _show_progress(self) -> None:
        done, total = int(self._volume.arrived.sum()), int(self._volume.arrived.size)
        words = tr("Loading slice {done} of {total}", done=done, total=total)
        for view in self._views:
            view.loading = Loading(done, total, words) if done < total else None
            view.update()

    def _done(self, nothing: None) -> None:
        self._crossing.stop()
        self._show_progress()
        self.finished.emit()
        for view in self._views:
            view.samples_changed()

    def _fail(self, error: GraticuleError) -> None:
        self._crossing.stop()
        for view in self._views:
            view.loading = None
            view.samples_changed()
        self.failed.emit(error)
