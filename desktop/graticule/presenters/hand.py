"""The hand over an image: which tool it holds, and how what it does reaches that tool."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from graticule.domain.errors import GraticuleError
from graticule.editing.tools.strokes import resized
from graticule.editing.tools.tool import Bench, Outline, Pointer, Tool, View


class Hand:
    """trouble: is told why a gesture was refused; the gesture is then taken back, nothing is half done."""

    def __init__(self, tools: Sequence[Tool], bench: Bench, trouble: Callable[[GraticuleError], None]) -> None:
        self.tools = list(tools)
        self.bench = bench
        self.pressed = False
        self._trouble = trouble
        self._tool = self.tools[0]
        self._before = self.tools[0]
        self._borrowed: Tool | None = None

    @property
    def tool(self) -> Tool:
        """What a press would use now."""
        return self._borrowed or self._tool

    @property
    def chosen(self) -> Tool:
        """What the palette shows as active."""
        return self._tool

    def choose(self, name: str) -> bool:
        """Take the tool of this name; False when there is none or it is in the hand already."""
        found = self.find(name)
        if found is None or found is self._tool:
            return False
        self.cancel()
        self._call("put_away")
        self._before, self._tool = self._tool, found
        return True

    def back(self) -> None:
        """The tool before this one: the last two change places."""
        self.choose(self._before.name)

    def borrow(self, name: str) -> None:
        """Hold another tool for a moment (a key is held)."""
        if not self.pressed:
            self.tool.hover(self.bench, None)
            self._borrowed = self.find(name)

    def give_back(self) -> None:
        self._borrowed = None

    def find(self, name: str) -> Tool | None:
        return next((tool for tool in self.tools if tool.name == name), None)

    def press(self, view: View, pointer: Pointer) -> None:
        self.pressed = True
        self._do(view, pointer, self.tool.press)

    def drag(self, view: View, pointer: Pointer) -> None:
        if self.pressed:
            self._do(view, pointer, self.tool.drag)

    def release(self, view: View, pointer: Pointer) -> None:
        if self.pressed:
            self._do(view, pointer, self.tool.release)
        self.pressed = False

    def hover(self, view: View, pointer: Pointer | None) -> None:
        self.bench.view = view
        self.tool.hover(self.bench, pointer)

    def cancel(self) -> None:
        """Esc: as if the hand had not pressed, and nothing were proposed."""
        self.pressed = False
        self.tool.cancel(self.bench)
        self.bench.thinking.stop()
        self.bench.proposals.drop()

    def finish(self) -> None:
        """Enter: what is proposed is taken; else a mark that grows by clicks is complete."""
        if self.bench.proposals.now is not None:
            self.accept()
            return
        try:
            self._call("finish")
        except GraticuleError as error:
            self.tool.cancel(self.bench)
            self._trouble(error)

    def accept(self) -> None:
        try:
            self.bench.proposals.accept()
        except GraticuleError as error:
            self._trouble(error)

    def wheel(self, view: View, steps: float) -> bool:
        """The plain wheel; True when the tool walks with it instead of the slices."""
        self.bench.view = view
        return bool(self._call("wheel", steps))

    def act(self, name: str) -> None:
        """A button below the tool's options."""
        self._attempt(lambda: self._call("act", name))

    def options_changed(self) -> None:
        self._attempt(lambda: self._call("changed"))

    def labels_changed(self) -> None:
        """After an act or an undo: what the tool shows may rest on labels that are others now."""
        self._attempt(lambda: self._call("labels_changed"))

    def put_away(self) -> None:
        """The case is left."""
        self.cancel()
        self._call("put_away")

    def _call(self, verb: str, *more: object) -> object:
        """What the tool in the hand answers, None when it has no such verb."""
        said = getattr(self.tool, verb, None)
        return said(self.bench, *more) if said is not None else None

    def _attempt(self, step: Callable[[], object]) -> None:
        try:
            step()
        except GraticuleError as error:
            self._trouble(error)

    def preview(self) -> tuple[Outline, ...]:
        return self.tool.preview()

    def resize(self, steps: float) -> bool:
        """Larger or smaller brush; False when the tool has no size."""
        options = self.tool.options
        if not hasattr(options, "radius_mm"):
            return False
        self.tool.options = replace(options, radius_mm=resized(options.radius_mm, steps))
        return True

    def _do(self, view: View, pointer: Pointer, step: Callable[[Bench, Pointer], None]) -> None:
        self.bench.view = view
        try:
            step(self.bench, pointer)
        except GraticuleError as error:
            self.pressed = False
            self.tool.cancel(self.bench)
            self._trouble(error)
