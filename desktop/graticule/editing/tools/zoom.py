"""Zoom: drag up to magnify about the point that was pressed (the right button does the same in every tool)."""

from typing import ClassVar

from graticule.domain.case import Kind
from graticule.editing.tools.look import IMAGES, LookTool
from graticule.editing.tools.tool import Bench, Pointer

DOUBLES_PER_PIXELS = 120.0


def factor_for(down_px: float) -> float:
    """How much a drag of so many pixels magnifies: 120 up is twice as large."""
    return float(2.0 ** (-down_px / DOUBLES_PER_PIXELS))


class ZoomTool(LookTool):
    name: ClassVar[str] = "zoom"
    title: ClassVar[str] = "Zoom"
    key: ClassVar[str] = "O"
    group: ClassVar[str] = "look"
    kinds: ClassVar[tuple[Kind, ...]] = IMAGES
    hint: ClassVar[str] = "Drag up to magnify where you pressed; the right button and Ctrl+wheel do so in every tool; F fits"

    def moved(self, bench: Bench, right_px: float, down_px: float, first: Pointer) -> None:
        if bench.view is not None:
            bench.view.zoom(factor_for(down_px), first.on_screen)
