"""From a header to its frames: one for a classic image, several for an enhanced one."""

from typing import Any

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.formats.dicom.damage import DICOM_DAMAGE
from graticule.formats.dicom.frame import Coding, Frame, Sextuple, Triple
from graticule.formats.dicom.header import Header
from graticule.formats.dicom.units import ct_unit, pet_unit
from graticule.formats.files import sha256_of
from graticule.formats.titles import safe_words

MAX_FRAMES = 100_000
_PROJECTIONS = ("CR", "DX", "MG", "IO", "RG", "PX")
# What may tell repeated positions apart, most telling first: (name, functional group, keyword).
_MOMENTS = (
    ("time", "FrameContentSequence", "TemporalPositionIndex"), ("time", "", "TemporalPositionIdentifier"),
    ("echo", "MREchoSequence", "EffectiveEchoTime"), ("echo", "", "EchoTime"),
    ("b-value", "MRDiffusionSequence", "DiffusionBValue"), ("b-value", "", "DiffusionBValue"),
    ("inversion", "", "InversionTime"), ("phase", "", "TriggerTime"),
    ("acquisition", "FrameContentSequence", "FrameAcquisitionNumber"), ("acquisition", "", "AcquisitionNumber"),
    ("time", "", "AcquisitionTime"), ("time", "", "ContentTime"),
)


def frames_of(header: Header) -> list[Frame]:
    """The frames of a file; GraticuleError when its description of the pixels is missing or impossible."""
    try:
        return [_frame(header, Groups(header.data, number), number) for number in range(_frame_count(header))]
    except DICOM_DAMAGE as error:
        raise GraticuleError("The file is damaged: its header holds impossible values.",
                             "Copy it again from its source.") from error


class Groups:
    """Looks an attribute up where a frame may keep it: its own functional groups, the shared ones, the header."""

    def __init__(self, data: Any, number: int) -> None:
        per_frame = data.get("PerFrameFunctionalGroupsSequence") or ()
        shared = data.get("SharedFunctionalGroupsSequence") or ()
        self._levels = [*per_frame[number:number + 1], *shared[:1]]
        self._data = data

    def get(self, sequence: str, keyword: str) -> Any:
        """The value of `keyword` in functional group `sequence`, or in the header itself; None when absent or empty."""
        for level in self._levels:
            for item in (level.get(sequence) or ())[:1] if sequence else ():
                if item.get(keyword) not in (None, ""):
                    return item.get(keyword)
        value = self._data.get(keyword)
        return None if value == "" else value

    def own(self, sequence: str, keyword: str) -> Any:
        """As `get`, without falling back on the header when a functional group is asked for."""
        return self.get(sequence, keyword) if not sequence or any(level.get(sequence) for level in self._levels) else None


def _frame_count(header: Header) -> int:
    count = int(header.data.get("NumberOfFrames") or 1)
    if not 0 < count <= MAX_FRAMES:
        raise GraticuleError("The image says it has an impossible number of frames.", "Ask the sender for the original file.")
    return count


def _frame(header: Header, groups: Groups, number: int) -> Frame:
    data = header.data
    modality = str(data.get("Modality") or "OT")
    image_type = tuple(str(part) for part in _several(data.get("ImageType")))
    unit, factor = _unit(modality, groups, image_type)
    spacing, source = _spacing(groups, modality)
    frame = Frame(
        header.path, number, _frame_count(header), header.sop_class, _object_id(header), str(data.get("StudyInstanceUID") or ""),
        str(data.get("SeriesInstanceUID") or ""), modality, str(data.get("FrameOfReferenceUID") or ""),
        int(data.get("Rows") or 0), int(data.get("Columns") or 0), _coding(header, groups, factor),
        position=_triple(groups.get("PlanePositionSequence", "ImagePositionPatient")),
        orientation=_orientation(groups.get("PlaneOrientationSequence", "ImageOrientationPatient")),
        spacing=spacing, spacing_source=source, thickness=_positive(groups.get("PixelMeasuresSequence", "SliceThickness")),
        between=_positive(groups.get("PixelMeasuresSequence", "SpacingBetweenSlices")),
        number=int(data.get("InstanceNumber") or 0), moments=_moments(groups, image_type), image_type=image_type,
        padding=_number(data.get("PixelPaddingValue")), windows=_windows(groups, factor), inverted=_inverted(data), unit=unit,
        lossy=_lossy(header), words=_words(data),
        patient_orientation=tuple(str(p) for p in _several(data.get("PatientOrientation"))),
        offset=header.offset, length=header.length)
    _check(frame)
    return frame


