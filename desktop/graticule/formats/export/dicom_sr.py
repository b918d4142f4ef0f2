"""Measurement report (SR TID 1500): what each segment of a segmentation measures, and who made, edited and approved it.

The segmentation is exported with it and named by it. Lengths drawn on the images come along with their ends in the patient.
"""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import highdicom.sr as sr
import numpy as np
import pydicom
from pydicom.uid import UID, generate_uid

import graticule
from graticule.domain.case import Case
from graticule.domain.codes import Ontology
from graticule.domain.elements import Region
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.domain.volume import Volume
from graticule.formats.export.dicom_object import item
from graticule.formats.export.dicom_seg import EXPORTER as SEG
from graticule.formats.export.dicom_sources import Sources, sources_of_case
from graticule.formats.export.exported import Check, Exported, differs, stem_of
from graticule.formats.export.makers import Makers, makers_of
from graticule.formats.export.other_readers import checked_by_dciodvfy
from graticule.formats.export.segment_rows import SegmentRow, rows_of, uid_of
from graticule.formats.export.sr_checks import by_dcmqi, by_gdcm, by_highdicom, volumes_of
from graticule.formats.export.sr_segment import LONG, MM, SHORT, concept, person, segment_group
from graticule.formats.family import Content
from graticule.imaging.lengths import from_stored
from graticule.imaging.segment_numbers import SegmentNumbers, numbers_of
from graticule.imaging.shapes import BIDIRECTIONAL, LENGTHS

# highdicom's warnings quote the patient's name.
warnings.filterwarnings("ignore", module=r"highdicom(\..*)?")

FORMAT = "dicom-sr"
_LENGTH = sr.CodedConcept("410668003", "SCT", "Length")


@dataclass(frozen=True, slots=True)
class DicomSrExporter:
    makers: Makers = field(default_factory=dict)
    format: str = FORMAT

    def export(self, case: Case, content: Content, labels: Labels, ontology: Ontology, out: Path) -> Sequence[Exported]:
        if not isinstance(content, Volume):
            raise GraticuleError("Measurement reports are made for series of slices.", "Choose CSV for this case.")
        seg, = SEG.export(case, content, labels, ontology, out)
        # Under a name of its own: the report names this very object, not a segmentation exported before or after.
        seg = replace(seg, path=seg.path.rename(out / f"{stem_of(case)}_sr_seg.dcm"))
        rows = rows_of(labels, ontology)
        numbers = {row.number: found for row in rows
                   if (found := numbers_of(labels.groups[row.segment.group], row.segment.value, content)) is not None}
        lines = [region for region in labels.of(Region) if region.space == "patient" and region.value and region.unit == "mm"
                 and len(region.points) == {BIDIRECTIONAL: 4}.get(region.shape, 2 if region.shape in LENGTHS else 0)]
        path = out / f"{stem_of(case)}_sr.dcm"
        measured = _Measured(tuple(row for row in rows if row.number in numbers), numbers, tuple(lines))
        written = _write(path, measured, sources_of_case(case, content), content, labels, seg.path, ontology, self.makers)
        volumes = volumes_of(rows, numbers)
        checks = (by_highdicom(path, measured.rows, volumes), by_gdcm(path, written, volumes), by_dcmqi(path, volumes),
                  *_by_own_reader(path, case, content, lines), checked_by_dciodvfy(path, case.sources[0].path))
        return [seg, Exported(path, FORMAT, checks)]


@dataclass(frozen=True, eq=False, slots=True)
class _Measured:
    rows: tuple[SegmentRow, ...]
    numbers: dict[int, SegmentNumbers]
    lines: tuple[Region, ...]


def _write(path: Path, measured: _Measured, sources: Sources, volume: Volume, labels: Labels, seg_path: Path, ontology: Ontology,
           makers: Makers) -> list[float]:
    """Every measured value in the order it was written."""
    images, seg = _evidence(sources), pydicom.dcmread(seg_path, stop_before_pixels=True)
    source = sr.SourceSeriesForSegmentation(referenced_series_instance_uid=images[0].SeriesInstanceUID)
    groups = [segment_group(row, measured.numbers[row.number], seg, source, volume, labels.groups[row.segment.group], ontology,
                            makers_of(makers, row.segment.id)) for row in measured.rows]
    groups += [_line(region, images[0].FrameOfReferenceUID, ontology) for region in measured.lines]
    people = list(dict.fromkeys(maker.person for row in measured.rows for maker in makers_of(makers, row.segment.id)
                                if maker.person))
    report = sr.MeasurementReport(
        observation_context=sr.ObservationContext(
            observer_person_context=person(people[0]) if people else None,
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
    return list(_values(document))


def _evidence(sources: Sources) -> list[Any]:
    """The images by name alone: a report needs patient and study once, and reading a thousand whole headers takes seconds."""
    header = sources.header
    others = (item(SOPClassUID=sop_class, SOPInstanceUID=name, StudyInstanceUID=header.StudyInstanceUID,
                   SeriesInstanceUID=header.SeriesInstanceUID) for sop_class, name in sources.objects
              if name != header.SOPInstanceUID)
    return [header, *others]


def _values(data: Any) -> Iterator[float]:
    for below in data.get("ContentSequence") or ():
        if below.ValueType == "NUM":
            yield float(below.MeasuredValueSequence[0].NumericValue)
        yield from _values(below)


def _line(region: Region, frame: str, ontology: Ontology) -> Any:
    points = from_stored(region.points)
    pairs = [(_LENGTH, points)] if len(points) == 2 else [(LONG, points[:2]), (SHORT, points[2:])]
    if len(pairs) == 2 and np.linalg.norm(np.diff(points[:2], axis=0)) < np.linalg.norm(np.diff(points[2:], axis=0)):
        pairs = [(LONG, points[2:]), (SHORT, points[:2])]
    measurements = [sr.Measurement(
        name=name, value=round(float(np.linalg.norm(ends[1] - ends[0])), 4), unit=MM,
        referenced_coordinates=[sr.CoordinatesForMeasurement3D(sr.GraphicTypeValues3D.POLYLINE, ends, UID(frame))])
        for name, ends in pairs]
    return sr.MeasurementsAndQualitativeEvaluations(
        tracking_identifier=sr.TrackingIdentifier(uid=UID(uid_of("region", region.id)),
                                                  identifier=f"{region.shape} {region.number}"),
        finding_type=concept(region.code, ontology) if region.code else None, measurements=measurements)


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
