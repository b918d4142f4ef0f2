"""What mouse and keys do over the 3D view: turn, pan and magnify, push the cropping box, draw with the scissors."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu

from graticule.render.camera import FACES
from graticule.ui.crop_marks import CropHold
from graticule.ui.keys import acts_of
from graticule.ui.orientation_cube import face_at
from graticule.ui.words import tr

if TYPE_CHECKING:
    from graticule.ui.scissors3d import Scissors3D
    from graticule.ui.view3d import View3D

FACE_WORDS = {"anterior": "From the front", "posterior": "From behind", "left": "From the left", "right": "From the right",
              "head": "From the head", "feet": "From the feet"}
# Pixels of the mouse that a key stands for (right, down), and how much it magnifies.
_KEY_MOVES = {"left": (-30, 0, 1.0), "right": (30, 0, 1.0), "up": (0, -30, 1.0), "down": (0, 30, 1.0), "zoom-in": (0, 0, 1.15),
              "zoom-out": (0, 0, 1 / 1.15)}


class Hand3D:
    """scissors: draws with the left button while they are in the hand; Ctrl turns the camera all the same."""

    def __init__(self, view: View3D) -> None:
        self._view = view
        self.scissors: Scissors3D | None = None
        self._last: QPointF | None = None
        self._press = QPointF()
        self._crop_hold: CropHold | None = None

    def press(self, event: QMouseEvent) -> None:
        view, at = self._view, event.position()
        self._last = self._press = at
        left = event.button() == Qt.MouseButton.LeftButton
        if left and self._cuts(event) and self.scissors is not None:
            self._last = None
            self.scissors.press(at)
        elif left and view.cropping and view.crop_marks is not None:
            self._crop_hold = view.crop_marks.hold(view.crop, at, view.width(), view.height())

    def move(self, event: QMouseEvent) -> None:
        view = self._view
        if self.scissors is not None:
            self.scissors.move(event.position())
        if self._last is None or view.scene is None:
            return
        step, self._last = event.position() - self._last, event.position()
        if self._crop_hold is not None and view.crop_marks is not None:
            view.push_crop(view.crop_marks.moved(view.crop, self._crop_hold, event.position(), view.width(), view.height()))
            self._crop_hold = CropHold(self._crop_hold.side, event.position())
            return
        if event.buttons() & Qt.MouseButton.MiddleButton:
            view.scene.camera.pan(step.x(), step.y(), view.height())
        elif event.buttons() & Qt.MouseButton.RightButton:
            view.scene.camera.zoom(2.0 ** (-step.y() / 120.0))
        else:
            view.scene.camera.rotate(step.x(), step.y())
        view.moved()

    def release(self, event: QMouseEvent) -> None:
        view = self._view
        if self.scissors is not None and self.scissors.drawing and event.button() == Qt.MouseButton.LeftButton:
            self.scissors.release(event.position())
            return
        self._last = self._crop_hold = None
        still = (event.position() - self._press).manhattanLength() <= QApplication.startDragDistance() / 2
        if view.scene is None or not still:
            return
        if event.button() == Qt.MouseButton.RightButton:
            self._menu(event.globalPosition().toPoint())
        elif event.button() == Qt.MouseButton.LeftButton and view.oriented:
            side = face_at(view.scene.camera, view.cube_centre(), event.position())
            if side:
                view.face(side)

    def key(self, event: QKeyEvent) -> bool:
        """While the 3D view itself has the keyboard, keys turn and magnify it; True when the key was one of these."""
        scene = self._view.scene
        act = next((name.removeprefix("3d.") for name in acts_of(event, "3d")), "")
        if scene is None or act not in _KEY_MOVES:
            return False
        right, down, factor = _KEY_MOVES[act]
        scene.camera.zoom(factor) if factor != 1.0 else scene.camera.rotate(right, down)
        self._view.moved()
        return True

    def leave(self) -> None:
        if self.scissors is not None:
            self.scissors.leave()

    def _cuts(self, event: QMouseEvent) -> bool:
        held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        return self.scissors is not None and self.scissors.in_hand and not held

    def _menu(self, at: QPoint) -> None:
        view = self._view
        menu = QMenu(view)
        for name in FACES:
            menu.addAction(tr(FACE_WORDS[name]), _face_of(view, name))
        menu.addSeparator()
        for look in view.looks:
            action = menu.addAction(tr(look.name), partial(view.set_look, look.name))
            action.setCheckable(True)
            action.setChecked(look is view.look)
        menu.addSeparator()
        box = menu.addAction(tr("Cropping box"), partial(view.set_cropping, not view.cropping))
        box.setCheckable(True)
        box.setChecked(view.cropping)
        menu.exec(at)


def _face_of(view: View3D, name: str) -> Callable[[], None]:
    return lambda: view.face(name)
