"""What may lie over an image in place of the segments' fills: who made each voxel, or where two masks differ."""

from collections.abc import Iterator

import numpy as np

from graticule.domain.geometry import Array
from graticule.domain.labels import Labels
from graticule.imaging.patch import grid_of
from graticule.imaging.plane import ViewPlane
from graticule.presenters.authorship import AUTHOR_COLOURS
from graticule.presenters.difference_words import DIFFERENCE_COLOURS
from graticule.presenters.differences import Compared
from graticule.presenters.volume import VolumePresenter
from graticule.render.author_layer import SHIFT, AuthorLayer
from graticule.render.overlay import LabelLayer, colour_table
from graticule.render.reslice import Rectangle

# A map is read by its colours: it is never fainter than this.
LEAST = 0.5


class MapLayers:
    """Of one view. `draw` when the plane or the labels' look changed, `patch` when voxels did; `pixels` to be painted."""

    def __init__(self, volume: VolumePresenter, labels: Labels) -> None:
        self._volume = volume
        self._labels = labels
        self._authors: dict[str, AuthorLayer] = {}
        self._compared: tuple[Compared, LabelLayer] | None = None

    def draw(self, plane: ViewPlane) -> None:
        if self._volume.compared is not None:
            layer = self._difference(self._volume.compared)
            layer.draw(plane, *self._tables(DIFFERENCE_COLOURS))
        elif self._shows_authors:
            for group in self._labels.label_groups():
                self._draw_authors(group, plane)

    def patch(self, plane: ViewPlane, group: str, rectangle: Rectangle) -> None:
        if not self._shows_authors or group not in self._labels.label_groups():
            return
        layer = self._authors.get(group)
        if layer is None or layer.pixels.shape != (plane.height, plane.width):
            self._draw_authors(group, plane)
        else:
            layer.patch(plane, rectangle, *self._author_tables())

    def pixels(self) -> Iterator[Array]:
        """(height, width) uint32 premultiplied ARGB of every layer that shows something."""
        layers: list[LabelLayer] = []
        if self._volume.compared is not None and self._compared is not None:
            layers = [self._compared[1]]
        elif self._shows_authors:
            layers = list(self._authors.values())
        yield from (layer.pixels for layer in layers if not layer.empty)

    @property
    def _shows_authors(self) -> bool:
        return self._volume.authors_seen and self._volume.compared is None

    def _draw_authors(self, group: str, plane: ViewPlane) -> None:
        if group not in self._authors:
            self._authors[group] = AuthorLayer(self._labels.groups[group], self._volume.volume.grid)
        layer = self._authors[group]
        layer.seen = np.isin(np.arange(256), list(self._volume.colours(group)))
        layer.draw(plane, *self._author_tables())

    def _author_tables(self) -> tuple[Array, Array]:
        return self._tables({code + SHIFT: rgb for code, rgb in AUTHOR_COLOURS.items()})

    def _difference(self, compared: Compared) -> LabelLayer:
        if self._compared is None or self._compared[0] is not compared:
            self._compared = compared, LabelLayer(compared, grid_of(self._volume.volume.grid, compared.corner))
        return self._compared[1]

    def _tables(self, colours: dict[int, tuple[int, int, int]]) -> tuple[Array, Array]:
        """Filled, without lines: the segments' own outlines lie above."""
        if self._volume.label_look.peek:
            colours = {}
        table = colour_table(colours, max(self._volume.label_look.opacity, LEAST))
        return table, table
