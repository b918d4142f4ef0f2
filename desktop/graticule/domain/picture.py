"""A single 2D image: a radiograph, a dermoscopy or clinical photograph."""

from dataclasses import dataclass, field

from graticule.domain.geometry import Array
from graticule.domain.volume import Doubt, Window


@dataclass(eq=False)
class Picture:
    """Pixels in display orientation.

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

    @property
    def colour(self) -> bool:
        return self.pixels.ndim == 3

    @property
    def rows(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def columns(self) -> int:
        return int(self.pixels.shape[1])
