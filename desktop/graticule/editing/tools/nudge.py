"""Nudge: move what lies over the case with the hand, until the two fit."""

from typing import ClassVar, Protocol, runtime_checkable

from graticule.domain.case import Kind
from graticule.editing.tools.look import LookTool
from graticule.editing.tools.tool import Bench, Pointer


@runtime_checkable
class Nudged(Protocol):
    """A view with another series over it. Steps in the view's pixels."""

    def nudge(self, start: tuple[float, float], end: tuple[float, float], *, turn: bool) -> None: ...

    def nudged(self) -> None:
        """The hand rests."""
        ...


class NudgeTool(LookTool):
    name: ClassVar[str] = "nudge"
    title: ClassVar[str] = "Nudge the series above"
    key: ClassVar[str] = ""
    group: ClassVar[str] = "look"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.VOLUME,)
    hint: ClassVar[str] = "Drag: the series above moves; Alt+drag turns it about the crosshair; Ctrl+Z takes it back"

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        view = _nudged(bench.view)
        if self._last is None or view is None:
            return
        view.nudge(self._last.on_screen, pointer.on_screen, turn=pointer.alt)
        self._last = pointer

    def release(self, bench: Bench, pointer: Pointer) -> None:
        super().release(bench, pointer)
        view = _nudged(bench.view)
        if view is not None:
            view.nudged()

    def cancel(self, bench: Bench) -> None:
        if self._last is not None:
            bench.workspace.cancel()
        super().cancel(bench)


def _nudged(view: object) -> Nudged | None:
    """Only a view with something over it can be nudged."""
    return view if isinstance(view, Nudged) else None
