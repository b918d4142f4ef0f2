"""The histogram of an image, with the window drawn over it: its ends and its middle can be dragged."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QVBoxLayout, QWidget

from graticule.domain.volume import Window
from graticule.imaging.histogram import Histogram
from graticule.ui.pieces import label
from graticule.ui.profile_plot import dress_axes
from graticule.ui.theme import TOKENS
from graticule.ui.words import tr

HEIGHT_PX = 130


class HistogramPanel(QWidget):
    """set_window: takes the window that was dragged. Counts are drawn as logarithms: air and padding would hide the rest."""

    def __init__(self, set_window: Callable[[Window], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._set_window = set_window
        self._window = Window(1.0, 0.5)
        self._plot = pg.PlotWidget(background=TOKENS.panel)
        self._plot.setFixedHeight(HEIGHT_PX)
        self._plot.setMouseEnabled(False, False)
        self._plot.setMenuEnabled(False)
        self._plot.hideButtons()
        self._plot.hideAxis("left")
        self._plot.setAccessibleName(tr("Histogram"))
        dress_axes(self._plot)
        self._bars = self._plot.plot(stepMode="center", fillLevel=0, brush=pg.mkBrush(TOKENS.faint), pen=pg.mkPen(None))
        accent = pg.mkPen(TOKENS.accent, width=1.5)
        self._span = pg.LinearRegionItem(brush=pg.mkBrush(76, 141, 255, 40), pen=accent,
                                         hoverPen=pg.mkPen(TOKENS.accent_hover, width=3))
        self._plot.addItem(self._span)
        self._span.sigRegionChanged.connect(self._dragged)
        self._said = label("", "muted", wrap=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self._plot)
        box.addWidget(self._said)

    def show_histogram(self, found: Histogram | None, unit: str) -> None:
        """None while nothing has arrived."""
        self._bars.setData([0, 1], [0]) if found is None else self._bars.setData(found.edges, np.log1p(found.counts))
        whole = "" if found is None or found.share == 1 else tr("A sample of 1 in {n} values.", n=round(1 / found.share))
        self._said.setText(" ".join(text for text in (tr("Values in {unit}.", unit=unit) if unit else "", whole) if text))
        self._said.setVisible(bool(self._said.text()))

    def show_window(self, window: Window) -> None:
        """Where the greys lie now."""
        self._window = window
        with QSignalBlocker(self._span):
            self._span.setRegion((window.level - window.width / 2, window.level + window.width / 2))

    def _dragged(self) -> None:
        low, high = self._span.getRegion()
        if high > low:
            self._set_window(replace(self._window, width=float(high - low), level=float(low + high) / 2, name="", table=None))
