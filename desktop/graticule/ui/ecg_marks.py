"""What the reader put on the sheet: label bands, the stretch just dragged, calipers."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from graticule.domain.recording import Recording
from graticule.editing.tools.calipers import Caliper, CalipersTool
from graticule.editing.tools.episode import EpisodeTool
from graticule.presenters.ecg import EcgPresenter
from graticule.presenters.ecg_sheet import GUTTER_MM, TOP_MM, Band, Strip
from graticule.presenters.episodes import Episodes, Row, short_title
from graticule.ui.ecg_ink import Words, pen, readable_on, soft
from graticule.ui.ecg_paper import SheetItem
from graticule.ui.theme import SEGMENT_COLOURS, TOKENS
from graticule.ui.words import tr

# The second cue beside colour. Rhythm bars are plain, so that the two tracks differ even in grey.
PATTERNS = (Qt.BrushStyle.BDiagPattern, Qt.BrushStyle.FDiagPattern, Qt.BrushStyle.DiagCrossPattern, Qt.BrushStyle.VerPattern,
            Qt.BrushStyle.HorPattern, Qt.BrushStyle.CrossPattern)
MOST_LABELLED = 120
CROWD_PX = 2   # of many episodes shorter than this, one every so many pixels is drawn


def row_colour(row: Row) -> str:
    return row.colour or SEGMENT_COLOURS[row.place % len(SEGMENT_COLOURS)]


class BandsItem(SheetItem):
    """One band a track, its episodes as bars; the selected one has handles, and its stretch is tinted on the traces."""

    def __init__(self, view: EcgPresenter, episodes: Episodes, tool: EpisodeTool) -> None:
        super().__init__(view)
        self._episodes, self._tool = episodes, tool

    def paint(self, painter: QPainter, option: object, widget: object = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        words = Words(painter, TOKENS.overlay_px)
        for band in self.view.sheet.bands:
            self._band(painter, words, band)
        if self._tool.span is not None:
            self._span(painter, self._tool.span.start, self._tool.span.end)

    def _band(self, painter: QPainter, words: Words, band: Band) -> None:
        view, right = self.view, self._right()
        words.write(words.box(0.8, band.y_mm + band.height_mm / 2, short_title(band.track), dy=-words.metrics.height() / 2),
                    short_title(band.track), self.colours.text, self.colours.ground)
        painter.fillRect(QRectF(GUTTER_MM, band.y_mm, right - GUTTER_MM, band.height_mm), soft(self.colours.text, 0.07))
        start, end = view.shown_s
        rows = self._episodes.shown(band.track, start, end, CROWD_PX / (view.speed_mm_s * view.scale))
        if len(rows) > MOST_LABELLED:
            self._crowd(painter, band, rows, right)
            rows = [row for row in rows if row.id == self._tool.selected]
        for row in rows:
            left_mm, right_mm = self._clip(row.start_s, row.end_s, right)
            box = QRectF(left_mm, band.y_mm, max(right_mm - left_mm, 1 / view.scale), band.height_mm)
            self._bar(painter, words, box, row)

    def _crowd(self, painter: QPainter, band: Band, rows: list[Row], right_mm: float) -> None:
        """Bars of a pixel or two: their colours are all that can be seen, so they are filled colour by colour."""
        view = self.view
        origin, speed, least = GUTTER_MM - view.first_s * view.speed_mm_s, view.speed_mm_s, 1 / view.scale
        by_colour: dict[str, list[QRectF]] = {}
        for row in rows:
            left = max(GUTTER_MM, origin + row.start_s * speed)
            width = min(right_mm, origin + row.end_s * speed) - left
            by_colour.setdefault(row_colour(row), []).append(QRectF(left, band.y_mm, max(least, width), band.height_mm))
        painter.setPen(Qt.PenStyle.NoPen)
        for colour, boxes in by_colour.items():
            painter.setBrush(QColor(colour))
            painter.drawRects(boxes)

    def _bar(self, painter: QPainter, words: Words, box: QRectF, row: Row) -> None:
        colour, selected = row_colour(row), row.id == self._tool.selected
        painter.fillRect(box, QColor(colour))
        if row.track != self._episodes.tracks[0] and box.width() * self.view.scale > 4:
            brush = QBrush(soft(readable_on(colour).name(), 0.35), PATTERNS[row.place % len(PATTERNS)])
            brush.setTransform(painter.worldTransform().inverted()[0])
            painter.fillRect(box, brush)
        self._label(words, box, row, colour)
        if selected:
            self._selected(painter, box, colour)

    def _label(self, words: Words, box: QRectF, row: Row, colour: str) -> None:
        text = words.fitted(row.label, box.width() * self.view.scale - 14)
        if text:
            at = words.box(box.left(), box.center().y(), text, dx=7, dy=-words.metrics.height() / 2)
            words.chip(at, text, colour, readable_on(colour))

    def _selected(self, painter: QPainter, box: QRectF, colour: str) -> None:
        view = self.view
        top = view.sheet.rows[0] - view.sheet.row_mm / 2
        painter.fillRect(QRectF(box.left(), top, box.width(), box.top() - top), soft(colour, 0.08))
        painter.setPen(QPen(QColor(self.colours.trace), 2 / view.scale))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)
        grip = 4 / view.scale
        if box.width() < 4 * grip:
            return  # two handles would hide the bar
        for x in (box.left(), box.right()):
            painter.fillRect(QRectF(x - grip, box.top() - grip / 2, 2 * grip, box.height() + grip), QColor(self.colours.trace))
            slot = QRectF(x - grip / 4, box.top() + grip, grip / 2, box.height() - 2 * grip)
            painter.fillRect(slot, QColor(self.colours.ground))

    def _span(self, painter: QPainter, start: int, end: int) -> None:
        view = self.view
        recording = view.recording
        left, right = self._clip(recording.seconds(start), recording.seconds(end), self._right())
        top, bottom = TOP_MM * 0.5, view.sheet.height_mm
        painter.fillRect(QRectF(left, top, right - left, bottom - top), soft(TOKENS.accent, 0.16))
        painter.setPen(pen(TOKENS.accent))
        painter.drawLines([QLineF(x, top, x, bottom) for x in (left, right)])
        text = span_chip(recording, start, end)
        words = Words(painter, TOKENS.label_px, strong=True)
        words.chip(words.box(left, top, text, dx=8, dy=4), text, TOKENS.accent, TOKENS.on_accent)

    def _clip(self, start_s: float, end_s: float, right_mm: float) -> tuple[float, float]:
        x0, x1 = self.view.x_mm(start_s), self.view.x_mm(end_s)
        return max(GUTTER_MM, min(x0, right_mm)), max(GUTTER_MM, min(x1, right_mm))

    def _right(self) -> float:
        return self.view.x_mm(self.view.shown_s[1])


class CalipersItem(SheetItem):
    """The calipers over everything else, with their value beside them."""

    def __init__(self, view: EcgPresenter, tool: CalipersTool) -> None:
        super().__init__(view)
        self._tool = tool

    def paint(self, painter: QPainter, option: object, widget: object = None) -> None:
        caliper = self._tool.caliper
        strip = self._strip(caliper) if caliper else None
        if caliper is None or strip is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setClipRect(QRectF(GUTTER_MM, self._rect.top(), self._rect.width(), self._rect.height()))
        if caliper.vertical:
            self._levels(painter, caliper, strip)
        else:
            self._legs(painter, caliper, strip)

    def _legs(self, painter: QPainter, caliper: Caliper, strip: Strip) -> None:
        view = self.view
        rows, half = view.sheet.rows, view.sheet.row_mm / 2
        top, bottom = rows[0] - half + 1, rows[-1] + half - 1
        if self._tool.options.march:
            painter.setPen(pen(TOKENS.accent, Qt.PenStyle.DashLine))
            marched = caliper.marched(*view.shown_s)
            painter.drawLines([QLineF(x, top, x, bottom) for x in (view.x_mm(at) for at in marched)])
        painter.setPen(QPen(QColor(TOKENS.accent_pressed), 1.6 / view.scale))
        x0, x1 = view.x_mm(caliper.start_s), view.x_mm(caliper.end_s)
        bar = view.y_mm(strip, caliper.start_mv)
        painter.drawLines([QLineF(x0, top, x0, bottom), QLineF(x1, top, x1, bottom), QLineF(x0, bar, x1, bar)])
        self._value(painter, caliper, (x0 + x1) / 2, bar)

    def _levels(self, painter: QPainter, caliper: Caliper, strip: Strip) -> None:
        view = self.view
        x = view.x_mm(caliper.start_s)
        y0, y1 = view.y_mm(strip, caliper.start_mv), view.y_mm(strip, caliper.end_mv)
        reach = 0.4 * view.speed_mm_s
        painter.setPen(QPen(QColor(TOKENS.accent_pressed), 1.6 / view.scale))
        painter.drawLines([QLineF(x - reach, y0, x + reach, y0), QLineF(x - reach, y1, x + reach, y1), QLineF(x, y0, x, y1)])
        self._value(painter, caliper, x, min(y0, y1))

    def _value(self, painter: QPainter, caliper: Caliper, x_mm: float, y_mm: float) -> None:
        words, text = Words(painter, TOKENS.label_px, strong=True), caliper.text()
        if caliper.vertical and self.view.filtering:
            text += " · " + tr("filtered")
        box = words.box(x_mm, y_mm, text, dy=-words.metrics.height() - 7, anchor=0.5)
        left = painter.worldTransform().map(QPointF(GUTTER_MM, 0)).x() + 8
        right = painter.worldTransform().map(QPointF(self._rect.right(), 0)).x() - 8
        box.moveLeft(max(left, min(box.left(), right - box.width())))
        words.chip(box, text, TOKENS.accent_pressed, TOKENS.paper_ground)

    def _strip(self, caliper: Caliper) -> Strip | None:
        strips = self.view.sheet.strips
        mine = [strip for strip in strips if strip.lead.name == caliper.lead]
        at = caliper.start_s - self.view.first_s
        return next((strip for strip in mine if strip.from_s <= at < strip.to_s), mine[0] if mine else None)


def span_chip(recording: Recording, start: int, end: int) -> str:
    """ "97.6–149.0 s · 51.4 s": from, to and how long."""
    a, b = recording.seconds(start), recording.seconds(end)
    return f"{a:.1f}–{b:.1f} s · {b - a:.1f} s"
