"""The body from the front and from the back: where a lesion lies. The patient's right is on the left of the front view."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from graticule.resources import read_json
from graticule.ui.theme import TOKENS, font
from graticule.ui.words import tr

FRONT, BACK = "front", "back"
Place = tuple[str, Sequence[int]]
_REACH_PX = 10
SMALL, LARGE = QSize(122, 158), QSize(230, 300)


class BodyMap(QWidget):
    """`pointed` gives {"site", "view", "at"}: `at` in 1/1000 of the width and height of that view."""

    pointed = Signal(object)
    chosen = Signal(int)

    def __init__(self, sites: Iterable[str] = (), parent: QWidget | None = None, size: QSize = SMALL) -> None:
        super().__init__(parent)
        self._size = size
        self._sites = set(sites)
        self._parts = {view: [(part["site"], _path(part["shapes"])) for part in parts]
                       for view, parts in read_json("protocols", "body_map.json")["views"].items()}
        self._places: list[Place] = []
        self._numbers: list[int] = []
        self._hovered: tuple[str, str] | None = None
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Body map"))
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        return self._size

    def show_places(self, places: Sequence[Place], numbers: Sequence[int] = ()) -> None:
        """numbers: what stands in each pin, as many as places; without them the pins are bare and cannot be chosen."""
        self._places, self._numbers = list(places), list(numbers)
        self.update()

    def site_at(self, where: QPointF) -> tuple[str, str, tuple[int, int]] | None:
        """(view, site, 1/1000 of the view) under a point of the widget; None outside the body."""
        for view in (FRONT, BACK):
            box = self._box(view)
            if box.contains(where):
                at = QPointF((where.x() - box.left()) / box.width() * 1000, (where.y() - box.top()) / box.height() * 1000)
                site = next((site for site, path in reversed(self._parts[view]) if path.contains(at)), None)
                return (view, site, (round(at.x()), round(at.y()))) if site else None
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        near = [number for number, (view, at) in enumerate(self._places)
                if (self._on_screen(view, at) - event.position()).manhattanLength() < _REACH_PX]
        if self._numbers and near:
            self.chosen.emit(near[0])
            return
        found = self.site_at(event.position())
        if found is not None and found[1] in self._sites and self.isEnabled():
            self.pointed.emit({"site": found[1], "view": found[0], "at": list(found[2])})

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self.site_at(event.position())
        self._hovered = (found[0], found[1]) if found and found[1] in self._sites else None
        if found is None:
            QToolTip.hideText()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for view in (FRONT, BACK):
                self._draw(painter, view)
            for place, (view, at) in enumerate(self._places):
                self._pin(painter, self._on_screen(view, at), str(self._numbers[place]) if self._numbers else "")
        finally:
            painter.end()

    def _draw(self, painter: QPainter, view: str) -> None:
        box = self._box(view)
        painter.save()
        painter.translate(box.topLeft())
        painter.scale(box.width() / 1000, box.height() / 1000)
        pen = QPen(QColor(TOKENS.faint), 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        for site, path in self._parts[view]:
            painter.setBrush(QColor(TOKENS.accent_soft if self._hovered == (view, site) else TOKENS.hover))
            painter.drawPath(path)
        painter.restore()
        painter.setPen(QColor(TOKENS.muted))
        painter.setFont(font(TOKENS.overlay_px))
        right, left = (tr("R"), tr("L")) if view == FRONT else (tr("L"), tr("R"))
        row = QRectF(box.left(), box.top(), box.width(), 12)
        painter.drawText(row, Qt.AlignmentFlag.AlignLeft, right)
        painter.drawText(row, Qt.AlignmentFlag.AlignRight, left)
        words = tr("Front") if view == FRONT else tr("Back")
        painter.drawText(QRectF(box.left(), box.bottom(), box.width(), 14), Qt.AlignmentFlag.AlignCenter, words)

    def _pin(self, painter: QPainter, at: QPointF, words: str) -> None:
        radius = 7 if words else 4
        painter.setPen(QPen(QColor(TOKENS.on_accent), 1))
        painter.setBrush(QColor(TOKENS.warn))
        painter.drawEllipse(at, radius, radius)
        if words:
            painter.setFont(font(10))
            painter.drawText(QRectF(at.x() - 8, at.y() - 8, 16, 16), Qt.AlignmentFlag.AlignCenter, words)

    def _box(self, view: str) -> QRectF:
        half = self.width() / 2
        return QRectF(half if view == BACK else 0, 0, half - 4, self.height() - 16)

    def _on_screen(self, view: str, at: Sequence[int]) -> QPointF:
        box = self._box(view)
        return QPointF(box.left() + at[0] / 1000 * box.width(), box.top() + at[1] / 1000 * box.height())


def _path(shapes: Sequence[dict[str, list[int]]]) -> QPainterPath:
    path = QPainterPath()
    for shape in shapes:
        if "ellipse" in shape:
            x, y, rx, ry = shape["ellipse"]
            path.addEllipse(QPointF(x, y), rx, ry)
        else:
            points = shape["polygon"]
            corners = [QPointF(points[n], points[n + 1]) for n in range(0, len(points), 2)]
            _rounded(path, corners)
    return path


def _rounded(path: QPainterPath, corners: list[QPointF]) -> None:
    """A closed outline with soft corners: through the middles of the sides, bent towards the corners."""
    middles = [(one + two) / 2 for one, two in zip(corners, [*corners[1:], corners[0]], strict=True)]
    path.moveTo(middles[-1])
    for corner, middle in zip(corners, middles, strict=True):
        path.quadTo(corner, middle)
    path.closeSubpath()
