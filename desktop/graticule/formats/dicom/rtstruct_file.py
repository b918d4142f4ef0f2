"""An RT Structure Set as its maker wrote it: regions of interest with their contours (PS3.3 A.19)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pydicom

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Floats
from graticule.formats.dicom.damage import DICOM_DAMAGE

FILLED = ("CLOSED_PLANAR", "CLOSEDPLANAR_XOR")


@dataclass(frozen=True, eq=False, slots=True)
class Contour:
    """kind: CLOSED_PLANAR, CLOSEDPLANAR_XOR, OPEN_PLANAR, OPEN_NONPLANAR or POINT. points: (n, 3) LPS mm."""

    kind: str
    points: Floats


@dataclass(frozen=True, eq=False, slots=True)
class Roi:
    """code: (scheme, value, meaning) of its observation, "" where not said. made: MANUAL, SEMIAUTOMATIC, AUTOMATIC or ""."""

    number: int
    name: str
    frame_of_reference: str
    colour: str
    made: str
    kind: str
    code: tuple[str, str, str]
    contours: tuple[Contour, ...]


def read_rois(path: Path) -> list[Roi]:
    """GraticuleError when the file is damaged."""
    try:
        return list(_rois(pydicom.dcmread(path, force=True)))
    except DICOM_DAMAGE as error:
        raise GraticuleError("The structure set is damaged: it cannot be read.", "Copy it again from its source.") from error


def structure_ids(path: Path) -> tuple[str, ...]:
    """SOP Instance UIDs of the images it was drawn on, each once, and "frame:" with each frame of reference."""
    try:
        data = pydicom.dcmread(path, force=True)
        frames = [f"frame:{item.FrameOfReferenceUID}" for item in data.get("ReferencedFrameOfReferenceSequence") or ()
                  if item.get("FrameOfReferenceUID")]
        return tuple(dict.fromkeys([*_images(data), *frames]))
    except DICOM_DAMAGE as error:
        raise GraticuleError("The structure set is damaged: it cannot be read.", "Copy it again from its source.") from error


def _rois(data: Any) -> Iterator[Roi]:
    drawn = {int(item.ReferencedROINumber): item for item in data.get("ROIContourSequence") or ()}
    seen = {int(item.ReferencedROINumber): item for item in data.get("RTROIObservationsSequence") or ()}
    for item in data.StructureSetROISequence:
        number = int(item.ROINumber)
        contours, about = drawn.get(number, {}), seen.get(number, {})
        yield Roi(number, str(item.get("ROIName") or f"ROI {number}"), str(item.get("ReferencedFrameOfReferenceUID") or ""),
                  _colour(contours.get("ROIDisplayColor")), str(item.get("ROIGenerationAlgorithm") or ""),
                  str(about.get("RTROIInterpretedType") or ""), _code(about.get("RTROIIdentificationCodeSequence")),
                  tuple(_contour(one) for one in contours.get("ContourSequence") or ()))


def _contour(item: Any) -> Contour:
    values = np.array([float(value) for value in item.get("ContourData") or ()])
    if values.size % 3 or not np.isfinite(values).all():
        raise ValueError("contour points are triples of numbers")
    return Contour(str(item.get("ContourGeometricType") or ""), values.reshape(-1, 3))


def _images(data: Any) -> Iterator[str]:
    for frame in data.get("ReferencedFrameOfReferenceSequence") or ():
        for study in frame.get("RTReferencedStudySequence") or ():
            for series in study.get("RTReferencedSeriesSequence") or ():
                yield from (str(image.ReferencedSOPInstanceUID) for image in series.get("ContourImageSequence") or ())
    for roi in data.get("ROIContourSequence") or ():
        for contour in roi.get("ContourSequence") or ():
            yield from (str(image.ReferencedSOPInstanceUID) for image in contour.get("ContourImageSequence") or ())


def _colour(value: Any) -> str:
    return "" if value is None or len(value) != 3 else "#" + "".join(f"{min(255, max(0, int(part))):02x}" for part in value)


def _code(items: Any) -> tuple[str, str, str]:
    for item in (items or ())[:1]:
        value = str(item.get("CodeValue") or item.get("LongCodeValue") or "")
        return str(item.get("CodingSchemeDesignator") or ""), value, str(item.get("CodeMeaning") or "")
    return "", "", ""
