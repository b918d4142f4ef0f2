"""Marks, previews and handles over an image: every style an Outline may have."""

import math

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from graticule.editing.tools.tool import Outline
from graticule.presenters.image_view import ImageView
from graticule.ui.halo_text import LINE_PX, halo_text, size_of
from graticule.ui.theme import TOKENS

HANDLE_PX, HEAD_PX, CROSS_PX = 3.5, 9.0, 6.0
# What a press would do stands so far off the hand that it does not cover what is aimed at.
SIGN_PX = 20
_COLOURS = {"chosen": TOKENS.accent_hover, "foreign": TOKENS.foreign, "sure": TOKENS.good, "doubt": TOKENS.warn,
            "sure-words": TOKENS.good, "doubt-words": TOKENS.warn}
# Words that stand alone, and lines that are dashed: what they show is only a guess.
_WORDS, _DASHED = ("text", "sign", "sure-words", "doubt-words"), ("doubt",)
_ALPHA = {"faint": 90}
_LONG = 8


class MarkPainter:
    """Draws into one viewport; positions come from its view."""

    def __init__(self, view: ImageView) -> None:
        self._view = view

    def draw(self, painter: QPainter, outlines: tuple[Outline, ...], ratio: float, clip: QRect) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for outline in outlines:
            self._draw_one(painter, outline)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        taken: list[QRect] = []
        for outline in outlines:
            if outline.label:
                taken.append(self._draw_label(painter, outline, ratio, clip, taken))

    def rectangle_of(self, outlines: tuple[Outline, ...]) -> QRect:
        """Where outlines and their labels are drawn, with a margin; empty for none."""
        whole = QRect()
        for outline in outlines:
            if outline.points:
                margin = outline.radius * self._view.pixels_per_unit() + CROSS_PX + 4
                across, down = zip(*self._places(outline.points), strict=True)
                box = QRectF(min(across), min(down), max(across) - min(across), max(down) - min(down))
                whole = whole.united(box.adjusted(-margin, -margin, margin, margin).toAlignedRect())
            if outline.label:
                whole = whole.united(self._label_box(outline))
        return whole

    def _places(self, points: tuple[tuple[float, ...], ...]) -> list[tuple[float, float]]:
        """On the screen. Of a long line all at once, for one drawn by hand is drawn again with every step of the mouse."""
        if len(points) < _LONG:
            return [self._view.on_screen(point) for point in points]
        size = len(points[0])
        zero = np.array(self._view.on_screen((0.0,) * size))
        steps = np.array([self._view.on_screen(tuple(row)) for row in np.eye(size).tolist()]) - zero
        found: list[tuple[float, float]] = (np.array(points) @ steps + zero).tolist()
        return found

    # --- strokes ----------------------------------------------------------------------------------------------------

    def _draw_one(self, painter: QPainter, outline: Outline) -> None:
        points = [QPointF(x, y) for x, y in self._places(outline.points)]
        if outline.radius > 0:
            _circles(painter, points, outline.radius * self._view.pixels_per_unit())
        elif outline.style == "handle":
            _squares(painter, points)
        elif outline.style == "dot":
            for point in points:
                _strokes(painter, "mark", _cross(point))
        elif outline.style not in _WORDS:
            self._draw_way(painter, outline, points)

    def _draw_way(self, painter: QPainter, outline: Outline, points: list[QPointF]) -> None:
        colour = QColor(_COLOURS.get(outline.style, TOKENS.image_text))
        colour.setAlpha(_ALPHA.get(outline.style, 255))
        pens = (_rim(3, _ALPHA.get(outline.style, 150)), QPen(colour, 1.4))
        if outline.style == "guide":
            pens = (_rim(2.4, 110), QPen(colour, 1.2, Qt.PenStyle.DashLine))
        if outline.style in _DASHED:
            pens = (_rim(3, 150), QPen(colour, 1.6, Qt.PenStyle.DashLine))
        for pen in pens:
            painter.setPen(pen)
            if outline.closed:
                painter.drawPolygon(QPolygonF(points))
            else:
                painter.drawPolyline(QPolygonF(points))
            if len(points) == 2 and not outline.closed:
                lines = _head(*points) if outline.style == "arrow" else () if outline.style == "guide" else _ends(*points)
                painter.drawLines(list(lines))

    # --- labels -----------------------------------------------------------------------------------------------------

    def _draw_label(self, painter: QPainter, outline: Outline, ratio: float, clip: QRect, taken: list[QRect]) -> QRect:
        """Where it was drawn: below the words that stand there already."""
        box = self._label_box(outline)
        for other in taken:
            if box.intersects(other) and other.bottom() + 1 + box.height() < self._view.height:
                box.moveTop(other.bottom() + 1)
        if not clip.intersects(box):
            return box
        colour = _COLOURS.get(outline.style, TOKENS.image_text)
        for row, text in enumerate(outline.label.split("\n")):
            painter.drawImage(box.left(), box.top() + row * LINE_PX, halo_text(text, colour, False, ratio))
        return box

    def _label_box(self, outline: Outline) -> QRect:
        """Beside the last point of a line, right of a closed shape; inside the view whatever happens."""
        lines = outline.label.split("\n")
        width, height = max(size_of(line).width() for line in lines), LINE_PX * len(lines) + 2
        points = [self._view.on_screen(point) for point in outline.points]
        if outline.closed and outline.style == "guide":
            x, y = min(points, key=sum)
            return QRect(round(x) + 4, round(y) + 4, width, height)
        x, y = max(points) if outline.closed else points[-1]
        away = outline.radius * self._view.pixels_per_unit() * 0.72 + (SIGN_PX if outline.style == "sign" else 8)
        left = min(round(x + away), self._view.width - width - 2)
        above = LINE_PX if outline.radius == 0 and outline.style != "sign" else 0
        top = min(round(y + away - above), self._view.height - height - 2)
        return QRect(max(2, left), max(2, top), width, height)


