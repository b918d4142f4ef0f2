"""Pan: carry the image with the hand (the middle button does the same in every tool)."""

from typing import ClassVar

from graticule.domain.case import Kind
from graticule.editing.tools.look import IMAGES, LookTool
from graticule.editing.tools.tool import Bench, Pointer


class PanTool(LookTool):
    name: ClassVar[str] = "pan"
    title: ClassVar[str] = "Pan"
    key: ClassVar[str] = "P"
    group: ClassVar[str] = "look"
    kinds: ClassVar[tuple[Kind, ...]] = IMAGES
    hint: ClassVar[str] = "Drag to move the image; the middle button does so in every tool"

    def moved(self, bench: Bench, right_px: float, down_px: float, first: Pointer) -> None:
        if bench.view is not None:
            bench.view.pan(right_px, down_px)
