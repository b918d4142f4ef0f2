"""Fingers on a viewport: one does what the preset says, two pinch and carry, one that rests opens the menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QTimer
from PySide6.QtGui import QTouchEvent

from graticule.presenters.image_view import Keys
from graticule.ui.strokes import touch_of

if TYPE_CHECKING:
    from graticule.ui.viewport import Viewport

REST_MS, STILL_PX = 600, 10.0
EVENTS = (QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate, QEvent.Type.TouchEnd, QEvent.Type.TouchCancel)


class Touch(QObject):
    """Accepts every touch event, or Qt would send the same stroke again as mouse events."""

    def __init__(self, viewport: Viewport) -> None:
        super().__init__(viewport)
        self._viewport = viewport
        self._start = QPointF()
        self._pinch: tuple[QPointF, float] | None = None
        self._one = False
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._rested)

    def take(self, event: QTouchEvent) -> None:
        points = [point.position() for point in event.points() if point.state() != point.State.Released]
        if event.type() == QEvent.Type.TouchCancel:
            self._give_up()
        elif event.type() == QEvent.Type.TouchEnd or not points:
            self._end(event)
        elif len(points) >= 2:
            self._two(points[0], points[1])
        elif event.type() == QEvent.Type.TouchBegin:
            self._begin(points[0])
        elif self._one:
            self._move(points[0])
        event.accept()

    def _begin(self, at: QPointF) -> None:
        self._start, self._one, self._pinch = at, True, None
        self._rest.start()
        self._viewport.begin(touch_of(self._viewport.hand), at, Keys())

    def _move(self, at: QPointF) -> None:
        if (at - self._start).manhattanLength() > STILL_PX:
            self._rest.stop()
        self._viewport.move(at, Keys())

    def _end(self, event: QTouchEvent) -> None:
        self._rest.stop()
        if self._one:
            self._viewport.end(event.points()[0].position(), Keys())
        self._viewport.leave()
        self._one, self._pinch = False, None

    def _give_up(self) -> None:
        """What one finger had begun is taken back: nothing is half done."""
        self._rest.stop()
        if self._one:
            self._viewport.give_up()
        self._one = False

    def _two(self, one: QPointF, other: QPointF) -> None:
        self._give_up()
        middle, apart = (one + other) / 2, max(1.0, float(((one - other).x() ** 2 + (one - other).y() ** 2) ** 0.5))
        if self._pinch is not None:
            before, was = self._pinch
            step, view = middle - before, self._viewport.view
            view.pan(step.x(), step.y())
            view.zoom(apart / was, middle.toTuple())
        self._pinch = middle, apart

    def _rested(self) -> None:
        self._give_up()
        self._viewport.ask_menu(self._start, Keys())
