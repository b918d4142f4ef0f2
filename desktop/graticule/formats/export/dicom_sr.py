"""Measurement report (SR TID 1500): what each segment of a segmentation measures, and who made, edited and approved it.

The segmentation is exported with it and named by it. Lengths drawn on the images come along with their ends in the patient.
"""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import highdicom.sr as sr
import numpy as np
import pydicom
from pydicom.uid import UID, generate_uid

import graticule
from graticule.domain.case import Case
from graticule.domain.codes import Code, Ontology
from graticule.domain.elements import Region
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.domain.volume import Volume
from graticule.formats.export.coded import dicom_code
from graticule.formats.export.dicom_seg import EXPORTER as SEG
from graticule.formats.export.dicom_sources import source_headers
from graticule.formats.export.exported import Check, Exported, differs, stem_of
from graticule.formats.export.makers import APPROVED, EDITED, MADE, Makers, makers_of
from graticule.formats.export.other_readers import checked_by_dciodvfy
from graticule.formats.export.segment_rows import SegmentRow, rows_of, uid_of
from graticule.formats.family import Content
from graticule.imaging.lengths import from_stored
from graticule.imaging.segment_numbers import SegmentNumbers, numbers_of
from graticule.imaging.shapes import BIDIRECTIONAL, LENGTHS

# highdicom's warnings quote the patient's name.
warnings.filterwarnings("ignore", module=r"highdicom(\..*)?")

FORMAT = "dicom-sr"
_MM, _MM2, _MM3 = (sr.CodedConcept(unit, "UCUM", meaning) for unit, meaning in (
    ("mm", "millimeter"), ("mm2", "square millimeter"), ("mm3", "cubic millimeter")))
_UNITS = {"HU": ("[hnsf'U]", "Hounsfield unit"), "SUV": ("{SUVbw}g/ml", "Standardized Uptake Value body weight")}
_LENGTH, _LONG, _SHORT = (sr.CodedConcept(*code) for code in (
    ("410668003", "SCT", "Length"), ("103339001", "SCT", "Long Axis"), ("103340004", "SCT", "Short Axis")))
_PERFORMED = {MADE: ("121094", "DCM", "Performing"), EDITED: ("99GRAT_EDITED", "99GRATICULE", "Editing"),
              APPROVED: ("121098", "DCM", "Verifying")}


@dataclass(frozen=True, slots=True)
class DicomSrExporter:
    makers: Makers = field(default_factory=dict)
    format: str = FORMAT

    def export(self, case: Case, content: Content, labels: Labels, ontology: Ontology, out: Path) -> Sequence[Exported]:
        if not isinstance(content, Volume):
            raise GraticuleError("Measurement reports are made for series of slices.", "Choose CSV for this case.")
        seg, = SEG.export(case, content, labels, ontology, out)
        rows = rows_of(labels, ontology)
        numbers = {row.number: found for row in rows
                   if (found := numbers_of(labels.groups[row.segment.group], row.segment.value, content)) is not None}
        lines = [region for region in labels.of(Region) if region.space == "patient" and region.value and region.unit == "mm"
                 and len(region.points) == {BIDIRECTIONAL: 4}.get(region.shape, 2 if region.shape in LENGTHS else 0)]
        path = out / f"{stem_of(case)}_sr.dcm"
        _write(path, case, content, seg.path, [(row, numbers[row.number]) for row in rows], lines, ontology, self.makers)
        return [seg, Exported(path, FORMAT, (_by_highdicom(path, rows, numbers), *_by_own_reader(path, case, content, lines),
                                             checked_by_dciodvfy(path)))]


def _write(path: Path, case: Case, volume: Volume, seg_path: Path, rows: Sequence[tuple[SegmentRow, SegmentNumbers]],
           lines: Sequence[Region], ontology: Ontology, makers: Makers) -> None:
    images, seg = source_headers(case), pydicom.dcmread(seg_path)
    source = sr.SourceSeriesForSegmentation(referenced_series_instance_uid=images[0].SeriesInstanceUID)
    groups = [_segment(row, found, seg, source, volume, ontology, makers) for row, found in rows]
    groups += [_line(region, images[0].FrameOfReferenceUID, ontology) for region in lines]
    people = list(dict.fromkeys(maker.person for row, _ in rows for maker in makers_of(makers, row.segment.id) if maker.person))
    report = sr.MeasurementReport(
        observation_context=sr.ObservationContext(
            observer_person_context=_person(people[0]) if people else None,
            observer_device_context=sr.ObserverContext(
                sr.CodedConcept("121007", "DCM", "Device"),
                sr.DeviceObserverIdentifyingAttributes(uid=UID(uid_of("device", "graticule")), name="Graticule",
                                                       manufacturer_name="Graticule", model_name=graticule.__version__))),
        procedure_reported=sr.CodedConcept("363679005", "SCT", "Imaging procedure"), imaging_measurements=groups,
        title=sr.CodedConcept("126000", "DCM", "Imaging Measurement Report"))
    document = sr.Comprehensive3DSR(
        evidence=[*images, seg], content=report, series_instance_uid=generate_uid(None), series_number=904,
        sop_instance_uid=generate_uid(None), instance_number=1, manufacturer="Graticule", is_complete=True, is_verified=False,
        series_description="Measurements of the segmentation")
    document.save_as(path)


