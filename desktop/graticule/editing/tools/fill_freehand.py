"""Fill freehand: drawn round a structure in one stroke; what it holds belongs to the segment."""

from typing import ClassVar

from graticule.editing.tools.measuring import apart
from graticule.editing.tools.outlining import LEAST, OutlineTool, line_of
from graticule.editing.tools.tool import Bench, Outline, Pointer


class FillFreehandTool(OutlineTool):
    name: ClassVar[str] = "fill-freehand"
    title: ClassVar[str] = "Fill freehand"
    key: ClassVar[str] = "Shift+D"
    hint: ClassVar[str] = "Draw round the structure in one stroke; it closes and fills where you let go; Ctrl takes away"

    def press(self, bench: Bench, pointer: Pointer) -> None:
        self.forget()
        self.begin(bench, pointer)
        self._placed.append(pointer)

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        self._live = pointer
        if self._placed and apart(self._placed[-1], pointer) > pointer.reach[0] / 8:
            self._placed.append(pointer)

    def release(self, bench: Bench, pointer: Pointer) -> None:
        self._live = pointer
        if len(self._placed) > LEAST:
            self.close(bench)
        self.forget()

    def way(self, live: Pointer) -> tuple[Outline, ...]:
        """Closed already by a straight line, as it will be where the hand lets go."""
        if len(self._placed) < 2:
            return ()
        return line_of(self.corners()), Outline((live.at, self._placed[0].at), style="guide")
