"""The traces: one polyline a lead and stretch, the calibration pulse at the start of each row, lead names."""

import numpy as np
from pyqtgraph import functions
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF

from graticule.presenters.ecg import EcgPresenter
from graticule.presenters.ecg_leads import colour_of
from graticule.presenters.ecg_sheet import GUTTER_MM, Layout, Strip
from graticule.ui.ecg_ink import Words, pen
from graticule.ui.ecg_paper import SheetItem
from graticule.ui.theme import TOKENS
from graticule.ui.words import tr

PASS_PX, THICKER_PX_MM = 0.5, (3.6, 7.0)
PULSE_S, PULSE_MV, PULSE_AT_MM, PULSE_FOOT_MM = 0.2, 1.0, 2.0, 1.0
MOST_PULSE_MM = 12.0   # at 100 mm/s the pulse is shorter than 200 ms: its height is what is read


class TracesItem(SheetItem):
    """Polylines are kept until something they depend on changes, so that a hovering tool redraws no signal."""

    def __init__(self, view: EcgPresenter) -> None:
        super().__init__(view)
        self._key: tuple = ()
        self._lines: list[QPolygonF] = []

    def paint(self, painter: QPainter, option: object, widget: object = None) -> None:
        self._refresh()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not self.view.compressed)
        painter.setPen(pen(self.colours.trace))
        passes = self._passes(painter)
        for n in range(passes):
            painter.save()
            painter.translate(n * PASS_PX / self.view.scale, n * PASS_PX / self.view.scale)
            for line in self._lines:
                painter.drawPolyline(line)
            self._pulses(painter)
            painter.restore()
        self._names(painter)
        if self.view.waiting:
            self._say_waiting(painter)

    def _say_waiting(self, painter: QPainter) -> None:
        words, text = Words(painter, TOKENS.label_px, strong=True), tr("The overview of this record is being made …")
        words.chip(words.box(GUTTER_MM, self.view.top_mm, text, dx=12, dy=34), text, self.colours.text, self.colours.ground)

    def _passes(self, painter: QPainter) -> int:
        """How often a hair line is drawn, half a pixel apart, to be as thick as ink on this paper. A pen wider than one pixel
        would look the same and costs Qt's rasteriser eight times as much."""
        if self.view.compressed:
            return 1
        return 1 + sum(self.view.scale * painter.device().devicePixelRatioF() >= px_mm for px_mm in THICKER_PX_MM)

    def _refresh(self) -> None:
        view = self.view
        key = (id(view.traces), view.sheet, view.first_s, view.speed_mm_s, view.gain_mm_mv, view.half, view.scale,
               view.filter, view.waiting)
        if key == self._key:
            return
        self._key, self._lines = key, []
        for strip in view.sheet.strips:
            self._lines.extend(self._polylines(strip))

    def _polylines(self, strip: Strip) -> list[QPolygonF]:
        view = self.view
        start, end = view.first_s + strip.from_s, min(view.first_s + strip.to_s, view.duration_s)
        columns = max(1, round((end - start) * view.speed_mm_s * view.scale))
        drawn = view.traces[strip.lead.name].between(start, end, columns)
        inside = (drawn.seconds >= start - 1e-9) & (drawn.seconds <= end + 1e-9)
        x = GUTTER_MM + (drawn.seconds[inside] - view.first_s) * view.speed_mm_s
        y = strip.y_mm - drawn.millivolts[inside] * view.gain_of(strip.lead.name)
        return [functions.arrayToQPolygonF(x[run], y[run]) for run in finite_runs(y)]

    def _pulses(self, painter: QPainter) -> None:
        view = self.view
        for strip in view.sheet.strips:
            if strip.from_s > 0 or view.traces[strip.lead.name].own_scale:
                continue
            foot, width = PULSE_FOOT_MM, min(MOST_PULSE_MM, PULSE_S * view.speed_mm_s)
            height = PULSE_MV * view.gain_of(strip.lead.name)
            y = strip.y_mm
            xs = np.cumsum([PULSE_AT_MM, foot, 0, width, 0, foot])
            painter.drawPolyline(functions.arrayToQPolygonF(xs, np.array([y, y, y - height, y - height, y, y])))

    def _names(self, painter: QPainter) -> None:
        view, words = self.view, Words(painter, TOKENS.label_px, strong=True)
        for strip in view.sheet.strips:
            name, x = self._name(strip), view.x_mm(view.first_s + strip.from_s)
            if view.layout is Layout.STRIP:
                box = words.box(PULSE_AT_MM, strip.y_mm, name, dy=4)
            else:
                box = words.box(x, strip.y_mm - view.sheet.row_mm * 0.36, name, dx=5)
            words.write(box, name, colour_of(strip.lead.name, view.colours) or self.colours.trace, self.colours.ground)
            if strip.from_s > 0:
                painter.setPen(pen(self.colours.trace))
                painter.drawLine(QLineF(x, strip.y_mm - 4, x, strip.y_mm + 4))

    def _name(self, strip: Strip) -> str:
        trace = self.view.traces[strip.lead.name]
        if trace.own_scale:
            return f"{strip.lead.name} ({strip.lead.unit}, own scale)"
        return f"{strip.lead.name}*" if strip.lead.derived else strip.lead.name


def finite_runs(y: np.ndarray) -> list[slice]:
    """Slices of unbroken signal: a gap is drawn as a gap."""
    good = np.isfinite(y)
    if good.all():
        return [slice(0, y.size)] if y.size else []
    edges = np.flatnonzero(np.diff(np.concatenate(([False], good, [False])).astype(np.int8)))
    return [slice(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2])]


def visible_rect(view: EcgPresenter) -> QRectF:
    """The stretch of sheet that the window shows, in millimetres."""
    width, height = view.visible_mm
    return QRectF(QPointF(view.left_mm, view.top_mm), QPointF(view.left_mm + width, view.top_mm + height))
