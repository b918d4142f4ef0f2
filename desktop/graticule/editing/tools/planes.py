"""Rotate planes: hold the lines of the other planes and turn, shift or thicken them (oblique and double-oblique views)."""

from typing import ClassVar, Protocol, runtime_checkable

from graticule.domain.case import Kind
from graticule.editing.tools.look import LookTool
from graticule.editing.tools.tool import Bench, Pointer


@runtime_checkable
class Turnable(Protocol):
    """A view that shows lines of other planes with handles. Positions in the view's pixels."""

    def hold(self, on_screen: tuple[float, float], *, alone: bool) -> bool: ...

    def drag_held(self, on_screen: tuple[float, float]) -> None: ...

    def let_go(self) -> None: ...


class PlanesTool(LookTool):
    name: ClassVar[str] = "planes"
    title: ClassVar[str] = "Rotate planes"
    key: ClassVar[str] = "T"
    group: ClassVar[str] = "look"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.VOLUME,)
    hint: ClassVar[str] = ("Drag a line's end to turn the planes (Alt: only this one), its middle to shift it, a square for a "
                           "slab; Shift+T straightens")

    def __init__(self) -> None:
        super().__init__()
        self._held = False

    def press(self, bench: Bench, pointer: Pointer) -> None:
        super().press(bench, pointer)
        planes = _turnable(bench.view)
        self._held = planes is not None and planes.hold(pointer.on_screen, alone=pointer.alt)
        if not self._held and bench.view is not None:
            bench.view.look_at(pointer.at)

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        planes = _turnable(bench.view)
        if self._last is None or bench.view is None:
            return
        if self._held and planes is not None:
            planes.drag_held(pointer.on_screen)
        else:
            bench.view.look_at(pointer.at)

    def release(self, bench: Bench, pointer: Pointer) -> None:
        super().release(bench, pointer)
        self.cancel(bench)

    def cancel(self, bench: Bench) -> None:
        super().cancel(bench)
        planes = _turnable(bench.view)
        if self._held and planes is not None:
            planes.let_go()
        self._held = False


def _turnable(view: object) -> Turnable | None:
    """Pictures have no planes to turn."""
    return view if isinstance(view, Turnable) else None
