"""From a header to its frames: one for a classic image, several for an enhanced one. Called for every file of an import."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from graticule.domain.errors import GraticuleError
from graticule.formats.dicom.about import about
from graticule.formats.dicom.damage import DICOM_DAMAGE
from graticule.formats.dicom.fidelity import pixel_doubts
from graticule.formats.dicom.frame import Coding, Frame
from graticule.formats.dicom.groups import Groups, number, positive, several, shared_of
from graticule.formats.dicom.header import Header
from graticule.formats.dicom.moments import moments_of
from graticule.formats.dicom.planes import plane_of, spacing_of, step_said
from graticule.formats.dicom.scale import scale_of
from graticule.formats.dicom.units import Unit, ct_unit, pet_unit
from graticule.formats.files import sha256_of
from graticule.formats.titles import safe_words

__all__ = ["Groups", "frames_of", "is_floating"]

MAX_FRAMES = 100_000


def frames_of(header: Header, first_only: bool = False) -> list[Frame]:
    """The frames of a file, or only the first, which stands for a loop of pictures; GraticuleError when its
    description of the pixels is missing or impossible.
    """
    try:
        file = _file(header)
        shared = shared_of(header.data)
        if first_only:
            return [_as_picture(header, _frame(header, file, Groups(header.data, 0, shared), 0))]
        return [_frame(header, file, Groups(header.data, n, shared), n) for n in range(file.count)]
    except DICOM_DAMAGE as error:
        raise GraticuleError("The file is damaged: its header holds impossible values.",
                             "Copy it again from its source.") from error


def _as_picture(header: Header, frame: Frame) -> Frame:
    scale = scale_of(header.data, frame.columns, frame.rows)
    return replace(frame, doubts=(*scale.doubts, *pixel_doubts(header.data, frame.coding)))


@dataclass(frozen=True, slots=True)
class _File:
    """What all frames of a file share, worked out once."""

    count: int
    modality: str
    image_type: tuple[str, ...]
    object_id: str
    inverted: bool
    lossy: str
    words: str
    patient_orientation: tuple[str, ...]
    about: tuple[tuple[str, str], ...]
    pet: Unit | None


def _file(header: Header) -> _File:
    data = header.data
    count = int(data.get("NumberOfFrames") or 1)
    if not 0 < count <= MAX_FRAMES:
        raise GraticuleError("The image says it has an impossible number of frames.", "Ask the sender for the original file.")
    modality = str(data.get("Modality") or "OT")
    return _File(
        count, modality, tuple(str(part) for part in several(data.get("ImageType"))),
        header.object_id or "sha256:" + sha256_of(header.path), _inverted(data), _lossy(header), _words(data),
        tuple(str(part) for part in several(data.get("PatientOrientation"))), about(data, header.sop_class),
        pet_unit(data, header.path) if modality == "PT" else None)


def _frame(header: Header, file: _File, groups: Groups, n: int) -> Frame:
    data = header.data
    unit = file.pet or Unit(_ct_unit(groups, file.image_type) if file.modality == "CT" else None)
    spacing, source = spacing_of(groups, file.modality)
    plane = plane_of(groups, n)
    frame = Frame(
        header.path, n, file.count, header.sop_class, file.object_id, str(data.get("StudyInstanceUID") or ""),
        str(data.get("SeriesInstanceUID") or ""), file.modality, str(data.get("FrameOfReferenceUID") or ""),
        int(data.get("Rows") or 0), int(data.get("Columns") or 0), _coding(header, groups, unit.factor),
        position=plane.position, orientation=plane.orientation, spacing=spacing, spacing_source=source,
        thickness=positive(groups.get("PixelMeasuresSequence", "SliceThickness")), between=step_said(groups),
        number=int(data.get("InstanceNumber") or 0), moments=moments_of(groups, file.image_type, n), image_type=file.image_type,
        padding=number(data.get("PixelPaddingValue")), windows=_windows(groups, unit.factor), inverted=file.inverted,
        unit=unit.name, lossy=file.lossy, words=file.words, patient_orientation=file.patient_orientation,
        offset=header.offset, length=header.length, stamp=header.stamp,
        stack=str(groups.own("FrameContentSequence", "StackID") or ""),
        place=int(groups.own("FrameContentSequence", "InStackPositionNumber") or 0),
        location=number(groups.get("", "SliceLocation")),
        said_tilt=number(groups.get("CTAcquisitionDetailsSequence", "GantryDetectorTilt")),
        axes=plane.axes, unit_doubt=unit.why, about=file.about)
    _check(frame)
    return frame


def _check(frame: Frame) -> None:
    """Refuse what no scanner makes before memory is set aside for it, and pixels that are fewer than they should be."""
    coding = frame.coding
    depths = (32, 64) if coding.floating else (1, 8, 12, 16, 32)
    sized = 0 < frame.rows <= 65535 and 0 < frame.columns <= 65535 and coding.samples in (1, 3)
    fits = coding.bits_allocated in depths and 0 < coding.bits_stored <= coding.high_bit + 1 <= coding.bits_allocated
    if not sized or not fits:
        raise GraticuleError("The image's size or bit depth is missing or impossible.", "Ask the sender for the original file.")
    halved = 2 if coding.photometric in ("YBR_FULL_422", "YBR_PARTIAL_422") else coding.samples
    if 0 <= frame.length < frame.rows * frame.columns * halved * coding.bits_allocated * frame.of // 8:
        raise GraticuleError("The file holds fewer pixels than its header says.", "Copy it again from its source.")


def _coding(header: Header, groups: Groups, factor: float) -> Coding:
    data = header.data
    stored = int(data.get("BitsStored") or data.get("BitsAllocated") or 0)
    slope = number(groups.get("PixelValueTransformationSequence", "RescaleSlope"))
    intercept = number(groups.get("PixelValueTransformationSequence", "RescaleIntercept"))
    high = data.get("HighBit")
    return Coding(header.syntax, int(data.get("SamplesPerPixel") or 1),
                  str(data.get("PhotometricInterpretation") or "MONOCHROME2"),
                  int(data.get("BitsAllocated") or 0), stored, stored - 1 if high is None else int(high),
                  int(data.get("PixelRepresentation") or 0) == 1, (slope or 1.0) * factor, (intercept or 0.0) * factor,
                  is_floating(data))


def is_floating(data: Any) -> bool:
    """Float and double float pixels say neither how many bits are used nor whether they are signed (PS3.3 C.7.6.24)."""
    return int(data.get("BitsAllocated") or 0) in (32, 64) and data.get("BitsStored") is None \
        and data.get("PixelRepresentation") is None


def _ct_unit(groups: Groups, image_type: tuple[str, ...]) -> str | None:
    kind = groups.own("CTImageFrameTypeSequence", "FrameType")
    rescale_type = str(groups.get("PixelValueTransformationSequence", "RescaleType") or "")
    return ct_unit(rescale_type, tuple(str(part) for part in several(kind)) or image_type)


def _windows(groups: Groups, factor: float) -> tuple[tuple[float, float, str], ...]:
    widths = several(groups.get("FrameVOILUTSequence", "WindowWidth"))
    levels = several(groups.get("FrameVOILUTSequence", "WindowCenter"))
    pairs = [(float(width) * factor, float(level) * factor) for width, level in zip(widths, levels) if float(width) > 0]
    if pairs:
        return tuple((width, level, "") for width, level in dict.fromkeys(pairs))
    table = next(iter(groups.get("", "VOILUTSequence") or ()), None)
    if table is None or not table.get("LUTDescriptor"):
        return ()
    entries, first = (int(part) for part in table.LUTDescriptor[:2])
    entries = entries or 65536
    return ((entries * factor, (first + entries / 2) * factor, "as wide as the file's own table"),)


def _inverted(data: Any) -> bool:
    """MONOCHROME1 and the presentation LUT shape INVERSE state the same thing twice: once is enough."""
    return "MONOCHROME1" in str(data.get("PhotometricInterpretation")) or "INVERSE" in str(data.get("PresentationLUTShape"))


def _lossy(header: Header) -> str:
    """"" or how the image lost information: method and ratio as far as the file says."""
    flag = str(header.data.get("LossyImageCompression") or "")
    always = header.syntax.endswith((".4.50", ".4.51", ".4.81"))
    if flag != "01" and not always and not (header.syntax.endswith(".4.91") and flag != "00"):
        return ""
    ratios = [float(ratio) for ratio in several(header.data.get("LossyImageCompressionRatio"))]
    return f"about {ratios[-1]:.3g} : 1" if ratios else "ratio not stated"


def _words(data: Any) -> str:
    texts = (*(str(data.get(keyword) or "") for keyword in ("SeriesDescription", "StudyDescription", "ProtocolName")),)
    localizer = "LOCALIZER" if "LOCALIZER" in several(data.get("ImageType")) else ""
    return _safe_words(str(data.get("BodyPartExamined") or ""), (localizer, *texts), str(data.get("ViewPosition") or ""))


@lru_cache(maxsize=4096)
def _safe_words(body_part: str, texts: tuple[str, ...], view: str) -> str:
    """All images of a series say the same: their words are looked up once."""
    return safe_words(body_part, texts, view)
