"""The 3D view: an off-screen scene copied into an ordinary widget, coarse while the hand moves and full when it rests."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.progress import Progress
from graticule.domain.volume import Volume
from graticule.imaging.gaps import gaps_of
from graticule.jobs import Handle, Runner
from graticule.render.backend import GlAnswer, probe_gl
from graticule.render.cropping import CropBox, Cut
from graticule.render.reduce import GPU_VOXELS, SOFTWARE_VOXELS, Reduced, reduce
from graticule.render.scene3d import Scene3D
from graticule.render.volume_look import VolumeLook, looks_for
from graticule.ui.crop_marks import CropMarks
from graticule.ui.halo_text import LINE_PX, halo_text, size_of
from graticule.ui.hand3d import Hand3D
from graticule.ui.orientation_cube import MARGIN_PX, draw_cube
from graticule.ui.theme import TOKENS
from graticule.ui.words import tr

STILL_MS = 180
# Time for the words to be painted before the shading of the whole volume is computed.
SAY_FIRST_MS = 30
LANE = "3d"


class View3D(QWidget):
    """`scene_ready` is emitted once surfaces can be put into `scene`. Call `shutdown` before the widget goes.

    looks: the presets of the modality, known when the scene is ready; `look` the one that is shown, before shift and density.
    """

    scene_ready = Signal()
    look_changed = Signal()
    activated = Signal(str)
    maximise_asked = Signal(str)

    def __init__(self, volume: Volume, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene: Scene3D | None = None
        self.looks: tuple[VolumeLook, ...] = ()
        self.look: VolumeLook | None = None
        self.shift, self.density = 0.0, 1.0
        self.cropping = False
        self.crop = CropBox()
        self.active = False
        self._wanted_look = ""
        self._cut: Cut | None = None
        self.crop_marks: CropMarks | None = None
        self.hand = Hand3D(self)
        self.painted_ns = 0
        self._volume = volume
        self._runner = runner
        self._job: Handle | None = None
        self._words = tr("3D view: preparing …")
        self._frame: QImage | None = None
        self._pixels: Array | None = None
        self._quick = False
        # While a hand paints in another view, no whole frame is drawn: that would take the window from it.
        self.waits: Callable[[], bool] = lambda: False
        self._started = self._closed = False
        self._still = QTimer(self, singleShot=True, interval=STILL_MS)
        self._still.timeout.connect(self._rest)
        # Asked now, while slices are still arriving, so that the answer is there when the view is first seen.
        runner.start(lambda progress: probe_gl(), done=_known, failed=self._failed, lane=LANE)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 90)
        self.setAccessibleName(tr("3D view"))

    # --- preparing --------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        self.start()

    def start(self) -> None:
        """Once visible and every slice has arrived: ask what this machine can draw, and make the volume small enough."""
        if self._started or self._closed or not self.isVisible() or not bool(self._volume.arrived.all()):
            return
        self._started = True
        volume = self._volume

        def prepare(progress: Progress) -> tuple[GlAnswer, Reduced | None]:
            support = probe_gl()
            if not support.ok:
                return support, None
            most = SOFTWARE_VOXELS if support.software else GPU_VOXELS
            return support, reduce(volume.voxels, volume.grid, most, progress)

        self._job = self._runner.start(prepare, done=self._prepared, failed=self._failed, lane=LANE)

    def _prepared(self, found: tuple[GlAnswer, Reduced | None]) -> None:
        support, small = found
        if self._closed:
            return
        if small is None:
            self._say(tr(support.detail))
            return
        self.scene = Scene3D(self._volume.grid, software=support.software)
        self.looks = looks_for(self._volume.modality, small)
        self.look = next((look for look in self.looks if look.name == self._wanted_look), self.looks[0])
        self.scene.show_volume(small, self.look.tuned(self.shift, self.density))
        self.scene.set_cut(self._cut)
        self.crop_marks = CropMarks(small.grid, self.scene.camera)
        self._apply_crop()
        self._words = ""
        self.moved()
        self.scene_ready.emit()
        self.look_changed.emit()

    def _failed(self, error: GraticuleError) -> None:
        self._say(error.message)

    def _say(self, words: str) -> None:
        self._words = words
        self.update()

    # --- what is shown ----------------------------------------------------------------------------------------------

    def set_look(self, name: str) -> None:
        """Take a preset by name; shift and density start anew."""
        self._wanted_look = name
        found = next((look for look in self.looks if look.name == name), None)
        if found is not None:
            self.look, self.shift, self.density = found, 0.0, 1.0
            self._retune()

    def tune(self, shift: float, density: float) -> None:
        """shift: −1…1 of the preset's span along the values. density: times as opaque."""
        if (shift, density) != (self.shift, self.density):
            self.shift, self.density = shift, density
            self._retune()

    def set_volume_visible(self, visible: bool) -> None:
        if self.scene is not None:
            self.scene.set_volume_visible(visible)
            self.refresh()

    def set_cropping(self, on: bool) -> None:
        """Show the box and keep only what lies in it; off: everything, the box is kept for the next time."""
        if on != self.cropping:
            self.cropping = on
            self._apply_crop()
            self.moved()

    def reset_crop(self) -> None:
        self.crop = CropBox()
        self._apply_crop()
        self.moved()

    def set_cut(self, cut: Cut | None) -> None:
        """Cut everything by a plane of the patient; None for nothing."""
        self._cut = cut
        if self.scene is not None:
            self.scene.set_cut(cut)
            self.moved()

    def _retune(self) -> None:
        if self.scene is not None and self.look is not None:
            self.scene.set_look(self.look.tuned(self.shift, self.density))
            self.moved()
        self.look_changed.emit()

    def _apply_crop(self) -> None:
        if self.scene is not None:
            self.scene.set_crop(self.crop if self.cropping else CropBox())

    # --- drawing ----------------------------------------------------------------------------------------------------

    def moved(self) -> None:
        """The camera or what is shown changed: coarse now, full when nothing has moved for a while."""
        self._frame, self._quick = None, True
        self._still.start()
        self.update()

    def refresh(self) -> None:
        """A surface changed while the camera rests: one full frame, once no hand is painting beside it."""
        if self.waits():
            self._still.start()
            return
        self._frame, self._quick = None, False
        self.update()

    def set_active(self, active: bool) -> None:
        if active != self.active:
            self.active = active
            self.update()

    def _rest(self) -> None:
        """Nothing has moved for a while. The first time shading is computed, words say so before the window stands still."""
        if self.waits():
            self._still.start()
            return
        if self.scene is not None and self.scene.shading_waits and not self._words:
            self._words = tr("Shading …")
            self.update()
            QTimer.singleShot(SAY_FIRST_MS, self, self._rest)
            return
        if self.scene is not None:
            self._words = ""
        self._frame, self._quick = None, False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.fillRect(self.rect(), QColor(TOKENS.image_ground))
            if self.scene is not None and not self._closed:
                painter.drawImage(0, 0, self._render(self.scene))
                if self.cropping and self.crop_marks is not None:
                    self.crop_marks.draw(painter, self.crop, self.width(), self.height())
                if self.oriented:
                    draw_cube(painter, self.scene.camera, self.cube_centre())
                if self.hand.scissors is not None:
                    self.hand.scissors.draw(painter)
            self._draw_words(painter)
            if self.active:
                painter.setPen(QColor(TOKENS.accent))
                painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        finally:
            painter.end()
        self.painted_ns = time.perf_counter_ns()

    def _render(self, scene: Scene3D) -> QImage:
        if self._frame is None:
            ratio, (width, height) = self.devicePixelRatioF(), self.device_size()
            self._pixels = scene.render(width, height, quick=self._quick)
            self._frame = QImage(self._pixels.data, width, height, width * 4, QImage.Format.Format_RGBX8888)
            self._frame.setDevicePixelRatio(ratio)
        return self._frame

    @property
    def oriented(self) -> bool:
        """Whether the file says how the patient lies."""
        return self._volume.grid.oriented

    def device_size(self) -> tuple[int, int]:
        """Width and height in the screen's own pixels, as the picture is drawn."""
        ratio = self.devicePixelRatioF()
        return max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))

    def cube_centre(self) -> QPointF:
        return QPointF(MARGIN_PX, self.height() - MARGIN_PX)

    def _draw_words(self, painter: QPainter) -> None:
        ratio = self.devicePixelRatioF()
        for row, text in enumerate(self.captions()):
            colour = TOKENS.plane_3d if row == 0 else TOKENS.image_text
            painter.drawImage(8, 8 + row * LINE_PX, halo_text(text, colour, row == 0, ratio))
        for row, text in enumerate(reversed(self.warnings())):
            size = size_of(text)
            painter.drawImage(self.width() - size.width() - 8, self.height() - 8 - (row + 1) * LINE_PX,
                              halo_text(text, TOKENS.warn, False, ratio))
        if self._words:
            size = size_of(self._words)
            words = halo_text(self._words, TOKENS.muted, False, ratio)
            painter.drawImage((self.width() - size.width()) // 2, (self.height() - size.height()) // 2, words)

    def captions(self) -> tuple[str, ...]:
        """What is shown and how truly: the preset, and how far the volume was reduced for this computer."""
        reduced = self.scene.reduced if self.scene is not None else None
        if reduced is None or self.look is None:
            return (tr("3D"),)
        tuned = "" if (self.shift, self.density) == (0.0, 1.0) else tr(", adjusted")
        lines = [tr("3D"), tr(self.look.name) + tuned]
        if reduced.block != (1, 1, 1):
            k, j, i = reduced.block
            lines.append(tr("Reduced: {size} voxels as one", size=f"{i}×{j}×{k}"))
        if self.cropping and not self.crop.whole:
            lines.append(tr("Cropped"))
        if self._cut is not None:
            lines.append(tr("Cut open"))
        return tuple(lines)

    def warnings(self) -> tuple[str, ...]:
        """Where nothing was measured, so that a hole is not taken for a finding."""
        return tuple(dict.fromkeys(gap.words for gap in gaps_of(self._volume.grid)))[:3]

    # --- hand -------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.moved()

    def enterEvent(self, event: object) -> None:
        self.activated.emit("3d")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.activated.emit("3d")
        self.hand.press(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not (self.hand.scissors and self.hand.scissors.in_hand):
            self.maximise_asked.emit("3d")

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hand.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.hand.release(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.hand.leave()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.hand.key(event):
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.scene is not None:
            self.scene.camera.zoom(1.15 ** (event.angleDelta().y() / 120))
            self.moved()
        event.accept()

    def push_crop(self, box: CropBox) -> None:
        """The cropping box as the hand pushed it."""
        self.crop = box
        self._apply_crop()
        self.moved()

    def face(self, name: str) -> None:
        """Look from one side of the patient."""
        if self.scene is not None:
            self.scene.camera.face(name)
            self.moved()

    def state(self) -> dict[str, Any]:
        """Preset, adjustment and box, for the next time the case is opened."""
        return {"look": self.look.name if self.look else self._wanted_look, "shift": self.shift, "density": self.density,
                "cropping": self.cropping, "crop": list(self.crop.shares)}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Before the scene is ready."""
        self._wanted_look = str(state.get("look", ""))
        self.shift, self.density = float(state.get("shift", 0.0)), float(state.get("density", 1.0))
        shares = state.get("crop", ())
        if len(shares) == 6 and all(low < high for low, high in zip(shares[::2], shares[1::2], strict=True)):
            self.crop, self.cropping = CropBox(tuple(float(v) for v in shares)), bool(state.get("cropping"))

    def shutdown(self) -> None:
        """Stop timers and jobs and free GL. Nothing is drawn afterwards."""
        self._closed = True
        self._still.stop()
        if self._job is not None:
            self._job.cancel()
        if self.scene is not None:
            self.scene.close()
            self.scene = None
        self._frame = None


def _known(answer: GlAnswer) -> None:
    """The answer is kept by `probe_gl` itself."""