def _check(frame: Frame) -> None:
    """Refuse what no scanner makes before memory is set aside for it, and pixels that are fewer than they should be."""
    coding = frame.coding
    sized = 0 < frame.rows <= 65535 and 0 < frame.columns <= 65535 and coding.samples in (1, 3) and coding.bits_allocated in (8,
                                                                                                                              16,
                                                                                                                              32)
    if not sized or not 0 < coding.bits_stored <= coding.high_bit + 1 <= coding.bits_allocated:
        raise GraticuleError("The image's size or bit depth is missing or impossible.", "Ask the sender for the original file.")
    halved = 2 if coding.photometric == "YBR_FULL_422" else coding.samples
    if 0 <= frame.length < frame.rows * frame.columns * halved * (coding.bits_allocated // 8) * frame.of:
        raise GraticuleError("The file holds fewer pixels than its header says.", "Copy it again from its source.")


def _object_id(header: Header) -> str:
    return header.object_id or "sha256:" + sha256_of(header.path)


def _coding(header: Header, groups: Groups, factor: float) -> Coding:
    data = header.data
    stored = int(data.get("BitsStored") or data.get("BitsAllocated") or 0)
    slope = _number(groups.get("PixelValueTransformationSequence", "RescaleSlope"))
    intercept = _number(groups.get("PixelValueTransformationSequence", "RescaleIntercept"))
    high = data.get("HighBit")
    return Coding(header.syntax, int(data.get("SamplesPerPixel") or 1),
                  str(data.get("PhotometricInterpretation") or "MONOCHROME2"),
                  int(data.get("BitsAllocated") or 0), stored, stored - 1 if high is None else int(high),
                  int(data.get("PixelRepresentation") or 0) == 1, (slope or 1.0) * factor, (intercept or 0.0) * factor)


def _unit(modality: str, groups: Groups, image_type: tuple[str, ...]) -> tuple[str | None, float]:
    if modality == "CT":
        kind = groups.own("CTImageFrameTypeSequence", "FrameType")
        rescale_type = str(groups.get("PixelValueTransformationSequence", "RescaleType") or "")
        return ct_unit(rescale_type, tuple(str(part) for part in _several(kind)) or image_type), 1.0
    return pet_unit(groups._data) if modality == "PT" else (None, 1.0)


def _spacing(groups: Groups, modality: str) -> tuple[tuple[float, float] | None, str]:
    """((row, column) mm, which attribute said so): zero or negative spacing is no spacing."""
    pixel = _pair(groups.get("PixelMeasuresSequence", "PixelSpacing"))
    detector = _pair(groups.get("", "ImagerPixelSpacing"))
    if pixel is not None:
        at_detector = modality in _PROJECTIONS and pixel == detector
        return pixel, "PixelSpacing, at the detector" if at_detector else "PixelSpacing"
    if modality in _PROJECTIONS and detector is not None:
        return detector, "ImagerPixelSpacing, at the detector"
    scanned = _pair(groups.get("", "NominalScannedPixelSpacing"))
    return (scanned, "NominalScannedPixelSpacing") if scanned is not None else (None, "")


def _windows(groups: Groups, factor: float) -> tuple[tuple[float, float, str], ...]:
    widths = _several(groups.get("FrameVOILUTSequence", "WindowWidth"))
    levels = _several(groups.get("FrameVOILUTSequence", "WindowCenter"))
    pairs = [(float(width) * factor, float(level) * factor) for width, level in zip(widths, levels) if float(width) > 0]
    if pairs:
        return tuple((width, level, "") for width, level in dict.fromkeys(pairs))
    table = next(iter(groups.get("", "VOILUTSequence") or ()), None)
    if table is None or not table.get("LUTDescriptor"):
        return ()
    entries, first = (int(part) for part in table.LUTDescriptor[:2])
    entries = entries or 65536
    return ((entries * factor, (first + entries / 2) * factor, "as wide as the file's own table"),)


def _moments(groups: Groups, image_type: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    found = [(name, str(value)) for name, sequence, keyword in _MOMENTS if (value := groups.own(sequence, keyword)) is not None]
    return (*found, ("part", "/".join(image_type[2:])))


def _inverted(data: Any) -> bool:
    """MONOCHROME1 and the presentation LUT shape INVERSE state the same thing twice: once is enough."""
    return "MONOCHROME1" in str(data.get("PhotometricInterpretation")) or "INVERSE" in str(data.get("PresentationLUTShape"))


def _lossy(header: Header) -> str:
    """"" or how the image lost information: method and ratio as far as the file says."""
    flag = str(header.data.get("LossyImageCompression") or "")
    always = header.syntax.endswith((".4.50", ".4.51", ".4.81"))
    if flag != "01" and not always and not (header.syntax.endswith(".4.91") and flag != "00"):
        return ""
    ratios = [float(ratio) for ratio in _several(header.data.get("LossyImageCompressionRatio"))]
    return f"about {ratios[-1]:.3g} : 1" if ratios else "ratio not stated"


def _words(data: Any) -> str:
    texts = [str(data.get(keyword) or "") for keyword in ("SeriesDescription", "StudyDescription", "ProtocolName")]
    localizer = "LOCALIZER" if "LOCALIZER" in _several(data.get("ImageType")) else ""
    return safe_words(str(data.get("BodyPartExamined") or ""), [localizer, *texts], str(data.get("ViewPosition") or ""))


def _several(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return [value] if isinstance(value, str | int | float) else list(value)


def _number(value: Any) -> float | None:
    return None if value is None or value == "" else float(value)


def _positive(value: Any) -> float | None:
    number = _number(value)
    return number if number is not None and 0 < number < 1e6 else None


def _pair(value: Any) -> tuple[float, float] | None:
    parts = [_positive(part) for part in _several(value)]
    return (parts[0], parts[1]) if len(parts) == 2 and parts[0] and parts[1] else None


def _triple(value: Any) -> Triple | None:
    """A position; None when it is no place on earth."""
    parts = [float(part) for part in _several(value)]
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 and all(abs(part) < 1e6 for part in parts) else None


def _orientation(value: Any) -> Sextuple | None:
    """Direction cosines brought to length 1; None when they are no two directions at right angles."""
    parts = np.array([float(part) for part in _several(value)])
    if parts.size != 6 or not np.all(np.isfinite(parts)):
        return None
    row, column = parts[:3], parts[3:]
    lengths = float(np.linalg.norm(row)), float(np.linalg.norm(column))
    if min(lengths) < 0.5 or max(lengths) > 2 or abs(float(row @ column)) > 0.01:
        return None
    x, y = row / lengths[0], column / lengths[1]
    return float(x[0]), float(x[1]), float(x[2]), float(y[0]), float(y[1]), float(y[2])
