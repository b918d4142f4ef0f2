"""A DICOM file up to its pixels: what it is, whether it is whole, and where its pixels begin."""

import logging
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pydicom

from graticule.domain.errors import GraticuleError
from graticule.formats.dicom.damage import DICOM_DAMAGE
from graticule.formats.dicom.element_values import ElementValues
from graticule.formats.dicom.keywords import ALL
from graticule.formats.dicom.objects import sop_class_for
from graticule.formats.dicom.patience import patiently
from graticule.formats.dicom.pixel_start import pixel_start, read_at
from graticule.formats.dicom.walk import TooShort, Unusual, walk, walk_meta

# pydicom's own messages quote values, and values may be names; a bad value is our business, not the log's.
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
logging.getLogger("pydicom").setLevel(logging.CRITICAL)
warnings.filterwarnings("ignore", module=r"pydicom(\..*)?")

IMPLICIT, EXPLICIT, BIG_ENDIAN, DEFLATED = (
    "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99")

_KEYWORDS = (*ALL, *"""
ImageType SOPClassUID SOPInstanceUID StudyInstanceUID SeriesInstanceUID FrameOfReferenceUID Modality StudyDescription
SeriesDescription ProtocolName BodyPartExamined ViewPosition PatientOrientation InstanceNumber AcquisitionNumber
AcquisitionDate AcquisitionTime SeriesDate SeriesTime ContentTime TemporalPositionIdentifier EchoTime EchoNumbers
DiffusionBValue TriggerTime InversionTime ImagePositionPatient ImageOrientationPatient PixelSpacing ImagerPixelSpacing
NominalScannedPixelSpacing SliceThickness SpacingBetweenSlices SamplesPerPixel PhotometricInterpretation NumberOfFrames Rows
Columns BitsAllocated BitsStored HighBit PixelRepresentation PixelPaddingValue PlanarConfiguration RescaleSlope
RescaleIntercept RescaleType WindowCenter WindowWidth WindowCenterWidthExplanation VOILUTSequence PresentationLUTShape
LossyImageCompression LossyImageCompressionRatio Units SUVType CorrectedImage DecayCorrection PatientWeight
RadiopharmaceuticalInformationSequence SharedFunctionalGroupsSequence PerFrameFunctionalGroupsSequence
ReferencedSeriesSequence
""".split())  # noqa: SIM905 (a list of seventy would be a column of seventy)

_META_KEYWORDS = ("TransferSyntaxUID", "MediaStorageSOPClassUID", "MediaStorageSOPInstanceUID")
_META, _DATA = ElementValues(_META_KEYWORDS), ElementValues(_KEYWORDS)
# Nearly every header ends within the first; one beyond the last (megabytes of private elements) is left to pydicom.
_FIRST_READ, _LONGEST_READ = 16 << 10, 32 << 20
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)


@dataclass(frozen=True, slots=True)
class Header:
    """data: keyword → value of the attributes this program asks for, up to the pixels. object_id: "" when the file has none.

    offset, length: of the pixel data's value in the file; length −1 when encapsulated, offset −1 when not known.
    stamp: (bytes, time of change in ns) of the file when it was read, by which a later look knows that it is the same.
    """

    path: Path
    data: Mapping[str, Any]
    sop_class: str
    object_id: str
    syntax: str
    offset: int = -1
    length: int = -1
    has_pixels: bool = False
    stamp: tuple[int, int] = (-1, 0)


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A header without a judgement. pixels_at: where the pixel data element begins, −1 when the syntax hides it."""

    meta: Mapping[str, Any]
    data: Mapping[str, Any]
    syntax: str
    pixels_at: int


def read_header(path: Path) -> Header:
    """Read a file up to its pixels; GraticuleError, in the user's words, when it is damaged, cut off or not DICOM."""
    try:
        file = os.open(path, _READ)
        try:
            about = os.fstat(file)
            return _header(path, file, about.st_size, (about.st_size, about.st_mtime_ns))
        finally:
            os.close(file)
    except DICOM_DAMAGE as error:
        raise GraticuleError("The file is damaged: its header cannot be read.", "Copy it again from its source.") from error


def _header(path: Path, file: int, size: int, stamp: tuple[int, int]) -> Header:
    parsed = _by_walk(file, size) or by_pydicom(path)
    data, meta = parsed.data, parsed.meta
    modality = str(data.get("Modality") or "")
    sop_class = str(data.get("SOPClassUID") or meta.get("MediaStorageSOPClassUID") or "")
    if not sop_class and not modality:
        raise GraticuleError("The file is damaged, or it is no DICOM file.", "Copy it again from its source.")
    object_id = str(data.get("SOPInstanceUID") or meta.get("MediaStorageSOPInstanceUID") or "")
    kind = sop_class_for(sop_class, modality)
    if parsed.pixels_at < 0:
        return Header(path, data, kind, object_id, parsed.syntax, has_pixels="Rows" in data, stamp=stamp)
    order = ">" if parsed.syntax == BIG_ENDIAN else "<"
    offset, length = pixel_start(file, size, parsed.pixels_at, parsed.syntax != IMPLICIT, order) or (-1, -1)
    return Header(path, data, kind, object_id, parsed.syntax, offset, length, offset >= 0, stamp)


def _by_walk(file: int, size: int) -> _Parsed | None:
    """The header by the plain walk; None when it is unusual or longer than the walk cares for."""
    wanted = min(size, _FIRST_READ)
    while True:
        buffer = read_at(file, 0, wanted)
        try:
            parsed = walked(buffer)
        except Unusual:
            return None
        except TooShort as short:
            if len(buffer) < wanted or wanted >= min(size, _LONGEST_READ) or short.needed > min(size, _LONGEST_READ) + 16:
                return None
            wanted = min(size, max(2 * wanted, short.needed + _FIRST_READ))
            continue
        if parsed.pixels_at < len(buffer) or wanted == size:
            return parsed
        wanted = min(size, 2 * wanted)


def walked(buffer: bytes) -> _Parsed:
    """The header at the beginning of `buffer`; Unusual or TooShort when the plain walk does not reach the pixels."""
    places, at = walk_meta(buffer, _META.wanted)
    meta = _META.read(buffer, places, implicit=False)
    syntax = str(meta.get("TransferSyntaxUID") or "")
    if syntax in ("", BIG_ENDIAN, DEFLATED) or not syntax.startswith("1.2.840.10008."):
        raise Unusual
    implicit = syntax == IMPLICIT
    places, pixels_at = walk(buffer, at, implicit, _DATA.wanted)
    return _Parsed(meta, _DATA.read(buffer, places, implicit), syntax, pixels_at)


def by_pydicom(path: Path) -> _Parsed:
    """Any header, by pydicom: it decides whatever is not plain, and it is the referee of the walk in the tests."""
    with patiently(path) as (file, deflated):
        data = pydicom.dcmread(file, stop_before_pixels=True, force=True, specific_tags=list(_KEYWORDS))
        syntax = DEFLATED if deflated else _syntax(data)
        at = -1 if syntax == DEFLATED else file.tell()
    # Plain dicts: pydicom looks names up in the whole dictionary of DICOM each time one is asked for.
    values = {element.keyword: element.value for element in data if element.keyword in _DATA.keywords}
    return _Parsed({name: data.file_meta[name].value for name in _META_KEYWORDS if name in data.file_meta}, values, syntax, at)


def _syntax(data: Any) -> str:
    stated = data.file_meta.get("TransferSyntaxUID")
    if stated:
        return str(stated)
    implicit, little = data.original_encoding
    return IMPLICIT if implicit else EXPLICIT if little else BIG_ENDIAN
