"""Keeps a surface in the 3D view for every segment: made in a job, in the segment's own box, a moment after the last change."""

from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QTimer

from graticule.domain.edits import Touched
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.labels import Labels
from graticule.jobs import Handle, Runner
from graticule.presenters.volume import rgb_of
from graticule.render.surface import segment_surface
from graticule.ui.view3d import View3D

WAIT_MS = 250
LANE = "surfaces"


class Surfaces(QObject):
    """hidden: ids of segments whose surface is not shown."""

    def __init__(self, view: View3D, labels: Labels, grid: Grid, runner: Runner) -> None:
        super().__init__(view)
        self._view = view
        self._labels = labels
        self._grid = grid
        self._runner = runner
        self._waiting: set[str] = set()
        self._jobs: dict[str, Handle] = {}
        self._counts: dict[str, np.ndarray] = {}
        self.hidden: frozenset[str] = frozenset()
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self._make)
        view.scene_ready.connect(self.all_changed)

    def all_changed(self) -> None:
        self._waiting |= {segment.id for segment in self._labels.of(Segment)}
        self._timer.start()

    def labels_changed(self, touched: Touched) -> None:
        """Note the segments whose voxels changed, or which came, went or took another colour."""
        self._waiting |= {element_id for kind, element_id in touched.elements if kind == Segment.KIND}
        for group, box in touched.boxes:
            values = self._changed_values(group, box)
            self._waiting |= {s.id for s in self._labels.of(Segment) if s.group == group and s.value in values}
        if self._waiting:
            self._timer.start()

    def show_labels(self, labels: Labels) -> None:
        """Surfaces of other labels (an earlier moment, or now again)."""
        gone = {segment.id for segment in self._labels.of(Segment)}
        self._labels = labels
        self._counts.clear()
        self._waiting |= gone
        self.all_changed()

    def show_hidden(self, hidden: frozenset[str]) -> None:
        self.hidden = hidden
        scene = self._view.scene
        if scene is not None:
            for name in scene.surfaces():
                scene.set_surface_visible(name, name not in hidden)
            self._view.refresh()

    def close(self) -> None:
        self._timer.stop()
        for job in self._jobs.values():
            job.cancel()

    def _changed_values(self, group: str, box: tuple[slice, slice, slice]) -> set[int]:
        """Values in the touched box, and those whose number of voxels is another than before."""
        counts = self._labels.groups[group].counts
        before = self._counts.get(group, np.zeros(256, dtype=np.int64))
        self._counts[group] = counts.copy()
        return set(np.unique(self._labels.groups[group].values[box]).tolist()) | set(np.flatnonzero(counts != before).tolist())

    def _make(self) -> None:
        if self._view.scene is None:
            return
        waiting, self._waiting = self._waiting, set()
        for segment_id in waiting:
            segment = self._labels.get(Segment, segment_id)
            group = self._labels.groups.get(segment.group) if segment else None
            # A possible boundary would hide the sure one inside it.
            outer = segment is not None and segment.possible_of
            if segment is None or outer or group is None or group.box is None or group.counts[segment.value] == 0:
                self._put(segment_id, None)
            else:
                self._start(segment, group.values, group.box)

    def _start(self, segment: Segment, values: np.ndarray, box: tuple[slice, slice, slice]) -> None:
        if segment.id in self._jobs:
            self._jobs[segment.id].cancel()
        value, grid, segment_id = segment.value, self._grid, segment.id
        self._jobs[segment_id] = self._runner.start(
            lambda progress: segment_surface(values, box, value, grid), done=lambda surface: self._put(segment_id, surface),
            failed=_leave, lane=LANE)

    def _put(self, segment_id: str, surface: Any) -> None:
        segment, scene = self._labels.get(Segment, segment_id), self._view.scene
        if scene is None:
            return
        shown = surface if segment is not None else None
        scene.put_surface(segment_id, shown, rgb_of(segment.colour) if segment else (0, 0, 0))
        scene.set_surface_visible(segment_id, segment_id not in self.hidden)
        self._view.refresh()


def _leave(error: GraticuleError) -> None:
    """A surface that could not be made leaves the old one standing; the labels themselves are not concerned."""
