"""A slice of a volume with its labels: asks `render` for pixels at paint time, and only for those that changed."""

import time
from collections.abc import Callable
from typing import Protocol

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QTimer
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from graticule.domain.edits import Touched
from graticule.domain.geometry import Array
from graticule.domain.labels import Labels
from graticule.imaging.plane import ViewPlane
from graticule.imaging.threshold import Range
from graticule.presenters.hand import Hand
from graticule.presenters.instead import Instead
from graticule.presenters.plane_view import PlaneView
from graticule.presenters.proposed import LOST, Preview, SketchLook
from graticule.presenters.volume import GRID_LAYOUT, Part, VolumePresenter
from graticule.render.file_graphics import FileGraphics
from graticule.render.grey import to_grey
from graticule.render.overlay import LabelLayer
from graticule.render.proposed_layer import ProposedLayer
from graticule.render.reslice import Rectangle, SliceRenderer
from graticule.settings.look import LOOK
from graticule.ui.colour_table import mapped_image
from graticule.ui.group_look import layer_of, tables_of
from graticule.ui.instead_badge import draw_instead
from graticule.ui.map_layers import MapLayers
from graticule.ui.plane_marks import draw_gaps, draw_handles, draw_slab_edges
from graticule.ui.theme import PLANE_COLOURS, TOKENS
from graticule.ui.viewport import Viewport

CROSSHAIR_GAP_PX = 14.0
# A plane that takes longer than this is drawn at half resolution while the hand moves, and full once it rests.
SLOW_MS, STILL_MS = 7.0, 150
# A proposal is seen however faint the labels are made.
LEAST_PROPOSED = 0.3


class Guest(Protocol):
    """Something that draws over the labels of a view, renewing itself when it has to."""

    def draw(self, painter: QPainter) -> None: ...


