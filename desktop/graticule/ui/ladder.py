"""The ladder diagram: atria above, AV node between, ventricles below. Drawn on the paper under the beats, and in the panel."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from graticule.domain.recording import Recording
from graticule.ecg.av_gates import Criteria
from graticule.ecg.ladder import Crossing, Ladder, ladder
from graticule.presenters.conduction import ConductionDesk
from graticule.presenters.ecg import EcgPresenter
from graticule.presenters.ecg_sheet import GUTTER_MM
from graticule.ui.ecg_ink import Words, soft
from graticule.ui.ecg_paper import SheetItem
from graticule.ui.theme import TOKENS, font

TIERS = (0.0, 0.22, 0.78, 1.0)   # shares of the height where A, AV and V begin and end
LEAST_PR_PX, BAR_PX = 26, 5
LEAST_P_PX = 10     # P waves closer than this would make the diagram a smear
PANEL_S, PANEL_PX = 5.0, 96


@dataclass(frozen=True)
class LadderPlace:
    """Where a ladder is drawn: x of a tick, its box, and the width of a screen pixel in the painter's unit."""

    box: QRectF
    x_of: Callable[[int], float]
    unit: float

    def y(self, share: float) -> float:
        return self.box.top() + share * self.box.height()


def draw_ladder(painter: QPainter, diagram: Ladder, place: LadderPlace, ink: str, blocked: str) -> None:
    """Tier lines, atrial and ventricular strokes, and a slanting line for each impulse; a blocked one ends in a bar."""
    box, y = place.box, place.y
    painter.setPen(QPen(soft(ink, 0.35), place.unit))
    painter.drawLines([QLineF(box.left(), y(t), box.right(), y(t)) for t in TIERS])
    painter.setPen(QPen(QColor(ink), 1.5 * place.unit))
    painter.drawLines([QLineF(x, y(TIERS[0]), x, y(TIERS[1])) for x in map(place.x_of, diagram.atrial)])
    painter.drawLines([QLineF(x, y(TIERS[2]), x, y(TIERS[3])) for x in map(place.x_of, diagram.ventricular)])
    for crossing in diagram.crossings:
        _crossing(painter, crossing, place, ink, blocked)


def _crossing(painter: QPainter, crossing: Crossing, place: LadderPlace, ink: str, blocked: str) -> None:
    depth = TIERS[1] + crossing.reaches * (TIERS[2] - TIERS[1])
    end = QPointF(place.x_of(crossing.end), place.y(depth))
    painter.setPen(QPen(QColor(blocked if crossing.blocked else ink), 1.5 * place.unit))
    painter.drawLine(QPointF(place.x_of(crossing.start), place.y(TIERS[1])), end)
    if crossing.blocked:
        bar = BAR_PX * place.unit
        painter.drawLine(QPointF(end.x() - bar, end.y()), QPointF(end.x() + bar, end.y()))


def draw_values(words: Words, diagram: Ladder, place: LadderPlace, ink: str, ground: str, blocked: str) -> None:
    """PR of each beat, and "dropped", beside its line where the beats stand far enough apart."""
    starts = [place.x_of(crossing.start) for crossing in diagram.crossings]
    for n, crossing in enumerate(diagram.crossings):
        room = ((starts[n + 1] if n + 1 < len(starts) else place.box.right()) - starts[n]) / place.unit
        text = "dropped" if crossing.pr_ms is None else f"{crossing.pr_ms}"
        wide = words.width(text) + 6
        slope = (place.x_of(crossing.end) - starts[n]) / place.unit * (1.0 if crossing.blocked else 0.6)
        slope += BAR_PX if crossing.blocked else 0
        if room < max(LEAST_PR_PX, wide + slope):
            continue
        at = words.box(starts[n], place.y(0.5), text, dx=slope + 5, dy=-words.metrics.height() / 2)
        words.write(at, text, blocked if crossing.pr_ms is None else ink, ground)


