"""Row 9: dragging a long ECG along, each move until painted, beside a plain pyqtgraph plot of the same samples."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks.figure import Figure, timed
from benchmarks.room import application
from graticule.domain.recording import Lead, Recording
from graticule.ui.ecg_page import EcgPage

RATE, HOURS, SIZE, STEP_PX = 250, 24, (1400, 800), 12
SPANS_S = (10.0, 600.0)


def run() -> Iterator[Figure]:
    from fakes.ecg_case import ecg_case, synthetic

    application()
    short = synthetic("2to1", 600)
    lead = short.leads[0]
    ticks = RATE * 3600 * HOURS
    digital = np.resize(lead.digital[::2], ticks)
    recording = Recording(tuple(Lead(name, digital, lead.gain) for name in ("II", "V1")), Fraction(RATE), ticks)
    page = EcgPage(ecg_case(recording))
    page.resize(*SIZE)
    page.show()
    QTest.qWait(500)
    plots = _plots(np.arange(ticks) / RATE, digital / lead.gain)
    for span in SPANS_S:
        page.view.show_span(span)
        page.paper.refresh()
        start, end = page.view.shown_s
        ours = timed(lambda n: _pan(page, -STEP_PX))
        peer = timed(lambda n, start=start, end=end: _slide(plots, start, end, n))
        yield Figure("10b", f"pan → painted, {end - start:.0f} s of {HOURS} h at {RATE} Hz, 2 leads", ours,
                     "pyqtgraph PlotWidget, peak, clipped", peer)
        page.view.home()
    page.shutdown()
    page.close()
    plots.close()


def _pan(page: EcgPage, pixels: float) -> None:
    page.paper.pan_by(QPointF(pixels, 0))
    QApplication.processEvents()


def _plots(seconds: np.ndarray, millivolts: np.ndarray) -> pg.PlotWidget:
    """Two curves in one plot as wide and high as our page."""
    plot = pg.PlotWidget()
    plot.resize(*SIZE)
    plot.setDownsampling(auto=True, mode="peak")
    plot.setClipToView(True)
    for n in range(2):
        plot.plot(seconds, millivolts - 2 * n)
    plot.setYRange(-4, 2)
    plot.show()
    QTest.qWait(300)
    return plot


def _slide(plot: pg.PlotWidget, start: float, end: float, n: int) -> None:
    by = (n + 1) * STEP_PX * (end - start) / SIZE[0]
    plot.setXRange(start + by, end + by, padding=0)
    QApplication.processEvents()
