"""What may tell images at one place apart: contrast, phase, time. "name/attribute" → value, most telling first."""

from functools import lru_cache
from typing import Any

from pydicom.datadict import keyword_for_tag

from graticule.formats.dicom.groups import Groups, several

# Another value is another kind of image, wherever it lies: such images never stand in one volume.
CONTRASTS = ("echo", "b-value", "direction", "component", "part", "energy", "kernel")
# (name, functional group, keyword): the first group or header that has it.
_SAID_BY = (
    ("echo", "MREchoSequence", "EffectiveEchoTime"), ("echo", "", "EffectiveEchoTime"), ("echo", "", "EchoTime"),
    ("echo", "", "EchoNumbers"),
    ("b-value", "MRDiffusionSequence", "DiffusionBValue"), ("b-value", "", "DiffusionBValue"),
    ("direction", "", "DiffusionGradientOrientation"),
    ("component", "MRImageFrameTypeSequence", "ComplexImageComponent"), ("component", "", "ComplexImageComponent"),
    ("energy", "", "KVP"), ("energy", "", "EnergyWindow"), ("kernel", "CTReconstructionSequence", "ConvolutionKernel"),
    ("kernel", "", "ConvolutionKernel"),
    ("time", "FrameContentSequence", "TemporalPositionIndex"),
    ("time", "TemporalPositionSequence", "TemporalPositionTimeOffset"), ("time", "", "TemporalPositionIdentifier"),
    ("time", "", "FrameReferenceTime"),
    ("inversion", "", "InversionTime"), ("flip angle", "", "FlipAngle"),
    ("phase", "CardiacSynchronizationSequence", "NominalPercentageOfCardiacPhase"),
    ("phase", "", "NominalPercentageOfCardiacPhase"),
    ("phase", "CardiacSynchronizationSequence", "NominalCardiacTriggerDelayTime"),
    ("phase", "RespiratorySynchronizationSequence", "NominalPercentageOfRespiratoryPhase"), ("phase", "", "TriggerTime"),
    ("acquisition", "FrameContentSequence", "FrameAcquisitionNumber"), ("acquisition", "", "AcquisitionNumber"),
    ("time", "FrameContentSequence", "FrameAcquisitionDateTime"), ("time", "", "AcquisitionDateTime"),
    ("time", "", "AcquisitionTime"), ("time", "", "ContentTime"),
)
MOMENT_NAMES = (*dict.fromkeys(name for name, _, _ in _SAID_BY), "part")
_ATTRIBUTES = tuple((f"{name}/{keyword}", sequence, keyword) for name, sequence, keyword in _SAID_BY)
_OF_HEADERS = tuple(row for row in _ATTRIBUTES if not row[1])
# Vectors of nuclear medicine: one index a frame (PS3.3 C.8.4.8).
_VECTORS = (("energy", "EnergyWindowVector"), ("phase", "TimeSlotVector"), ("time", "TimeSliceVector"), ("time", "PhaseVector"),
            ("interval", "RRIntervalVector"), ("detector", "DetectorVector"), ("view", "AngularViewVector"),
            ("rotation", "RotationVector"))
# Dimensions that say where a frame lies, not what tells it from another at the same place.
_PLACES = {"StackID", "InStackPositionNumber", "ImagePositionPatient", "ImageOrientationPatient", "PlanePositionSequence",
           "SliceLocation", ""}
_KNOWN = {keyword: name for name, _, keyword in _SAID_BY}
_ENHANCED_DIRECTION = ("MRDiffusionSequence", "DiffusionGradientDirectionSequence", "DiffusionGradientOrientation")

Moments = tuple[tuple[str, str], ...]


def moments_of(groups: Groups, image_type: tuple[str, ...], frame: int) -> Moments:
    """The telling attributes of frame `frame` (from 0), each name and attribute once."""
    found: dict[str, str] = {}
    for key, sequence, keyword in _ATTRIBUTES if groups.grouped else _OF_HEADERS:
        value = groups.own(sequence, keyword)
        if value is not None:
            found.setdefault(key, _plain(value))
    found |= _direction(groups) if groups.grouped else {}
    found["part/ImageType"] = "/".join(_frame_type(groups, image_type))
    for name, keyword in _VECTORS:
        indices = several(groups.get("", keyword))
        if frame < len(indices):
            found[f"{name}/{keyword}"] = _plain(indices[frame])
    return _one_object((*found.items(), *_dimensions(groups, found)))


@lru_cache(maxsize=16384)
def _one_object(moments: Moments) -> Moments:
    return moments


def _frame_type(groups: Groups, image_type: tuple[str, ...]) -> tuple[str, ...]:
    """Values 3 and on of the frame's own type, or of the image's: NORM, M, ADC, …"""
    for sequence in ("MRImageFrameTypeSequence", "CTImageFrameTypeSequence", "PETFrameTypeSequence"):
        value = groups.own(sequence, "FrameType")
        if value is not None:
            return tuple(str(part) for part in several(value))[2:]
    return image_type[2:]


def _direction(groups: Groups) -> dict[str, str]:
    sequence, inner, keyword = _ENHANCED_DIRECTION
    item = groups.item(sequence)
    inside = next(iter((item.get(inner) or ()) if item is not None else ()), None)
    value = inside.get(keyword) if inside is not None else None
    return {f"direction/{keyword}": _plain(value)} if value is not None else {}


def _dimensions(groups: Groups, found: dict[str, str]) -> list[tuple[str, str]]:
    """Indices of the file's own dimensions (Multi-frame Dimension Module), as far as no attribute above says the same."""
    pointers = groups.get("", "DimensionIndexSequence") or ()
    values = several(groups.own("FrameContentSequence", "DimensionIndexValues"))
    out = []
    for pointer, value in zip(pointers, values):
        tag = pointer.get("DimensionIndexPointer")
        keyword = keyword_for_tag(tag) if tag is not None else ""
        if keyword not in _PLACES and f"{_KNOWN.get(keyword)}/{keyword}" not in found:
            out.append((f"{_KNOWN.get(keyword, 'dimension')}/{keyword}", str(value)))
    return out


def _plain(value: Any) -> str:
    """Numbers without the noise of their writing: 4.60 and 4.6 are one echo time, and so are 4.6001 and 4.6002."""
    parts = several(value)
    if any(len(str(part)) > 15 for part in parts):  # dates with times: a float would lose the seconds
        return "\\".join(str(part) for part in parts)
    try:
        return "\\".join(f"{round(float(part), 3):.15g}" for part in parts)
    except ValueError:
        return "\\".join(str(part) for part in parts)
