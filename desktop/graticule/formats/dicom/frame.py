"""One plane of pixels and what its header says about it: the unit that grouping and geometry work on."""

from dataclasses import dataclass
from pathlib import Path

Triple = tuple[float, float, float]
Sextuple = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Coding:
    """How the pixels of a frame are stored and what one stored number means: value = stored · slope + intercept."""

    syntax: str
    samples: int
    photometric: str
    bits_allocated: int
    bits_stored: int
    high_bit: int
    signed: bool
    slope: float
    intercept: float

    @property
    def integral(self) -> bool:
        return self.slope.is_integer() and self.intercept.is_integer()


@dataclass(frozen=True, slots=True)
class Frame:
    """A classic DICOM image, or one frame of an enhanced one.

    frame, of: 0-based number within the file, frames in the file. position: LPS mm of the first pixel's centre.
    orientation: direction cosines of a row, then of a column. spacing: mm between (rows, columns), None when the file does
    not justify it. offset, length: of the pixel data element's value in the file, length −1 when encapsulated, offset −1
    when not known. moments: what may tell repeated positions apart ("echo" → "2"). words: safe words for a title.
    """

    path: Path
    frame: int
    of: int
    sop_class: str
    object_id: str
    study: str
    series: str
    modality: str
    frame_of_reference: str
    rows: int
    columns: int
    coding: Coding
    position: Triple | None = None
    orientation: Sextuple | None = None
    spacing: tuple[float, float] | None = None
    spacing_source: str = ""
    thickness: float | None = None
    between: float | None = None
    number: int = 0
    moments: tuple[tuple[str, str], ...] = ()
    image_type: tuple[str, ...] = ()
    padding: float | None = None
    windows: tuple[tuple[float, float, str], ...] = ()
    inverted: bool = False
    unit: str | None = None
    lossy: str = ""
    words: str = ""
    patient_orientation: tuple[str, ...] = ()
    offset: int = -1
    length: int = -1
