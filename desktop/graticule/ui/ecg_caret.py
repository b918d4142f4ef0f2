"""The keyboard's cursor over the traces, and bars under single leads for what holds for them alone."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from graticule.presenters.ecg import EcgPresenter
from graticule.presenters.ecg_sheet import BELOW_MM, GUTTER_MM
from graticule.presenters.episodes import Row
from graticule.ui.ecg_ink import Words, readable_on, soft
from graticule.ui.ecg_marks import row_colour
from graticule.ui.ecg_paper import SheetItem
from graticule.ui.ecg_tagging import Tagging
from graticule.ui.theme import TOKENS

HEAD_PX, BAR_MM = 6, 3.0


class CaretItem(SheetItem):
    """A thin line with a head; while beats are named the beat under it wears its letter in a ring."""

    def __init__(self, view: EcgPresenter, tagging: Tagging) -> None:
        super().__init__(view)
        self._tagging = tagging

    def paint(self, painter: QPainter, option: object, widget: object = None) -> None:
        tick, view = self._tagging.caret.tick, self.view
        if tick is None:
            return
        x, right = view.x_mm(view.recording.seconds(tick)), view.x_mm(view.shown_s[1])
        if not GUTTER_MM <= x <= right:
            return
        rows, half = view.sheet.rows, view.sheet.row_mm / 2
        top, head = max(1.0, rows[0] - half), HEAD_PX / view.scale
        bottom = view.sheet.bands[-1].y_mm + view.sheet.bands[-1].height_mm if view.sheet.bands else rows[-1] + half
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(QColor(TOKENS.accent_pressed), 1.4 / view.scale, Qt.PenStyle.SolidLine))
        painter.drawLine(QLineF(x, top, x, bottom))
        painter.setBrush(QColor(TOKENS.accent_pressed))
        painter.drawPolygon(QPolygonF([QPointF(x - head, top), QPointF(x + head, top), QPointF(x, top + 1.4 * head)]))
        if self._tagging.naming_beats:
            self._letter(painter, x, top)

    def _letter(self, painter: QPainter, x: float, top: float) -> None:
        tick = self._tagging.caret.tick
        there = self._tagging.beats.at(tick) if tick is not None else None
        words = Words(painter, TOKENS.label_px, strong=True)
        text = there[1] if there else "?"
        words.chip(words.box(x, top, text, dx=10, dy=-2), text, TOKENS.accent_pressed, TOKENS.on_accent)


class LeadBandsItem(SheetItem):
    """What holds for one lead stands as a thin bar under that lead's trace."""

    def __init__(self, view: EcgPresenter, tagging: Tagging) -> None:
        super().__init__(view)
        self._tagging = tagging

    def paint(self, painter: QPainter, option: object, widget: object = None) -> None:
        view = self.view
        rows = self._tagging.episodes.of_leads(*view.shown_s)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        words = Words(painter, TOKENS.overlay_px)
        low = min(view.sheet.row_mm / 2, BELOW_MM) - BAR_MM - 1
        for strip in view.sheet.strips:
            left, right = view.x_mm(view.first_s + strip.from_s), view.x_mm(view.first_s + strip.to_s)
            for row in (row for row in rows if row.lead == strip.lead.name):
                x0, x1 = max(left, view.x_mm(row.start_s)), min(right, view.x_mm(row.end_s))
                if x1 > x0:
                    self._bar(painter, words, QRectF(x0, strip.y_mm + low, x1 - x0, BAR_MM), row)

    def _bar(self, painter: QPainter, words: Words, box: QRectF, row: Row) -> None:
        colour = row_colour(row)
        selected = row.id == self._tagging.tool.selected
        painter.fillRect(box, soft(colour, 1.0 if selected else 0.75))
        text = words.fitted(row.label, box.width() * self.view.scale - 14)
        if text:
            at = words.box(box.left(), box.center().y(), text, dx=7, dy=-words.metrics.height() / 2)
            words.chip(at, text, colour, readable_on(colour))