def _segment(row: SegmentRow, found: SegmentNumbers, seg: Any, source: Any, volume: Volume, ontology: Ontology,
             makers: Makers) -> Any:
    group = sr.VolumetricROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=sr.TrackingIdentifier(uid=UID(row.tracking_uid), identifier=row.tracking_id),
        referenced_segment=sr.ReferencedSegment(sop_class_uid=seg.SOPClassUID, sop_instance_uid=seg.SOPInstanceUID,
                                                segment_number=row.number, source_series=source),
        finding_type=_concept(row.segment.type, ontology), finding_category=_concept(row.segment.category, ontology),
        finding_sites=[sr.FindingSite(_concept(row.segment.region, ontology))] if row.segment.region else None,
        measurements=list(_measurements(found, volume)))
    items = group[0].ContentSequence
    for maker in makers_of(makers, row.segment.id):
        if maker.person:
            for item in (*_person(maker.person), sr.CodeContentItem(
                    sr.CodedConcept("121011", "DCM", "Person Observer's Role in this Procedure"),
                    sr.CodedConcept(*_PERFORMED[maker.role]), sr.RelationshipTypeValues.HAS_OBS_CONTEXT)):
                items.append(item)
    return group


def _measurements(found: SegmentNumbers, volume: Volume) -> Iterator[Any]:
    yield _number(sr.CodedConcept("118565006", "SCT", "Volume"), found.ml * 1000, _MM3)
    yield _number(sr.CodedConcept("C0JK", "IBSI", "Surface area of mesh"), found.surface_mm2, _MM2)
    yield _number(sr.CodedConcept("L0JK", "IBSI", "Maximum 3D diameter of mesh"), found.longest.mm, _MM)
    yield _number(_LONG, found.recist.long.mm, _MM)
    yield _number(_SHORT, found.recist.short.mm, _MM)
    if found.values is None:
        return
    code, meaning = _UNITS.get(volume.unit or "", ("1", "no units"))
    unit = sr.CodedConcept(code, "UCUM", meaning)
    values = found.values
    for concept, value in ((("373098007", "SCT", "Mean"), values.mean), (("386136009", "SCT", "Standard Deviation"), values.sd),
                           (("255605001", "SCT", "Minimum"), values.low), (("56851009", "SCT", "Maximum"), values.high),
                           (("373099004", "SCT", "Median"), values.percentiles[1])):
        if value is not None:
            yield _number(sr.CodedConcept(*concept), value, unit)


def _line(region: Region, frame: str, ontology: Ontology) -> Any:
    points = from_stored(region.points)
    pairs = [(_LENGTH, points)] if len(points) == 2 else [(_LONG, points[:2]), (_SHORT, points[2:])]
    if len(pairs) == 2 and np.linalg.norm(np.diff(points[:2], axis=0)) < np.linalg.norm(np.diff(points[2:], axis=0)):
        pairs = [(_LONG, points[2:]), (_SHORT, points[:2])]
    measurements = [sr.Measurement(
        name=name, value=round(float(np.linalg.norm(ends[1] - ends[0])), 4), unit=_MM,
        referenced_coordinates=[sr.CoordinatesForMeasurement3D(sr.GraphicTypeValues3D.POLYLINE, ends, UID(frame))])
        for name, ends in pairs]
    return sr.MeasurementsAndQualitativeEvaluations(
        tracking_identifier=sr.TrackingIdentifier(uid=UID(uid_of("region", region.id)),
                                                  identifier=f"{region.shape} {region.number}"),
        finding_type=_concept(region.code, ontology) if region.code else None, measurements=measurements)


def _person(name: str) -> Any:
    return sr.ObserverContext(sr.CodedConcept("121006", "DCM", "Person"),
                              sr.PersonObserverIdentifyingAttributes(_dicom_name(name)))


def _dicom_name(name: str) -> str:
    """A name as DICOM has it: the family name first. What stands in one word or holds a caret stays."""
    words = name.replace("=", " ").replace("\\", " ").split()
    return name if "^" in name or len(words) < 2 else f"{words[-1]}^{' '.join(words[:-1])}"


def _number(concept: Any, value: float, unit: Any) -> Any:
    return sr.Measurement(name=concept, value=round(float(value), 4), unit=unit)


def _concept(code: Code, ontology: Ontology) -> Any:
    return sr.CodedConcept(*dicom_code(code, ontology))


def _by_highdicom(path: Path, rows: Sequence[SegmentRow], numbers: dict[int, SegmentNumbers]) -> Check:
    """Found again by each segment's tracking UID, with its volume."""
    report = sr.srread(str(path)).content
    for row in rows:
        groups = report.get_volumetric_roi_measurement_groups(tracking_uid=UID(row.tracking_uid))
        if len(groups) != 1 or groups[0].tracking_identifier != row.tracking_id:
            raise differs(path, "highdicom", f"segment {row.number} is not named once")
        volume, = groups[0].get_measurements(name=sr.CodedConcept("118565006", "SCT", "Volume"))
        if abs(volume.value - numbers[row.number].ml * 1000) > 1e-3:
            raise differs(path, "highdicom", f"segment {row.number} has another volume")
    return Check("highdicom", f"equal: {len(rows)} segments with their volumes")


def _by_own_reader(path: Path, case: Case, volume: Volume, lines: Sequence[Region]) -> Iterator[Check]:
    from graticule.formats.dicom.measurement_report import READER

    if not lines:
        return
    names = iter(range(1 << 30))
    found = READER.read(path, case, volume, lambda: str(next(names))).of(Region)
    ends = {points for region in found for points in region.points}
    if not {point for line in lines for point in line.points} <= ends:
        raise differs(path, "Graticule", "draws lines elsewhere")
    yield Check("Graticule", f"equal: {len(lines)} lines at their places")


EXPORTER = DicomSrExporter()
