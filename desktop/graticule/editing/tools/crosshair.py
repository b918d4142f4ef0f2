"""Crosshair: point at a place, and every view shows it."""

from typing import ClassVar

from graticule.domain.case import Kind
from graticule.editing.tools.look import LookTool
from graticule.editing.tools.tool import Bench, Pointer


class CrosshairTool(LookTool):
    name: ClassVar[str] = "crosshair"
    title: ClassVar[str] = "Crosshair"
    key: ClassVar[str] = "X"
    group: ClassVar[str] = "look"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.VOLUME,)
    hint: ClassVar[str] = "Click or drag: all views go to that point; Shift+move does so in every tool"

    def press(self, bench: Bench, pointer: Pointer) -> None:
        super().press(bench, pointer)
        self._go(bench, pointer)

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        if self._last is not None:
            self._go(bench, pointer)

    def _go(self, bench: Bench, pointer: Pointer) -> None:
        if bench.view is not None:
            bench.view.look_at(pointer.at)
