"""The planes of one volume as a set: turned about the point they share by the handles on their lines, and thickened to slabs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np

from graticule.domain.geometry import Floats
from graticule.imaging.orientation import Axes
from graticule.imaging.slab import LEAST_MM, Slab
from graticule.presenters.plane_view import PlaneView

# Handles stand this far from the crosshair, as shares of the view's smaller side.
TURN_AT, SLAB_AT = 0.36, 0.2
REACH_PX = 9.0
# Where a plane has no slab yet, its handles wait this far from the line; closer than half of it means no slab.
NO_SLAB_PX = 12.0


class Grip(StrEnum):
    """What a hand can hold of another plane's line."""

    TURN = "turn"
    SLAB = "slab"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class PlaneHandle:
    """A place on the screen to hold: of the line of the view named `of`."""

    grip: Grip
    of: str
    x: float
    y: float


@dataclass(frozen=True, eq=False)
class SlabEdge:
    """Where the surface of another plane's slab cuts a view: a point of the line beside the crosshair, and its direction."""

    of: str
    x: float
    y: float
    along_x: float
    along_y: float


class Shared(Protocol):
    """What the set asks of the presenter of the volume."""

    views: dict[str, PlaneView]
    cursor: Floats

    def move_cursor(self, at_mm: Floats) -> None: ...

    def lines_from(self, view: PlaneView) -> list[PlaneView]:
        """One view of each other plane that stands on the screen."""
        ...

    def planes_changed(self, views: Iterable[str]) -> None:
        """These views show another plane; the others only other lines."""
        ...


@dataclass(slots=True)
class _Held:
    handle: PlaneHandle
    view: PlaneView
    alone: bool
    x: float
    y: float