def _strokes(painter: QPainter, style: str, lines: tuple[QLineF, ...]) -> None:
    for pen in (_rim(3, 150), QPen(QColor(_COLOURS.get(style, TOKENS.image_text)), 1.4)):
        painter.setPen(pen)
        painter.drawLines(list(lines))


def _squares(painter: QPainter, points: list[QPointF]) -> None:
    painter.setPen(_rim(1, 220))
    painter.setBrush(QColor(TOKENS.accent_hover))
    for point in points:
        painter.drawRect(QRectF(point.x() - HANDLE_PX, point.y() - HANDLE_PX, 2 * HANDLE_PX, 2 * HANDLE_PX))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _circles(painter: QPainter, points: list[QPointF], radius: float) -> None:
    """Thin lines without smoothing: they follow the hand at every event, and a smooth wide ring costs ten times as much."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for point in points:
        painter.setPen(_rim(1, 150))
        painter.drawEllipse(point, radius + 1, radius + 1)
        painter.setPen(QPen(QColor(TOKENS.image_text), 1))
        painter.drawEllipse(point, radius, radius)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def _cross(point: QPointF) -> tuple[QLineF, ...]:
    """With a gap in the middle, so that what is pointed at stays in sight."""
    return tuple(QLineF(point + QPointF(dx, dy) * (CROSS_PX / 3), point + QPointF(dx, dy) * CROSS_PX)
                 for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)))


def _ends(one: QPointF, two: QPointF) -> tuple[QLineF, ...]:
    """Short bars across both ends: where exactly was measured."""
    line = QLineF(one, two)
    if line.length() < 1:
        return ()
    across = line.normalVector().unitVector()
    step = QPointF(across.dx(), across.dy()) * 4
    return QLineF(one - step, one + step), QLineF(two - step, two + step)


def _head(tip: QPointF, tail: QPointF) -> tuple[QLineF, ...]:
    angle = math.atan2(tail.y() - tip.y(), tail.x() - tip.x())
    return tuple(QLineF(tip, tip + QPointF(math.cos(angle + turn), math.sin(angle + turn)) * HEAD_PX) for turn in (0.45, -0.45))


def _rim(width: float, alpha: int) -> QPen:
    colour = QColor(TOKENS.halo)
    colour.setAlpha(alpha)
    return QPen(colour, width)
