"""An ECG on paper and as PDF, to scale: a millimetre of the sheet is a millimetre of the page, whatever the printer."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QLineF, QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
    QPolygonF,
)

from graticule.domain.elements import Beat, Episode
from graticule.domain.errors import GraticuleError
from graticule.domain.recording import Recording
from graticule.presenters.ecg_leads import colour_of
from graticule.presenters.ecg_print import EDGE_MM, HEAD_MM, Bar, Printed, PrintedSheet, sheets
from graticule.presenters.ecg_sheet import BOLD_MM, GUTTER_MM, Band, Layout, Strip
from graticule.presenters.time_marks import time_marks
from graticule.resources import resource
from graticule.ui.ecg_ink import LIGHT
from graticule.ui.theme import FONT_FILES

RESOLUTION_DPI = 1200
DOTS_PER_MM = RESOLUTION_DPI / 25.4
FINE_MM, BOLD_LINE_MM, TRACE_MM, MARK_MM = 0.08, 0.18, 0.25, 0.2
SMALL_MM, WORD_MM = 2.6, 3.2     # height of letters
PULSE_AT_MM, PULSE_FOOT_MM, PULSE_S, MOST_PULSE_MM = 2.0, 1.0, 0.2, 12.0
RULER_MM = 100
MOST_COLUMNS = 40_000


def strip_pdf(recording: Recording, looks: Sequence[Printed], path: Path, episodes: Iterable[tuple[Episode, str]] = (),
              beats: Iterable[Beat] = ()) -> int:
    """Write the stretches to a PDF at true scale, a sheet each; how many sheets there are.

    episodes: with the words for each. Works without a screen. GraticuleError when the file cannot be written.
    """
    _application()
    made = sheets(recording, looks, episodes, beats)
    if not made:
        raise GraticuleError("Nothing was chosen to be printed.")
    writer = QPdfWriter(str(path))
    writer.setTitle("ECG")
    writer.setCreator("Graticule")
    writer.setResolution(RESOLUTION_DPI)
    _lay(writer, made[0])
    if not paint_sheets(writer, made):
        raise GraticuleError(f"{path.name} cannot be written.", "Check the folder, and that no other program has the file open.")
    return len(made)


def paint_sheets(device: QPagedPaintDevice, made: Sequence[PrintedSheet]) -> bool:
    """Paint on any paged device; False when it cannot be painted on."""
    painter = QPainter()
    if not painter.begin(device):
        return False
    try:
        for number, sheet in enumerate(made):
            if number:
                _lay(device, sheet)
                device.newPage()
            _paint(painter, sheet)
    finally:
        painter.end()
    return True


def _lay(device: QPagedPaintDevice, sheet: PrintedSheet) -> None:
    width, height = sheet.paper_mm
    size = QPageSize(QSizeF(width, height), QPageSize.Unit.Millimeter, "", QPageSize.SizeMatchPolicy.ExactMatch)
    device.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))


def _paint(painter: QPainter, sheet: PrintedSheet) -> None:
    """In millimetres of the page, from its top left corner."""
    device = painter.device()
    painter.save()
    painter.scale(device.logicalDpiX() / 25.4, device.logicalDpiY() / 25.4)
    left = (sheet.paper_mm[0] - sheet.sheet.width_mm) / 2
    painter.translate(left, EDGE_MM)
    _words(painter, 0, WORD_MM + 1, sheet.head, WORD_MM)
    painter.translate(0, HEAD_MM)
    _grid(painter, sheet)
    _traces(painter, sheet)
    _labels(painter, sheet)
    foot = sheet.sheet.height_mm + SMALL_MM + 2
    _words(painter, 0, foot, sheet.caption, SMALL_MM)
    _ruler(painter, foot + 4.5)
    painter.restore()


def _grid(painter: QPainter, sheet: PrintedSheet) -> None:
    width, height = sheet.sheet.width_mm, sheet.sheet.height_mm
    for step, thick, colour in ((1.0, FINE_MM, LIGHT.fine), (BOLD_MM, BOLD_LINE_MM, LIGHT.coarse)):
        painter.setPen(_pen(colour, thick))
        origin = GUTTER_MM % step
        painter.drawLines([QLineF(x, 0, x, height) for x in np.arange(origin, width + 1e-6, step).tolist()])
        painter.drawLines([QLineF(0, y, width, y) for y in np.arange(0, height + 1e-6, step).tolist()])


def _traces(painter: QPainter, sheet: PrintedSheet) -> None:
    view = sheet.view
    for strip in sheet.sheet.strips:
        painter.setPen(_pen(LIGHT.trace, TRACE_MM))
        for line in _polylines(sheet, strip):
            painter.drawPolyline(line)
        if strip.from_s == 0 and not view.traces[strip.lead.name].own_scale:
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in _pulse(sheet, strip)]))
        x = view.x_mm(view.first_s + strip.from_s)
        if strip.from_s > 0:
            painter.setPen(_pen(LIGHT.trace, MARK_MM))
            painter.drawLine(QLineF(x, strip.y_mm - 4, x, strip.y_mm + 4))
        name = f"{strip.lead.name}*" if strip.lead.derived else strip.lead.name
        at = (PULSE_AT_MM, strip.y_mm + SMALL_MM + 1.5) if sheet.view.layout is Layout.STRIP else (x + 1, strip.y_mm - 6)
        _words(painter, *at, name, WORD_MM, colour_of(strip.lead.name, view.colours))


def _polylines(sheet: PrintedSheet, strip: Strip) -> list[QPolygonF]:
    view = sheet.view
    start, end = view.first_s + strip.from_s, min(view.first_s + strip.to_s, view.duration_s)
    drawn = view.traces[strip.lead.name].between(start, end, MOST_COLUMNS)
    inside = (drawn.seconds >= start - 1e-9) & (drawn.seconds <= end + 1e-9) & np.isfinite(drawn.millivolts)
    x = GUTTER_MM + (drawn.seconds - view.first_s) * view.speed_mm_s
    y = strip.y_mm - drawn.millivolts * view.gain_of(strip.lead.name)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], inside, [False])).astype(np.int8)))
    return [QPolygonF([QPointF(a, b) for a, b in zip(x[i:j].tolist(), y[i:j].tolist())]) for i, j in zip(edges[::2], edges[1::2])]


def _pulse(sheet: PrintedSheet, strip: Strip) -> list[tuple[float, float]]:
    """1 mV for 200 ms at the start of the row."""
    width = min(MOST_PULSE_MM, PULSE_S * sheet.view.speed_mm_s)
    y, top, x = strip.y_mm, strip.y_mm - sheet.view.gain_of(strip.lead.name), PULSE_AT_MM
    return [(x, y), (x + PULSE_FOOT_MM, y), (x + PULSE_FOOT_MM, top), (x + PULSE_FOOT_MM + width, top),
            (x + PULSE_FOOT_MM + width, y), (x + 2 * PULSE_FOOT_MM + width, y)]


def _labels(painter: QPainter, sheet: PrintedSheet) -> None:
    view = sheet.view
    end = min(view.duration_s, view.first_s + sheet.sheet.page_s)
    for mark in time_marks(view.first_s, end, view.speed_mm_s, 20):
        x = view.x_mm(mark.seconds)
        painter.setPen(_pen(LIGHT.text, MARK_MM))
        painter.drawLine(QLineF(x, 0, x, 2))
        if x + 8 < sheet.sheet.width_mm:
            _words(painter, x + 0.6, SMALL_MM, mark.text, SMALL_MM * 0.9)
    top = sheet.sheet.rows[0] - sheet.sheet.row_mm / 2 if sheet.sheet.rows else 0.0
    for seconds, symbol in sheet.beats:
        _words(painter, view.x_mm(seconds) - SMALL_MM / 3, max(2 * SMALL_MM, top + SMALL_MM), symbol, SMALL_MM)
    for band in sheet.sheet.bands:
        _words(painter, 0.8, band.y_mm + band.height_mm * 0.65, band.track, SMALL_MM * 0.9)
        for bar in sheet.bars:
            if bar.track == band.track:
                _bar(painter, sheet, band, bar, end)


def _bar(painter: QPainter, sheet: PrintedSheet, band: Band, bar: Bar, end_s: float) -> None:
    """White with an outline: it is read on any printer."""
    view = sheet.view
    left, right = view.x_mm(max(bar.start_s, view.first_s)), view.x_mm(min(bar.end_s, end_s))
    painter.setPen(_pen(LIGHT.trace, MARK_MM))
    painter.setBrush(QColor("white"))
    box = QRectF(left, band.y_mm + 0.6, max(0.4, right - left), band.height_mm - 1.2)
    painter.drawRect(box)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.save()
    painter.setClipRect(box)
    _words(painter, left + 1, band.y_mm + band.height_mm * 0.65, bar.text, SMALL_MM)
    painter.restore()


def _ruler(painter: QPainter, y: float) -> None:
    """A hundred millimetres, to hold a ruler against."""
    painter.setPen(_pen(LIGHT.text, MARK_MM))
    painter.drawLine(QLineF(0, y, RULER_MM, y))
    painter.drawLines([QLineF(x, y - (2 if x % 50 == 0 else 1), x, y) for x in range(0, RULER_MM + 1, 10)])
    _words(painter, RULER_MM + 1.5, y, "100 mm", SMALL_MM)


def _words(painter: QPainter, x: float, y: float, text: str, high_mm: float, colour: str | None = None) -> None:
    """Letters of a height in millimetres, their baseline at (x, y). Fonts are made in dots: tiny sizes would be rounded."""
    face = QFont("Inter")
    face.setPixelSize(100)
    painter.save()
    painter.translate(x, y)
    painter.scale(high_mm / 100, high_mm / 100)
    painter.setFont(face)
    painter.setPen(QColor(colour or LIGHT.trace))
    painter.drawText(QPointF(0, 0), text)
    painter.restore()


def _pen(colour: str, millimetres: float) -> QPen:
    return QPen(QColor(colour), millimetres, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin)


def _application() -> None:
    """Letters need an application; a command has none, and may run where there is no screen."""
    if QGuiApplication.instance() is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        _own.append(QGuiApplication(["graticule"]))
        for name in FONT_FILES:
            QFontDatabase.addApplicationFont(str(resource("fonts", name)))


_own: list[QGuiApplication] = []
