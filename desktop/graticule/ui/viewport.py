"""One viewport onto an image: takes mouse, wheel and pen, and passes them to the hand or moves the view."""

import time
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPointingDevice,
    QResizeEvent,
    QTabletEvent,
    QTouchEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from graticule.domain.elements import Region
from graticule.editing.tools.scroll import PIXELS_PER_SLICE
from graticule.editing.tools.zoom import factor_for
from graticule.presenters.hand import Hand
from graticule.presenters.image_view import ImageView, Keys, region_near
from graticule.ui.magnifier import Magnifier
from graticule.ui.overlays import Loading, Overlays
from graticule.ui.pen import pressure_of
from graticule.ui.strokes import drag_of, wheel_of
from graticule.ui.theme import TOKENS
from graticule.ui.touch import EVENTS as TOUCHES
from graticule.ui.touch import Touch

WHEEL_STEP = 120
ZOOM_PER_STEP = 1.15
WINDOW_STEP_PX = 12.0
_CURSORS = {"pan": Qt.CursorShape.OpenHandCursor, "look": Qt.CursorShape.ArrowCursor,
            "mark": Qt.CursorShape.CrossCursor, "measure": Qt.CursorShape.CrossCursor}


@dataclass
class _Drag:
    """What a held button does: "tool", "erase", "window", "pan", "zoom", "scroll" or "" (nothing but the menu).

    menu: let go without having moved, it opens the menu. rest: pixels that do not make a slice yet.
    """

    act: str
    start: QPointF
    last: QPointF
    moved: bool = False
    menu: bool = False
    rest: float = 0.0


