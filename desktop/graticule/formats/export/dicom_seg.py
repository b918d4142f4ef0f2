"""DICOM Segmentation (binary), one file per group, written by highdicom and read back by others."""

import logging
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import highdicom
import numpy as np
from highdicom.color import CIELabColor
from highdicom.sr.coding import CodedConcept

import graticule
from graticule.domain.case import Case
from graticule.domain.codes import Ontology
from graticule.domain.elements import BY_HAND, INTERPOLATED, MACHINE, Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.labels import Labels
from graticule.domain.volume import Volume
from graticule.formats.dicom.damage import DICOM_DAMAGE
from graticule.formats.dicom.seg_file import SegFile
from graticule.formats.dicom.seg_reader import masks_of
from graticule.formats.export.coded import dicom_code
from graticule.formats.export.dicom_sources import source_headers
from graticule.formats.export.exported import Check, Exported, differs, stem_of
from graticule.formats.export.other_readers import checked_by_dciodvfy, checked_by_dcmqi
from graticule.formats.family import Content

log = logging.getLogger("graticule.formats")
# highdicom's warnings quote the patient's name.
warnings.filterwarnings("ignore", module=r"highdicom(\..*)?")

FORMAT = "dicom-seg"
SERIES_NUMBER = 900
_ALGORITHMS = {BY_HAND: "MANUAL", INTERPOLATED: "SEMIAUTOMATIC", MACHINE: "AUTOMATIC"}


@dataclass(frozen=True, slots=True)
class DicomSegExporter:
    format: str = FORMAT

    def export(self, case: Case, content: Content, labels: Labels, ontology: Ontology, out: Path) -> Sequence[Exported]:
        if not isinstance(content, Volume) or case.reading != "dicom-series":
            raise GraticuleError("DICOM segmentations can only be made for DICOM series.", "Choose NIfTI for this case.")
        if not content.grid.oriented:
            raise GraticuleError("The series does not say where its slices lie, so a segmentation cannot point to them.",
                                 "Choose NIfTI for this case.")
        groups = _painted(labels)
        if not groups:
            raise GraticuleError("There are no painted segments to export.")
        headers = source_headers(case)
        written = []
        for number, (name, segments) in enumerate(groups.items(), 1):
            path = out / f"{stem_of(case)}_seg{number}.dcm"
            written.append(_write(path, case, content, labels.groups[name].values, segments, ontology, headers))
        return written


def _painted(labels: Labels) -> dict[str, list[Segment]]:
    """Groups with the segments of which at least one voxel is painted."""
    groups: dict[str, list[Segment]] = {}
    for segment in sorted(labels.of(Segment), key=lambda segment: (segment.group, segment.value)):
        if labels.voxels_of(segment):
            groups.setdefault(segment.group, []).append(segment)
    return groups


def _write(path: Path, case: Case, volume: Volume, values: Array, segments: Sequence[Segment], ontology: Ontology,
           headers: Sequence[Any]) -> Exported:
    numbers = np.zeros(256, np.uint8)  # DICOM wants segments numbered 1, 2, 3, …
    numbers[[segment.value for segment in segments]] = np.arange(1, len(segments) + 1)
    numbered = numbers[values]
    try:
        seg = highdicom.seg.Segmentation(
            pixel_array=numbered[_file_order(case)], segmentation_type="BINARY",
            segment_descriptions=[_description(n, segment, ontology) for n, segment in enumerate(segments, 1)],
            series_instance_uid=highdicom.UID(), series_number=SERIES_NUMBER, sop_instance_uid=highdicom.UID(), instance_number=1,
            manufacturer="Graticule", manufacturer_model_name="Graticule", software_versions=graticule.__version__,
            device_serial_number="1", content_label="SEGMENTATION", series_description="Segmentation",
            **_placed(case, volume, headers))
    except DICOM_DAMAGE as error:
        log.warning("segmentation not written: %s", type(error).__name__)
        raise GraticuleError("The series lacks what a DICOM segmentation must repeat from it.",
                             "Choose NIfTI for this case.") from error
    seg.save_as(path)
    checks = (_checked_by_pydicom(path, case, volume, numbered), checked_by_dcmqi(path, numbered, volume.grid),
              checked_by_dciodvfy(path))
    return Exported(path, FORMAT, checks)


def _file_order(case: Case) -> Array:
    """Slice numbers in the order of files and frames: an enhanced file keeps its own order of frames."""
    rows = case.facts["slices"]
    return np.array(sorted(range(len(rows)), key=lambda k: (rows[k][0], rows[k][1])))


def _placed(case: Case, volume: Volume, headers: Sequence[Any]) -> dict[str, Any]:
    """The source images; of an enhanced file also where its planes lie, which it may say in several places."""
    rows = case.facts["slices"]
    if rows[0][2] == 1:
        return {"source_images": headers}
    if len(headers) > 1:
        raise GraticuleError("A volume from several enhanced files cannot be exported as a segmentation yet.",
                             "Choose NIfTI for this case.")
    step, row, column = volume.grid.spacing_mm
    cosines = [float(value) for value in volume.grid.direction[:, :2].T.reshape(-1)]
    positions = [[float(part) for part in case.facts["positions"][k]] for k in _file_order(case)]
    return {
        "source_images": headers, "pixel_measures": highdicom.PixelMeasuresSequence([row, column], step),
        "plane_orientation": highdicom.PlaneOrientationSequence("PATIENT", cosines),
        "plane_positions": [highdicom.PlanePositionSequence("PATIENT", position) for position in positions],
    }


def _description(number: int, segment: Segment, ontology: Ontology) -> Any:
    made = _ALGORITHMS.get(segment.provenance, "SEMIAUTOMATIC")
    name = segment.name or ontology.label(segment.type)
    description = highdicom.seg.SegmentDescription(
        number, name[:64] or f"Segment {number}", _concept(segment.category, ontology), _concept(segment.type, ontology), made,
        None if made == "MANUAL" else _algorithm(),
        anatomic_regions=[_concept(segment.region, ontology)] if segment.region else None, display_color=_colour(segment.colour))
    modifiers = [_concept(code, ontology) for code in (segment.modifier, segment.laterality) if code is not None]
    if modifiers:
        description.SegmentedPropertyTypeCodeSequence[0].SegmentedPropertyTypeModifierCodeSequence = modifiers
    return description


def _concept(code: Any, ontology: Ontology) -> CodedConcept:
    return CodedConcept(*dicom_code(code, ontology))


def _algorithm() -> Any:
    return highdicom.AlgorithmIdentificationSequence("Graticule", CodedConcept("123109", "DCM", "Manual Processing"),
                                                     graticule.__version__)


def _colour(text: str) -> CIELabColor | None:
    digits = text.removeprefix("#")
    try:
        return CIELabColor.from_rgb(*(int(digits[n:n + 2], 16) for n in (0, 2, 4)))
    except ValueError:
        return None


def _checked_by_pydicom(path: Path, case: Case, volume: Volume, numbered: Array) -> Check:
    """Our own frame reader, which shares no code with the writer: every voxel at its place in the patient."""
    for number, mask in masks_of(SegFile(path), case, volume):
        if not np.array_equal(mask, numbered == number):
            raise differs(path, "pydicom", f"segment {number} has other voxels")
    return Check("pydicom", f"equal: {int(np.count_nonzero(numbered))} voxels in {int(numbered.max())} segments")


EXPORTER = DicomSegExporter()
