"""The 3D view: an off-screen scene copied into an ordinary widget, coarse while the hand moves and full when it rests."""

import time
from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu, QSizePolicy, QWidget

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.progress import Progress
from graticule.domain.volume import Volume
from graticule.jobs import Handle, Runner
from graticule.render.backend import GlAnswer, probe_gl
from graticule.render.camera import FACES
from graticule.render.reduce import GPU_VOXELS, SOFTWARE_VOXELS, Reduced, reduce
from graticule.render.scene3d import Scene3D
from graticule.render.volume_look import look_for
from graticule.ui.halo_text import LINE_PX, halo_text, size_of
from graticule.ui.theme import TOKENS
from graticule.ui.words import tr

STILL_MS = 180
LANE = "3d"
_FACE_WORDS = {"anterior": "From the front", "posterior": "From behind", "left": "From the left", "right": "From the right",
               "head": "From the head", "feet": "From the feet"}


class View3D(QWidget):
    """`scene_ready` is emitted once surfaces can be put into `scene`. Call `shutdown` before the widget goes."""

    scene_ready = Signal()
    activated = Signal(str)
    maximise_asked = Signal(str)

    def __init__(self, volume: Volume, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene: Scene3D | None = None
        self.active = False
        self.painted_ns = 0
        self._volume = volume
        self._runner = runner
        self._job: Handle | None = None
        self._words = tr("3D view: preparing …")
        self._frame: QImage | None = None
        self._pixels: Array | None = None
        self._quick = False
        self._last: QPointF | None = None
        self._press = QPointF()
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
        self.scene.show_volume(small, look_for(self._volume.modality, small))
        self._words = ""
        self.moved()
        self.scene_ready.emit()

    def _failed(self, error: GraticuleError) -> None:
        self._say(error.message)

    def _say(self, words: str) -> None:
        self._words = words
        self.update()

    # --- drawing ----------------------------------------------------------------------------------------------------

    def moved(self) -> None:
        """The camera or what is shown changed: coarse now, full when nothing has moved for a while."""
        self._frame, self._quick = None, True
        self._still.start()
        self.update()

    def refresh(self) -> None:
        """A surface changed while the camera rests: one full frame."""
        self._frame, self._quick = None, False
        self.update()

    def set_active(self, active: bool) -> None:
        if active != self.active:
            self.active = active
            self.update()

    def _rest(self) -> None:
        self._frame, self._quick = None, False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.fillRect(self.rect(), QColor(TOKENS.image_ground))
            if self.scene is not None and not self._closed:
                painter.drawImage(0, 0, self._render(self.scene))
                self._draw_axes(painter, self.scene)
            painter.drawImage(8, 8, halo_text(tr("3D"), TOKENS.plane_3d, True, self.devicePixelRatioF()))
            if self._words:
                size = size_of(self._words)
                words = halo_text(self._words, TOKENS.muted, False, self.devicePixelRatioF())
                painter.drawImage((self.width() - size.width()) // 2, (self.height() - size.height()) // 2, words)
            if self.active:
                painter.setPen(QColor(TOKENS.accent))
                painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        finally:
            painter.end()
        self.painted_ns = time.perf_counter_ns()

    def _render(self, scene: Scene3D) -> QImage:
        if self._frame is None:
            ratio = self.devicePixelRatioF()
            width, height = max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))
            self._pixels = scene.render(width, height, quick=self._quick)
            self._frame = QImage(self._pixels.data, width, height, width * 4, QImage.Format.Format_RGBX8888)
            self._frame.setDevicePixelRatio(ratio)
        return self._frame

    def _draw_axes(self, painter: QPainter, scene: Scene3D) -> None:
        """A small sign in the corner: where left, posterior and head point."""
        if not self._volume.grid.oriented:
            return
        centre, length = QPointF(38, self.height() - 38), 22.0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for letter, (right, down, eye) in sorted(scene.camera.axis_directions().items(), key=lambda item: item[1][2]):
            colour = QColor(TOKENS.image_text if eye >= -0.2 else TOKENS.faint)
            painter.setPen(QPen(colour, 1.4))
            tip = centre + QPointF(right, down) * length
            painter.drawLine(centre, tip)
            size = size_of(letter, True)
            at = centre + QPointF(right, down) * (length + 9)
            painter.drawImage(QRectF(at.x() - size.width() / 2, at.y() - LINE_PX / 2, size.width(), size.height()),
                              halo_text(letter, colour.name(), True, self.devicePixelRatioF()))

    # --- hand -------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.moved()

    def enterEvent(self, event: object) -> None:
        self.activated.emit("3d")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.activated.emit("3d")
        self._last = self._press = event.position()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.maximise_asked.emit("3d")

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._last is None or self.scene is None:
            return
        step, self._last = event.position() - self._last, event.position()
        if event.buttons() & Qt.MouseButton.MiddleButton:
            self.scene.camera.pan(step.x(), step.y(), self.height())
        elif event.buttons() & Qt.MouseButton.RightButton:
            self.scene.camera.zoom(2.0 ** (-step.y() / 120.0))
        else:
            self.scene.camera.rotate(step.x(), step.y())
        self.moved()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._last = None
        still = (event.position() - self._press).manhattanLength() <= QApplication.startDragDistance() / 2
        if event.button() == Qt.MouseButton.RightButton and still and self.scene is not None:
            self._menu(event.globalPosition().toPoint())

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.scene is not None:
            self.scene.camera.zoom(1.15 ** (event.angleDelta().y() / 120))
            self.moved()
        event.accept()

    def face(self, name: str) -> None:
        """Look from one side of the patient."""
        if self.scene is not None:
            self.scene.camera.face(name)
            self.moved()

    def _menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        for name in FACES:
            menu.addAction(tr(_FACE_WORDS[name]), _face_of(self, name))
        menu.exec(at)

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


def _face_of(view: View3D, name: str) -> Callable[[], None]:
    return lambda: view.face(name)
