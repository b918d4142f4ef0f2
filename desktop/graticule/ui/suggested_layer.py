"""What is suggested on a slice between drawn ones, as a dashed outline over its view."""

from PySide6.QtGui import QPainter

from graticule.domain.geometry import Grid
from graticule.presenters.proposed import LOST, Preview
from graticule.presenters.suggested import Suggested
from graticule.render.proposed_layer import ProposedLayer
from graticule.ui.slice_view import SliceView

FAINT = 0.25


class SuggestedLayer:
    """For one view; asked at every paint, drawn anew only when the suggestion or the plane is another."""

    def __init__(self, view: SliceView, suggested: Suggested, grid: Grid) -> None:
        self._view, self._suggested, self._grid = view, suggested, grid
        self._shown: Preview | None = None
        self._plane: object = None
        self._layer: ProposedLayer | None = None

    def draw(self, painter: QPainter) -> None:
        plane_view = self._view.plane_view
        found = self._suggested.preview(plane_view)
        if found is not self._shown:
            self._shown, self._plane = found, None
            self._layer = None if found is None else ProposedLayer(found.parts, self._grid, LOST)
        if self._layer is None:
            return
        if self._plane is not plane_view.plane:
            self._plane = plane_view.plane
            self._layer.line_px = max(2, round(2 * self._view.ratio))
            self._layer.draw(plane_view.device_plane, FAINT)
        if not self._layer.empty:
            self._view.draw_pixels(painter, self._layer.pixels)
