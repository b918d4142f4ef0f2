"""The labels of the case in a view of another series that is truly tied to it: drawn where they lie, while the hand moves."""

from collections.abc import Callable

from PySide6.QtGui import QPainter

from graticule.domain.edits import Touched
from graticule.domain.geometry import Array, Grid
from graticule.domain.labels import Labels
from graticule.presenters.proposed import LOST, Preview
from graticule.presenters.volume import VolumePresenter
from graticule.render.overlay import LabelLayer
from graticule.render.proposed_layer import ProposedLayer, rectangle_of
from graticule.render.reslice import Rectangle
from graticule.settings.look import LOOK
from graticule.ui.group_look import layer_of, tables_of
from graticule.ui.slice_view import LEAST_PROPOSED, SliceView


class GuestLabels:
    """case: whose labels they are, and how they are to look. placed: the case's grid in the space of the view's series, asked
    when the tie may be another; None where nothing says where a point of the one lies in the other."""

    def __init__(self, view: SliceView, case: VolumePresenter, labels: Labels, placed: Callable[[], Grid | None]) -> None:
        self._view, self._case, self._labels, self._placed = view, case, labels, placed
        self._grid: Grid | None = placed()
        self._layers: dict[str, LabelLayer] = {}
        self._tables: dict[str, tuple[Array, Array]] = {}
        self._patches: dict[str, Rectangle] = {}
        self._plane: object = None
        self._preview: Preview | None = None
        self._proposed: ProposedLayer | None = None

    def retied(self) -> None:
        """The series lie otherwise to each other now."""
        self._grid = self._placed()
        self._layers.clear()
        self.show_preview(self._preview)
        self.refresh()

    def refresh(self) -> None:
        """Labels look different: other colours, hidden ones, another segment."""
        self._plane = None
        self._view.update()

    def labels_changed(self, touched: Touched) -> None:
        if self._grid is None:
            return
        if touched.elements:
            self.refresh()
        for group, box in touched.boxes:
            found = rectangle_of(self._grid, self._view.plane_view.device_plane, box)
            if found is not None:
                self._patches[group] = _hull(self._patches.get(group), found)
                self._view.update_pixels(found)

    def show_preview(self, preview: Preview | None) -> None:
        """What a tool proposes; None for nothing."""
        if preview is None and self._proposed is None:
            return
        self._preview = preview
        shown = preview is not None and self._grid is not None
        self._proposed = ProposedLayer(preview.parts, self._grid, LOST) if shown else None
        self.refresh()

    def draw(self, painter: QPainter) -> None:
        if self._grid is None:
            return
        self._renew(self._grid)
        for layer in self._layers.values():
            if not layer.empty:
                self._view.draw_pixels(painter, layer.pixels)
        if self._proposed is not None and not self._proposed.empty:
            self._view.draw_pixels(painter, self._proposed.pixels)

    def _renew(self, grid: Grid) -> None:
        plane_view = self._view.plane_view
        if self._plane is not plane_view.plane:
            self._plane = plane_view.plane
            for group in self._labels.groups:
                self._draw_whole(group, grid)
            if self._proposed is not None:
                self._proposed.line_px = max(2, round(2 * self._view.ratio))
                self._proposed.draw(plane_view.device_plane, max(self._case.label_look.opacity, LEAST_PROPOSED))
        else:
            for group, rectangle in self._patches.items():
                if group in self._layers:
                    self._layers[group].patch(plane_view.device_plane, rectangle, *self._tables[group])
                else:
                    self._draw_whole(group, grid)
        self._patches.clear()

    def _draw_whole(self, group: str, grid: Grid) -> None:
        if group not in self._layers:
            self._layers[group] = layer_of(group, self._labels.groups[group], grid)
            self._layers[group].stripes = LOOK.now.patterns
        self._tables[group] = tables_of(self._case, group)
        self._layers[group].line_px = max(1, round(self._view.ratio))
        self._layers[group].dashed = self._labels.is_possible(group)
        self._layers[group].draw(self._view.plane_view.device_plane, *self._tables[group])


def _hull(one: Rectangle | None, other: Rectangle) -> Rectangle:
    if one is None:
        return other
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
