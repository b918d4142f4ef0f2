"""Livewire: an outline that clings to edges between the anchors."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from graticule.domain.geometry import Floats
from graticule.editing.tools.measuring import apart
from graticule.editing.tools.outlining import OutlineOptions, OutlineTool, line_of
from graticule.editing.tools.tool import Bench, Outline, Pointer
from graticule.imaging.livewire import Livewire, LivewireParameters
from graticule.imaging.plane_picture import PlanePicture, picture_of


@dataclass(frozen=True, slots=True)
class LivewireOptions(OutlineOptions):
    sharpness: float = field(default=2.0, metadata={"label": "Pull of edges", "low": 1.0, "high": 4.0})


class LivewireTool(OutlineTool):
    """Between two anchors lies the cheapest way along edges; each way is kept as it was when its anchor was set."""

    name: ClassVar[str] = "livewire"
    title: ClassVar[str] = "Livewire"
    key: ClassVar[str] = "Shift+W"
    hint: ClassVar[str] = ("Click on the edge, follow it and click now and then; a double click, Enter or a click on the first "
                           "anchor fills; Ctrl takes away; Backspace removes the last anchor")

    def __init__(self) -> None:
        super().__init__()
        self.options = LivewireOptions()
        self._picture: PlanePicture | None = None
        self._wire: Livewire | None = None
        self._ways: list[Floats] = []

    def corners(self) -> Floats:
        """Along the wire from anchor to anchor, and back to the first."""
        return np.vstack([*self._ways, self._way_to(np.array(self._placed[0].at))]) if self._ways else super().corners()

    def press(self, bench: Bench, pointer: Pointer) -> None:
        self.begin(bench, pointer)
        if self.closes(pointer):
            self.close(bench)
        elif not self._placed or apart(self._placed[-1], pointer) > pointer.reach[0] / 2:
            if self._placed:
                self._ways.append(self._way_to(np.array(pointer.at)))
            self._placed.append(pointer)
            self._start(bench, pointer)

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        self._live = pointer

    def release(self, bench: Bench, pointer: Pointer) -> None:
        self._live = pointer

    def closes(self, pointer: Pointer) -> bool:
        """Two ways hold an area already: they are no straight lines."""
        return len(self._placed) > 1 and (super().closes(pointer) or apart(self._placed[-1], pointer) <= pointer.reach[0] / 2)

    def take_back(self, bench: Bench) -> None:
        super().take_back(bench)
        self._ways = self._ways[:max(0, len(self._placed) - 1)]
        if self._placed:
            self._start(bench, self._placed[-1])

    def changed(self, bench: Bench) -> None:
        """Another pull: from the last anchor on."""
        self._wire = None
        if self._placed:
            self._start(bench, self._placed[-1])

    def forget(self) -> None:
        super().forget()
        self._ways, self._picture, self._wire = [], None, None

    def way(self, live: Pointer) -> tuple[Outline, ...]:
        if not self._placed:
            return ()
        whole = np.vstack([*self._ways, self._way_to(np.array(live.at))])
        return line_of(whole), Outline(tuple(pointer.at for pointer in self._placed), style="handle")

    def _start(self, bench: Bench, pointer: Pointer) -> None:
        """Every way from this anchor is known after this."""
        at, plane = np.array(pointer.at), pointer.plane
        if plane is None:
            return
        if self._picture is None or self._picture.near_border(at):
            self._picture = picture_of(bench.canvas.voxels, bench.canvas.grid, at, plane.right, plane.down)
            self._wire = None
        if self._wire is None:
            self._wire = Livewire(self._picture.values, LivewireParameters(self.options.sharpness))
        self._wire.start(self._picture.pixel(at))

    def _way_to(self, at: Floats) -> Floats:
        """(n, 3) mm from the last anchor to a point: through pixel centres, its ends where the hand was."""
        first = np.array(self._placed[-1].at)
        if self._wire is None or self._picture is None or not self._picture.holds(at):
            return np.stack([first, at])
        path = self._wire.to(self._picture.pixel(at))
        inner = self._picture.points(path[1:-1, ::-1] + 0.5)
        return np.vstack([first[None], inner, at[None]])
