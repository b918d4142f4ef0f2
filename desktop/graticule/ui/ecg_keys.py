"""What each named action does on the ECG page. Keys typed into the code list never come here."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from graticule.editing.tools.calipers import CalipersTool
from graticule.editing.tools.episode import EpisodeTool
from graticule.editing.tools.tool import Tool
from graticule.presenters.ecg import EcgPresenter
from graticule.ui.ecg_acts import EcgActs
from graticule.ui.ecg_tagging import Tagging
from graticule.ui.keys import acts_of

STEP_MM = 10.0
ZOOM_STEP = 1.2
HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
MODIFIERS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier


class EcgKeys:
    """escape, set_tool and moved are the page's; `press` returns whether the key was for this page. more: further actions."""

    def __init__(self, view: EcgPresenter, tagging: Tagging, acts: EcgActs, tools: list[Tool], active: Callable[[], Tool],
                 set_tool: Callable[[str], None], moved: Callable[[], None], escape: Callable[[], None],
                 more: Mapping[str, Callable[[], object]] | None = None) -> None:
        self._view, self._tagging, self._tools = view, tagging, tools
        self._active, self._set_tool, self._moved = active, set_tool, moved
        self._acts = acts
        self._moves: dict[str, Callable[[], None]] = {
            "ecg.previous-page": lambda: view.turn(-1), "ecg.next-page": lambda: view.turn(1), "ecg.start": view.home,
            "ecg.end": view.end, "ecg.up": lambda: view.pan(0, STEP_MM), "ecg.down": lambda: view.pan(0, -STEP_MM),
            "ecg.standard": view.fit, "ecg.zoom-in": partial(self._zoom, ZOOM_STEP),
            "ecg.zoom-out": partial(self._zoom, 1 / ZOOM_STEP)}
        self._edits: dict[str, Callable[[], object]] = {
            "ecg.cancel": escape, "ecg.delete": lambda: acts.remove_beat() or self._with_selected(tagging.delete),
            "ecg.code": lambda: acts.ask() or self._with_selected(tagging.ask_code_of),
            "ecg.next-episode": lambda: tagging.step(1),
            "ecg.previous-episode": lambda: tagging.step(-1), "ecg.march": self._march, **acts.by_name(), **(more or {})}

    def press(self, event: QKeyEvent) -> bool:
        """A key that is bound does its action; any other letter is a code for the episode in hand."""
        if not event.modifiers() & HELD and self._acts.letter(event.text()):
            return True
        if any(self.perform(name) for name in acts_of(event, "ecg", "tool")):
            return True
        if event.modifiers() & MODIFIERS:
            return False
        key = event.key()
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return self._code(chr(key) if 32 <= key < 127 else "", at_once=True)
        return self._code(event.text(), at_once=False)

    def perform(self, name: str) -> bool:
        """Do an action by its name; False when this page does not have it or it does not fit now."""
        if name in self._moves:
            self._moves[name]()
            self._moved()
            return True
        if name in self._edits:
            return self._edits[name]() is not False
        tool = next((tool for tool in self._tools if name == f"tool.{tool.name}"), None)
        if tool is not None:
            self._set_tool(tool.name)
        return tool is not None

    def can(self, name: str) -> bool:
        return name in self._moves or name in self._edits

    def _zoom(self, factor: float) -> None:
        view = self._view
        view.zoom(factor, view.left_mm, view.top_mm)

    def _with_selected(self, act: Callable[[str], object]) -> bool:
        selected = self._tagging.tool.selected
        if selected:
            act(selected)
        return bool(selected)

    def _march(self) -> bool:
        active = self._active()
        if not isinstance(active, CalipersTool):
            return False
        active.toggle_march()
        self._moved()
        return True

    def _code(self, letter: str, *, at_once: bool) -> bool:
        return isinstance(self._active(), EpisodeTool) and self._tagging.code_key(letter, at_once=at_once)
