"""What an exported object repeats from a case's images: patient and study, and each slice's own object, frame and place."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pydicom

from graticule.domain.case import Case
from graticule.domain.errors import GraticuleError
from graticule.domain.picture import Picture
from graticule.domain.volume import Volume
from graticule.formats.dicom.damage import DICOM_DAMAGE
from graticule.formats.dicom.header import read_header
from graticule.formats.dicom.seg_placing import slices_of
from graticule.formats.export.segment_rows import uid_of
from graticule.formats.family import Content

# How far a stack may be from even before no spacing is said of it.
_EVEN_MM = 1e-3


@dataclass(frozen=True, slots=True)
class SourcePlane:
    """The image of one slice. frame: from 1 in a multi-frame object, 0 in one that has no frames. position: LPS mm, None for a
    picture, which lies nowhere in the patient."""

    sop_class: str
    object_id: str
    frame: int
    position: tuple[float, float, float] | None


@dataclass(frozen=True, eq=False, slots=True)
class Sources:
    """header: of the first file, made whole. planes: one a slice, k rising. objects: (SOP class, SOP instance) of every file."""

    header: Any
    planes: tuple[SourcePlane, ...]
    objects: tuple[tuple[str, str], ...]
    orientation: tuple[float, ...]
    spacing: tuple[float, float]
    thickness: float
    step: float | None

    @property
    def placed(self) -> bool:
        """Whether the images lie in the patient; pictures are only known by their names."""
        return bool(self.orientation)


def sources_of_case(case: Case, content: Content) -> Sources:
    """GraticuleError when the case is no DICOM series with places in the patient, or when a file is gone or another."""
    if isinstance(content, Picture) and case.reading == "dicom-picture":
        return _sources_of_picture(case, content)
    if not isinstance(content, Volume) or case.reading != "dicom-series":
        raise GraticuleError("DICOM segmentations can only be made for DICOM images.", "Choose NIfTI or PNG for this case.")
    if not content.grid.oriented:
        raise GraticuleError("The series does not say where its slices lie, so a segmentation cannot point to them.",
                             "Choose NIfTI for this case.")
    objects = _objects(case)
    header = source_header(case)
    grid = content.grid
    axes = tuple(float(v) for v in grid.direction[:, :2].T.reshape(-1))
    places = slices_of(case, content).positions
    framed = "NumberOfFrames" in header
    planes = tuple(SourcePlane(*objects[row[0]], row[1] + 1 if row[2] > 1 or framed else 0,  # type: ignore[call-arg]
                               (float(place[0]), float(place[1]), float(place[2])))
                   for row, place in zip(case.facts["slices"], places, strict=True))
    heights = places @ grid.normal
    gaps = np.diff(heights)
    even = bool(gaps.size and gaps.max() - gaps.min() <= _EVEN_MM)
    step = abs(float(heights[-1] - heights[0])) / (len(heights) - 1) if even else None
    thickness = _thickness(header) or step or float(np.median(np.abs(gaps)) if gaps.size else 1.0)
    return Sources(header, planes, objects, axes, (grid.spacing_mm[1], grid.spacing_mm[2]), thickness, step)


def _sources_of_picture(case: Case, picture: Picture) -> Sources:
    """One image, or the frames of one: they are named, not placed."""
    (sop_class, object_id), = _objects(case)
    header = source_header(case)
    framed = picture.count > 1 or "NumberOfFrames" in header
    planes = tuple(SourcePlane(sop_class, object_id, frame + 1 if framed else 0, None) for frame in range(picture.count))
    return Sources(header, planes, ((sop_class, object_id),), (), (1.0, 1.0), 0.0, None)


def source_header(case: Case) -> Any:
    """The first file's pydicom Dataset without pixels, with the identifiers it lacks derived from the case."""
    try:
        data = pydicom.dcmread(Path(case.sources[0].path), stop_before_pixels=True, force=True)
        _complete(data, case)
        return data
    except DICOM_DAMAGE as error:
        raise _gone() from error


def source_headers(case: Case, only: Sequence[int] | None = None) -> list[Any]:
    """Whole headers of the files, or of those with these numbers: slow, for libraries that want them."""
    headers = []
    for number in range(len(case.sources)) if only is None else only:
        try:
            data = pydicom.dcmread(Path(case.sources[number].path), stop_before_pixels=True, force=True)
            _complete(data, case)
        except DICOM_DAMAGE as error:
            raise _gone() from error
        headers.append(data)
    return headers


def _objects(case: Case) -> tuple[tuple[str, str], ...]:
    """(SOP class, SOP instance) of every file, after a look whether it is still the file that was imported."""
    found = []
    for number, source in enumerate(case.sources):
        try:
            header = read_header(Path(source.path))
        except GraticuleError as error:
            raise _gone() from error
        if source.object_id != header.object_id and not source.object_id.startswith("sha256:"):
            raise GraticuleError("An image of this case was replaced by another since it was imported.", "Import it again.")
        found.append((header.sop_class, header.object_id or uid_of(case.id, "object", str(number) if number else "")))
    return tuple(found)


def _gone() -> GraticuleError:
    return GraticuleError("An image of this case can no longer be read.", "Import the case again from its new place.")


def _thickness(header: Any) -> float:
    for group in (header, *(header.get("SharedFunctionalGroupsSequence") or ())):
        measures = (group.get("PixelMeasuresSequence") or [group])[0]
        if measures.get("SliceThickness"):
            return float(measures.SliceThickness)
    return 0.0


def _complete(data: Any, case: Case) -> None:
    """Empty identifiers are taken from the file's meta header, or derived from the case, so every export of it agrees."""
    meta = data.file_meta
    data.SOPClassUID = data.get("SOPClassUID") or meta.get("MediaStorageSOPClassUID") or case.facts.get("sop_class")
    data.SOPInstanceUID = data.get("SOPInstanceUID") or meta.get("MediaStorageSOPInstanceUID") or uid_of(case.id, "object", "")
    data.StudyInstanceUID = data.get("StudyInstanceUID") or uid_of(case.id, "study")
    data.SeriesInstanceUID = data.get("SeriesInstanceUID") or uid_of(case.id, "series")
    data.FrameOfReferenceUID = data.get("FrameOfReferenceUID") or uid_of(case.id, "frame of reference")
    if not data.get("SpecificCharacterSet") and "SpecificCharacterSet" in data:
        del data.SpecificCharacterSet  # present but empty means the default set, which highdicom knows only as absent
    for keyword in ("PatientID", "PatientName", "PatientBirthDate", "PatientSex", "AccessionNumber", "StudyID", "StudyDate",
                    "StudyTime", "ReferringPhysicianName"):
        if keyword not in data:
            setattr(data, keyword, "")
