"""Fill polygon: corner by corner; what it holds belongs to the segment."""

from typing import ClassVar

from graticule.editing.tools.measuring import apart
from graticule.editing.tools.outlining import OutlineTool
from graticule.editing.tools.tool import Bench, Pointer


class FillPolygonTool(OutlineTool):
    name: ClassVar[str] = "fill-polygon"
    title: ClassVar[str] = "Fill polygon"
    key: ClassVar[str] = "Shift+P"
    hint: ClassVar[str] = ("Click corner by corner; a double click, Enter or a click on the first corner fills it; Ctrl takes "
                           "away; Backspace removes the last corner")

    def press(self, bench: Bench, pointer: Pointer) -> None:
        self.begin(bench, pointer)
        if self.closes(pointer):
            self.close(bench)
        elif not self._placed or apart(self._placed[-1], pointer) > pointer.reach[0] / 2:
            self._placed.append(pointer)

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        self._live = pointer

    def release(self, bench: Bench, pointer: Pointer) -> None:
        """Where a drag ends is a corner too."""
        self._live = pointer
        if self._placed and apart(self._placed[-1], pointer) > max(pointer.reach):
            self._placed.append(pointer)
