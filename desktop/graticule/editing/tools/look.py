"""What the tools share that change only how we look: no label is touched, nothing is committed."""

from dataclasses import dataclass
from typing import Any

from graticule.domain.case import Kind
from graticule.editing.tools.tool import Bench, Outline, Pointer

IMAGES = (Kind.VOLUME, Kind.IMAGE)


@dataclass(frozen=True, slots=True)
class NoOptions:
    """A tool without choices."""


class LookTool:
    """Passes each step of the drag, in screen pixels, to `moved`."""

    options: Any = NoOptions()

    def __init__(self) -> None:
        self._last: Pointer | None = None
        self._first: Pointer | None = None

    def press(self, bench: Bench, pointer: Pointer) -> None:
        self._first = self._last = pointer

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        if self._last is None or self._first is None:
            return
        right, down = (new - old for new, old in zip(pointer.on_screen, self._last.on_screen, strict=True))
        if right or down:  # a click alone changes nothing: a preset keeps its name
            self.moved(bench, right, down, self._first)
        self._last = pointer

    def release(self, bench: Bench, pointer: Pointer) -> None:
        self.drag(bench, pointer)
        self._first = self._last = None

    def hover(self, bench: Bench, pointer: Pointer | None) -> None:
        return None

    def cancel(self, bench: Bench) -> None:
        self._first = self._last = None

    def preview(self) -> tuple[Outline, ...]:
        return ()

    def moved(self, bench: Bench, right_px: float, down_px: float, first: Pointer) -> None:
        """One step of the drag that began at `first`; tools that go by `at` alone leave it out."""
