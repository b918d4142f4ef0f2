"""One viewport onto an image: takes mouse, wheel and pen, and passes them to the hand or moves the view."""

import time
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QTabletEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from graticule.domain.elements import Region
from graticule.editing.tools.zoom import factor_for
from graticule.presenters.hand import Hand
from graticule.presenters.image_view import ImageView, Keys, region_near
from graticule.ui.overlays import Loading, Overlays
from graticule.ui.theme import TOKENS

WHEEL_STEP = 120
ZOOM_PER_STEP = 1.15
_CURSORS = {"pan": Qt.CursorShape.OpenHandCursor, "look": Qt.CursorShape.ArrowCursor,
            "mark": Qt.CursorShape.CrossCursor, "measure": Qt.CursorShape.CrossCursor}
_BUTTONS = {Qt.MouseButton.LeftButton: "tool", Qt.MouseButton.MiddleButton: "pan", Qt.MouseButton.RightButton: "zoom"}


@dataclass
class _Drag:
    """What a held button does: "tool", "pan" or "zoom"."""

    act: str
    start: QPointF
    last: QPointF
    moved: bool = False


class Viewport(QWidget):
    """Left = tool, middle = pan in every tool, right-drag = zoom, right click = menu, wheel = `wheel_steps`.

    Events only change the presenter or mark areas for painting; pixels are asked for in `paintEvent`.
    """

    status = Signal(str)
    activated = Signal(str)
    maximise_asked = Signal(str)
    menu_asked = Signal(QPoint, object)
    opacity_steps = Signal(float)
    size_changed = Signal()

    def __init__(self, view: ImageView, hand: Hand, plane_colour: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = view
        self.hand = hand
        self.loading: Loading | None = None
        self.active = False
        self.painted_ns = 0
        self.overlays = Overlays(view, plane_colour)
        self._drag: _Drag | None = None
        self._wheel_rest = 0.0
        self._cursor_box = QRect()
        self._hovered: QPointF | None = None
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TabletTracking)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 90)
        self.setAccessibleName(view.name)

    # --- for subclasses ---------------------------------------------------------------------------------------------

    def draw_image(self, painter: QPainter, clip: QRect) -> None:
        """The image and its labels, inside the repainted rectangle."""

    def draw_between(self, painter: QPainter) -> None:
        """What lies between image and marks (reference lines)."""

    def wheel_steps(self, steps: float, at: QPointF) -> None:
        """The plain wheel, in notches; positive away from the user."""

    # --- painting ---------------------------------------------------------------------------------------------------

    @property
    def ratio(self) -> float:
        return float(self.devicePixelRatioF())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            clip, box = event.rect(), self.rect()
            self.draw_image(painter, clip)
            self.draw_between(painter)
            self.overlays.draw_outlines(painter, self.view.marks(), self.ratio, clip)
            self.overlays.draw_letters(painter, box, self.ratio, clip)
            self.overlays.draw_ruler(painter, box, self.ratio, clip)
            self.overlays.draw_corners(painter, box, self.ratio, clip, self.loading)
            if self.loading is not None:
                self.overlays.draw_loading(painter, box, self.loading)
            if self._hovered is not None or self.hand.pressed:
                self._draw_preview(painter, clip)
            if self.active:
                painter.setPen(QColor(TOKENS.accent))
                painter.drawRect(box.adjusted(0, 0, -1, -1))
        finally:
            painter.end()
        self.painted_ns = time.perf_counter_ns()

    def _draw_preview(self, painter: QPainter, clip: QRect) -> None:
        if self.underMouse() or self._drag is not None:
            self.overlays.draw_outlines(painter, self.hand.preview(), self.ratio, clip)

    def refresh_preview(self) -> None:
        """Repaint where the tool's preview was and where it is now."""
        box = self.overlays.rectangle_of(self.hand.preview()) if self._hovered is not None or self._drag is not None else QRect()
        self.update(self._cursor_box.united(box) if not self._cursor_box.intersects(box) else self._cursor_box)
        self.update(box)
        self._cursor_box = box

    def region_under(self) -> Region | None:
        """The measurement under the pointer."""
        return region_near(self.view, self._hovered.x(), self._hovered.y()) if self._hovered is not None else None

    def set_active(self, active: bool) -> None:
        if active != self.active:
            self.active = active
            self.update()

    def follow_tool(self) -> None:
        """Another tool is in the hand."""
        tool = self.hand.tool
        self.setCursor(_CURSORS.get(tool.name, _CURSORS.get(tool.group, Qt.CursorShape.ArrowCursor)))
        self.refresh_preview()

    # --- events -----------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._tell_size()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._tell_size()
            self.update()
        return super().event(event)

    def _tell_size(self) -> None:
        self.view.device_ratio = self.ratio
        self.view.resize(self.width(), self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.activated.emit(self.view.name)
        self._press(event.button(), event.position(), _keys(event.modifiers()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Maximise or restore. A marking tool takes the second click as a quick press instead, except on the title."""
        on_title = event.position().x() < self.width() / 2 and event.position().y() < 24
        if event.button() == Qt.MouseButton.LeftButton and (on_title or self.hand.tool.group == "look"):
            self.hand.cancel()
            self.maximise_asked.emit(self.view.name)
        else:
            self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._move(event.position(), _keys(event.modifiers()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._release(event.button(), event.position(), _keys(event.modifiers()))

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Accepted, or Qt would send the same stroke again as mouse events."""
        keys = _keys(event.modifiers(), event.pressure() or 1.0)
        if event.type() == QEvent.Type.TabletPress:
            self.activated.emit(self.view.name)
            self._press(event.button(), event.position(), keys)
        elif event.type() == QEvent.Type.TabletRelease:
            self._release(event.button(), event.position(), keys)
        else:
            self._move(event.position(), keys)
        event.accept()

    def enterEvent(self, event: QEvent) -> None:
        self.activated.emit(self.view.name)

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = None
        if not self.hand.pressed:
            self.hand.hover(self.view, None)
        self.refresh_preview()
        self.status.emit("")

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = self._whole_steps(event)
        keys = event.modifiers()
        if keys & Qt.KeyboardModifier.ControlModifier:
            self.view.zoom(ZOOM_PER_STEP**steps, event.position().toTuple())
        elif keys & Qt.KeyboardModifier.ShiftModifier:
            self._resize_tool(steps)
        elif keys & Qt.KeyboardModifier.AltModifier:
            self.opacity_steps.emit(steps)
        elif steps:
            self.wheel_steps(steps, event.position())
        if self._hovered is not None:
            self.hover_at(self._hovered, _keys(keys))
        event.accept()

    def hover_at(self, at: QPointF, keys: Keys) -> None:
        """The hand is here with no button held (also after the view moved under it)."""
        pointer = self.view.pointer(at.x(), at.y(), keys)
        self.hand.hover(self.view, pointer)
        self.refresh_preview()
        self.status.emit(self.view.read_out(pointer))

    def _press(self, button: Qt.MouseButton, at: QPointF, keys: Keys) -> None:
        act = _BUTTONS.get(button)
        if act is None or self._drag is not None:
            return
        self._drag = _Drag(act, at, at)
        if act == "tool":
            self.hand.press(self.view, self.view.pointer(at.x(), at.y(), keys))
            self.refresh_preview()

    def _move(self, at: QPointF, keys: Keys) -> None:
        self._hovered = at
        drag = self._drag
        if drag is None:
            if keys.shift:
                self.view.look_at(self.view.pointer(at.x(), at.y(), keys).at)
            self.hover_at(at, keys)
            return
        step, drag.last = at - drag.last, at
        far = (at - drag.start).manhattanLength() > QApplication.startDragDistance() / 2
        drag.moved = drag.moved or far
        if drag.act == "tool":
            pointer = self.view.pointer(at.x(), at.y(), keys)
            self.hand.drag(self.view, pointer)
            self.refresh_preview()
            self.status.emit(self.view.read_out(pointer))
        elif drag.act == "pan":
            self.view.pan(step.x(), step.y())
        elif drag.moved:
            self.view.zoom(factor_for(step.y()), drag.start.toTuple())

    def _release(self, button: Qt.MouseButton, at: QPointF, keys: Keys) -> None:
        drag, self._drag = self._drag, None
        if drag is None:
            return
        if drag.act == "tool":
            self.hand.release(self.view, self.view.pointer(at.x(), at.y(), keys))
            self.hover_at(at, keys)
        elif drag.act == "zoom" and not drag.moved:
            self.menu_asked.emit(self.mapToGlobal(at.toPoint()), self.view.pointer(at.x(), at.y(), keys))

    def _resize_tool(self, steps: float) -> None:
        if self.hand.resize(steps):
            self.size_changed.emit()
            self.refresh_preview()

    def _whole_steps(self, event: QWheelEvent) -> float:
        """Notches of a wheel at once; fine movements of a touchpad add up to whole steps. (Alt turns a wheel sideways.)"""
        delta = event.angleDelta()
        turned = delta.y() or delta.x()
        if turned == 0:
            turned = event.pixelDelta().y() * 4
        self._wheel_rest += turned / WHEEL_STEP
        whole = float(int(self._wheel_rest))
        self._wheel_rest -= whole
        return whole


def _keys(modifiers: Qt.KeyboardModifier, pressure: float = 1.0) -> Keys:
    return Keys(bool(modifiers & Qt.KeyboardModifier.ControlModifier), bool(modifiers & Qt.KeyboardModifier.ShiftModifier),
                bool(modifiers & Qt.KeyboardModifier.AltModifier), pressure)
