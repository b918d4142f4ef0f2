"""What each key does on the ECG page. Keys typed into the code list never come here."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from graticule.editing.tools.calipers import CalipersTool
from graticule.editing.tools.episode import EpisodeTool
from graticule.editing.tools.tool import Tool
from graticule.presenters.ecg import EcgPresenter
from graticule.ui.ecg_tagging import Tagging

STEP_MM = 10.0
MODIFIERS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier


class EcgKeys:
    """escape, set_tool and moved are the page's; `press` returns whether the key was for this page."""

    def __init__(self, view: EcgPresenter, tagging: Tagging, tools: list[Tool], active: Callable[[], Tool],
                 set_tool: Callable[[str], None], moved: Callable[[], None], escape: Callable[[], None]) -> None:
        self._view, self._tagging, self._tools = view, tagging, tools
        self._active, self._set_tool, self._moved, self._escape = active, set_tool, moved, escape
        self._moves: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Left: lambda: view.turn(-1), Qt.Key.Key_Right: lambda: view.turn(1),
            Qt.Key.Key_Space: lambda: view.turn(1), Qt.Key.Key_Home: view.home, Qt.Key.Key_End: view.end,
            Qt.Key.Key_Up: lambda: view.pan(0, STEP_MM), Qt.Key.Key_Down: lambda: view.pan(0, -STEP_MM), Qt.Key.Key_0: view.fit}

    def press(self, event: QKeyEvent) -> bool:
        if event.modifiers() & MODIFIERS:
            return False
        key = event.key()
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return self._code(chr(key) if 32 <= key < 127 else "", at_once=True)
        return self._move(key) or self._edit(key) or self._tool(key) or self._code(event.text(), at_once=False)

    def _move(self, key: int) -> bool:
        if key in self._moves:
            self._moves[key]()
            self._moved()
        return key in self._moves

    def _edit(self, key: int) -> bool:
        selected = self._tagging.tool.selected
        if key == Qt.Key.Key_Escape:
            self._escape()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and selected:
            self._tagging.delete(selected)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and selected:
            self._tagging.ask_code_of(selected)
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self._tagging.step(1 if key == Qt.Key.Key_PageDown else -1)
        else:
            return False
        return True

    def _tool(self, key: int) -> bool:
        active = self._active()
        if key == Qt.Key.Key_M and isinstance(active, CalipersTool):
            active.toggle_march()
            self._moved()
            return True
        tool = next((tool for tool in self._tools if key == ord(tool.key)), None)
        if tool is not None:
            self._set_tool(tool.name)
        return tool is not None

    def _code(self, letter: str, *, at_once: bool) -> bool:
        return isinstance(self._active(), EpisodeTool) and self._tagging.code_key(letter, at_once=at_once)