class Viewport(QWidget):
    """What the buttons do stands in the bindings (`ui/strokes.py`); right click = menu, the plain wheel = `wheel_steps`.

    Events only change the presenter or mark areas for painting; pixels are asked for in `paintEvent`.
    """

    status = Signal(str)
    activated = Signal(str)
    maximise_asked = Signal(str)
    menu_asked = Signal(QPoint, object)
    opacity_steps = Signal(float)
    sheet_asked = Signal()
    size_changed = Signal()

    def __init__(self, view: ImageView, hand: Hand, plane_colour: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = view
        self.hand = hand
        self.loading: Loading | None = None
        self.active = False
        self.painted_ns = 0
        self.overlays = Overlays(view, plane_colour)
        self.glass: Magnifier | None = None
        self._drag: _Drag | None = None
        self._wheel_rest = 0.0
        self._cursor_box = QRect()
        self._hovered: QPointF | None = None
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TabletTracking)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self._touch = Touch(self)
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

    def draw_magnified(self, painter: QPainter, seen: QRectF, power: float) -> None:
        """What the glass shows: the painter magnifies by `power` already. Finer pixels than the view's are better."""
        self.draw_image(painter, seen.toAlignedRect())

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
            if self.glass is not None and self._hovered is not None:
                self._draw_glass(painter, self.glass, self._hovered)
            if self.active:
                self._draw_frame(painter, box)
        finally:
            painter.end()
        self.painted_ns = time.perf_counter_ns()

    def _draw_frame(self, painter: QPainter, box: QRect) -> None:
        """A line round the view that keys act on; a thick one while it has the keyboard itself."""
        width = TOKENS.focus_ring if self.hasFocus() else 1
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pen = QPen(QColor(TOKENS.accent), width)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        half = width / 2 if width > 1 else 0.0
        painter.drawRect(QRectF(box).adjusted(half, half, -max(half, 1.0), -max(half, 1.0)))

    def _draw_preview(self, painter: QPainter, clip: QRect) -> None:
        if self.underMouse() or self._drag is not None:
            self.overlays.draw_outlines(painter, self.hand.preview(), self.ratio, clip)

    def _draw_glass(self, painter: QPainter, glass: Magnifier, at: QPointF) -> None:
        glass.begin(painter, at)
        try:
            self.draw_magnified(painter, glass.seen(at), glass.power)
        finally:
            glass.end(painter, at, self.ratio)

    def show_glass(self, glass: Magnifier | None) -> None:
        """Hold a magnifying glass over the pointer, or put it away."""
        self.glass = glass
        self.update()

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
        self.setCursor(self._tool_cursor())
        self.refresh_preview()

    def _tool_cursor(self) -> Qt.CursorShape:
        tool = self.hand.tool
        return _CURSORS.get(tool.name, _CURSORS.get(tool.group, Qt.CursorShape.ArrowCursor))

    # --- events -----------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._tell_size()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._tell_size()
            self.update()
        elif event.type() in TOUCHES and isinstance(event, QTouchEvent):
            self.activated.emit(self.view.name)
            self._touch.take(event)
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tab came here: keys act on this view now."""
        super().focusInEvent(event)
        self.activated.emit(self.view.name)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _tell_size(self) -> None:
        self.view.device_ratio = self.ratio
        self.view.resize(self.width(), self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.activated.emit(self.view.name)
        self._press(event.button(), event.position(), event.modifiers())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Maximise or restore. A marking tool takes the second click as a quick press instead, except on the title."""
        on_title = event.position().x() < self.width() / 2 and event.position().y() < 24
        if event.button() == Qt.MouseButton.LeftButton and (on_title or self.hand.tool.group == "look"):
            self.hand.cancel()
            self.maximise_asked.emit(self.view.name)
        else:
            self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.move(event.position(), _keys(event.modifiers()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.end(event.position(), _keys(event.modifiers()))

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Accepted, or Qt would send the same stroke again as mouse events. The pen's other end is the eraser."""
        keys = _keys(event.modifiers(), pressure_of(event))
        if event.type() == QEvent.Type.TabletPress:
            self.activated.emit(self.view.name)
            if event.pointerType() == QPointingDevice.PointerType.Eraser:
                self._press_eraser(event.position(), keys)
            else:
                self._press(event.button(), event.position(), event.modifiers(), keys.pressure)
        elif event.type() == QEvent.Type.TabletRelease:
            self.end(event.position(), keys)
        else:
            self.move(event.position(), keys)
        event.accept()

    def _press_eraser(self, at: QPointF, keys: Keys) -> None:
        """Lends the hand the eraser for this stroke; where nothing can be erased it does nothing."""
        if self.hand.find("eraser") is not None and not self.hand.pressed:
            self.hand.borrow("eraser")
            self.follow_tool()
            self.begin("eraser", at, keys)

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
        if self.glass is not None and steps:
            self.glass.change(steps)
            self.update()
        elif steps and (keys != Qt.KeyboardModifier.NoModifier or not self.hand.wheel(self.view, steps)):
            self._turn_wheel(wheel_of(keys), steps, event.position())
        if self._hovered is not None:
            self.hover_at(self._hovered, _keys(keys))
        event.accept()

    def _turn_wheel(self, act: str, steps: float, at: QPointF) -> None:
        if act == "zoom":
            self.view.zoom(ZOOM_PER_STEP**steps, at.toTuple())
        elif act == "size":
            self._resize_tool(steps)
        elif act == "opacity":
            self.opacity_steps.emit(steps)
        elif act == "window":
            self.view.change_window(steps * WINDOW_STEP_PX, 0)
        elif act == "scroll":
            self.wheel_steps(steps, at)

    def hover_at(self, at: QPointF, keys: Keys) -> None:
        """The hand is here with no button held (also after the view moved under it)."""
        pointer = self.view.pointer(at.x(), at.y(), keys)
        self.hand.hover(self.view, pointer)
        self.refresh_preview()
        self.status.emit(self.view.read_out(pointer))

    def rehover(self) -> None:
        """The image changed under a hand that rests."""
        if self._hovered is not None and not self.hand.pressed:
            self.hover_at(self._hovered, Keys())

    def _press(self, button: Qt.MouseButton, at: QPointF, modifiers: Qt.KeyboardModifier, pressure: float = 1.0) -> None:
        act = drag_of(button, modifiers, self.hand)
        if button == Qt.MouseButton.LeftButton and self._drag is None and self._on_truth(at):
            self.sheet_asked.emit()
        else:
            self.begin(act, at, _keys(modifiers, pressure), menu=button == Qt.MouseButton.RightButton and act != "tool")

    def begin(self, act: str, at: QPointF, keys: Keys, *, menu: bool = False) -> None:
        """A stroke of mouse, pen or finger begins; one at a time."""
        if self._drag is not None:
            return
        self._drag = _Drag(act, at, at, menu=menu)
        if act in ("tool", "eraser"):
            self.hand.press(self.view, self.view.pointer(at.x(), at.y(), keys))
            self.refresh_preview()

    def give_up(self) -> None:
        """As if the stroke had not begun."""
        if self._drag is not None:
            self.hand.cancel()
            self._give_back(self._drag)
            self._drag = None
            self.refresh_preview()

    def _give_back(self, drag: _Drag) -> None:
        if drag.act == "eraser":
            self.hand.give_back()
            self.follow_tool()

    def ask_menu(self, at: QPointF, keys: Keys) -> None:
        self.menu_asked.emit(self.mapToGlobal(at.toPoint()), self.view.pointer(at.x(), at.y(), keys))

    def leave(self) -> None:
        """The finger is gone: nothing hovers here."""
        self._hovered = None
        self.hand.hover(self.view, None)
        self.refresh_preview()

    def _on_truth(self, at: QPointF) -> bool:
        """Whether a press here asks what the image-truth marks mean: only while the tool in the hand just looks."""
        return self.hand.tool.group == "look" and self.overlays.truth_box.contains(at.toPoint())

    def _point_at_truth(self, at: QPointF) -> None:
        wanted = Qt.CursorShape.PointingHandCursor if self._on_truth(at) else self._tool_cursor()
        if self.cursor().shape() != wanted:
            self.setCursor(wanted)

    def move(self, at: QPointF, keys: Keys) -> None:
        if self.glass is not None:
            self.update(self.glass.box(self._hovered or at).united(self.glass.box(at)))
        self._hovered = at
        drag = self._drag
        if drag is None:
            if keys.shift:
                self.view.look_at(self.view.pointer(at.x(), at.y(), keys).at)
            self.hover_at(at, keys)
            self._point_at_truth(at)
            return
        step, drag.last = at - drag.last, at
        far = (at - drag.start).manhattanLength() > QApplication.startDragDistance() / 2
        drag.moved = drag.moved or far
        if drag.act == "erase" and drag.moved and not self.hand.pressed:
            keys = replace(keys, control=True)
            self.hand.press(self.view, self.view.pointer(drag.start.x(), drag.start.y(), keys))
        if drag.act in ("tool", "erase", "eraser"):
            pointer = self.view.pointer(at.x(), at.y(), replace(keys, control=keys.control or drag.act == "erase"))
            self.hand.drag(self.view, pointer)
            self.refresh_preview()
            self.status.emit(self.view.read_out(pointer))
        elif drag.act == "pan":
            self.view.pan(step.x(), step.y())
        elif drag.moved:
            self._carry_on(drag, step)

    def _carry_on(self, drag: _Drag, step: QPointF) -> None:
        if drag.act == "zoom":
            self.view.zoom(factor_for(step.y()), drag.start.toTuple())
        elif drag.act == "window":
            self.view.change_window(step.x(), step.y())
        elif drag.act == "scroll":
            drag.rest += step.y() / PIXELS_PER_SLICE
            whole = int(drag.rest)
            drag.rest -= whole
            if whole:
                self.view.scroll(whole)

    def end(self, at: QPointF, keys: Keys) -> None:
        """The button, pen or finger is let go."""
        drag, self._drag = self._drag, None
        if drag is None:
            return
        if self.hand.pressed and drag.act in ("tool", "erase", "eraser"):
            keys = replace(keys, control=keys.control or drag.act == "erase")
            self.hand.release(self.view, self.view.pointer(at.x(), at.y(), keys))
            self._give_back(drag)
            self.hover_at(at, replace(keys, control=False))
        elif drag.menu and not drag.moved:
            self.ask_menu(at, keys)
        else:
            self._give_back(drag)

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
