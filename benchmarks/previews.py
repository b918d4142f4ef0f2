"""Rows 7 and 7c in the real window: a dragged threshold and the verdict under a resting hand, event → painted, on 512×512×400."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from statistics import median
from types import SimpleNamespace

import numpy as np
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from benchmarks.figure import Figure, Timing
from benchmarks.phantoms import ct
from benchmarks.room import mouse, painted, volume_room
from graticule.domain.errors import GraticuleError
from graticule.imaging.threshold import Range

_PROMISE, _WISH = "promise", "our own wish, not a promise"
_PATIENCE_S = 30.0


def run() -> Iterator[Figure]:
    with volume_room() as room:
        room.voxels[...] = ct()
        room.view.samples_changed()
        yield from _threshold(room)
        yield from _hover(room)


def _threshold(room: SimpleNamespace) -> Iterator[Figure]:
    page, view = room.page, room.view
    page.set_tool("threshold")
    _until(lambda: page.bench.proposals.now is not None)
    tool, form = page.hand.tool, page.options

    def drag(n: int) -> None:
        tool.options = replace(tool.options, range=Range(80 + n, 260))
        form.changed.emit()

    yield Figure("7", "threshold end dragged → painted", painted(view, drag, 60), "scroll's own promise", Timing(5, 10))
    spans = []
    for n in range(20):
        start = time.perf_counter_ns()
        drag(100 + n)
        _until(lambda: page.bench.proposals.now is not None)
        before = view.painted_ns
        _until(lambda: view.painted_ns != before)  # noqa: B023
        spans.append((view.painted_ns - start) / 1e6)
    yield Figure("7", "the whole volume's proposal → painted, with 70 ms of rest", _timing(spans), _WISH, Timing(300, 500))
    held = painted(view, lambda n: view.view.scroll(1 if n % 40 < 20 else -1), 60)
    yield Figure("4", "scroll under a proposal of the whole volume → painted", held, _PROMISE, Timing(5, 10))
    page.cancel()


def _hover(room: SimpleNamespace) -> Iterator[Figure]:
    page, view = room.page, room.view
    page.set_tool("one-click")
    tool, places = page.hand.tool, np.random.default_rng(1).integers(220, 580, (66, 2))
    spans = []
    for x, y in places:
        tool.cancel(page.bench)
        start = time.perf_counter_ns()
        mouse(view, QEvent.Type.MouseMove, float(x), float(y))
        _until(lambda: tool.preview() != ())
        view.update()
        before = view.painted_ns
        _until(lambda: view.painted_ns != before)  # noqa: B023
        spans.append((view.painted_ns - start) / 1e6)
    yield Figure("7c", "the hand rests → verdict painted, with 20 ms of rest", _timing(spans[6:]), _PROMISE, Timing(80, 80))


def _until(there: Callable[[], bool]) -> None:
    end = time.perf_counter() + _PATIENCE_S
    while not there():
        QApplication.processEvents()
        time.sleep(0.0005)
        if time.perf_counter() > end:
            raise GraticuleError("The benchmark waited for a preview in vain.")


def _timing(spans: list[float]) -> Timing:
    kept = sorted(spans)
    return Timing(median(kept), kept[min(len(kept) - 1, int(len(kept) * 0.95))])
