"""What the planes of a volume draw into each other: handles to turn and thicken them, slab edges, and strips without data."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from graticule.presenters.gap_marks import GapMark
from graticule.presenters.plane_view import PlaneView
from graticule.presenters.planes import Grip, LinkedPlanes
from graticule.ui.halo_text import halo_text, size_of
from graticule.ui.theme import PLANE_COLOURS, TOKENS

TURN_PX, SLAB_PX = 5.0, 3.5
LEAST_STRIP_PX = 16


def draw_handles(painter: QPainter, planes: LinkedPlanes, view: PlaneView) -> None:
    """Rings at the ends of the other planes' lines turn them, squares beside the lines give them a thickness."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    for handle in planes.handles(view):
        colour = QColor(PLANE_COLOURS.get(handle.of.split(" ")[0], TOKENS.muted))
        at, size = QPointF(handle.x, handle.y), TURN_PX if handle.grip is Grip.TURN else SLAB_PX
        for pen, brush in ((QPen(QColor(TOKENS.halo), 3.4), QBrush()), (QPen(colour, 1.6), QBrush(QColor(0, 0, 0, 150)))):
            painter.setPen(pen)
            painter.setBrush(brush)
            if handle.grip is Grip.TURN:
                painter.drawEllipse(at, size, size)
            else:
                painter.drawRect(QRectF(handle.x - size, handle.y - size, 2 * size, 2 * size))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def draw_slab_edges(painter: QPainter, planes: LinkedPlanes, view: PlaneView, reach: float) -> None:
    """Dashed lines where the slab of another plane begins and ends."""
    for edge in planes.slab_edges(view):
        colour = QColor(PLANE_COLOURS.get(edge.of.split(" ")[0], TOKENS.muted))
        colour.setAlpha(150)
        painter.setPen(QPen(colour, 1, Qt.PenStyle.DashLine))
        along = QPointF(edge.along_x, edge.along_y) * reach
        at = QPointF(edge.x, edge.y)
        painter.drawLine(QLineF(at - along, at + along))


def draw_gaps(painter: QPainter, marks: tuple[GapMark, ...], ratio: float) -> None:
    """Hatching, and the words where there is room for them: nothing was measured here."""
    if not marks:
        return
    hatch, rim = QColor(TOKENS.warn), QColor(TOKENS.warn)
    hatch.setAlpha(95)
    rim.setAlpha(150)
    for mark in marks:
        outline = QPolygonF([QPointF(float(x), float(y)) for x, y in mark.outline])
        painter.setPen(QPen(rim, 1, Qt.PenStyle.DotLine))
        painter.setBrush(QBrush(hatch, Qt.BrushStyle.BDiagPattern))
        painter.drawPolygon(outline)
        box, size = outline.boundingRect(), size_of(mark.words, True)
        if box.height() >= LEAST_STRIP_PX and box.width() >= size.width():
            painter.drawImage(QPointF(box.center().x() - size.width() / 2, box.center().y() - size.height() / 2),
                              halo_text(mark.words, TOKENS.warn, True, ratio))
    painter.setBrush(Qt.BrushStyle.NoBrush)
