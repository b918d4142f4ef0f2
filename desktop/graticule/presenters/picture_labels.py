"""Segments over a picture: how they look, and which pixels of the screen they touch."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from graticule.domain.elements import Segment
from graticule.domain.geometry import Floats, Grid
from graticule.domain.labels import Box
from graticule.domain.picture import Picture
from graticule.editing.canvas import FRAMES_APART
from graticule.imaging.plane import ViewPlane
from graticule.presenters.open_case import OpenCase
from graticule.presenters.picture_place import PicturePlace
from graticule.presenters.volume import LabelLook, rgb_of


class PictureLabels:
    """Labels are drawn in a space of their own: one unit is the width of a pixel, rows as high as they are shown.

    frame: which frame is on the screen. go: brings the view to a (column, row[, frame]). tell: the labels look different now.
    """

    def __init__(self, opened: OpenCase, picture: Picture, place: PicturePlace, frame: Callable[[], int],
                 go: Callable[[Floats], None], tell: Callable[[], None]) -> None:
        self._opened = opened
        self._place = place
        self._frame = frame
        self._go = go
        self._tell = tell
        self.label_look = LabelLook()
        self.hidden_segments: frozenset[str] = frozenset()
        # Of each segment seen through, the share of the opacity of all.
        self.see_through: dict[str, float] = {}
        affine = np.diag([1.0, place.aspect, FRAMES_APART, 1.0])
        affine[:2, 3] = 0.5, place.aspect / 2
        self.grid = Grid(picture.labels_shape, affine, oriented=False)

    # --- how they look ----------------------------------------------------------------------------------------------

    def set_label_look(self, look: LabelLook) -> None:
        if look != self.label_look:
            self.label_look = look
            self._tell()

    def change_opacity(self, steps: float) -> None:
        self.set_label_look(replace(self.label_look, opacity=float(np.clip(self.label_look.opacity + steps * 0.05, 0.0, 1.0))))

    def toggle_outline(self) -> None:
        self.set_label_look(replace(self.label_look, outline_only=not self.label_look.outline_only))

    def peek(self, on: bool) -> None:
        """Hide them while a key is held."""
        self.set_label_look(replace(self.label_look, peek=on))

    def set_hidden(self, segments: Iterable[str]) -> None:
        self.hidden_segments = frozenset(segments)
        self._tell()

    def set_see_through(self, shares: Mapping[str, float]) -> None:
        self.see_through = dict(shares)
        self._tell()

    def shares(self, group: str) -> dict[int, float]:
        """Of each label value of a group that is seen through, the share of the opacity of all."""
        segments = self._opened.workspace.labels.of(Segment)
        return {s.value: self.see_through[s.id] for s in segments if s.group == group and s.id in self.see_through}

    def colours(self, group: str) -> dict[int, tuple[int, int, int]]:
        """RGB of each label value of a group that is not hidden."""
        if self.label_look.peek:
            return {}
        segments = self._opened.workspace.labels.of(Segment)
        return {s.value: rgb_of(s.colour) for s in segments if s.group == group and s.id not in self.hidden_segments}

    # --- where they lie ---------------------------------------------------------------------------------------------

    def go_to_segment(self, segment_id: str) -> None:
        """Bring the view to the middle of a segment; on the frame shown, if it is there, else on one that has it."""
        segment = self._opened.workspace.labels.get(Segment, segment_id)
        group = self._opened.workspace.labels.groups.get(segment.group) if segment else None
        if segment is None or group is None or group.box is None:
            return
        found = np.argwhere(group.values[group.box] == segment.value) + [s.start for s in group.box]
        if found.size == 0:
            return
        here = found[found[:, 0] == self._frame()]
        seen = here if here.size else found[found[:, 0] == found[0, 0]]
        middle = seen[int(np.argmin(np.abs(seen - seen.mean(axis=0)).sum(axis=1)))]
        self._go(np.array([middle[2] + 0.5, middle[1] + 0.5, middle[0]], dtype=np.float64))

    def name_at(self, column: float, row: float) -> str:
        """The segment under a place of the frame shown, "" where there is none."""
        k, j, i = self._frame(), int(np.floor(row)), int(np.floor(column))
        labels = self._opened.workspace.labels
        for segment in labels.of(Segment):
            group = labels.groups.get(segment.group)
            if group is not None and int(group.values[k, j, i]) == segment.value:
                return segment.name or self._opened.ontology.label(segment.type)
        return ""

    def device_plane(self, ratio: float) -> ViewPlane:
        """The screen as a plane of the labels' space. ratio: device pixels of a screen pixel."""
        place = self._place
        right, down = (np.append(place.turn.array.T @ step, 0.0) for step in np.eye(2))
        column, row = place.to_image((0.0, 0.0))
        corner = np.array([column, row * place.aspect, self._frame() * FRAMES_APART])
        plane = ViewPlane(right, down, corner, 1.0 / place.scale, place.width, place.height)
        return plane.in_pixels_of(ratio)

    def rectangle_of(self, box: Box, ratio: float) -> tuple[int, int, int, int] | None:
        """The device pixels that a box of voxels may have changed; None when it is on another frame or out of view."""
        if any(s.stop <= s.start for s in box) or not box[0].start <= self._frame() < box[0].stop:
            return None
        j, i = ((s.start - 0.5, s.stop - 0.5) for s in box[1:])
        corners = self.grid.to_patient(np.array([(a, b, self._frame()) for a in i for b in j]))
        return self.device_plane(ratio).rectangle_of(corners)

    # --- leaving and coming back ------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        return {"labels": [self.label_look.opacity, self.label_look.outline_only], "hidden": sorted(self.hidden_segments),
                "see_through": dict(self.see_through)}

    def restore(self, state: dict[str, Any]) -> None:
        look = state.get("labels")
        if look:
            self.label_look = LabelLook(float(look[0]), bool(look[1]))
        self.hidden_segments = frozenset(state.get("hidden", ()))
        self.see_through = {name: float(share) for name, share in state.get("see_through", {}).items()}