class LadderItem(SheetItem):
    """The ladder of the stretch in hand, exactly under the beats it belongs to."""

    def __init__(self, view: EcgPresenter, conduction: ConductionDesk) -> None:
        super().__init__(view)
        self._conduction = conduction

    def paint(self, painter: QPainter, option: object, widget: object = None) -> None:
        found, view = self._conduction.found, self.view
        box = view.sheet.ladder
        if found is None or box is None:
            return
        c, right = found.conduction, view.x_mm(view.shown_s[1])
        left_mm, right_mm = (view.x_mm(view.recording.seconds(tick)) for tick in (c.start, c.end))
        left_mm, right_mm = max(GUTTER_MM, left_mm), min(right, right_mm)
        seconds = (c.end - c.start) / float(c.rate) / max(1, len(c.p))
        if right_mm <= left_mm or seconds * view.speed_mm_s * view.scale < LEAST_P_PX:
            return
        place = LadderPlace(QRectF(left_mm, box[0], right_mm - left_mm, box[1]),
                            lambda tick: view.x_mm(view.recording.seconds(tick)), 1 / view.scale)
        self._tier_names(painter, box)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.save()
        painter.setClipRect(place.box.adjusted(0, -1, 6 * place.unit, 1))
        shown = _between(ladder(c), view.recording, *view.shown_s)
        draw_ladder(painter, shown, place, self.colours.trace, TOKENS.bad)
        draw_values(Words(painter, TOKENS.overlay_px), shown, place, self.colours.trace, self.colours.ground, TOKENS.bad)
        painter.restore()

    def _tier_names(self, painter: QPainter, box: tuple[float, float]) -> None:
        words = Words(painter, TOKENS.overlay_px)
        for name, share in (("A", 0.11), ("AV", 0.5), ("V", 0.89)):
            at = words.box(GUTTER_MM, box[0] + share * box[1], name, dx=-6, dy=-words.metrics.height() / 2, anchor=1.0)
            words.write(at, name, self.colours.text, self.colours.ground)


class LadderWidget(QWidget):
    """The first seconds of the stretch in hand, for the panel."""

    def __init__(self, recording: Recording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recording = recording
        self._found: Criteria | None = None
        self.setFixedHeight(PANEL_PX)

    def show_criteria(self, found: Criteria | None) -> None:
        self._found = found
        self.setVisible(found is not None and found.conduction.discernible)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            if self._found is not None:
                self._paint(painter, self._found)
        finally:
            painter.end()

    def _paint(self, painter: QPainter, found: Criteria) -> None:
        c, seconds = found.conduction, self._recording.seconds
        start = seconds(c.p[0].onset) - 0.1 if c.p else seconds(c.start)
        end = min(seconds(c.end), start + PANEL_S)
        box = QRectF(22, 6, self.width() - 30, self.height() - 12)
        place = LadderPlace(box, lambda tick: box.left() + (seconds(tick) - start) / max(0.1, end - start) * box.width(), 1.0)
        painter.setFont(font(TOKENS.overlay_px))
        painter.setPen(QColor(TOKENS.muted))
        for name, share in (("A", 0.11), ("AV", 0.5), ("V", 0.89)):
            painter.drawText(QRectF(0, place.y(share) - 8, 18, 16), Qt.AlignmentFlag.AlignVCenter, name)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setClipRect(box.adjusted(0, -1, 6, 1))
        shown = _between(ladder(c), self._recording, start, end)
        draw_ladder(painter, shown, place, TOKENS.text, TOKENS.bad)
        draw_values(Words(painter, TOKENS.overlay_px), shown, place, TOKENS.text, TOKENS.panel, TOKENS.bad)


def _between(diagram: Ladder, recording: Recording, start_s: float, end_s: float) -> Ladder:
    """Only what is shown, so that a long stretch costs no more to draw than a short one."""
    first, last = recording.tick(start_s - 0.5), recording.tick(end_s + 0.5)
    return Ladder(tuple(t for t in diagram.atrial if first <= t <= last),
                  tuple(c for c in diagram.crossings if first <= c.start <= last),
                  tuple(t for t in diagram.ventricular if first <= t <= last),
                  tuple(t for t in diagram.escapes if first <= t <= last))
