"""The scissors over the 3D view: the outline as it is drawn, and what becomes of it when the hand lets go."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Floats
from graticule.editing.carving import FEWEST_CORNERS, Carving, carve, carving_words
from graticule.editing.tools.scissors import BOX, CIRCLE, ScissorsTool
from graticule.presenters.hand import Hand
from graticule.ui.halo_text import halo_text
from graticule.ui.theme import TOKENS

if TYPE_CHECKING:
    from graticule.ui.view3d import View3D

LEAST_STEP_PX, LEAST_SIZE_PX = 2.0, 6.0
CIRCLE_CORNERS = 96
WORDS_BESIDE_PX = 14


class Scissors3D:
    """hidden: ids of the segments that are not shown now. trouble: is told why nothing was cut."""

    def __init__(self, view: View3D, hand: Hand, hidden: Callable[[], Collection[str]],
                 trouble: Callable[[GraticuleError], None]) -> None:
        self._view, self._hand, self._hidden, self._trouble = view, hand, hidden, trouble
        self._way: list[QPointF] = []
        self._at: QPointF | None = None
        view.hand.scissors = self
        view.setMouseTracking(True)

    @property
    def in_hand(self) -> bool:
        return isinstance(self._hand.tool, ScissorsTool)

    @property
    def drawing(self) -> bool:
        return bool(self._way)

    def follow_tool(self) -> None:
        """Another tool is in the hand."""
        self._way.clear()
        self._view.setCursor(Qt.CursorShape.CrossCursor if self.in_hand else Qt.CursorShape.ArrowCursor)
        self._view.update()

    def cancel(self) -> None:
        """Esc: as if nothing had been drawn."""
        self._way.clear()
        self._view.update()

    def press(self, at: QPointF) -> None:
        self._way, self._at = [at], at
        self._view.update()

    def move(self, at: QPointF) -> None:
        if not self.in_hand:
            return
        self._at = at
        if self._way and (at - self._way[-1]).manhattanLength() >= LEAST_STEP_PX:
            self._way.append(at)
        self._view.update()

    def leave(self) -> None:
        self._at = None
        if self.in_hand:
            self._view.update()

    def release(self, at: QPointF) -> None:
        outline = self._outline()
        self._way.clear()
        self._view.update()
        scene, tool = self._view.scene, self._hand.tool
        if scene is None or not isinstance(tool, ScissorsTool) or len(outline) < FEWEST_CORNERS \
                or np.ptp(outline, axis=0).max() < LEAST_SIZE_PX:
            return
        ratio = self._view.devicePixelRatioF()
        width, height = self._view.device_size()
        carving = Carving(outline * ratio, scene.camera.matrix(width, height), tool.options, frozenset(self._hidden()))
        try:
            carve(self._hand.bench, carving)
        except GraticuleError as error:
            self._trouble(error)

    def draw(self, painter: QPainter) -> None:
        """The outline and, beside the hand, what letting go would do."""
        if not self.in_hand or self._at is None:
            return
        outline = self._outline()
        if len(outline) > 1:
            polygon = QPolygonF([QPointF(float(x), float(y)) for x, y in outline])
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            for colour, width, style in ((QColor(0, 0, 0, 190), 3.0, Qt.PenStyle.SolidLine),
                                         (QColor(TOKENS.accent), 1.5, Qt.PenStyle.DashLine)):
                painter.setPen(QPen(colour, width, style))
                painter.drawPolygon(polygon)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        tool = self._hand.tool
        if isinstance(tool, ScissorsTool):
            words = halo_text(carving_words(self._hand.bench, tool.options), TOKENS.image_text, False,
                              self._view.devicePixelRatioF())
            at = self._at + QPointF(WORDS_BESIDE_PX, WORDS_BESIDE_PX)
            painter.drawImage(at.toPoint(), words)

    def _outline(self) -> Floats:
        """(n, 2) corners of what is drawn, in pixels of the widget."""
        if not self._way or self._at is None:
            return np.zeros((0, 2))
        tool = self._hand.tool
        shape = tool.options.shape if isinstance(tool, ScissorsTool) else ""
        first, last = (np.array([at.x(), at.y()]) for at in (self._way[0], self._at))
        if shape == BOX:
            return np.array([first, (last[0], first[1]), last, (first[0], last[1])])
        if shape == CIRCLE:
            turns = np.linspace(0, 2 * np.pi, CIRCLE_CORNERS, endpoint=False)[:, None]
            return np.asarray(first + np.linalg.norm(last - first) * np.concatenate([np.cos(turns), np.sin(turns)], axis=1))
        return np.array([(at.x(), at.y()) for at in self._way])
