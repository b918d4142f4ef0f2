"""What is drawn over every image: corner texts, letters, ruler, marks, the tool's cursor, progress."""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from graticule.editing.tools.tool import Outline
from graticule.presenters.image_view import Corners, ImageView
from graticule.ui.halo_text import LINE_PX, halo_text, size_of
from graticule.ui.theme import TOKENS

EDGE = 8
# Below these sizes corner texts go step by step: first all but the first line, then everything.
SMALL_PX, TINY_PX = 340, 200
MOST_WARNINGS = 4
CORNER_LINES = 3
WARNING_SHARE = 0.62


@dataclass(frozen=True, slots=True)
class Loading:
    """Slices on their way: `text` in words."""

    done: int
    total: int
    text: str


class Overlays:
    """Draws into one viewport. `plane_colour` marks the name of the plane."""

    def __init__(self, view: ImageView, plane_colour: str = "") -> None:
        self._view = view
        self._plane_colour = plane_colour or TOKENS.image_text

    def draw_corners(self, painter: QPainter, box: QRect, ratio: float, clip: QRect, loading: Loading | None) -> None:
        width, height = box.width(), box.height()
        if min(width, height) < TINY_PX:
            return
        lines = 1 if min(width, height) < SMALL_PX else 9
        band = EDGE + CORNER_LINES * LINE_PX
        if clip.top() > band and clip.bottom() < height - band - 3 * LINE_PX:
            return
        corners = self._view.corners()
        pen = _Pen(painter, ratio, clip)
        for row, text in enumerate(corners.top_left[:lines]):
            colour = self._plane_colour if row == 0 else TOKENS.image_text
            pen.left(self._fitting(text, width), EDGE, EDGE + row * LINE_PX, colour, strong=row == 0)
        for row, text in enumerate(corners.top_right[:lines]):
            pen.right(text, width - EDGE, EDGE + row * LINE_PX)
        shown = corners.bottom_right[-lines:]
        for row, text in enumerate(shown):
            pen.right(text, width - EDGE, height - EDGE - (len(shown) - row) * LINE_PX)
        self._draw_warnings(pen, corners, width, height, lines, loading)

    def draw_letters(self, painter: QPainter, box: QRect, ratio: float, clip: QRect) -> None:
        if min(box.width(), box.height()) < TINY_PX:
            return
        pen = _Pen(painter, ratio, clip)
        left, top, right, bottom = self._view.letters()
        middle, centre = box.height() // 2 - LINE_PX // 2, box.width() // 2
        pen.left(left, EDGE, middle, strong=True)
        pen.right(right, box.width() - EDGE, middle, strong=True)
        pen.left(top, centre - size_of(top, True).width() // 2, EDGE, strong=True)
        pen.left(bottom, centre - size_of(bottom, True).width() // 2, box.height() - EDGE - LINE_PX, strong=True)

    def draw_ruler(self, painter: QPainter, box: QRect, ratio: float, clip: QRect) -> None:
        ruler = self._view.ruler()
        if ruler is None or box.width() < TINY_PX or box.height() < TINY_PX or clip.bottom() < box.height() - EDGE - LINE_PX:
            return
        y = box.height() - EDGE - 5.5
        x = EDGE + 0.5
        for pen in (_rim(3), _line(TOKENS.image_text, 1)):
            painter.setPen(pen)
            painter.drawLines([QLineF(x, y, x + ruler.pixels, y), QLineF(x, y - 4, x, y + 4),
                               QLineF(x + ruler.pixels, y - 4, x + ruler.pixels, y + 4),
                               *(QLineF(x + ruler.pixels * n / 5, y - 2, x + ruler.pixels * n / 5, y) for n in range(1, 5))])
        _Pen(painter, ratio, clip).left(ruler.text, round(x + ruler.pixels) + 6, round(y) - LINE_PX // 2 - 1)

    def draw_outlines(self, painter: QPainter, outlines: tuple[Outline, ...], ratio: float, clip: QRect) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for outline in outlines:
            self._draw_outline(painter, outline)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for outline in outlines:
            if outline.label:
                x, y = self._label_place(outline)
                _Pen(painter, ratio, clip).left(outline.label, x, y)

    def rectangle_of(self, outlines: tuple[Outline, ...]) -> QRect:
        """Where outlines and their labels are drawn, with a margin; empty for none."""
        whole = QRect()
        for outline in outlines:
            radius = outline.radius * self._view.pixels_per_unit()
            for point in outline.points:
                x, y = self._view.on_screen(point)
                whole = whole.united(QRectF(x - radius - 4, y - radius - 4, 2 * radius + 8, 2 * radius + 8).toAlignedRect())
            if outline.label:
                x, y = self._label_place(outline)
                whole = whole.united(QRect(x, y, *size_of(outline.label).toTuple()))
        return whole

    def draw_loading(self, painter: QPainter, box: QRect, loading: Loading) -> None:
        painter.fillRect(QRect(0, box.height() - 2, box.width(), 2), QColor(TOKENS.line))
        part = round(box.width() * loading.done / max(1, loading.total))
        painter.fillRect(QRect(0, box.height() - 2, part, 2), QColor(TOKENS.accent))

    def _draw_outline(self, painter: QPainter, outline: Outline) -> None:
        points = [QPointF(*self._view.on_screen(point)) for point in outline.points]
        radius = outline.radius * self._view.pixels_per_unit()
        if outline.radius > 0:
            self._draw_circles(painter, points, radius)
            return
        for pen in (_rim(3), _line(TOKENS.image_text, 1.3)):
            painter.setPen(pen)
            if len(points) == 2 and not outline.closed:
                painter.drawLine(points[0], points[1])
                self._draw_ends(painter, points[0], points[1])
            else:
                painter.drawPolygon(QPolygonF(points)) if outline.closed else painter.drawPolyline(QPolygonF(points))

    @staticmethod
    def _draw_circles(painter: QPainter, points: list[QPointF], radius: float) -> None:
        """Thin lines without smoothing: they follow the hand at every event, and a smooth wide ring costs ten times as much."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for point in points:
            painter.setPen(_rim(1))
            painter.drawEllipse(point, radius + 1, radius + 1)
            painter.setPen(_line(TOKENS.image_text, 1))
            painter.drawEllipse(point, radius, radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)

    @staticmethod
    def _draw_ends(painter: QPainter, one: QPointF, two: QPointF) -> None:
        """Short bars across both ends: where exactly was measured."""
        line = QLineF(one, two)
        if line.length() < 1:
            return
        across = line.normalVector().unitVector()
        step = QPointF(across.dx(), across.dy()) * 4
        for end in (one, two):
            painter.drawLine(end - step, end + step)

    def _label_place(self, outline: Outline) -> tuple[int, int]:
        x, y = self._view.on_screen(outline.points[-1])
        away = outline.radius * self._view.pixels_per_unit() * 0.72 + 8
        size = size_of(outline.label)
        left = min(round(x + away), self._view.width - size.width() - 2)
        top = min(round(y + away - (LINE_PX if outline.radius == 0 else 0)), self._view.height - size.height() - 2)
        return max(2, left), max(2, top)

    def _fitting(self, text: str, width: int) -> str:
        """Shortened so that it stays in its half of the viewport."""
        room = width // 2 - EDGE - 16
        while len(text) > 4 and size_of(text).width() > room:
            text = text[:-2].rstrip("… ") + "…"
        return text

    def _draw_warnings(self, pen: "_Pen", corners: Corners, width: int, height: int, lines: int, loading: Loading | None) -> None:
        words = [part for text in corners.warnings for part in _wrapped(text, round(width * WARNING_SHARE))]
        if len(words) > MOST_WARNINGS:
            words = [*words[:MOST_WARNINGS - 1], words[MOST_WARNINGS - 1] + " …"]
        colours = [TOKENS.warn] * len(words)
        if loading is not None:
            words, colours = [*words, loading.text], [*colours, TOKENS.image_text]
        if lines == 1:
            words, colours = words[-1:], colours[-1:]
        above = height - EDGE - LINE_PX - 4
        for row, (text, colour) in enumerate(zip(words, colours, strict=True)):
            pen.left(text, EDGE, above - (len(words) - row) * LINE_PX, colour)



class _Pen:
    """Writes halo text where it would be seen; what lies outside the repainted rectangle is skipped."""

    def __init__(self, painter: QPainter, ratio: float, clip: QRect) -> None:
        self._painter, self._ratio, self._clip = painter, ratio, clip

    def left(self, text: str, x: int, y: int, colour: str = TOKENS.image_text, *, strong: bool = False) -> None:
        if text and self._clip.intersects(QRect(x, y, *size_of(text, strong).toTuple())):
            self._painter.drawImage(x, y, halo_text(text, colour, strong, self._ratio))

    def right(self, text: str, x: int, y: int, colour: str = TOKENS.image_text, *, strong: bool = False) -> None:
        self.left(text, x - size_of(text, strong).width(), y, colour, strong=strong)


@lru_cache(maxsize=200)
def _wrapped(text: str, room: int) -> tuple[str, ...]:
    """The text in lines that fit into `room` pixels, broken between words."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and size_of(longer).width() > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return tuple(lines)


@lru_cache(maxsize=8)
def _rim(width: float) -> QPen:
    colour = QColor(TOKENS.halo)
    colour.setAlpha(150)
    return QPen(colour, width)


@lru_cache(maxsize=8)
def _line(colour: str, width: float) -> QPen:
    return QPen(QColor(colour), width)


