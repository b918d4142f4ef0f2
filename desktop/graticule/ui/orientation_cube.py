"""A small cube in the corner of the 3D view: which side of the patient faces the reader. Its letters are never mirrored."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF, QTransform

from graticule.domain.geometry import Floats
from graticule.render.camera import FACES, PatientCamera
from graticule.ui.theme import TOKENS, font

HALF_PX = 19.0
MARGIN_PX = 40.0
LETTERS = {"anterior": "A", "posterior": "P", "left": "L", "right": "R", "head": "H", "feet": "F"}


@dataclass(frozen=True, eq=False)
class CubeFace:
    """A side that is seen: its outline on the screen, where its letter's right and down lie, and how squarely it faces us."""

    name: str
    outline: QPolygonF
    middle: QPointF
    across: QPointF
    along: QPointF
    facing: float


def faces_seen(camera: PatientCamera, centre: QPointF) -> Iterator[CubeFace]:
    """The one to three sides that face the reader."""
    right, up, eye = camera.axes()

    def on_screen(direction: Floats) -> QPointF:
        return QPointF(float(direction @ right), -float(direction @ up)) * HALF_PX

    for name, (outward, upward) in FACES.items():
        out, top = np.array(outward, dtype=np.float64), np.array(upward, dtype=np.float64)
        facing = float(out @ eye)
        if facing <= 0.02:
            continue
        # Seen from outside, right is up × outward: as in a view from that side, so a letter always reads forwards.
        across, middle = np.cross(top, out), centre + on_screen(out)
        corners = [middle + on_screen(x * across + y * top) for x, y in ((-1, 1), (1, 1), (1, -1), (-1, -1))]
        yield CubeFace(name, QPolygonF(corners), middle, on_screen(across), on_screen(-top), facing)


def draw_cube(painter: QPainter, camera: PatientCamera, centre: QPointF) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    for face in faces_seen(camera, centre):
        shade = QColor(TOKENS.hover)
        painter.setBrush(shade.lighter(round(100 + 55 * face.facing)))
        painter.setPen(QPen(QColor(TOKENS.muted), 1))
        painter.drawPolygon(face.outline)
        _draw_letter(painter, face)
    painter.restore()


def face_at(camera: PatientCamera, centre: QPointF, at: QPointF) -> str:
    """The side under a point, "" beside the cube."""
    hit = [face.name for face in faces_seen(camera, centre) if face.outline.containsPoint(at, Qt.FillRule.OddEvenFill)]
    return hit[0] if hit else ""


def _draw_letter(painter: QPainter, face: CubeFace) -> None:
    if face.facing < 0.12:
        return
    painter.save()
    painter.setTransform(QTransform(face.across.x() / HALF_PX, face.across.y() / HALF_PX, face.along.x() / HALF_PX,
                                    face.along.y() / HALF_PX, face.middle.x(), face.middle.y()), True)
    painter.setFont(font(20, QFont.Weight.DemiBold))
    painter.setPen(QColor(TOKENS.image_text))
    painter.drawText(QRectF(-HALF_PX, -HALF_PX, 2 * HALF_PX, 2 * HALF_PX), Qt.AlignmentFlag.AlignCenter, LETTERS[face.name])
    painter.restore()
