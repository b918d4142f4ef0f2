"""What can be painted on: the values under the hand and the grid they lie on, whether a volume or a picture.

A picture's canvas is its pixels in image space: x to the right, y down, frame k of a loop at z = k × `FRAMES_APART`; the outer
corner of the top-left pixel is (0, 0). One unit is a millimetre where the file justifies one (`length` "mm"), else the width
of a pixel ("px"). Only tools work in this space: what is stored of a picture is pixel numbers and voxels, never millimetres.
"""

from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Grid
from graticule.domain.picture import Picture
from graticule.domain.recording import Recording
from graticule.domain.volume import Volume
from graticule.imaging.luminance import luminance

# Frames are moments, not places: no brush, margin or distance may reach from one to the next.
FRAMES_APART = 1e5
# Pixels that the file gives millimetres must be shaped as they are shown, or a circle on the screen would be none in mm.
_SAME_SHAPE = 0.01


@dataclass(frozen=True, eq=False)
class Canvas:
    """samples: (k, j, i) values in `unit`, or (k, j, i, 3) sRGB; grid: where they lie, in `length` ("mm", or "px" in a picture
    nobody calibrated).

    blank: (lowest, highest) value that is padding, None where nothing is.
    pixel: (row, column) lengths of a pixel of a picture; None in a volume, whose pointers are in the grid's space already.
    """

    samples: Array
    grid: Grid
    unit: str | None = None
    length: str = "mm"
    blank: tuple[float, float] | None = None
    pixel: tuple[float, float] | None = None

    @cached_property
    def voxels(self) -> Array:
        """(k, j, i) values: of a colour picture its luminance, 0 to 255."""
        return luminance(self.samples) if self.samples.ndim == 4 else self.samples

    @property
    def moments(self) -> bool:
        """Whether what lies along k are frames of a loop: nothing is connected from one to the next."""
        return self.pixel is not None and self.grid.shape[0] > 1

    def point_of(self, at: tuple[float, ...]) -> tuple[float, float, float]:
        """A pointer's place, (column, row[, frame]) in a picture, as a point of the canvas."""
        if self.pixel is None:
            return at[0], at[1], at[2]
        return at[0] * self.pixel[1], at[1] * self.pixel[0], (at[2] if len(at) > 2 else 0.0) * FRAMES_APART

    def place_of(self, point: tuple[float, ...]) -> tuple[float, ...]:
        """The inverse of `point_of`; the frame is left out on the first."""
        if self.pixel is None:
            return tuple(point)
        frame = round(point[2] / FRAMES_APART) if len(point) > 2 else 0
        flat = point[0] / self.pixel[1], point[1] / self.pixel[0]
        return flat if frame == 0 else (*flat, float(frame))


def canvas_of(content: Volume | Picture | Recording) -> Canvas:
    """The canvas of a case; GraticuleError when it has none. The same canvas again while no new frame has arrived."""
    if isinstance(content, Volume):
        return Canvas(content.voxels, content.grid, content.unit, blank=content.blank)
    if isinstance(content, Picture):
        return _of_picture(content)
    raise GraticuleError("Only images have voxels to paint.")


_KEPT: "WeakKeyDictionary[Picture, tuple[int, Canvas]]" = WeakKeyDictionary()


def _of_picture(picture: Picture) -> Canvas:
    arrived = int(np.count_nonzero(picture.arrived))
    kept = _KEPT.get(picture)
    if kept is not None and kept[0] == arrived:
        return kept[1]
    length, pixel = pixel_of(picture)
    frames = picture.pixels[None] if picture.frames is None else picture.frames
    canvas = Canvas(frames, _grid(frames.shape, pixel), picture.unit, length, picture.blank, pixel)
    _KEPT[picture] = arrived, canvas
    return canvas



def pixel_of(picture: Picture) -> tuple[str, tuple[float, float]]:
    """("mm" or "px", (row, column) length of a pixel).

    Millimetres only where one scale holds for the whole picture, or for every part of it that has one; an ultrasound image
    with several scales, or with parts that are no distances, stays in pixels.
    """
    mm = picture.pixel_mm if not picture.calibrated else _one_scale(picture)
    if mm is not None and min(mm) > 0:
        return "mm", mm
    return "px", (picture.pixel_aspect if picture.pixel_aspect > 0 else 1.0, 1.0)


def _one_scale(picture: Picture) -> tuple[float, float] | None:
    scales = {part.pixel_mm for part in picture.calibrated}
    mm = scales.pop() if len(scales) == 1 else None
    aspect = picture.pixel_aspect if picture.pixel_aspect > 0 else 1.0
    if mm is None or min(mm) <= 0 or abs(mm[0] / mm[1] / aspect - 1) > _SAME_SHAPE:
        return None
    return mm


def _grid(shape: tuple[int, ...], pixel: tuple[float, float]) -> Grid:
    row, column = pixel
    affine = np.diag([column, row, FRAMES_APART, 1.0])
    affine[:2, 3] = column / 2, row / 2
    return Grid((int(shape[0]), int(shape[1]), int(shape[2])), affine, oriented=False)
