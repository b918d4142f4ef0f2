"""Series that move together: each tells the others where it is, as far as there is a truthful way from one to the other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Floats
from graticule.domain.volume import Volume
from graticule.imaging.orientation import outer_corners
from graticule.imaging.rigid import Rigid
from graticule.imaging.ties import Tie, TieKind, by_offset, cut, reaches, registered, same_frame
from graticule.presenters.plane_view import PlaneView
from graticule.presenters.volume import CursorMoved, Part, ViewsChanged, VolumePresenter

# Two planes whose normals differ by more cannot go side by side by an offset.
MOST_LEAN_DEG = 10.0


@dataclass(frozen=True, slots=True)
class LinksChanged:
    """Ties or switches are others now; words and lines between series have to be drawn again."""

    case_id: str


@dataclass(slots=True)
class LinkSwitches:
    """What goes along. Scrolling by itself; window, zoom and pan when the reader asks."""

    scroll: bool = True
    window: bool = False
    zoom: bool = False


class Linked:
    """series: by case id. `own` is the case's; the others come and go with their companions."""

    def __init__(self, own_id: str, own: VolumePresenter, registrations: Mapping[tuple[str, str], Rigid] | None = None) -> None:
        self._own_id = own_id
        self._series: dict[str, VolumePresenter] = {}
        self._leave: dict[str, list[Callable[[], None]]] = {}
        self._offsets: dict[tuple[str, str], Tie] = {}
        # (moving, fixed) case ids → the stored transform.
        self.registrations: dict[tuple[str, str], Rigid] = dict(registrations or {})
        self.switches = LinkSwitches()
        self._moving = False
        self._beyond: set[str] = set()
        self.add(own_id, own)

    # --- who is there -----------------------------------------------------------------------------------------------

    def add(self, case_id: str, series: VolumePresenter) -> None:
        """A companion is shown: it takes its place beside the case at once."""
        self._series[case_id] = series
        bus = series.bus
        self._leave[case_id] = [bus.subscribe(CursorMoved, lambda event: self._moved(case_id)),
                                bus.subscribe(ViewsChanged, lambda event: self._views_changed(case_id, event))]
        if case_id != self._own_id and self.switches.scroll:
            self._follow(case_id, self._own_id)

    def remove(self, case_id: str) -> None:
        for leave in self._leave.pop(case_id, []):
            leave()
        self._series.pop(case_id, None)

    def close(self) -> None:
        for case_id in list(self._series):
            self.remove(case_id)

    # --- ties -------------------------------------------------------------------------------------------------------

    def tie(self, one: str, other: str) -> Tie | None:
        """The way from one series to another; None when there is none, and then neither moves the other."""
        if one not in self._series or other not in self._series:
            return None
        direct = self._direct(one, other)
        if direct is not None or self._own_id in (one, other):
            return direct
        # Two companions that are both tied to the case are tied to each other through it.
        first, second = self._direct(one, self._own_id), self._direct(self._own_id, other)
        if first is None or second is None or not (first.placed and second.placed):
            return None
        kind = TieKind.FRAME if first.kind is second.kind is TieKind.FRAME else TieKind.REGISTERED
        return Tie(kind, np.asarray(second.matrix @ first.matrix))

    def _direct(self, one: str, other: str) -> Tie | None:
        found = same_frame(self._series[one].volume, self._series[other].volume)
        if (one, other) in self.registrations:
            return registered(self.registrations[one, other], from_moving=True)
        if (other, one) in self.registrations:
            return registered(self.registrations[other, one], from_moving=False)
        return found or self._offsets.get((one, other))

    def link_here(self, view: PlaneView, companion: str, other: PlaneView) -> float:
        """The slices that are shown now go side by side from here on; the offset in mm. GraticuleError when that cannot be."""
        if self.tie(self._own_id, companion) is not None and (self._own_id, companion) not in self._offsets:
            raise GraticuleError("These two series lie in the same space already.",
                                 "They scroll together by patient position.")
        lean = abs(float(view.axes.onward @ other.axes.onward))
        if lean < np.cos(np.radians(MOST_LEAN_DEG)):
            raise GraticuleError("These two views look in different directions.",
                                 "Choose the same plane in both, then link them.")
        along = other.axes.onward
        here, there = (float(v.slices.position_mm(v.index)) for v in (view, other))
        tie = by_offset(along, there - here)
        self._offsets[self._own_id, companion] = tie
        self._offsets[companion, self._own_id] = tie.reversed()
        self._tell()
        return tie.offset_mm

    def set_registrations(self, registrations: Mapping[tuple[str, str], Rigid]) -> None:
        """The stored transforms are others now: (moving, fixed) case ids → transform. Companions go where they belong."""
        self.registrations = dict(registrations)
        if self.switches.scroll:
            for case_id in [other for other in self._series if other != self._own_id]:
                self._follow(case_id, self._own_id)
        self._tell()

    def unlink(self, companion: str) -> None:
        """Forget the reader's offset."""
        for pair in ((self._own_id, companion), (companion, self._own_id)):
            self._offsets.pop(pair, None)
        self._tell()

    def words(self, case_id: str) -> str:
        """How a companion goes with the case, for its caption and for the case's: never silent about a guess."""
        tie = self.tie(self._own_id, case_id)
        if tie is None:
            return "Not linked: another frame of reference"
        if tie.kind is TieKind.OFFSET:
            return f"Linked by offset {abs(tie.offset_mm):.1f} mm, not registered"
        if case_id in self._beyond:
            return "This place lies outside this series"
        return (tie.words or "Registered") if tie.kind is TieKind.REGISTERED else "Same frame of reference"

    def short_words(self, case_id: str) -> str:
        """The same for the narrow line above a viewport."""
        tie = self.tie(self._own_id, case_id)
        if tie is None:
            return "Not linked"
        if tie.kind is TieKind.OFFSET:
            return f"Offset {abs(tie.offset_mm):.1f} mm"
        return "Outside" if case_id in self._beyond else "Registered" if tie.kind is TieKind.REGISTERED else "Linked"

    def offset_words(self) -> tuple[str, ...]:
        """For the case's own views: which links stand on the reader's eye only."""
        return tuple(f"Linked by offset {abs(tie.offset_mm):.1f} mm, not registered"
                     for (one, other), tie in self._offsets.items() if one == self._own_id and other in self._series)

    # --- moving -----------------------------------------------------------------------------------------------------

    def _moved(self, case_id: str) -> None:
        if self._moving or not self.switches.scroll:
            return
        followers = sorted((other for other in self._series if other != case_id), key=lambda other: other != self._own_id)
        for other in followers:
            # What has no way of its own to the leader goes with the case, which has gone with the leader.
            self._follow(other, case_id if self.tie(case_id, other) is not None else self._own_id)

    def _follow(self, follower: str, leader: str) -> None:
        tie = self.tie(leader, follower) if follower != leader else None
        if tie is None:
            return
        series = self._series[follower]
        at = tie.moved(self._series[leader].cursor, series.cursor)
        there, was = reaches(series.volume, at), follower in self._beyond
        (self._beyond.discard if there else self._beyond.add)(follower)
        if there:
            self._quietly(lambda: series.move_cursor(at))
        if there == was:
            self._tell()

    def _views_changed(self, case_id: str, event: ViewsChanged) -> None:
        if self._moving or event.case_id != self._series[case_id].case_id:
            return
        if event.part is Part.WINDOW and self.switches.window:
            self._quietly(lambda: self._pass_window(case_id))
        elif event.part is Part.PLANE and self.switches.zoom and len(event.views) == 1:
            self._quietly(lambda: self._pass_zoom(case_id, next(iter(event.views))))

    def _pass_window(self, case_id: str) -> None:
        leader = self._series[case_id]
        for other, series in self._series.items():
            same = (series.volume.modality, series.volume.unit) == (leader.volume.modality, leader.volume.unit)
            if other != case_id and same:
                series.set_window(leader.window)

    def _pass_zoom(self, case_id: str, name: str) -> None:
        """The same millimetres a pixel; where the place is known also the same middle."""
        view = self._series[case_id].views.get(name)
        for other, series in self._series.items():
            twin = series.views.get(name)
            if other == case_id or view is None or twin is None:
                continue
            middle = (twin.width / 2, twin.height / 2)
            twin.zoom(view.pixels_per_unit() / twin.pixels_per_unit(), middle)
            tie = self.tie(case_id, other)
            if tie is not None and tie.placed:
                x, y = twin.on_screen(tuple(tie.there(view.plane.to_patient(view.width / 2, view.height / 2))))
                twin.pan(middle[0] - x, middle[1] - y)

    def _quietly(self, act: Callable[[], object]) -> None:
        self._moving = True
        try:
            act()
        finally:
            self._moving = False

    # --- lines and cursor -------------------------------------------------------------------------------------------

    def line(self, case_id: str, view: PlaneView, other_id: str, other: PlaneView) -> Floats | None:
        """(2, 2) screen points in `view` where the slice of another series cuts it; None without a true way, or when parallel."""
        tie = self.tie(other_id, case_id)
        if tie is None or not tie.placed:
            return None
        normal = tie.matrix[:3, :3] @ other.axes.onward
        if abs(float(normal @ view.axes.onward)) / float(np.linalg.norm(normal)) > np.cos(np.radians(MOST_LEAN_DEG)):
            return None
        return cut(view.plane, tie.there(slice_corners(self._series[other_id].volume, other)))

    def point(self, case_id: str) -> bool:
        """Whether the cursor of this series marks a true point: that of the case, or of one that is placed against it."""
        tie = self.tie(self._own_id, case_id)
        return case_id == self._own_id or (tie is not None and tie.placed and case_id not in self._beyond)

    # --- leaving and coming back ------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        offsets = [[other, [float(v) for v in tie.along], tie.offset_mm]
                   for (one, other), tie in self._offsets.items() if one == self._own_id and tie.along is not None]
        return {"offsets": offsets, "scroll": self.switches.scroll, "window": self.switches.window, "zoom": self.switches.zoom}

    def restore(self, state: Mapping[str, Any]) -> None:
        for other, along, offset_mm in state.get("offsets", ()):
            tie = by_offset(np.array(along, dtype=np.float64), float(offset_mm))
            self._offsets[self._own_id, other], self._offsets[other, self._own_id] = tie, tie.reversed()
        self.switches = LinkSwitches(bool(state.get("scroll", True)), bool(state.get("window")), bool(state.get("zoom")))

    def _tell(self) -> None:
        self._series[self._own_id].bus.publish(LinksChanged(self._own_id))


def slice_corners(volume: Volume, view: PlaneView) -> Floats:
    """(4, 3) LPS corners of the slice that a view shows, as far as the series reaches, in order round the rim."""
    corners, axes = outer_corners(volume.grid), view.axes
    across, along = corners @ axes.right, corners @ axes.down
    depth = view.slices.position_mm(view.index) * axes.onward
    return np.array([a * axes.right + d * axes.down + depth
                     for a, d in ((across.min(), along.min()), (across.max(), along.min()),
                                  (across.max(), along.max()), (across.min(), along.max()))])
