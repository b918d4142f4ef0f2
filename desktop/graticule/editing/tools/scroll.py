"""Scroll: drag through slices or frames, as in a PACS where the left button scrolls."""

from typing import ClassVar

from graticule.domain.case import Kind
from graticule.editing.tools.look import IMAGES, LookTool
from graticule.editing.tools.tool import Bench, Pointer

PIXELS_PER_SLICE = 6.0


class ScrollTool(LookTool):
    name: ClassVar[str] = "scroll"
    title: ClassVar[str] = "Scroll"
    key: ClassVar[str] = "S"
    group: ClassVar[str] = "look"
    kinds: ClassVar[tuple[Kind, ...]] = IMAGES
    hint: ClassVar[str] = "Drag down or up to go through the slices"

    def __init__(self) -> None:
        super().__init__()
        self._rest = 0.0

    def press(self, bench: Bench, pointer: Pointer) -> None:
        super().press(bench, pointer)
        self._rest = 0.0

    def moved(self, bench: Bench, right_px: float, down_px: float, first: Pointer) -> None:
        """Whole slices at once; what is left of a movement counts with the next."""
        self._rest += down_px / PIXELS_PER_SLICE
        steps = int(self._rest)
        self._rest -= steps
        if steps and bench.view is not None:
            bench.view.scroll(steps)
