"""The cropping box of the 3D view: its edges, and a handle on each side to push it in or out."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from graticule.domain.geometry import Grid
from graticule.render.camera import PatientCamera
from graticule.render.cropping import CropBox
from graticule.ui.theme import TOKENS

HANDLE_PX, REACH_PX = 5.0, 10.0
_EDGES = [(a, a | 1 << axis) for a in range(8) for axis in range(3) if not a & 1 << axis]


@dataclass(frozen=True, slots=True)
class CropHold:
    """A side in the hand: 0…5, and where the hand was."""

    side: int
    at: QPointF


class CropMarks:
    """width, height of the view in device-independent pixels are given to each call."""

    def __init__(self, grid: Grid, camera: PatientCamera) -> None:
        self._grid = grid
        self._camera = camera

    def draw(self, painter: QPainter, box: CropBox, width: int, height: int) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        corners = [self._place(point, width, height) for point in box.corners_mm(self._grid)]
        painter.setPen(QPen(QColor(TOKENS.accent), 1))
        for one, two in _EDGES:
            painter.drawLine(corners[one], corners[two])
        for at in self._handles(box, width, height):
            painter.setPen(QPen(QColor(TOKENS.halo), 3))
            painter.drawEllipse(at, HANDLE_PX, HANDLE_PX)
            painter.setPen(QPen(QColor(TOKENS.image_text), 1.4))
            painter.setBrush(QColor(TOKENS.accent))
            painter.drawEllipse(at, HANDLE_PX, HANDLE_PX)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.restore()

    def hold(self, box: CropBox, at: QPointF, width: int, height: int) -> CropHold | None:
        """The handle under the pointer, the one nearer the eye when two lie there."""
        eye = self._camera.axes()[2]
        near = [(float(point @ eye), side) for side, point in enumerate(box.sides_mm(self._grid))
                if (self._place(point, width, height) - at).manhattanLength() <= REACH_PX * 1.4]
        return CropHold(max(near)[1], at) if near else None

    def moved(self, box: CropBox, hold: CropHold, at: QPointF, width: int, height: int) -> CropBox:
        """The box once the held side has followed the pointer along its own axis."""
        sides = CropBox().sides_mm(self._grid)
        axis = hold.side // 2
        start, end = (self._place(sides[axis * 2 + n], width, height) for n in (0, 1))
        way, step = end - start, at - hold.at
        length = way.x() ** 2 + way.y() ** 2
        # A side that is pushed straight towards the eye does not follow the pointer.
        share = 0.0 if length < 16 else (step.x() * way.x() + step.y() * way.y()) / length
        return box.with_side(hold.side, box.shares[hold.side] + share)

    def _handles(self, box: CropBox, width: int, height: int) -> list[QPointF]:
        return [self._place(point, width, height) for point in box.sides_mm(self._grid)]

    def _place(self, point: np.ndarray, width: int, height: int) -> QPointF:
        return QPointF(*self._camera.to_screen(point, width, height))
