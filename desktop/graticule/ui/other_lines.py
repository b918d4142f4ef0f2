"""What one series has to say in the views of another: where its slice cuts, and where its point lies."""

from collections.abc import Callable

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from graticule.presenters.linked import Linked
from graticule.presenters.plane_view import PlaneView
from graticule.ui.theme import PLANE_COLOURS, TOKENS

POINT_GAP_PX, POINT_REACH_PX = 5.0, 12.0
Shown = Callable[[], list[tuple[str, PlaneView]]]


class OtherLines:
    """For one view of one series. shown: (case id, view) of every plane that stands on the wall."""

    def __init__(self, linked: Linked, case_id: str, view: PlaneView, shown: Shown) -> None:
        self._linked, self._case_id, self._view, self._shown = linked, case_id, view, shown

    def __call__(self, painter: QPainter) -> None:
        others = [(case_id, view) for case_id, view in self._shown() if case_id != self._case_id]
        if not others:
            return
        for case_id, view in others:
            self._draw_line(painter, case_id, view)
        if self._linked.point(self._case_id):
            self._draw_point(painter)

    def _draw_line(self, painter: QPainter, case_id: str, view: PlaneView) -> None:
        line = self._linked.line(self._case_id, self._view, case_id, view)
        if line is None:
            return
        colour = QColor(PLANE_COLOURS.get(view.axes.name, TOKENS.muted))
        colour.setAlpha(200)
        painter.setPen(QPen(colour, 1, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(QPointF(*line[0]), QPointF(*line[1])))

    def _draw_point(self, painter: QPainter) -> None:
        x, y = self._view.crosshair()
        painter.setPen(QPen(QColor(TOKENS.image_text), 1))
        near, far = POINT_GAP_PX, POINT_REACH_PX
        painter.drawLines([QLineF(x - far, y, x - near, y), QLineF(x + near, y, x + far, y),
                           QLineF(x, y - far, x, y - near), QLineF(x, y + near, x, y + far)])


