"""The segments over a view that is no slice of a volume (a picture): a layer for each group, and what a tool proposes."""

from collections.abc import Callable

from PySide6.QtGui import QImage, QPainter

from graticule.domain.geometry import Array, Grid
from graticule.domain.labels import Labels
from graticule.imaging.plane import ViewPlane
from graticule.presenters.proposed import LOST, Preview
from graticule.presenters.volume import POSSIBLE_SHARE, LabelLook
from graticule.render.overlay import LabelLayer, colour_table
from graticule.render.proposed_layer import ProposedLayer
from graticule.render.reslice import Rectangle
from graticule.settings.look import LOOK

LEAST_PROPOSED = 0.3


class LabelLayers:
    """grid: where the labels lie in the space of the planes. colours: RGB of each value of a group, by its name;
    shares: of those that are seen through, the share of the opacity of all.

    stale: everything is drawn again by the next `renew`; else only the rectangles that `changed` named.
    """

    def __init__(self, labels: Labels, grid: Grid, colours: Callable[[str], dict[int, tuple[int, int, int]]],
                 shares: Callable[[str], dict[int, float]]) -> None:
        self._labels, self._grid, self._colours, self._shares = labels, grid, colours, shares
        self._layers: dict[str, LabelLayer] = {}
        self._tables: dict[str, tuple[Array, Array]] = {}
        self._patches: dict[str, Rectangle] = {}
        self._proposed: ProposedLayer | None = None
        self.stale = True

    def changed(self, group: str, rectangle: Rectangle) -> None:
        """Voxels of a group changed within these device pixels."""
        before = self._patches.get(group)
        low = rectangle[:2] if before is None else (min(before[0], rectangle[0]), min(before[1], rectangle[1]))
        high = rectangle[2:] if before is None else (max(before[2], rectangle[2]), max(before[3], rectangle[3]))
        self._patches[group] = (*low, *high)

    def show_preview(self, preview: Preview | None) -> None:
        """What a tool proposes; None for nothing."""
        self._proposed = None if preview is None else ProposedLayer(preview.parts, self._grid, LOST)
        self.stale = True

    def renew(self, plane: ViewPlane, look: LabelLook, ratio: float) -> None:
        """Bring the pixels up to date with the labels, on a plane in device pixels."""
        for group in self._labels.label_groups():
            if self.stale or group not in self._layers:
                self._draw_whole(group, plane, look, ratio)
            elif group in self._patches:
                self._layers[group].patch(plane, self._patches[group], *self._tables[group])
        if self.stale and self._proposed is not None:
            self._proposed.line_px = max(2, round(2 * ratio))
            self._proposed.draw(plane, max(look.opacity, LEAST_PROPOSED))
        self._patches.clear()
        self.stale = False

    def draw(self, painter: QPainter, ratio: float) -> None:
        for layer in (*self._layers.values(), *([self._proposed] if self._proposed is not None else [])):
            if not layer.empty:
                height, width = layer.pixels.shape
                image = QImage(layer.pixels.data, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied)
                image.setDevicePixelRatio(ratio)
                painter.drawImage(0, 0, image)

    def _draw_whole(self, group: str, plane: ViewPlane, look: LabelLook, ratio: float) -> None:
        if group not in self._layers:
            self._layers[group] = LabelLayer(self._labels.groups[group], self._grid)
            self._layers[group].stripes = LOOK.now.patterns
        colours = self._colours(group)
        fill = look.opacity * (POSSIBLE_SHARE if self._labels.is_possible(group) else 1.0)
        shares = self._shares(group)
        self._tables[group] = (colour_table(colours, 0.0 if look.outline_only else fill, shares),
                               colour_table(colours, 1.0, shares))
        self._layers[group].line_px = max(1, round(ratio))
        self._layers[group].dashed = self._labels.is_possible(group)
        self._layers[group].draw(plane, *self._tables[group])
