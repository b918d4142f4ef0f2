"""A volume on the screen: one cursor, one window and one look of the labels, shared by three linked planes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from graticule.domain.elements import Region, Segment
from graticule.domain.geometry import Floats
from graticule.domain.labels import SEEDS_AROUND, Box, Labels, seeds_of
from graticule.domain.volume import Volume, Window
from graticule.editing.tools.length import PATIENT
from graticule.imaging.colour_maps import GREY, NAMES
from graticule.imaging.orientation import ANATOMICAL, PLANES, acquisition_axes
from graticule.presenters.finding_names import FindingNames
from graticule.presenters.layout import FUSED, VIEW_3D
from graticule.presenters.open_case import OpenCase
from graticule.presenters.plane_view import PlaneView
from graticule.presenters.planes import LinkedPlanes
from graticule.presenters.windows import displayed, dragged, opening_window, presets_for, window_from, window_state

if TYPE_CHECKING:
    from graticule.presenters.differences import Compared

GRID_LAYOUT = "grid"
EARLIER = "Earlier moment of the labels, Esc: back to now"
POSSIBLE_SHARE = 0.4
SURROUNDINGS = (235, 235, 235)  # seeds of what is no segment


class Part(StrEnum):
    """What of a view has to be drawn again."""

    PLANE = "plane"
    WINDOW = "window"
    LABELS = "labels"
    MARKS = "marks"
    FUSION = "fusion"
    PROPOSAL = "proposal"


@dataclass(frozen=True, slots=True)
class ViewsChanged:
    """Views of a case look different now."""

    case_id: str
    views: frozenset[str]
    part: Part


@dataclass(frozen=True, slots=True)
class LayoutChanged:
    """One view was maximised, or all are shown again."""

    case_id: str
    layout: str


@dataclass(frozen=True, slots=True)
class CursorMoved:
    """The shared point of a series is elsewhere: `VolumePresenter.cursor`."""

    case_id: str


@dataclass(frozen=True, slots=True)
class LabelLook:
    """How labels lie over the image. `peek`: hidden while a key is held."""

    opacity: float = 0.35
    outline_only: bool = False
    peek: bool = False


class VolumePresenter:
    """Answers what the views show and takes their gestures; tells the bus which of them changed."""

    def __init__(self, opened: OpenCase, volume: Volume) -> None:
        self._opened = opened
        self.case_id, self.bus = opened.case.id, opened.bus
        self.volume = volume
        # Lines under the title in the corner of the views, and views of other series that may fill the page.
        self.notes: tuple[str, ...] = ()
        # Stands above the title instead of study and protocol, for an image that is not the one being labelled.
        self.headed: tuple[str, ...] = ()
        self.also: set[str] = set()
        self.findings = FindingNames(opened)
        # Marks of the case beside which this series is shown, in this series' space.
        self.guests: Callable[[], list[Region]] = list
        # An earlier moment of the labels that is shown in their place (`ui.replaying`).
        self.replayed: Labels | None = None
        # Which of its own views are on the screen.
        self.on_screen: frozenset[str] = frozenset(PLANES)
        self.cursor: Floats = _middle_voxel(volume)
        self.presets = presets_for(volume.modality, volume.unit, volume.windows, _arrived(volume), volume.blank)
        self.window = opening_window(volume.modality, volume.unit, volume.windows, self.presets)
        self.colour_map, self.chosen_mark = GREY, ""
        self.show_overlay = True
        self.label_look = LabelLook()
        self.hidden_segments: frozenset[str] = frozenset()
        # Ids of segments that are seen through more than the rest: 0…1 of the labels' opacity.
        self.see_through: dict[str, float] = {}
        # What lies in place of the segments' fills: who made each voxel, or where two masks differ.
        self.authors_seen = False
        self.compared: Compared | None = None
        # Diameters that were measured, not drawn.
        self.guides: tuple[Region, ...] = ()
        # Seeds are seen while their tool is in the hand.
        self.seeds_seen = False
        acquired = acquisition_axes(volume.grid)
        axes = dict(ANATOMICAL)
        if volume.thick or volume.grid.shape[0] == 1:
            axes[acquired.name] = acquired
        self.acquired_plane = acquired.name
        self.planes = LinkedPlanes(self)
        self.views = {name: PlaneView(self, axes[name]) for name in PLANES}
        self.layout = acquired.name if volume.thick or volume.grid.shape[0] == 1 else GRID_LAYOUT
        self._window_chosen = False

    # --- gestures ---------------------------------------------------------------------------------------------------

    def move_cursor(self, at_mm: Floats) -> None:
        self.cursor = np.asarray(at_mm, dtype=np.float64)
        moved = [name for name, view in self.views.items() if view.cursor_moved()]
        self._tell(moved, Part.PLANE)
        self._tell([name for name in self.views if name not in moved], Part.MARKS)
        self.bus.publish(CursorMoved(self.case_id))

    def add_view(self, view: PlaneView) -> None:
        """A further viewport onto the same series, such as a plane with another series over it."""
        self.planes.join(view)
        view.cursor_moved()
        self.views[view.name] = view

    def drag_window(self, right_px: float, down_px: float) -> None:
        self.set_window(dragged(self.window, right_px, down_px))

    def set_window(self, window: Window) -> None:
        self.window, self._window_chosen = window, True
        self._tell(self.views, Part.WINDOW)

    def preset(self, number: int) -> Window | None:
        """Take the preset on key `number`; 0 is what the image opens with. None when that key has none."""
        if number == 0:
            self.set_window(opening_window(self.volume.modality, self.volume.unit, self.volume.windows, self.presets))
            return self.window
        if number > len(self.presets):
            return None
        self.set_window(self.presets[number - 1])
        return self.window

    def toggle_overlay(self) -> None:
        """The graphics that the files bring along: shown or hidden."""
        self.show_overlay = not self.show_overlay
        self._tell(self.views, Part.WINDOW)

    def set_colour_map(self, name: str) -> None:
        if name in NAMES and name != self.colour_map:
            self.colour_map = name
            self._tell(self.views, Part.WINDOW)

    def choose_mark(self, mark: str) -> None:
        """Show the handles of this mark; "" for none."""
        if mark != self.chosen_mark:
            self.chosen_mark = mark
            self._tell(self.views, Part.MARKS)

    def set_label_look(self, look: LabelLook) -> None:
        if look != self.label_look:
            self.label_look = look
            self._tell(self.views, Part.LABELS)

    def change_opacity(self, steps: float) -> None:
        self.set_label_look(replace(self.label_look, opacity=float(np.clip(self.label_look.opacity + steps * 0.05, 0.0, 1.0))))

    def see_seeds(self, on: bool) -> None:
        if on != self.seeds_seen:
            self.seeds_seen = on
            self._tell(self.views, Part.LABELS)

    def set_hidden(self, segments: Iterable[str]) -> None:
        self.hidden_segments = frozenset(segments)
        self._tell(self.views, Part.LABELS)

    def set_see_through(self, shares: Mapping[str, float]) -> None:
        self.see_through = dict(shares)
        self._tell(self.views, Part.LABELS)

    def see_authors(self, on: bool) -> None:
        """Colour voxels by who made them, or by their segments again."""
        if on != self.authors_seen:
            self.authors_seen = on
            self._tell(self.views, Part.LABELS)

    def show_compared(self, compared: "Compared | None") -> None:
        """Where two masks differ; None for no map."""
        if compared is not self.compared:
            self.compared = compared
            self._tell(self.views, Part.LABELS)

    def show_guides(self, guides: Iterable[Region]) -> None:
        """Measured diameters to be drawn; they are no marks, and nothing is stored."""
        self.guides = tuple(guides)
        self._tell(self.views, Part.MARKS)

    def toggle_layout(self) -> None:
        """From one plane to four views and back to the plane that was acquired."""
        self.set_layout(self.acquired_plane if self.layout == GRID_LAYOUT else GRID_LAYOUT)

    def maximise(self, view: str) -> None:
        self.set_layout(GRID_LAYOUT if self.layout == view else view)

    def set_layout(self, layout: str) -> None:
        if layout != self.layout and layout in (*self.views, *self.also, GRID_LAYOUT, VIEW_3D):
            self.layout = layout
            self._opened.bus.publish(LayoutChanged(self._opened.case.id, layout))

    def go_to_segment(self, segment_id: str) -> None:
        """Bring every view to the middle of a segment's voxels."""
        segment = self.labels.get(Segment, segment_id)
        group = self.labels.groups.get(segment.group) if segment else None
        if segment is None or group is None or group.box is None:
            return
        found = np.argwhere(group.values[group.box] == segment.value)
        if found.size == 0:
            return
        middle = found[int(np.argmin(np.abs(found - found.mean(axis=0)).sum(axis=1)))] + [s.start for s in group.box]
        self.move_cursor(self.volume.grid.to_patient(middle[::-1]))

    # --- what the views and tools ask -------------------------------------------------------------------------------

    @property
    def labels(self) -> Labels:
        """What is shown: the labels of the case, or an earlier moment of them."""
        return self._opened.workspace.labels if self.replayed is None else self.replayed

    def lines_from(self, view: PlaneView) -> list[PlaneView]:
        """The own views on the screen whose slices cut this one, each plane once."""
        seen = {other.axes.name: other for name, other in self.views.items() if name in self.on_screen}
        return [other for plane, other in seen.items() if plane != view.axes.name]

    def fusion_changed(self) -> None:
        self._tell([name for name, view in self.views.items() if name.endswith(FUSED)], Part.FUSION)

    def planes_changed(self, views: Iterable[str]) -> None:
        """Planes were turned or thickened: they show other pixels, the rest other lines."""
        turned = set(views)
        self._tell(turned, Part.PLANE)
        self._tell(set(self.views) - turned, Part.MARKS)

    def plane_changed(self, view: PlaneView) -> None:
        self._tell([view.name], Part.PLANE)

    def headings(self) -> tuple[str, ...]:
        """No identity, no institution, no date: what is read, and under which protocol."""
        protocol = self._opened.protocol
        if self.replayed is not None:
            return self._opened.case.title, EARLIER, *self.notes
        if self.headed:
            return *self.headed, self._opened.case.title, *self.notes
        return self._opened.case.title, f"{protocol.project} · protocol {protocol.version}", *self.notes

    @property
    def display_window(self) -> Window:
        return displayed(self.window, self.volume.facts.get("inverted") == "yes", self.volume.blank)

    def regions(self) -> list[Region]:
        return [region for region in self.labels.of(Region) if region.space == PATIENT]

    def named_regions(self) -> list[Region]:
        """The same with the names of the findings they were drawn for."""
        return [self.findings.named(region) for region in self.regions()]

    def foreign_regions(self) -> list[Region]:
        """What came drawn in files with the images; beside a case also the case's distances that end here."""
        sent = [region for labels in self._opened.beside for region in labels.of(Region) if region.space == PATIENT]
        return sent + self.guests()

    def name_at(self, at_mm: Floats) -> str:
        """The segment under a point, "" where there is none."""
        voxel = self.volume.grid.voxel_at(at_mm)
        if voxel is None:
            return ""
        labels = self.labels
        for segment in labels.of(Segment):
            group = labels.groups.get(segment.group)
            if group is not None and int(group.values[voxel[::-1]]) == segment.value:
                return segment.name or self._opened.ontology.label(segment.type)
        return ""

    def colours(self, group: str) -> dict[int, tuple[int, int, int]]:
        """RGB of each label value of a group that is not hidden."""
        if self.label_look.peek:
            return {}
        segments = self.labels.of(Segment)
        return {s.value: rgb_of(s.colour) for s in segments if s.group == group and s.id not in self.hidden_segments}

    @property
    def mapped(self) -> bool:
        """Whether a map lies in place of the segments' fills; then they are outlined."""
        return self.authors_seen or self.compared is not None

    def fill_share(self, group: str) -> float:
        """0…1 of the labels' opacity for the fills of a whole group: a possible boundary is paler than what is sure."""
        return POSSIBLE_SHARE if self.labels.is_possible(group) else 1.0

    def shares(self, group: str) -> dict[int, float]:
        """0…1 of the labels' opacity, of the values of a group that are seen through more than the rest."""
        if not self.see_through:
            return {}
        segments = self.labels.of(Segment)
        return {s.value: self.see_through[s.id] for s in segments if s.group == group and s.id in self.see_through}

    def seed_colours(self, name: str) -> dict[int, tuple[int, int, int]]:
        """RGB of the seeds kept under a name: as their segments, and one for what surrounds them; {} while none are seen."""
        if self.label_look.peek or not self.seeds_seen:
            return {}
        own = [s for s in self.labels.of(Segment) if seeds_of(s.group) == name]
        return {**{s.value: rgb_of(s.colour) for s in own}, SEEDS_AROUND: SURROUNDINGS}

    def rectangle_of(self, view: PlaneView, box: Box) -> tuple[int, int, int, int] | None:
        """The device pixels of a view that a box of voxels may have changed; None when the slice does not cut it."""
        if any(s.stop <= s.start for s in box):
            return None
        k, j, i = ((s.start - 0.5, s.stop - 0.5) for s in box)
        corners = self.volume.grid.to_patient(np.array([(a, b, c) for a in i for b in j for c in k]))
        plane = view.device_plane
        away = plane.distance_mm(corners)
        if float(away.min()) > 1e-6 or float(away.max()) < -1e-6:
            return None
        return plane.rectangle_of(corners)

    def slice_arrived(self, k: int) -> list[str]:
        """The views that show slice k, which has just been decoded."""
        return [name for name, view in self.views.items() if view.acquired_k() in (None, k)]

    def all_arrived(self) -> None:
        """Measured windows can be taken now; one is used at once when nobody has chosen yet and the file has none."""
        self.presets = presets_for(self.volume.modality, self.volume.unit, self.volume.windows, self.volume.voxels,
                                   self.volume.blank)
        if not self._window_chosen:
            self.window = opening_window(self.volume.modality, self.volume.unit, self.volume.windows, self.presets)
        self._tell(self.views, Part.PLANE)

    def first_slice(self) -> int:
        """The slice of the series that should be decoded first: the one on the screen."""
        voxel = self.volume.grid.voxel_at(self.cursor)
        return voxel[2] if voxel else self.volume.grid.shape[0] // 2

    # --- leaving and coming back ------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        window = self.window
        return {"cursor": [float(v) for v in self.cursor], "layout": self.layout,
                "window": window_state(window) if self._window_chosen else None,
                "labels": [self.label_look.opacity, self.label_look.outline_only], "hidden": sorted(self.hidden_segments),
                "see_through": dict(self.see_through), "authors": self.authors_seen,
                "views": {name: view.state() for name, view in self.views.items()}}

    def restore(self, state: dict[str, Any]) -> None:
        """Take what `state` gave; parts that do not fit this volume are left out."""
        cursor, window, labels = state.get("cursor"), state.get("window"), state.get("labels")
        if cursor and self.volume.grid.voxel_at(cursor) is not None:
            self.cursor = np.array(cursor, dtype=np.float64)
            for view in self.views.values():
                view.cursor_moved()
        kept_window = window_from(window, self.presets) if window else None
        if kept_window is not None:
            self.window, self._window_chosen = kept_window, True
        if labels:
            self.label_look = LabelLook(float(labels[0]), bool(labels[1]))
        self.hidden_segments = frozenset(state.get("hidden", ()))
        self.see_through = {name: float(share) for name, share in state.get("see_through", {}).items()}
        self.authors_seen = bool(state.get("authors", False))
        for name, kept in state.get("views", {}).items():
            if name in self.views:
                self.views[name].restore(kept)
        if state.get("layout") in (*self.views, GRID_LAYOUT, VIEW_3D):
            self.layout = state["layout"]

    def _tell(self, views: Iterable[str], part: Part) -> None:
        named = frozenset(views)
        if named:
            self._opened.bus.publish(ViewsChanged(self._opened.case.id, named, part))


def rgb_of(colour: str) -> tuple[int, int, int]:
    """"#e69f00" → (230, 159, 0)."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _middle_voxel(volume: Volume) -> Floats:
    k, j, i = volume.grid.shape
    return volume.grid.to_patient(np.array([i // 2, j // 2, k // 2], dtype=np.float64))


def _arrived(volume: Volume) -> Any:
    """The samples there are: all, or the slices that came (an empty part when none did)."""
    return volume.voxels if bool(volume.arrived.all()) else volume.voxels[volume.arrived]
