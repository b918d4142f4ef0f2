"""One plane of pixels and what its header says about it: the unit that grouping and geometry work on."""

from dataclasses import dataclass
from pathlib import Path

from graticule.domain.volume import Doubt

Triple = tuple[float, float, float]
Sextuple = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Coding:
    """How the pixels of a frame are stored and what one stored number means: value = stored · slope + intercept.

    floating: 32- or 64-bit floating-point pixels (Float or Double Float Pixel Data).
    """

    syntax: str
    samples: int
    photometric: str
    bits_allocated: int
    bits_stored: int
    high_bit: int
    signed: bool
    slope: float
    intercept: float
    floating: bool = False

    @property
    def integral(self) -> bool:
        return self.slope.is_integer() and self.intercept.is_integer()


@dataclass(frozen=True, slots=True)
class Frame:
    """A classic DICOM image, or one frame of an enhanced one.

    frame, of: 0-based number within the file, frames in the file. position: LPS mm of the first pixel's centre.
    orientation: direction cosines of a row, then of a column. spacing: mm between (rows, columns), None when the file does
    not justify it. offset, length: of the pixel data element's value in the file, length −1 when encapsulated, offset −1
    when not known. moments: what may tell repeated positions apart ("echo/EchoTime" → "2"). words: safe words for a title.
    stack, place: Stack ID and In-Stack Position Number of an enhanced file ("" and 0 without). location: Slice Location, mm.
    said_tilt: Gantry/Detector Tilt, degrees. axes: what was wrong with the direction cosines, a sentence with numbers, or "".
    unit_doubt: why the values are not in the unit that is usual for the modality, or "". stamp: of the file (`Header`).
    about: what the list and the protocol may use of the header (`about.py`); one object for all frames of a file.
    doubts: of a picture, what its scale and its pixels must be told with.
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
    stamp: tuple[int, int] = (-1, 0)
    stack: str = ""
    place: int = 0
    location: float | None = None
    said_tilt: float | None = None
    axes: str = ""
    unit_doubt: str = ""
    about: tuple[tuple[str, str], ...] = ()
    doubts: tuple[Doubt, ...] = ()
