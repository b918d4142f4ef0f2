"""Row 7d in the window: an option of an operation is moved → its preview is painted; a move of the smoothing brush → painted."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
from PySide6.QtCore import QEvent
from PySide6.QtTest import QTest

from benchmarks.figure import Figure, Timing
from benchmarks.room import mouse, painted, volume_room
from graticule.domain.edits import voxel_change
from graticule.domain.labels import AUTHOR_HAND
from graticule.editing.operations.smooth import TOGETHER
from graticule.imaging.smoothing import GAUSSIAN, MEDIAN
from graticule.imaging.warm import warm
from graticule.presenters.refining import VISIBLE

_PROMISE = Timing(100, 100)
_MIDDLE, _HALF = (200, 256, 256), (30, 55, 55)


def run() -> Iterator[Figure]:
    warm()
    with volume_room() as room:
        _paint_two(room)
        refining = room.page.workshop.refining
        for method in (MEDIAN, GAUSSIAN):
            ours = _moved(room, "smooth", method=method)
            yield Figure("7d", f"{method} of a 60×110×110 lesion: option → preview painted", ours,
                         "promise", _PROMISE)
        yield Figure("7d", "margin of it: option → preview painted", _moved(room, "margin"), "promise", _PROMISE)
        refining.scope.options = replace(refining.scope.options, which=VISIBLE)
        yield Figure("7d", "two segments together: option → preview painted", _moved(room, "smooth", method=TOGETHER), "promise",
                     _PROMISE)
        refining.drop()
        yield Figure("7d", "smoothing brush r = 6 mm: move → painted", _brushed(room), "promise", _PROMISE)


def _paint_two(room: SimpleNamespace) -> None:
    """A rough lesion in two halves, and the views in its middle."""
    page, workspace = room.page, room.workspace
    page.segments.add_template(page.segments.templates()[0])
    k, j, i = np.ogrid[-30:30, -55:55, -55:55]
    lesion = (k / 25.0) ** 2 + (j / 45.0) ** 2 + (i / 48.0) ** 2 < 1
    lesion ^= np.random.default_rng(0).random(lesion.shape) < 0.02
    group = workspace.labels.group("1")
    for value, side in ((1, i < 0), (2, i >= 0)):
        at = np.argwhere(lesion & side) + np.array(_MIDDLE) - np.array(_HALF)
        index = np.ravel_multi_index(tuple(at.T), group.shape)
        workspace.do("Paint", voxel_change("1", group, index, value, AUTHOR_HAND))
    page.presenter.move_cursor(page.presenter.volume.grid.to_patient(np.array(_MIDDLE[::-1], dtype=float)))
    QTest.qWait(1500)  # surfaces and numbers are made beside it


def _moved(room: SimpleNamespace, name: str, **options: object) -> Timing:
    refining = room.page.workshop.refining
    if refining.now is None or refining.now.name != name:
        which = refining.scope.options
        refining.choose(name)
        refining.scope.options = which
    operation = refining.now
    size = "margin_mm" if name == "margin" else "size_mm"
    operation.options = replace(operation.options, **options)
    QTest.qWait(800)

    def move(n: int) -> None:
        operation.options = replace(operation.options, **{size: 2.0 + 0.1 * (n % 2)})
        refining.ask()

    return painted(room.view, move, 30, 4)


def _brushed(room: SimpleNamespace) -> Timing:
    room.page.set_tool("smooth-brush")
    room.page.cancel()
    mouse(room.view, QEvent.Type.MouseButtonPress, 330, 400)
    try:
        return painted(room.view, lambda n: mouse(room.view, QEvent.Type.MouseMove, 331 + n * 2, 400 + n % 10 * 3))
    finally:
        mouse(room.view, QEvent.Type.MouseButtonRelease, 470, 400)
