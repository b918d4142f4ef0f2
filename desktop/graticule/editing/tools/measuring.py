"""What the measuring tools share: points placed by drags or clicks, a live preview, and old marks moved by their handles."""

from typing import Any, ClassVar

import numpy as np

from graticule.domain.case import Kind
from graticule.domain.edits import ElementChange
from graticule.domain.elements import Region
from graticule.domain.geometry import Floats
from graticule.editing.tools.look import NoOptions
from graticule.editing.tools.marks import Held, amount_of, changed, held_under, image_of, new_mark, titled, with_unit
from graticule.editing.tools.tool import Bench, Outline, Pointer
from graticule.imaging.lengths import from_stored, to_stored
from graticule.imaging.measure import measure
from graticule.imaging.shapes import handles, outlines

OFF_PLANE_MM = 0.01


class MeasureTool:
    """A shape of `needs` points. Points numbered in `starts` are placed by a press, the others where the hand lets go.

    So both ways of drawing work: press, drag, release; and click, move, click. Pressing on an old mark moves it (with Alt a
    new one begins all the same).
    """

    shape: ClassVar[str] = ""
    needs: ClassVar[int] = 2
    starts: ClassVar[tuple[int, ...]] = (0,)
    one_plane: ClassVar[bool] = True
    group: ClassVar[str] = "measure"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.VOLUME, Kind.IMAGE)
    options: Any = NoOptions()

    def __init__(self) -> None:
        self._placed: list[Pointer] = []
        self._live: Pointer | None = None
        self._held: Held | None = None
        self._under: Held | None = None
        self._label = ""

    # --- for subclasses ---------------------------------------------------------------------------------------------

    def points(self, placed: list[Pointer]) -> Floats:
        """(n, d) points of the mark, from the places the hand has been at (the last may be where it is now)."""
        return np.array([pointer.at for pointer in placed], dtype=np.float64)

    # --- gestures ---------------------------------------------------------------------------------------------------

    def press(self, bench: Bench, pointer: Pointer) -> None:
        if self._placed and self.one_plane and not in_plane(self._placed[0], pointer):
            self._placed.clear()
        if not self._placed and not pointer.alt:
            self._held = held_under(bench, pointer)
        if self._held is None and len(self._placed) in self.starts:
            self._placed.append(pointer)
        self._live = pointer

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        if self._held is not None:
            self._carry(bench, self._held, pointer)
        else:
            self._follow(bench, pointer)

    def release(self, bench: Bench, pointer: Pointer) -> None:
        held = self._held
        if held is not None:
            self._let_go(bench, held, pointer)
            return
        if self._placed and apart(self._placed[-1], pointer) > max(pointer.reach[0] / 2, 1e-6):
            self._placed.append(pointer)
        self._follow(bench, pointer)
        if len(self._placed) >= self.needs:
            self._finish(bench)

    def hover(self, bench: Bench, pointer: Pointer | None) -> None:
        self._under = None
        if pointer is None:
            self._live = None if not self._placed else self._live
        elif self._placed and (not self.one_plane or in_plane(self._placed[0], pointer)):
            self._follow(bench, pointer)
        elif not self._placed:
            self._under = held_under(bench, pointer)

    def cancel(self, bench: Bench) -> None:
        self._forget()
        bench.workspace.cancel()

    def preview(self) -> tuple[Outline, ...]:
        if self._under is not None and not self._placed:
            return grips_of(self._under.region)
        if not self._placed or self._live is None:
            return ()
        return sketch(self.shape, self.points(self._with_live()), self._label)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _with_live(self) -> list[Pointer]:
        """What is placed and, when a point is still missing, where the hand is."""
        if self._live is None or len(self._placed) >= self.needs or apart(self._placed[-1], self._live) < 1e-9:
            return self._placed
        return [*self._placed, self._live]

    def _follow(self, bench: Bench, pointer: Pointer) -> None:
        self._live = pointer
        if not self._placed:
            return
        places = self._with_live()
        self._label = ""
        if len(places) == self.needs:
            found = measure(self.shape, to_stored(self.points(places)), image_of(bench))
            self._label = with_unit(found.value, found.unit)

    def _finish(self, bench: Bench) -> None:
        placed = self._placed
        self._forget()
        plane = placed[0].plane
        mark = new_mark(bench, self.shape, self.points(placed), plane.slab_mm if plane is not None else 0.0)
        bench.workspace.set(titled("Measure", mark), mark)

    def _carry(self, bench: Bench, held: Held, pointer: Pointer) -> None:
        bench.workspace.cancel()
        bench.workspace.stage(ElementChange.replace(held.region, changed(bench, held, pointer)))

    def _let_go(self, bench: Bench, held: Held, pointer: Pointer) -> None:
        self._carry(bench, held, pointer)
        self._forget()
        after = bench.workspace.labels.get(Region, held.region.id)
        bench.workspace.commit(f"{titled('Change', held.region).removesuffix(amount_of(held.region)).strip()}"
                               f"{' to ' + amount_of(after) if after and amount_of(after) else ''}")

    def _forget(self) -> None:
        self._placed, self._live, self._held, self._under, self._label = [], None, None, None, ""


def apart(one: Pointer, two: Pointer) -> float:
    if len(one.at) != len(two.at):
        return float("inf")
    return float(np.linalg.norm(np.subtract(one.at, two.at)))


def in_plane(first: Pointer, pointer: Pointer) -> bool:
    """Whether the hand is still on the slice or frame where it began."""
    if len(first.at) != len(pointer.at):
        return False
    if first.plane is None:
        return len(first.at) < 3 or first.at[2] == pointer.at[2]
    return abs(float(np.subtract(pointer.at, first.at) @ first.plane.normal)) < OFF_PLANE_MM


def sketch(shape: str, points: Floats, label: str = "", style: str = "mark") -> tuple[Outline, ...]:
    """The strokes of a shape, with the label beside the first; also of one that lacks points yet."""
    return tuple(Outline(as_places(stroke), closed, label=label if at == 0 else "", style=style)
                 for at, (stroke, closed) in enumerate(outlines(shape, points)) if len(stroke))


def grips_of(region: Region) -> tuple[Outline, ...]:
    """The handles of a mark, as small squares."""
    grips = handles(region.shape, from_stored(region.points))
    if not len(grips):
        return ()
    return (Outline(as_places(grips), style="handle"),)


def as_places(points: Floats) -> tuple[tuple[float, ...], ...]:
    """(n, d) points as an Outline holds them."""
    return tuple(tuple(float(v) for v in point) for point in points)