class SliceView(Viewport):
    """What has to be renewed is only noted here (`refresh`, `labels_changed`); `paintEvent` does it."""

    def __init__(self, volume: VolumePresenter, view: PlaneView, labels: Labels, hand: Hand,
                 parent: QWidget | None = None) -> None:
        super().__init__(view, hand, PLANE_COLOURS.get(view.axes.name, ""), parent)
        # Draws what other series have to say here: their reference lines, the shared point.
        self.draw_others: Callable[[QPainter], None] | None = None
        # Draw over the labels what is no label of this series: suggestions, labels of the case beside.
        self.guests: list[Guest] = []
        self._volume = volume
        self._plane_view = view
        self._labels = labels
        self._renderer = SliceRenderer(volume.volume.voxels, volume.volume.grid)
        self._instead: SliceRenderer | None = None
        overlay = volume.volume.overlay
        self._graphics = None if overlay is None else FileGraphics(overlay, volume.volume.grid)
        self._layers: dict[str, LabelLayer] = {}
        self._maps = MapLayers(volume, labels)
        self._tables: dict[str, tuple[Array, Array]] = {}
        self._values: Array | None = None
        self._grey: Array = np.zeros((0, 0), dtype=np.uint8)
        self._coarse = False
        self._full_ms = 0.0
        self._still = QTimer(self, singleShot=True, interval=STILL_MS)
        self._still.timeout.connect(self.sharpen)
        self._patches: dict[str, Rectangle] = {}
        self._stale = {Part.PLANE, Part.WINDOW, Part.LABELS}
        self._proposed: ProposedLayer | None = None
        self._sketch: SketchLook | None = None

    def refresh(self, part: Part) -> None:
        """Something of this view is out of date."""
        self._stale.add(part)
        self.update()

    def samples_changed(self) -> None:
        """A slice of the series has arrived."""
        self._renderer.changed()
        self.refresh(Part.PLANE)

    def labels_changed(self, touched: Touched) -> None:
        """Voxels or elements changed: note the rectangle that this slice shows of it."""
        if touched.elements:
            self.refresh(Part.LABELS)
        for group, box in touched.boxes:
            found = self._volume.rectangle_of(self._plane_view, box)
            if found is None:
                continue
            self._patches[group] = _hull(self._patches.get(group), found)
            self.update(self._logical(found))

    def show_labels(self, labels: Labels) -> None:
        """Other labels in place of those there were: an earlier moment, or now again."""
        self._labels = labels
        self._layers.clear()
        self._tables.clear()
        self._patches.clear()
        self._maps = MapLayers(self._volume, labels)
        self.refresh(Part.LABELS)

    def show_preview(self, preview: Preview | None, sketch: SketchLook | None = None) -> None:
        """What a tool proposes, or the range that is being chosen for it; None for nothing."""
        if preview is None and sketch is None and self._proposed is None:
            return
        self._sketch = sketch
        parts = () if preview is None else preview.parts
        self._proposed = ProposedLayer(parts, self._volume.volume.grid, LOST) if parts or sketch is not None else None
        self.refresh(Part.PROPOSAL)

    def show_instead(self, instead: Instead | None) -> None:
        """Another series in this one's place; None for its own values again."""
        self._plane_view.instead = instead
        self._instead = None if instead is None else SliceRenderer(instead.series.volume.voxels, instead.grid)
        self.refresh(Part.PLANE)

    def instead_arrived(self) -> None:
        """Slices of the series in this one's place have come."""
        if self._instead is not None:
            self._instead.changed()
            self.refresh(Part.PLANE)

    @property
    def plane_view(self) -> PlaneView:
        return self._plane_view

    @property
    def volume(self) -> VolumePresenter:
        """The series this is a view of, whatever stands in its place."""
        return self._volume

    def draw_pixels(self, painter: QPainter, pixels: Array) -> None:
        """(height, width) uint32 premultiplied ARGB over the whole view."""
        painter.drawImage(0, 0, self._image(pixels, QImage.Format.Format_ARGB32_Premultiplied, pixels.shape[1] * 4))

    def update_pixels(self, rectangle: Rectangle) -> None:
        """Repaint a rectangle of the screen's own pixels."""
        self.update(self._logical(rectangle))

    def wheel_steps(self, steps: float, at: QPointF) -> None:
        self._plane_view.scroll(-int(steps))

    def sharpen(self) -> None:
        """The hand rests: what was drawn at half resolution is drawn whole."""
        if self._coarse:
            self._still.stop()
            self._full_ms = 0.0
            self.refresh(Part.PLANE)

    def _resize_tool(self, steps: float) -> None:
        """Shift+wheel: the tool's size, or with a tool that has none the thickness of the slab."""
        if hasattr(self.hand.tool.options, "radius_mm"):
            super()._resize_tool(steps)
        elif steps:
            self._plane_view.change_slab(steps)

    def draw_image(self, painter: QPainter, clip: QRect) -> None:
        self._renew()
        image = mapped_image(self._grey, self._shown.colour_map)
        image.setDevicePixelRatio(self.ratio)
        if self._coarse:
            image.setDevicePixelRatio(self.ratio / 2)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._coarse)
        painter.drawImage(0, 0, image)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        self.draw_over_grey(painter)
        self._draw_graphics(painter)
        for pixels in self._maps.pixels():
            painter.drawImage(0, 0, self._image(pixels, QImage.Format.Format_ARGB32_Premultiplied, pixels.shape[1] * 4))
        for layer in self._by_size():
            if not layer.empty:
                pixels = layer.pixels
                painter.drawImage(0, 0, self._image(pixels, QImage.Format.Format_ARGB32_Premultiplied, pixels.shape[1] * 4))
        if self._proposed is not None and not self._proposed.empty:
            pixels = self._proposed.pixels
            painter.drawImage(0, 0, self._image(pixels, QImage.Format.Format_ARGB32_Premultiplied, pixels.shape[1] * 4))
        for guest in self.guests:
            guest.draw(painter)

    def _draw_graphics(self, painter: QPainter) -> None:
        """The files' own graphics (60xx), where the plane is a slice of the series."""
        if self._graphics is None or not self._volume.show_overlay or self._instead is not None:
            return
        colour = QColor(TOKENS.image_text).rgba()
        drawn = self._graphics.draw(self._plane_view.device_plane, self._plane_view.acquired_k(), colour)
        if drawn is not None:
            painter.drawImage(0, 0, self._image(drawn, QImage.Format.Format_ARGB32_Premultiplied, drawn.shape[1] * 4))

    def draw_over_grey(self, painter: QPainter) -> None:
        """Another series over this one, below its labels (`FusedSliceView`)."""

    def draw_between(self, painter: QPainter) -> None:
        """Where the other two planes cut this one, with a gap round the point they share."""
        draw_gaps(painter, self._plane_view.gap_marks(), self.ratio)
        if self.draw_others is not None:
            self.draw_others(painter)
        if self._plane_view.instead is not None:
            draw_instead(painter, self.rect(), self._plane_view.instead.words, self.ratio)
        if self._volume.layout != GRID_LAYOUT:
            return
        centre = QPointF(*self._plane_view.crosshair())
        reach = float(self.width() + self.height())
        for other in self._volume.lines_from(self._plane_view):
            direction = self._plane_view.cut_by(other)
            if direction is None:
                continue
            along = QPointF(*direction)
            colour = QColor(PLANE_COLOURS.get(other.axes.name, TOKENS.muted))
            colour.setAlpha(170)
            painter.setPen(QPen(colour, 1))
            gap, far = along * CROSSHAIR_GAP_PX, along * reach
            painter.drawLines([QLineF(centre - far, centre - gap), QLineF(centre + gap, centre + far)])
        draw_slab_edges(painter, self._volume.planes, self._plane_view, reach)
        if self.hand.tool.name == "planes":
            draw_handles(painter, self._volume.planes, self._plane_view)

    @property
    def _shown(self) -> VolumePresenter:
        """The series whose values and window stand here."""
        instead = self._plane_view.instead
        return self._volume if instead is None else instead.series

    # --- renewing ---------------------------------------------------------------------------------------------------

    def _renew(self) -> None:
        if self._values is None or Part.PLANE in self._stale:
            self._values = self._resampled()
            self._stale |= {Part.WINDOW, Part.LABELS}
        if Part.WINDOW in self._stale:
            if self._grey.shape != self._values.shape:
                self._grey = np.empty(self._values.shape, dtype=np.uint8)
            to_grey(self._values, self._shown.display_window, (self._instead or self._renderer).outside, self._grey)
        if Part.LABELS in self._stale:
            self._draw_labels()
        else:
            self._patch_labels()
        if self._proposed is not None and self._stale & {Part.PROPOSAL, Part.PLANE, Part.LABELS}:
            self._draw_proposed(self._proposed)
        self._patches.clear()
        self._stale.clear()

    def _resampled(self) -> Array:
        """The plane's values: at once and coarse where the whole would make the hand wait, else whole."""
        view, start = self._plane_view, time.perf_counter()
        slow = self._full_ms > SLOW_MS
        self._coarse = slow and (self.hand.pressed or view.slab is not None)
        plane = view.device_plane.in_pixels_of(0.5) if self._coarse else view.device_plane
        values = (self._instead or self._renderer).slice(plane, slab=view.slab, quick=self._coarse)
        if self._coarse:
            self._still.start()
        else:
            self._full_ms = (time.perf_counter() - start) * 1000
        return values

    def _draw_proposed(self, layer: ProposedLayer) -> None:
        layer.line_px = max(2, round(2 * self.ratio))
        plane, opacity = self._plane_view.device_plane, max(self._volume.label_look.opacity, LEAST_PROPOSED)
        if self._sketch is None:
            layer.draw(plane, opacity)
        elif self._values is not None:
            own = self._values if self._instead is None else self._renderer.slice(plane, slab=self._plane_view.slab)
            inside = in_sight(own, self._sketch.range, self._renderer.outside, self._volume.volume.blank, plane)
            layer.draw_range(plane, inside, self._sketch.colour, opacity, self._sketch.box)

    def _draw_labels(self) -> None:
        plane = self._plane_view.device_plane
        for group in self._labels.groups:
            self._tables[group] = self._colours(group)
            self._layer(group).line_px = max(1, round(self.ratio))
            self._layer(group).dashed = self._labels.is_possible(group)
            self._layer(group).draw(plane, *self._tables[group])
        self._maps.draw(plane)

    def _patch_labels(self) -> None:
        plane = self._plane_view.device_plane
        for group, rectangle in self._patches.items():
            self._maps.patch(plane, group, rectangle)
            if group in self._layers:
                self._layers[group].patch(plane, rectangle, *self._tables[group])
            else:
                self._tables[group] = self._colours(group)
                self._layer(group).draw(plane, *self._tables[group])

    def _layer(self, group: str) -> LabelLayer:
        if group not in self._layers:
            self._layers[group] = layer_of(group, self._labels.groups[group], self._volume.volume.grid)
            self._layers[group].stripes = LOOK.now.patterns
        return self._layers[group]

    def _by_size(self) -> list[LabelLayer]:
        """Groups of much before groups of little, so that a lesion lies over its organ."""
        groups = self._labels.groups
        return [self._layers[name] for name in sorted(self._layers, key=lambda name: int(groups[name].counts[0]))]

    def _colours(self, group: str) -> tuple[Array, Array]:
        return tables_of(self._volume, group)

    def _image(self, pixels: Array, form: QImage.Format, bytes_per_line: int) -> QImage:
        height, width = pixels.shape
        image = QImage(pixels.data, width, height, bytes_per_line, form)
        image.setDevicePixelRatio(self.ratio)
        return image

    def _logical(self, rectangle: Rectangle) -> QRect:
        x0, y0, x1, y1 = (value / self.ratio for value in rectangle)
        return QRectF(x0 - 2, y0 - 2, x1 - x0 + 4, y1 - y0 + 4).toAlignedRect()


def in_sight(values: Array, chosen: Range, outside: float, blank: tuple[float, float] | None, plane: ViewPlane) -> Array:
    """(height, width) bool: the pixels on the screen whose value lies in a range; `values` may be at half resolution."""
    inside = np.asarray((values >= chosen.low) & (values <= chosen.high) & (values != outside))
    if blank is not None:
        inside &= (values < blank[0]) | (values > blank[1])
    if inside.shape == (plane.height, plane.width):
        return inside
    rows, columns = (np.minimum(np.arange(n) // 2, m - 1) for n, m in zip((plane.height, plane.width), inside.shape, strict=True))
    return inside[rows[:, None], columns[None, :]]


def _hull(one: Rectangle | None, other: Rectangle) -> Rectangle:
    if one is None:
        return other
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