class LinkedPlanes:
    """Views of one plane (with and without another series over it) turn together; planes keep their angles to each other
    unless one is turned alone."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._held: _Held | None = None

    # --- what is drawn ----------------------------------------------------------------------------------------------

    def handles(self, view: PlaneView) -> tuple[PlaneHandle, ...]:
        """Where the other planes' lines can be held in a view, ends first."""
        found: list[PlaneHandle] = []
        for other in self._shared.lines_from(view):
            line = view.cut_by(other)
            if line is None:
                continue
            (x, y), (along_x, along_y) = view.crosshair(), line
            far, near = (min(view.width, view.height) * share for share in (TURN_AT, SLAB_AT))
            found += [PlaneHandle(Grip.TURN, other.name, x + sign * far * along_x, y + sign * far * along_y) for sign in (1, -1)]
            away = max(self._half_px(view, other), NO_SLAB_PX)
            found += [PlaneHandle(Grip.SLAB, other.name, x + near * along_x - sign * away * along_y,
                                  y + near * along_y + sign * away * along_x) for sign in (1, -1)]
        return tuple(sorted(found, key=lambda handle: handle.grip is Grip.SLAB))

    def slab_edges(self, view: PlaneView) -> tuple[SlabEdge, ...]:
        """Where the slabs of the other planes end in a view."""
        edges: list[SlabEdge] = []
        for other in self._shared.lines_from(view):
            line, half = view.cut_by(other), self._half_px(view, other)
            if line is None or other.slab is None:
                continue
            (x, y), (along_x, along_y) = view.crosshair(), line
            edges += [SlabEdge(other.name, x - sign * half * along_y, y + sign * half * along_x, along_x, along_y)
                      for sign in (1, -1)]
        return tuple(edges)

    @property
    def turned(self) -> bool:
        return any(view.turned for view in self._shared.views.values())

    # --- the hand ---------------------------------------------------------------------------------------------------

    def hold(self, view: PlaneView, x: float, y: float, *, alone: bool = False) -> bool:
        """Take what lies under the pointer; False when nothing does. alone: turn one plane, not both."""
        handle = self.under(view, x, y)
        self._held = None if handle is None else _Held(handle, view, alone, x, y)
        return handle is not None

    def under(self, view: PlaneView, x: float, y: float) -> PlaneHandle | None:
        near = [(distance, handle) for handle in self.handles(view)
                if (distance := float(np.hypot(handle.x - x, handle.y - y))) <= REACH_PX]
        if near:
            return min(near, key=lambda pair: pair[0])[1]
        return self._line_under(view, x, y)

    def drag(self, x: float, y: float) -> None:
        held = self._held
        if held is None:
            return
        if held.handle.grip is Grip.TURN:
            self._turn_to(held, x, y)
        elif held.handle.grip is Grip.SLAB:
            self._thicken_to(held, x, y)
        else:
            self._shift(held, x, y)
        held.x, held.y = x, y

    def let_go(self) -> None:
        self._held = None

    # --- what can be asked ------------------------------------------------------------------------------------------

    def turn(self, view: PlaneView, degrees: float, only: str = "") -> None:
        """Turn the other planes, clockwise as `view` shows them, about the shared point. only: the one of this name."""
        axis = np.cross(view.axes.right, view.axes.down)
        of = self._shared.views[only].axes.name if only else ""
        new = {name: other.axes.turned(axis, degrees) for name, other in self._shared.views.items()
               if other.axes.name != view.axes.name and (not of or other.axes.name == of)}
        self.set_axes(new)

    def set_axes(self, axes: dict[str, Axes]) -> None:
        """Give views other directions, through the shared point."""
        for name, wanted in axes.items():
            self._shared.views[name].set_axes(wanted)
        self._shared.planes_changed(axes)

    def straighten(self) -> None:
        """Every plane back to the directions it had when the volume was opened."""
        self.set_axes({name: view.home for name, view in self._shared.views.items() if view.turned})

    def join(self, view: PlaneView) -> None:
        """A further view of a plane takes the directions and the slab that plane has now."""
        twin = next((other for other in self._shared.views.values() if other.axes.name == view.axes.name), None)
        if twin is not None:
            view.slab = twin.slab
            if twin.turned:
                view.set_axes(twin.axes)

    def set_slab(self, view: PlaneView, slab: Slab | None) -> None:
        """The thickness of a plane, in every view of it."""
        same = [name for name, other in self._shared.views.items() if other.axes.name == view.axes.name]
        for name in same:
            self._shared.views[name].slab = slab
        self._shared.planes_changed(same)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _half_px(self, view: PlaneView, other: PlaneView) -> float:
        """Half the thickness of the other's slab as this view cuts it, in pixels."""
        if other.slab is None:
            return 0.0
        leaning = float(np.linalg.norm(np.cross(view.axes.onward, other.axes.onward)))
        return other.slab.thickness_mm / 2 * view.pixels_per_unit() / max(leaning, 0.05)

    def _line_under(self, view: PlaneView, x: float, y: float) -> PlaneHandle | None:
        """The line itself, away from the crosshair, where a free hold of both is meant."""
        cross_x, cross_y = view.crosshair()
        if float(np.hypot(x - cross_x, y - cross_y)) <= 2 * REACH_PX:
            return None
        for other in self._shared.lines_from(view):
            line = view.cut_by(other)
            if line is not None and abs((x - cross_x) * -line[1] + (y - cross_y) * line[0]) <= REACH_PX / 2:
                return PlaneHandle(Grip.LINE, other.name, x, y)
        return None

    def _turn_to(self, held: _Held, x: float, y: float) -> None:
        centre_x, centre_y = held.view.crosshair()
        before = np.arctan2(held.y - centre_y, held.x - centre_x)
        degrees = float(np.degrees(np.arctan2(y - centre_y, x - centre_x) - before))
        degrees = (degrees + 180.0) % 360.0 - 180.0
        if abs(degrees) > 1e-6:
            self.turn(held.view, degrees, held.handle.of if held.alone else "")

    def _thicken_to(self, held: _Held, x: float, y: float) -> None:
        other = self._shared.views[held.handle.of]
        line = held.view.cut_by(other)
        if line is None:
            return
        cross_x, cross_y = held.view.crosshair()
        away = abs((x - cross_x) * -line[1] + (y - cross_y) * line[0])
        leaning = float(np.linalg.norm(np.cross(held.view.axes.onward, other.axes.onward)))
        thickness = round(2 * away * leaning / held.view.pixels_per_unit())
        slab = None if thickness < LEAST_MM or away < NO_SLAB_PX / 2 else (other.slab or Slab()).of(thickness)
        if slab != other.slab:
            self.set_slab(other, slab)

    def _shift(self, held: _Held, x: float, y: float) -> None:
        """Move the shared point across the held line, so that only its plane moves."""
        line = held.view.cut_by(self._shared.views[held.handle.of])
        if line is None:
            return
        across = (x - held.x) * -line[1] + (y - held.y) * line[0]
        step = (held.view.axes.right * -line[1] + held.view.axes.down * line[0]) * (across / held.view.pixels_per_unit())
        self._shared.move_cursor(self._shared.cursor + step)
