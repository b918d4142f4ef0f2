"""The keys that volumes and pictures share. A page's own keys come after them, the tools' letters last."""

import time
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

TAP_MS = 220
Key = Qt.Key


class ImageKeys:
    """page: an ImagePage; every key ends in one of its verbs."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._space_since = 0

    def press(self, event: QKeyEvent) -> bool:
        """True when the key was taken."""
        return self._common(event) or self._page.key(event) or self._tool(event)

    def release(self, event: QKeyEvent) -> bool:
        """Space let go: a tap swaps the last two tools, holding it only lent the hand for panning."""
        if event.key() != Key.Key_Space or event.isAutoRepeat():
            return False
        self._page.hand.give_back()
        if now_ms() - self._space_since < TAP_MS:
            self._page.hand.back()
        self._page.tool_taken()
        return True

    def _common(self, event: QKeyEvent) -> bool:
        key, page = event.key(), self._page
        if key == Key.Key_Escape:
            page.cancel()
        elif key in (Key.Key_Plus, Key.Key_Equal, Key.Key_Minus):
            page.zoom(-1 if key == Key.Key_Minus else 1)
        elif key == Key.Key_Delete:
            page.delete_under()
        elif not is_plain(event):
            return False
        elif key == Key.Key_Space:
            self._hold_space(event)
        elif Key.Key_0 <= key <= Key.Key_9:
            page.preset(key - Key.Key_0)
        elif key in (Key.Key_BracketLeft, Key.Key_BracketRight):
            page.resize_tool(1 if key == Key.Key_BracketRight else -1)
        elif key in (Key.Key_Z, Key.Key_Y):
            page.attempt(page.opened.workspace.undo if key == Key.Key_Z else page.opened.workspace.redo)
        elif key == Key.Key_F:
            page.current().view.fit()
        else:
            return False
        return True

    def _hold_space(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat():
            self._space_since = now_ms()
            self._page.hand.borrow("pan")
            self._page.current().follow_tool()

    def _tool(self, event: QKeyEvent) -> bool:
        for tool in self._page.hand.tools if is_plain(event) else ():
            if tool.key and event.key() == ord(tool.key.upper()):
                self._page.set_tool(tool.name)
                return True
        return False


def now_ms() -> int:
    return time.monotonic_ns() // 1_000_000


def is_plain(event: QKeyEvent) -> bool:
    """No modifier but Shift (capital letters) or the number pad."""
    allowed = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
    return not event.modifiers() & ~allowed
