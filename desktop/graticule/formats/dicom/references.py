"""Which images a segmentation was drawn on."""

from pathlib import Path
from typing import Any

import pydicom
from pydicom.multival import MultiValue

from graticule.domain.errors import GraticuleError
from graticule.formats.dicom.damage import DICOM_DAMAGE

_KEYWORDS = [
    "FrameOfReferenceUID",
    "ReferencedSeriesSequence", "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence", "SourceImageSequence",
]


def referenced_objects(path: Path) -> tuple[str, ...]:
    """SOP Instance UIDs named by the file's series references and by its frames' sources, each once; then "frame:" with its
    frame of reference, by which it finds an image it does not name."""
    try:
        data = pydicom.dcmread(path, stop_before_pixels=True, force=True, specific_tags=_KEYWORDS)
        frame = [f"frame:{data.FrameOfReferenceUID}"] if data.get("FrameOfReferenceUID") else []
        return tuple(dict.fromkeys([*_from_header(data), *frame]))
    except DICOM_DAMAGE as error:
        raise GraticuleError("The file is damaged: its header cannot be read.", "Copy it again from its source.") from error


def _from_header(data: Any) -> list[str]:
    found = [str(item.ReferencedSOPInstanceUID) for series in data.get("ReferencedSeriesSequence") or ()
             for item in series.get("ReferencedInstanceSequence") or ()]
    found += [str(item.ReferencedSOPInstanceUID) for item in data.get("SourceImageSequence") or ()]
    groups = [*(data.get("SharedFunctionalGroupsSequence") or ()), *(data.get("PerFrameFunctionalGroupsSequence") or ())]
    return found + [uid for group in groups for uid in sources_of(group)]


def sources_of(group: Any) -> list[str]:
    """SOP Instance UIDs of the source images of one functional group."""
    return [str(source.ReferencedSOPInstanceUID) for derivation in group.get("DerivationImageSequence") or ()
            for source in derivation.get("SourceImageSequence") or ()]


def source_frames_of(group: Any) -> list[int]:
    """Frame numbers (from 1) of the source images of one functional group; none for images that have no frames."""
    named = [source.get("ReferencedFrameNumber") for derivation in group.get("DerivationImageSequence") or ()
             for source in derivation.get("SourceImageSequence") or ()]
    return [int(number) for numbers in named if numbers is not None
            for number in (numbers if isinstance(numbers, MultiValue) else (numbers,))]
