"""The hand on the paper: Qt positions become pointers for the active tool, with cursor, read-out and scrolling at the edge."""

from PySide6.QtCore import QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QCursor

from graticule.domain.errors import GraticuleError
from graticule.editing.tools.calipers import CalipersTool
from graticule.editing.tools.episode import EpisodeTool, Grip
from graticule.editing.tools.tool import Bench, Pointer, Tool
from graticule.presenters.ecg import EcgPresenter
from graticule.presenters.ecg_caption import clock
from graticule.presenters.ecg_sheet import GUTTER_MM
from graticule.presenters.ladder_tiers import tier_at
from graticule.ui.ecg_view import EcgView
from graticule.ui.words import tr

REACH_PX = 6
EDGE_MS, EDGE_SHARE = 30, 0.35
CURSORS = {Grip.START: Qt.CursorShape.SizeHorCursor, Grip.END: Qt.CursorShape.SizeHorCursor,
           Grip.BODY: Qt.CursorShape.OpenHandCursor}


class Hand(QObject):
    """`let_go`: the tool was released. `marked`: what lies over the traces changed. `read_out(str)`, `failed(error)`."""

    let_go = Signal()
    pressed = Signal()
    marked = Signal()
    read_out = Signal(str)
    failed = Signal(object)

    def __init__(self, paper: EcgView, view: EcgPresenter, bench: Bench, tool: Tool) -> None:
        super().__init__(paper)
        self._paper, self._view, self._bench = paper, view, bench
        self.tool = tool
        self._modifiers: object = Qt.KeyboardModifier.NoModifier
        self._edge = QTimer(self)
        self._edge.setInterval(EDGE_MS)
        self._edge.timeout.connect(self._scroll_at_edge)
        paper.pressed.connect(self._press)
        paper.dragged.connect(self._drag)
        paper.released.connect(self._release)
        paper.hovered.connect(self._hover)
        paper.left_view.connect(lambda: self.read_out.emit(""))

    def pointer(self, x_mm: float, y_mm: float, modifiers: Qt.KeyboardModifier) -> Pointer:
        place, view = self._view.place(x_mm, y_mm), self._view
        reach_mm = REACH_PX / view.scale
        return Pointer((place.seconds, place.millivolts), lead=place.lead, track=place.track or tier_at(view.sheet, y_mm),
                       reach=(reach_mm / view.speed_mm_s, reach_mm / view.gain_of(place.lead)),
                       control=bool(modifiers & Qt.KeyboardModifier.ControlModifier),
                       shift=bool(modifiers & Qt.KeyboardModifier.ShiftModifier),
                       alt=bool(modifiers & Qt.KeyboardModifier.AltModifier))

    def act(self, what: str, pointer: Pointer) -> None:
        """Press, drag or release with the active tool; a refusal is told and nothing stays half done."""
        acts = {"press": self.tool.press, "drag": self.tool.drag, "release": self.tool.release}
        try:
            acts[what](self._bench, pointer)
        except GraticuleError as error:
            self.tool.cancel(self._bench)
            self.failed.emit(error)
        self.marked.emit()

    def _press(self, x_mm: float, y_mm: float, modifiers: Qt.KeyboardModifier) -> None:
        self.pressed.emit()
        self.act("press", self.pointer(x_mm, y_mm, modifiers))

    def _drag(self, x_mm: float, y_mm: float, modifiers: Qt.KeyboardModifier) -> None:
        self._modifiers = modifiers
        self.act("drag", self.pointer(x_mm, y_mm, modifiers))
        self._say(x_mm, y_mm)
        if self._view.turns_pages or not self._beyond():
            self._edge.stop()
        elif not self._edge.isActive():
            self._edge.start()

    def _release(self, x_mm: float, y_mm: float, modifiers: Qt.KeyboardModifier) -> None:
        self._edge.stop()
        self.act("release", self.pointer(x_mm, y_mm, modifiers))
        self.let_go.emit()

    def _beyond(self) -> float:
        """Pixels by which the pointer is past the traces: negative to the left, 0 inside."""
        x = self._paper.mapFromGlobal(QCursor.pos()).x()
        left, right = GUTTER_MM * self._view.scale, self._paper.width() - 12
        return min(0.0, x - left) if x < right else x - right

    def _scroll_at_edge(self) -> None:
        beyond = self._beyond()
        if not beyond:
            self._edge.stop()
            return
        self._view.pan(-beyond * EDGE_SHARE / self._view.scale, 0)
        self._paper.refresh()
        at = self._paper.mapFromGlobal(QCursor.pos())
        self.act("drag", self.pointer(*self._paper.mm(QPointF(at)), self._modifiers))

    def _hover(self, x_mm: float, y_mm: float, modifiers: Qt.KeyboardModifier) -> None:
        self._say(x_mm, y_mm)
        self._paper.viewport().setCursor(self._cursor(self.pointer(x_mm, y_mm, modifiers)))

    def _cursor(self, pointer: Pointer) -> Qt.CursorShape:
        tool = self.tool
        if isinstance(tool, EpisodeTool):
            grip = tool.grip_at(self._bench, pointer)
            return CURSORS[grip] if grip else Qt.CursorShape.ArrowCursor if pointer.track else Qt.CursorShape.CrossCursor
        if isinstance(tool, CalipersTool) and tool.grip_at(pointer):
            return Qt.CursorShape.SizeAllCursor
        return Qt.CursorShape.CrossCursor

    def _say(self, x_mm: float, y_mm: float) -> None:
        """Time, lead and the value of the sample there."""
        place = self._view.place(x_mm, y_mm)
        words = [clock(place.seconds)]
        if place.strip is not None:
            trace = self._view.traces[place.lead]
            value, unit = trace.at(place.seconds), place.strip.lead.unit if trace.own_scale else "mV"
            words.append(f"{place.lead} {value:.2f} {unit}" if value is not None else tr("{lead}: no signal", lead=place.lead))
        self.read_out.emit("   ".join(words))
