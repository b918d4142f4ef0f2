"""A single 2D image: a radiograph, a dermoscopy or clinical photograph."""

from dataclasses import dataclass, field

import numpy as np

from graticule.domain.geometry import Array
from graticule.domain.volume import Doubt, Window


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A part of an ultrasound image with a scale of its own: columns and rows [left, right) × [top, bottom).

    pixel_mm: (row, column) mm per pixel, None when an axis is no distance (time, velocity). kind: "2D", "M-mode", "Doppler", ….
    axes: unit words of (row, column), e.g. ("mm", "s").
    """

    left: int
    top: int
    right: int
    bottom: int
    pixel_mm: tuple[float, float] | None
    kind: str = "2D"
    axes: tuple[str, str] = ("mm", "mm")


@dataclass(eq=False)
class Picture:
    """Pixels in display orientation: a single image, or the frames of a cine loop.

    frames: (frame, row, column[, 3]) of a cine loop or multi-frame capture, None for a single image; `pixels` is then a view of
    the first. arrived: (frame,) bool. frame_ms: time from one frame to the next, 0 when the file does not say.
    A mark on frame n > 0 carries n × 1000 as third coordinate of its points.
    calibrated: parts with their own scale (ultrasound); `pixel_mm` is then None and `pixel_mm_at` answers.
    signs, blank: as a Volume's.
    overlay: (row, column) or (frame, row, column) bool, the file's own graphics (60xx), None when it has none.
    pixel_aspect: height of a pixel by its width, where the file gives no millimetres but pixels that are not square.
    pixels: (row, column) grey values after rescale, brighter = higher unless `inverted`; or (row, column, 3) uint8 sRGB.
    inverted: True for MONOCHROME1, where the highest value is shown black.
    pixel_mm: (row, column) millimetres per pixel, None when the file does not justify a length in mm.
    pixel_mm_source: which attribute said so ("PixelSpacing", "ImagerPixelSpacing, at the detector"), for the caption.
    edge_letters: letters of the image's (left, top, right, bottom) edges; "?" where the file does not say.
    """

    pixels: Array
    modality: str
    photometric: str
    inverted: bool = False
    pixel_mm: tuple[float, float] | None = None
    pixel_mm_source: str = ""
    unit: str | None = None
    windows: tuple[Window, ...] = ()
    orientation_applied: int = 1
    edge_letters: tuple[str, str, str, str] = ("?", "?", "?", "?")
    doubts: tuple[Doubt, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)
    frames: Array | None = None
    arrived: Array = field(default_factory=lambda: np.ones(1, dtype=bool))
    frame_ms: float = 0.0
    calibrated: tuple[Calibrated, ...] = ()
    signs: tuple[tuple[str, str, str], ...] = ()
    blank: tuple[float, float] | None = None
    overlay: Array | None = None
    pixel_aspect: float = 1.0

    def overlay_of(self, number: int) -> Array | None:
        """(row, column) bool: the graphics on frame `number`, from 0."""
        if self.overlay is None or self.overlay.ndim == 2:
            return self.overlay
        return np.asarray(self.overlay[number])

    @property
    def colour(self) -> bool:
        return self.pixels.ndim == 3

    @property
    def count(self) -> int:
        """How many frames there are; 1 for a single image."""
        return 1 if self.frames is None else int(self.frames.shape[0])

    def frame(self, number: int) -> Array:
        """(row, column[, 3]): frame `number`, from 0."""
        return self.pixels if self.frames is None else self.frames[number]

    def pixel_mm_at(self, column: float, row: float) -> tuple[float, float] | None:
        """(row, column) mm per pixel at a place of the image; None where a length in mm is not justified."""
        if not self.calibrated:
            return self.pixel_mm
        inside = [part for part in self.calibrated if part.left <= column < part.right and part.top <= row < part.bottom]
        return inside[0].pixel_mm if inside else None

    @property
    def labels_shape(self) -> tuple[int, int, int]:
        """(frames, rows, columns): the shape of its label maps."""
        return self.count, self.rows, self.columns

    @property
    def rows(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def columns(self) -> int:
        return int(self.pixels.shape[1])
