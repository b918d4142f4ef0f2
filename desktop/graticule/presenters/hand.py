"""The hand over an image: which tool it holds, and how what it does reaches that tool."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from graticule.domain.errors import GraticuleError
from graticule.editing.tools.on_canvas import on_canvas, on_picture, paints
from graticule.editing.tools.strokes import resized
from graticule.editing.tools.tool import Bench, Outline, Pointer, Tool, View
from graticule.presenters.tool_sizes import lengths_of


class Hand:
    """trouble: is told why a gesture was refused; the gesture is then taken back, nothing is half done."""

    def __init__(self, tools: Sequence[Tool], bench: Bench, trouble: Callable[[GraticuleError], None]) -> None:
        self.tools = list(tools)
        self.bench = bench
        self.pressed = False
        self.lengths = lengths_of(bench.content)
        self._trouble = trouble
        self._tool = self.tools[0]
        self._before = self.tools[0]
        self._borrowed: Tool | None = None
        self._soon = False

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
        self._attempt(lambda: self._call("taken"))
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
        self.tool.hover(self.bench, pointer if pointer is None else self._placed(view, pointer))

    def cancel(self) -> None:
        """Esc: as if the hand had not pressed, and nothing were proposed."""
        self.pressed = self._soon = False
        self.tool.cancel(self.bench)
        self.bench.thinking.stop()
        self.bench.proposals.drop()

    def finish(self) -> None:
        """Enter: what is proposed is taken; else a mark that grows by clicks is complete."""
        if self.bench.proposals.now is not None:
            self.accept()
            return
        if self.bench.proposals.sketched is not None:
            self._soon = True
            return
        try:
            self._call("finish")
        except GraticuleError as error:
            self.tool.cancel(self.bench)
            self._trouble(error)

    def take_back(self) -> None:
        """Backspace: of a mark that grows by clicks, the last goes."""
        self._attempt(lambda: self._call("take_back"))

    def accept(self) -> None:
        """What is shown becomes the label; what was still being thought about it is given up."""
        proposals, now = self.bench.proposals, self.bench.proposals.now
        self.bench.thinking.stop()
        if now is None or not now.large:
            self._attempt(proposals.accept)
            return
        self.bench.thinking.ask(lambda progress: proposals.changes(now),
                                lambda changes: self._attempt(lambda: proposals.take(now, changes)), now.title)

    def proposal_changed(self) -> None:
        """Enter came before the proposal was there: it is taken as soon as it is."""
        if self._soon and self.bench.proposals.now is not None:
            self._soon = False
            self.accept()

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
        outlines = self.tool.preview()
        return tuple(on_picture(self.bench, outline) for outline in outlines) if paints(self.tool) else outlines

    def _placed(self, view: View, pointer: Pointer) -> Pointer:
        """Where the tool in the hand takes its pointers: painting tools on the canvas, all others as the view gives them."""
        return on_canvas(self.bench, pointer, view) if paints(self.tool) else pointer

    def resize(self, steps: float) -> bool:
        """Larger or smaller brush, or what else the tool walks with; False when there is nothing of the kind."""
        options = self.tool.options
        if not hasattr(options, "radius_mm"):
            return bool(self._call("wheel", steps))
        self.tool.options = replace(options, radius_mm=resized(options.radius_mm, steps, self.lengths.stretch))
        return True

    def _do(self, view: View, pointer: Pointer, step: Callable[[Bench, Pointer], None]) -> None:
        self.bench.view = view
        try:
            step(self.bench, self._placed(view, pointer))
        except GraticuleError as error:
            self.pressed = False
            self.tool.cancel(self.bench)
            self._trouble(error)
