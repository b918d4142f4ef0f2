"""A proposal over an image: what would be gained in a lighter fill with a dashed rim, what would be lost hatched in red.

Nothing of it is computed for the volume: each plane is cut out of the proposed mask and of the labels when it is drawn.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np

from graticule.domain.geometry import Array, Grid
from graticule.domain.labels import Box
from graticule.imaging.patch import grid_of
from graticule.imaging.plane import ViewPlane
from graticule.render.overlay import edges
from graticule.render.reslice import Rectangle, SliceRenderer

RGB = tuple[int, int, int]
GAIN, LOSS = 1, 2
_DASH_PX, _HATCH_PX = 6, 2
# A multiple of both patterns at one to four pixels a line.
_PERIOD = 144
_LOSS_FILL = 0.75
_RIM: RGB = (244, 246, 250)


class ShownPart(Protocol):
    """mask: (k, j, i) bool of `box`; own: (k, j, i) uint8 of the grid, in which `value` is the segment. extent: the box in which
    anything changes. gains, loses: whether voxels of the mask are added, and which of its own go: "none", "masked" or "rest"."""

    @property
    def mask(self) -> Array: ...
    @property
    def box(self) -> Box: ...
    @property
    def own(self) -> Array: ...
    @property
    def value(self) -> int: ...
    @property
    def extent(self) -> Box: ...
    @property
    def gains(self) -> bool: ...
    @property
    def loses(self) -> str: ...
    @property
    def colour(self) -> RGB: ...


class ProposedLayer:
    """The parts of one proposal in one view. `pixels`: (height, width) uint32 premultiplied ARGB. lost: the colour of what goes.

    line_px: thickness of the rim in the screen's own pixels.
    """

    def __init__(self, parts: Sequence[ShownPart], grid: Grid, lost: RGB) -> None:
        self._grid, self._lost = grid, lost
        self._parts = [(part, _mask_of(part, grid), SliceRenderer(part.own, grid, labels=True)) for part in parts]
        self.line_px = 2
        self.pixels: Array = np.zeros((0, 0), dtype=np.uint32)
        self._used: Rectangle | None = None

    @property
    def empty(self) -> bool:
        """Nothing of it lies in the plane drawn last."""
        return self._used is None

    def draw(self, plane: ViewPlane, opacity: float) -> None:
        self._clear(plane)
        for part, mask, own in self._parts:
            found = rectangle_of(self._grid, plane, part.extent)
            if found is None:
                continue
            wanted = mask.slice(plane, found) != 0 if mask is not None else np.zeros(_size(found), dtype=bool)
            held = own.slice(plane, found) == part.value
            self._put(found, states_of(wanted, held, gains=part.gains, loses=part.loses), part.colour, opacity)

    def draw_range(self, plane: ViewPlane, inside: Array, colour: RGB, opacity: float, box: Box | None) -> None:
        """A range that is being chosen. inside: (height, width) bool; box: only there."""
        self._clear(plane)
        found = (0, 0, plane.width, plane.height) if box is None else rectangle_of(self._grid, plane, box)
        if found is not None:
            x0, y0, x1, y1 = found
            self._put(found, inside[y0:y1, x0:x1].astype(np.uint8), colour, opacity)

    def _clear(self, plane: ViewPlane) -> None:
        if self.pixels.shape != (plane.height, plane.width):
            self.pixels = np.zeros((plane.height, plane.width), dtype=np.uint32)
        elif self._used is not None:
            x0, y0, x1, y1 = self._used
            self.pixels[y0:y1, x0:x1] = 0
        self._used = None

    def _put(self, rectangle: Rectangle, states: Array, colour: RGB, opacity: float) -> None:
        """Over what another part has drawn already."""
        x0, y0, x1, y1 = rectangle
        drawn = coloured(states, colour, self._lost, opacity, self.line_px, x0, y0)
        target = self.pixels[y0:y1, x0:x1]
        np.copyto(target, drawn, where=drawn != 0)
        if self._used is not None:
            a0, b0, a1, b1 = self._used
            x0, y0, x1, y1 = min(x0, a0), min(y0, b0), max(x1, a1), max(y1, b1)
        self._used = x0, y0, x1, y1


def states_of(wanted: Array, held: Array, *, gains: bool, loses: str) -> Array:
    """(height, width) uint8: 0, GAIN or LOSS."""
    out = np.zeros(wanted.shape, dtype=np.uint8)
    if gains:
        out[wanted & ~held] = GAIN
    if loses == "masked":
        out[wanted & held] = LOSS
    elif loses == "rest":
        out[held & ~wanted] = LOSS
    return out


def coloured(states: Array, colour: RGB, lost: RGB, opacity: float, line_px: int, x0: int, y0: int) -> Array:
    """(height, width) uint32 premultiplied ARGB of states; (x0, y0): where in the view they begin, so that dashes go on."""
    rim = edges(states, line_px).view(np.uint8)
    dash, hatch = _patterns(states.shape, line_px, x0 % _PERIOD, y0 % _PERIOD)
    return np.asarray(np.take(_table(colour, lost, opacity), states + rim * np.uint8(4) + dash + hatch))


def _table(colour: RGB, lost: RGB, opacity: float) -> Array:
    """Of state + 4 on the rim + 8 where a dash is light + 16 where a hatch runs."""
    table = np.zeros(32, dtype=np.uint32)
    for code in range(32):
        state, rim, dash, hatch = code % 4, code & 4, code & 8, code & 16
        if state == GAIN:
            table[code] = _argb(_RIM if rim and dash else colour, 1.0 if rim else opacity * 0.6)
        elif state == LOSS:
            table[code] = _argb(lost, 1.0 if rim else _LOSS_FILL if hatch else opacity * 0.35)
    return table


@lru_cache(maxsize=12)
def _patterns(shape: tuple[int, int], line_px: int, x0: int, y0: int) -> tuple[Array, Array]:
    """(dash, hatch), each (height, width) uint8: 8 and 16 where they are. They repeat every `_PERIOD` pixels."""
    y, x = np.ogrid[y0:y0 + shape[0], x0:x0 + shape[1]]
    dash, hatch = _DASH_PX * max(1, line_px // 2), _HATCH_PX * max(1, line_px // 2)
    return (((x // dash + y // dash) % 2 * 8).astype(np.uint8), (((x + y) // hatch % 3 == 0) * 16).astype(np.uint8))


def rectangle_of(grid: Grid, plane: ViewPlane, box: Box) -> Rectangle | None:
    """The pixels of a view in which a box of voxels may be seen; None when the plane does not cut it."""
    if any(side.stop <= side.start for side in box):
        return None
    k, j, i = ((side.start - 0.5, side.stop - 0.5) for side in box)
    corners = grid.to_patient(np.array([(a, b, c) for a in i for b in j for c in k]))
    away = plane.distance_mm(corners)
    if float(away.min()) > 1e-6 or float(away.max()) < -1e-6:
        return None
    return plane.rectangle_of(corners)


def _mask_of(part: ShownPart, grid: Grid) -> SliceRenderer | None:
    if not part.mask.size:
        return None
    return SliceRenderer(np.ascontiguousarray(part.mask).view(np.uint8), grid_of(grid, part.box), labels=True)


def _size(rectangle: Rectangle) -> tuple[int, int]:
    return rectangle[3] - rectangle[1], rectangle[2] - rectangle[0]


def _argb(colour: RGB, opacity: float) -> int:
    alpha = round(255 * min(1.0, max(0.0, opacity)))
    red, green, blue = (round(part * alpha / 255) for part in colour)
    return (alpha << 24) | (red << 16) | (green << 8) | blue
