"""A DICOM segmentation, frame by frame, read with pydicom alone: also the independent check of what highdicom writes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pydicom

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.formats.dicom.cielab import rgb_of
from graticule.formats.dicom.damage import DICOM_DAMAGE
from graticule.formats.dicom.frame import Sextuple, Triple
from graticule.formats.dicom.references import source_frames_of, sources_of

# A fractional file that does not name its highest value has 8 bits.
FULL = 255
_DAMAGED = GraticuleError("The segmentation is damaged: it cannot be read.", "Copy it again from its source.")


@dataclass(frozen=True, slots=True)
class SegSegment:
    """What the file says of one segment. category, type, modifier, region: (scheme, value, meaning), "" where not said."""

    number: int
    label: str
    category: tuple[str, str, str]
    type: tuple[str, str, str]
    algorithm: str
    colour: str
    modifier: tuple[str, str, str] = ("", "", "")
    region: tuple[str, str, str] = ("", "", "")


@dataclass(frozen=True, slots=True)
class SegFrame:
    """One plane. segment: its number, None for a label map whose pixels are the numbers. sources: SOP Instance UIDs, and
    source_frames the frames (from 1) that are named of them."""

    index: int
    segment: int | None
    position: Triple | None
    orientation: Sextuple | None
    spacing: tuple[float, float] | None
    sources: tuple[str, ...]
    source_frames: tuple[int, ...] = ()


class SegFile:
    """Segments and frames of a file; `mask(frame)` gives the pixels of one."""

    def __init__(self, path: Path) -> None:
        """GraticuleError when the file is damaged, tiled, or fractional by probability, which is no label.

        soft: fractional with values between 0 and `most`; kind FRACTIONAL without them is as good as binary.
        """
        try:
            self._data = pydicom.dcmread(path, force=True)
            self.kind = str(self._data.SegmentationType)
            _refuse_tiled(self._data)
            self.rows, self.columns = int(self._data.Rows), int(self._data.Columns)
            self.frame_of_reference = str(self._data.get("FrameOfReferenceUID") or "")
            self.segments = tuple(_segment(item) for item in self._data.SegmentSequence)
            self.frames = tuple(self._frame(index) for index in range(int(self._data.get("NumberOfFrames") or 1)))
            self._bits, self._pixels = self._load()
        except DICOM_DAMAGE as error:
            raise _DAMAGED from error
        self.most = int(self._data.get("MaximumFractionalValue") or FULL)
        self.soft = self.kind == "FRACTIONAL" and not self._binary_equivalent()
        if self.soft and str(self._data.get("SegmentationFractionalType")) != "OCCUPANCY":
            raise GraticuleError("The segmentation is fractional by probability: it tells how sure a program is, not how "
                                 "much of each voxel is filled.", "Choose a threshold there and export it as binary.")

    def mask(self, frame: SegFrame) -> Array:
        """(rows, columns) bool, or label numbers when the file is a label map."""
        if self._bits is None:
            plane = np.asarray(self._pixels[frame.index])
            return plane if self.kind == "LABELMAP" else plane != 0
        size = self.rows * self.columns
        first = frame.index * size
        bits = np.unpackbits(self._bits[first // 8:(first + size + 7) // 8], bitorder="little")
        return np.asarray(bits[first % 8:first % 8 + size].reshape(self.rows, self.columns) != 0)

    def share(self, frame: SegFrame) -> Array:
        """(rows, columns) uint8 of a fractional frame: 0 … `most`."""
        return np.asarray(self._pixels[frame.index], dtype=np.uint8)

    def _load(self) -> tuple[Array | None, Array]:
        """(packed bits, nothing) of an uncompressed binary file (PS3.5 8.1.1: frames follow bit by bit), else (None, pixels)."""
        if int(self._data.BitsAllocated) == 1 and not self._data.file_meta.TransferSyntaxUID.is_compressed:
            bits = np.frombuffer(self._data.PixelData, np.uint8)
            if bits.size * 8 < self.rows * self.columns * len(self.frames):
                raise EOFError
            return bits, np.zeros(0)
        return None, np.asarray(self._data.pixel_array).reshape(-1, self.rows, self.columns)

    def _binary_equivalent(self) -> bool:
        found = set(np.unique(self._pixels).tolist())
        return found <= {0, self.most}

    def _frame(self, index: int) -> SegFrame:
        per_frame = self._data.get("PerFrameFunctionalGroupsSequence") or ()
        shared = self._data.get("SharedFunctionalGroupsSequence") or ()
        groups = [*per_frame[index:index + 1], *shared[:1]]
        number = _of(groups, "SegmentIdentificationSequence", "ReferencedSegmentNumber")
        sources = next((found for group in groups if (found := sources_of(group))), [])
        numbers = next((shown for group in groups if (shown := source_frames_of(group))), [])
        return SegFrame(
            index, None if self.kind == "LABELMAP" else int(number),
            _floats(_of(groups, "PlanePositionSequence", "ImagePositionPatient"), 3),
            _floats(_of(groups, "PlaneOrientationSequence", "ImageOrientationPatient"), 6),
            _floats(_of(groups, "PixelMeasuresSequence", "PixelSpacing"), 2), tuple(sources), tuple(numbers))


def _refuse_tiled(data: Any) -> None:
    """Frames of a slide are tiles of one plane: PerFrameFunctionalGroups may be missing altogether (TILED_FULL)."""
    if str(data.get("DimensionOrganizationType") or "") == "TILED_FULL" or data.get("TotalPixelMatrixColumns"):
        raise GraticuleError("The segmentation was drawn on a microscope slide, in tiles: it does not lie on a series of slices.",
                             "Open it in a program for slides.")


def _of(groups: list[Any], sequence: str, keyword: str) -> Any:
    return next((item.get(keyword) for group in groups for item in (group.get(sequence) or ())[:1]), None)


def _floats(value: Any, count: int) -> Any:
    return tuple(float(part) for part in value) if value is not None and len(value) == count else None


def _segment(item: Any) -> SegSegment:
    return SegSegment(int(item.SegmentNumber), str(item.get("SegmentLabel") or ""),
                      _code(item.get("SegmentedPropertyCategoryCodeSequence")),
                      _code(item.get("SegmentedPropertyTypeCodeSequence")), str(item.get("SegmentAlgorithmType") or ""),
                      rgb_of(item.get("RecommendedDisplayCIELabValue")),
                      _code(_modifiers(item.get("SegmentedPropertyTypeCodeSequence"))), _code(item.get("AnatomicRegionSequence")))


def _modifiers(types: Any) -> Any:
    return next((kind.get("SegmentedPropertyTypeModifierCodeSequence") for kind in (types or ())[:1]), None)


def _code(sequence: Any) -> tuple[str, str, str]:
    for item in (sequence or ())[:1]:
        value = item.get("CodeValue") or item.get("LongCodeValue") or item.get("URNCodeValue") or ""
        return str(item.get("CodingSchemeDesignator") or ""), str(value), str(item.get("CodeMeaning") or "")
    return "", "", ""
