"""Rows 10, 10b, 10c: opening a Holter, its first full range, and dragging it along at every zoom with all its beats on it.

`python -m benchmarks ecg_holter` does 24 hours and 14 days; GRATICULE_BENCH_DAYS=1 the first alone. The peer is a plain pyqtgraph
plot with its own downsampling of the same samples, already in memory (24 hours alone: fourteen days do not fit beside it).
"""

import os
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks.ecg_pan import SIZE, STEP_PX, _pan, _plots, _slide
from benchmarks.figure import Figure, Timing, timed
from benchmarks.holter import GAIN, RATE, Holter, beats, build
from benchmarks.room import application
from graticule.jobs import ThreadRunner
from graticule.ui.ecg_page import EcgPage
from graticule.ui.home import Home

SPANS_S: tuple[float | None, ...] = (10.0, 60.0, 3600.0, None)
GOAL_MS, MEMORY_MB = 16.0, 1024.0
PATIENCE_S = 120.0


def run() -> Iterator[Figure]:
    days = [float(word) for word in os.environ.get("GRATICULE_BENCH_DAYS", "1,14").split(",")]
    application()
    for length in days:
        with tempfile.TemporaryDirectory() as folder:
            yield from _figures(build(Path(folder), length), length)


def _figures(holter: Holter, days: float) -> Iterator[Figure]:
    from fakes.ecg_case import ecg_case

    row, name = ("10b", "24 h") if days <= 1 else ("10c", f"{days:g} d")
    start = time.perf_counter()
    recording = holter.open()
    opened = ecg_case(recording)
    home = Home()
    opened.runner = ThreadRunner(home.post)
    opened.workspace.labels.beats[""] = beats(holter.seconds)
    page = EcgPage(opened)
    page.resize(*SIZE)
    page.show()
    QApplication.processEvents()
    first_page = (time.perf_counter() - start) * 1000
    longest = _until_built(page)
    page.view.show_span(None)
    page.paper.refresh()
    QApplication.processEvents()
    full = (time.perf_counter() - start) * 1000
    memory = _peak_mb()
    for job in page._jobs:
        job.cancel()   # the search for beats is row 10d
    reading = _one_pass(holter.header.with_suffix(".dat"))
    yield Figure("10", f"open → first page, {name}", _once(first_page), "goal", _once(150.0))
    yield Figure("10", f"open → full range painted, no cached pyramid, {name}", _once(full), "one pass over the file + 150 ms",
                 _once(reading + 150))
    yield Figure("10", f"longest hold-up of the window meanwhile, {name}", _once(longest), "goal", _once(50.0))
    plots = _plots(*_in_memory(recording)) if days <= 1 else None
    for span in SPANS_S:
        page.view.show_span(span)
        page.view.first_s = page.view.duration_s / 3 if span else 0.0
        page.paper.refresh()
        a, b = page.view.shown_s
        what = f"pan → painted, {b - a:.0f} s of {name}, 3 leads, {len(opened.workspace.labels.beats['']):,} beats"
        ours = timed(lambda n: _pan(page, -STEP_PX))
        if plots is None:
            yield Figure(row, what, ours, "goal: a frame", _once(GOAL_MS))
        else:
            yield Figure(row, what, ours, "pyqtgraph PlotWidget, peak, clipped",
                         timed(lambda n, a=a, b=b: _slide(plots, a, b, n), count=20, warm_up=2))
    yield Figure(row, f"spikes of 3 mV that are drawn at full range, {name} (of {holter.spikes.size})",
                 _once(float(_spikes_seen(page, holter))), "all of them", _once(float(holter.spikes.size)))
    yield Figure(row, f"memory of the process at its most, MB, {name}", _once(memory if plots else _peak_mb()), "goal",
                 _once(MEMORY_MB))
    page.shutdown()
    opened.runner.close()
    page.close()
    if plots is not None:
        plots.close()


def _until_built(page: EcgPage) -> float:
    """Let the window live until the overviews are there; its longest hold-up in ms."""
    longest, end = 0.0, time.perf_counter() + PATIENCE_S
    while not all(trace.built for trace in page.view.traces.values()) and time.perf_counter() < end:
        start = time.perf_counter()
        QApplication.processEvents()
        longest = max(longest, (time.perf_counter() - start) * 1000)
        QTest.qWait(1)
    return longest


def _spikes_seen(page: EcgPage, holter: Holter) -> int:
    """Spikes whose column reaches their height: what the painter is given, not what a pixel happens to show."""
    trace = page.view.traces["II"]
    drawn = trace.between(0, page.view.duration_s, SIZE[0])
    high = (drawn.millivolts + trace.shift_mv).reshape(-1, 2).max(axis=1)
    column = np.minimum(holter.spikes // drawn.merged, high.size - 1)
    return int((high[column] >= 2.99).sum())


def _one_pass(path: Path) -> float:
    start = time.perf_counter()
    with path.open("rb", buffering=0) as file:
        while file.read(1 << 22):
            pass
    return (time.perf_counter() - start) * 1000


def _in_memory(recording: object) -> tuple[np.ndarray, np.ndarray]:
    lead = recording.leads[0]  # type: ignore[attr-defined]
    return np.arange(lead.digital.shape[0]) / RATE, np.asarray(lead.digital[:]) / GAIN


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _once(milliseconds: float) -> Timing:
    return Timing(milliseconds, milliseconds)
