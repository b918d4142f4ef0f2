"""What is drawn over every image: corner texts, letters, ruler, marks, the tool's cursor, progress."""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QLineF, QRect
from PySide6.QtGui import QColor, QPainter, QPen

from graticule.editing.tools.tool import Outline
from graticule.presenters.image_view import Corners, ImageView
from graticule.ui.halo_text import LINE_PX, halo_text, size_of
from graticule.ui.mark_painter import MarkPainter
from graticule.ui.theme import TOKENS
from graticule.ui.words import trn

EDGE = 8
# Below these sizes corner texts go step by step: first all but the first line, then everything.
SMALL_PX, TINY_PX = 340, 200
MOST_WARNINGS = 5
CORNER_LINES = 4
WARNING_SHARE = 0.62


@dataclass(frozen=True, slots=True)
class Loading:
    """Slices on their way: `text` in words."""

    done: int
    total: int
    text: str


class Overlays:
    """Draws into one viewport. `plane_colour` marks the name of the plane. truth_box: where the image-truth marks stand."""

    def __init__(self, view: ImageView, plane_colour: str = "") -> None:
        self._view = view
        self._plane_colour = plane_colour or TOKENS.image_text
        self._marks = MarkPainter(view)
        self.truth_box = QRect()

    def draw_corners(self, painter: QPainter, box: QRect, ratio: float, clip: QRect, loading: Loading | None) -> None:
        width, height = box.width(), box.height()
        if min(width, height) < TINY_PX:
            self.truth_box = QRect()
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
        self._draw_truth(pen, corners, width, height, lines, loading)

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
        self._marks.draw(painter, outlines, ratio, clip)

    def rectangle_of(self, outlines: tuple[Outline, ...]) -> QRect:
        """Where outlines and their labels are drawn, with a margin; empty for none."""
        return self._marks.rectangle_of(outlines)

    def draw_loading(self, painter: QPainter, box: QRect, loading: Loading) -> None:
        painter.fillRect(QRect(0, box.height() - 2, box.width(), 2), QColor(TOKENS.line))
        part = round(box.width() * loading.done / max(1, loading.total))
        painter.fillRect(QRect(0, box.height() - 2, part, 2), QColor(TOKENS.accent))

    def _fitting(self, text: str, width: int) -> str:
        """Shortened so that it stays in its half of the viewport."""
        room = width // 2 - EDGE - 16
        while len(text) > 4 and size_of(text).width() > room:
            text = text[:-2].rstrip("… ") + "…"
        return text

    def _draw_truth(self, pen: "_Pen", corners: Corners, width: int, height: int, lines: int, loading: Loading | None) -> None:
        """Warnings in amber, what only says how it is drawn in white, the newest nearest to the ruler."""
        room = round(width * WARNING_SHARE)
        warned = [part for text in corners.warnings for part in _wrapped(text, room)]
        if len(warned) > MOST_WARNINGS:
            more = trn(len(warned) - MOST_WARNINGS + 1, "1 more line", "{n} more lines")
            warned = [*warned[:MOST_WARNINGS - 1], f"… {more} (Shift+I)"]
        rows = [(text, TOKENS.image_text) for text in corners.notes] + [(text, TOKENS.warn) for text in warned]
        if lines == 1:
            rows = rows[-1:]
        if loading is not None:
            rows.append((loading.text, TOKENS.image_text))
        above = height - EDGE - LINE_PX - 4
        top = above - len(rows) * LINE_PX
        for row, (text, colour) in enumerate(rows):
            pen.left(text, EDGE, top + row * LINE_PX, colour)
        widest = max((size_of(text).width() for text, _ in rows), default=0)
        self.truth_box = QRect(EDGE, top, widest, len(rows) * LINE_PX)


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
