"""The headers of a case's images, made whole where de-identification emptied what a segmentation must point to."""

import hashlib
from pathlib import Path
from typing import Any

import pydicom

from graticule.domain.case import Case
from graticule.domain.errors import GraticuleError
from graticule.formats.dicom.damage import DICOM_DAMAGE


def source_headers(case: Case) -> list[Any]:
    """One pydicom Dataset without pixels per file of the case, in slice order; GraticuleError when a file is gone or another."""
    headers = []
    for source in case.sources:
        try:
            data = pydicom.dcmread(Path(source.path), stop_before_pixels=True, force=True)
            _complete(data, case)
        except DICOM_DAMAGE as error:
            raise GraticuleError("An image of this case can no longer be read.",
                                 "Import the case again from its new place.") from error
        if source.object_id != str(data.SOPInstanceUID) and not source.object_id.startswith("sha256:"):
            raise GraticuleError("An image of this case was replaced by another since it was imported.", "Import it again.")
        headers.append(data)
    return headers


def _complete(data: Any, case: Case) -> None:
    """Empty identifiers are taken from the file's meta header, or derived from the case, so every export of it agrees."""
    meta = data.file_meta
    data.SOPClassUID = data.get("SOPClassUID") or meta.get("MediaStorageSOPClassUID") or case.facts.get("sop_class")
    data.SOPInstanceUID = data.get("SOPInstanceUID") or meta.get("MediaStorageSOPInstanceUID") or _uid(case.id, "object")
    data.StudyInstanceUID = data.get("StudyInstanceUID") or _uid(case.id, "study")
    data.SeriesInstanceUID = data.get("SeriesInstanceUID") or _uid(case.id, "series")
    data.FrameOfReferenceUID = data.get("FrameOfReferenceUID") or _uid(case.id, "frame of reference")
    if not data.get("SpecificCharacterSet") and "SpecificCharacterSet" in data:
        del data.SpecificCharacterSet  # present but empty means the default set, which highdicom knows only as absent
    _share_planes(data)
    for keyword in ("PatientID", "PatientName", "PatientBirthDate", "PatientSex", "AccessionNumber", "StudyID", "StudyDate",
                    "StudyTime",
                    "ReferringPhysicianName"):
        if keyword not in data:
            setattr(data, keyword, "")


def _share_planes(data: Any) -> None:
    """What every frame says alike, said once for all, where highdicom looks for it. The case has one orientation and size."""
    shared, frames = data.get("SharedFunctionalGroupsSequence"), data.get("PerFrameFunctionalGroupsSequence")
    if not shared or not frames:
        return
    for keyword in ("PixelMeasuresSequence", "PlaneOrientationSequence"):
        if keyword not in shared[0] and keyword in frames[0]:
            setattr(shared[0], keyword, frames[0].get(keyword))


def _uid(*parts: str) -> str:
    """A UID under 2.25 that depends only on its parts."""
    digest = hashlib.sha256("\n".join(parts).encode()).digest()
    return f"2.25.{int.from_bytes(digest[:16], 'big')}"
