"""The values along a chosen line, as a curve."""

import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from graticule.domain.geometry import Floats
from graticule.ui.theme import TOKENS, font
from graticule.ui.words import tr

HEIGHT_PX = 150


class ProfilePlot(pg.PlotWidget):
    """Distance across, value up; the mouse does not move it, so that it always shows the whole line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=TOKENS.panel)
        self.setFixedHeight(HEIGHT_PX)
        self.setMouseEnabled(False, False)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setAccessibleName(tr("Profile"))
        dress_axes(self)
        self._curve = self.plot(pen=pg.mkPen(TOKENS.accent_hover, width=1.5), connect="finite")

    def show_curve(self, away: Floats, values: Floats, away_unit: str, value_unit: str) -> None:
        self._curve.setData(away, values)
        self.setLabel("bottom", f"<span style='color:{TOKENS.muted}'>{away_unit}</span>")
        self.setLabel("left", f"<span style='color:{TOKENS.muted}'>{value_unit or tr('value')}</span>")


def dress_axes(plot: pg.PlotWidget) -> None:
    """Quiet axes in the desk's own colours and figures."""
    for side in ("left", "bottom"):
        axis = plot.getAxis(side)
        axis.setPen(pg.mkPen(TOKENS.line))
        axis.setTextPen(pg.mkPen(TOKENS.muted))
        axis.setStyle(tickFont=font(TOKENS.overlay_px, tabular=True), tickLength=-4)
        axis.enableAutoSIPrefix(False)
