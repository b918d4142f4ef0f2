"""Window: drag across for contrast, along for brightness."""

from typing import ClassVar

from graticule.domain.case import Kind
from graticule.editing.tools.look import IMAGES, LookTool
from graticule.editing.tools.tool import Bench, Pointer


class WindowTool(LookTool):
    name: ClassVar[str] = "window"
    title: ClassVar[str] = "Window"
    key: ClassVar[str] = "L"
    group: ClassVar[str] = "look"
    kinds: ClassVar[tuple[Kind, ...]] = IMAGES
    hint: ClassVar[str] = "Drag across for contrast, along for brightness; 1–9 presets; 0 resets"

    def moved(self, bench: Bench, right_px: float, down_px: float, first: Pointer) -> None:
        if bench.view is not None:
            bench.view.change_window(right_px, down_px)
