"""A DICOM file up to its pixels: what it is, whether it is whole, and where its pixels begin."""

import logging
import struct
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import pydicom

from graticule.domain.errors import GraticuleError
from graticule.formats.dicom.damage import DICOM_DAMAGE
from graticule.formats.dicom.objects import sop_class_for

# pydicom's own messages quote values, and values may be names; a bad value is our business, not the log's.
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
logging.getLogger("pydicom").setLevel(logging.CRITICAL)
warnings.filterwarnings("ignore", module=r"pydicom(\..*)?")

IMPLICIT, EXPLICIT, BIG_ENDIAN, DEFLATED = (
    "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99")

_KEYWORDS = tuple("""
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

_PIXEL_DATA, _FLOATS = (0x7FE0, 0x0010), ((0x7FE0, 0x0008), (0x7FE0, 0x0009))
_UNDEFINED = 0xFFFFFFFF
_CUT_OFF = "The file is cut off before the end of its image; copy it again from its source."


@dataclass(frozen=True, slots=True)
class Header:
    """data: keyword → value of the attributes this program asks for, up to the pixels. object_id: "" when the file has none.

    offset, length: of the pixel data's value in the file; length −1 when encapsulated, offset −1 when not known.
    """

    path: Path
    data: Mapping[str, Any]
    sop_class: str
    object_id: str
    syntax: str
    offset: int = -1
    length: int = -1
    has_pixels: bool = False


def read_header(path: Path) -> Header:
    """Read a file up to its pixels; GraticuleError, in the user's words, when it is damaged, cut off or not DICOM."""
    try:
        with path.open("rb") as file:
            data = pydicom.dcmread(file, stop_before_pixels=True, force=True, specific_tags=list(_KEYWORDS))
            syntax = _syntax(data)
            modality = str(data.get("Modality") or "")
            sop_class = str(data.get("SOPClassUID") or data.file_meta.get("MediaStorageSOPClassUID") or "")
            if not sop_class and not modality:
                raise GraticuleError("The file is damaged, or it is no DICOM file.", "Copy it again from its source.")
            object_id = str(data.get("SOPInstanceUID") or data.file_meta.get("MediaStorageSOPInstanceUID") or "")
            # A plain dict: pydicom looks names up in the whole dictionary of DICOM each time one is asked for.
            values = {element.keyword: element.value for element in data}
            header = Header(path, values, sop_class_for(sop_class, modality), object_id, syntax)
            return replace(header, has_pixels="Rows" in values) if syntax == DEFLATED else _with_pixels(header, file)
    except DICOM_DAMAGE as error:
        raise GraticuleError("The file is damaged: its header cannot be read.", "Copy it again from its source.") from error


def _syntax(data: Any) -> str:
    stated = data.file_meta.get("TransferSyntaxUID")
    if stated:
        return str(stated)
    implicit, little = data.original_encoding
    return IMPLICIT if implicit else EXPLICIT if little else BIG_ENDIAN


def _with_pixels(header: Header, file: BinaryIO) -> Header:
    order = ">" if header.syntax == BIG_ENDIAN else "<"
    explicit = header.syntax != IMPLICIT
    head = file.read(12 if explicit else 8)
    if len(head) < (12 if explicit else 8):
        return header
    tag = struct.unpack(order + "HH", head[:4])
    if tag in _FLOATS:
        raise GraticuleError("The image holds floating-point pixels, which this version of Graticule does not read.")
    if tag != _PIXEL_DATA:
        return header
    length, = struct.unpack(order + "I", head[-4:])
    offset = file.tell()
    end = file.seek(0, 2)
    if length == _UNDEFINED:
        _check_items(file, offset, end)
    elif offset + length > end:
        raise GraticuleError(_CUT_OFF)
    return replace(header, offset=offset, length=-1 if length == _UNDEFINED else length, has_pixels=True)


def _check_items(file: BinaryIO, offset: int, end: int) -> None:
    """Step over the fragments of compressed pixels: each must lie inside the file (PS3.5 A.4)."""
    place = offset
    while place + 8 <= end:
        file.seek(place)
        group, element, length = struct.unpack("<HHI", file.read(8))
        if (group, element) == (0xFFFE, 0xE0DD):
            return
        if (group, element) != (0xFFFE, 0xE000) or place + 8 + length > end:
            raise GraticuleError(_CUT_OFF)
        place += 8 + length
    if place != end:
        raise GraticuleError(_CUT_OFF)
