"""Labels over an image: filled or outlined, as premultiplied ARGB pixels, renewed only where they changed."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

import numpy as np

from graticule.domain.geometry import Array, Grid
from graticule.domain.labels import Box
from graticule.imaging.kernels.tint import tint
from graticule.imaging.plane import ViewPlane
from graticule.render.reslice import Rectangle, SliceRenderer

WHOLE: Mapping[int, float] = MappingProxyType({})


def colour_table(colours: dict[int, tuple[int, int, int]], opacity: float, shares: Mapping[int, float] = WHOLE) -> Array:
    """(256,) uint32 premultiplied ARGB for label values; values without a colour stay clear.

    shares: 0…1 of the opacity for values that are seen through more than the rest.
    """
    table = np.zeros(256, dtype=np.uint32)
    for value, rgb in colours.items():
        alpha = round(255 * min(1.0, max(0.0, opacity * shares.get(value, 1.0))))
        red, green, blue = (round(part * alpha / 255) for part in rgb)
        table[value] = (alpha << 24) | (red << 16) | (green << 8) | blue
    return table


def edges(labels: Array, width: int = 1) -> Array:
    """(height, width) bool: labelled pixels within `width` of a pixel of another label. The rim of the array is no edge."""
    edge = np.zeros(labels.shape, dtype=bool)
    down, across = labels[1:] != labels[:-1], labels[:, 1:] != labels[:, :-1]
    edge[1:] |= down
    edge[:-1] |= down
    edge[:, 1:] |= across
    edge[:, :-1] |= across
    for _ in range(width - 1):
        grown = edge.copy()
        grown[1:] |= edge[:-1]
        grown[:-1] |= edge[1:]
        grown[:, 1:] |= edge[:, :-1]
        grown[:, :-1] |= edge[:, 1:]
        edge = grown
    return np.asarray(edge & (labels != 0))


STRIPE_PX, PATTERNS, DASH_PX = 4, 5, 4


class Labelled(Protocol):
    """A label map, or a preview of one. values: (k, j, i) uint8; box: what may be labelled of it, None for nothing."""

    @property
    def values(self) -> Array: ...

    @property
    def box(self) -> Box | None: ...


class LabelLayer:
    """One group's labels in one view. `pixels` is (height, width) uint32, kept between calls and changed in place.

    line_px: thickness of outlines, in the screen's own pixels. dashed: they are broken, as of a boundary that is only possible.
    stripes: fills alternate by label value, as a second cue
    beside the colour (`bare`).
    """

    def __init__(self, group: Labelled, grid: Grid) -> None:
        self._group = group
        self._grid = grid
        self._renderer = SliceRenderer(group.values, grid, labels=True)
        self._labels: Array = np.zeros((0, 0), dtype=np.uint8)
        self._used: Rectangle | None = None
        self.line_px = 1
        self.stripes = False
        self.dashed = False
        self.pixels: Array = np.zeros((0, 0), dtype=np.uint32)

    def draw(self, plane: ViewPlane, fill: Array, line: Array) -> None:
        """Resample and colour the plane. fill, line: colour tables; where they differ an outline is drawn."""
        if self.pixels.shape != (plane.height, plane.width):
            self._labels = np.zeros((plane.height, plane.width), dtype=np.uint8)
            self.pixels = np.zeros((plane.height, plane.width), dtype=np.uint32)
        elif self._used is not None:
            x0, y0, x1, y1 = self._used
            self._labels[y0:y1, x0:x1] = 0
            self.pixels[y0:y1, x0:x1] = 0
        within, self._used = self._labelled(plane), None
        if within is not None:
            self._renderer.changed()
            x0, y0, x1, y1 = within
            self._labels[y0:y1, x0:x1] = self._sampled(plane, within)
            self._used = self._round_labels(within)
        if self._used is not None:
            self._colour(self._used, fill, line)

    def recolour(self, fill: Array, line: Array) -> None:
        """New colours, same labels."""
        if self._used is not None:
            self._colour(self._used, fill, line)

    def patch(self, plane: ViewPlane, rectangle: Rectangle, fill: Array, line: Array) -> Rectangle:
        """Renew the pixels of a rectangle after its voxels changed; the rectangle that may look different now."""
        self._renderer.changed()
        x0, y0, x1, y1 = rectangle
        self._labels[y0:y1, x0:x1] = self._sampled(plane, rectangle)
        height, width = self._labels.shape
        rim = self.line_px
        wider = (max(0, x0 - rim), max(0, y0 - rim), min(width, x1 + rim), min(height, y1 + rim))
        self._used = _hull(self._used, wider)
        self._colour(wider, fill, line)
        return wider

    def _round_labels(self, rectangle: Rectangle) -> Rectangle | None:
        """The part of a rectangle that really shows labels, with the rim of their outline; a group's box may hold far more."""
        x0, y0, x1, y1 = rectangle
        part, rim = self._labels[y0:y1, x0:x1], self.line_px
        rows = np.flatnonzero(part.any(axis=1))
        if rows.size == 0:
            return None
        columns = np.flatnonzero(part[rows[0]:rows[-1] + 1].any(axis=0))
        height, width = self._labels.shape
        return (max(0, x0 + int(columns[0]) - rim), max(0, y0 + int(rows[0]) - rim),
                min(width, x0 + int(columns[-1]) + 1 + rim), min(height, y0 + int(rows[-1]) + 1 + rim))

    def _sampled(self, plane: ViewPlane, rectangle: Rectangle) -> Array:
        """(height, width) uint8 of the rectangle's pixels: what is coloured there."""
        return self._renderer.slice(plane, rectangle)

    @property
    def empty(self) -> bool:
        """Nothing of the group lies in this plane."""
        return self._used is None

    def _labelled(self, plane: ViewPlane) -> Rectangle | None:
        """The pixels that may show labels: where the plane cuts the box that holds all of the group's voxels."""
        box = self._group.box
        if box is None:
            return None
        k, j, i = ((s.start - 0.5, s.stop - 0.5) for s in box)
        corners = self._grid.to_patient(np.array([(a, b, c) for a in i for b in j for c in k]))
        away = plane.distance_mm(corners)
        if float(away.min()) > 1e-6 or float(away.max()) < -1e-6:
            return None
        return plane.rectangle_of(corners)

    def _colour(self, rectangle: Rectangle, fill: Array, line: Array) -> None:
        if self.stripes or self.dashed:
            self._colour_broken(rectangle, fill, line)
            return
        x0, y0, x1, y1 = rectangle
        rim = 0 if np.array_equal(fill, line) else self.line_px
        tint(self._labels, x0, y0, rim, fill, line, self.pixels[y0:y1, x0:x1])

    def _colour_broken(self, rectangle: Rectangle, fill: Array, line: Array) -> None:
        """The same with stripes in the fill or gaps in the line."""
        x0, y0, x1, y1 = rectangle
        height, width = self._labels.shape
        rim = self.line_px
        top, left = max(0, y0 - rim), max(0, x0 - rim)
        part = self._labels[top:min(height, y1 + rim), left:min(width, x1 + rim)]
        inner = part[y0 - top:y0 - top + y1 - y0, x0 - left:x0 - left + x1 - x0]
        drawn = np.take(fill, inner)
        if self.stripes and not self.dashed:
            drawn[bare(inner, x0, y0, STRIPE_PX * rim)] = 0
        if not np.array_equal(fill, line):
            edge = edges(part, rim)[y0 - top:y0 - top + y1 - y0, x0 - left:x0 - left + x1 - x0]
            if self.dashed:
                edge &= dashes(edge.shape, x0, y0, DASH_PX * rim)
            np.copyto(drawn, np.take(line, inner), where=edge)
        self.pixels[y0:y1, x0:x1] = drawn


def dashes(shape: tuple[int, int], x0: int, y0: int, step: int) -> Array:
    """(height, width) bool: where a broken line is drawn, in squares, so that it is broken whichever way it runs."""
    y, x = np.ogrid[y0:y0 + shape[0], x0:x0 + shape[1]]
    return np.asarray((x // step + y // step) % 2 == 0)


def bare(labels: Array, x0: int, y0: int, step: int) -> Array:
    """(height, width) bool: where the fill is left out. By label value in turn: plain, three leaning ways, a grid of dots.

    labels: a part of the view whose corner is (x0, y0), so that stripes go on over its border. step: pixels of a stripe.
    """
    height, width = labels.shape
    y, x = np.ogrid[y0:y0 + height, x0:x0 + width]
    out = np.zeros(labels.shape, dtype=bool)
    for turn, gap in enumerate(((x + y) // step % 2, (x - y) // step % 2, (y + 0 * x) // step % 2,
                                ((x // step % 2) + (y // step % 2)) % 2), start=1):
        np.copyto(out, gap.astype(bool), where=(labels != 0) & ((labels - 1) % PATTERNS == turn))
    return out


def _hull(one: Rectangle | None, other: Rectangle) -> Rectangle:
    if one is None:
        return other
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
