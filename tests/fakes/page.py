"""The smallest page a window can show."""

from dataclasses import dataclass
from typing import Any, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from graticule.domain.case import Kind
from graticule.domain.viewing import Look
from graticule.presenters.open_case import OpenCase


@dataclass
class FakeTool:
    name: str
    title: str
    key: str
    group: str
    hint: str = "Drag does something"
    kinds: ClassVar[tuple[Kind, ...]] = tuple(Kind)
    options: Any = None


class FakePage(QWidget):
    """Remembers which keys came, and its window as view state."""

    status_changed = Signal(str)
    tool_changed = Signal(str)
    fidelity_changed = Signal(str)

    def __init__(self, opened: OpenCase, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.state: dict[str, Any] = dict(opened.view_state)
        self.keys: list[str] = []
        self.active_tool = "window"
        self.is_shut = False
        self.setFocusPolicy(self.focusPolicy().StrongFocus)
        QVBoxLayout(self).addWidget(QLabel("FAKE PAGE"))

    def tools(self) -> list[FakeTool]:
        return [FakeTool("length", "Length", "d", "measure"), FakeTool("window", "Window", "l", "look"),
                FakeTool("brush", "Brush", "b", "mark"), FakeTool("eraser", "Eraser", "e", "mark")]

    def set_tool(self, name: str) -> None:
        self.active_tool = name
        self.tool_changed.emit(name)

    def panels(self) -> list[tuple[str, QWidget]]:
        return [("Segments", QLabel("No segment yet"))]

    def view_state(self) -> dict[str, Any]:
        return dict(self.state)

    def looks(self) -> list[Look]:
        return []

    def hint(self) -> str:
        return f"Drag: {self.active_tool}  ·  Wheel: slice"

    def shutdown(self) -> None:
        self.is_shut = True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.keys.append(event.text())
        super().keyPressEvent(event)
