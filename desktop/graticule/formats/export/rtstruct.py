"""RT Structure Set: each segment's outlines, slice by slice; what filling them again loses is measured and said.

Outlines run midway between voxel centres, so filling by centres loses nothing. A hole is joined to its surroundings by a channel
of no width, as PS3.3 C.8.8.6.3 has it for CLOSED_PLANAR.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset

from graticule.domain.case import Case
from graticule.domain.codes import Ontology
from graticule.domain.elements import BY_HAND, MACHINE
from graticule.domain.geometry import Floats, Grid
from graticule.domain.labels import Labels
from graticule.domain.volume import Volume
from graticule.formats.export.dicom_object import coded, item, new_object, save, sequence
from graticule.formats.export.dicom_sources import SourcePlane, Sources, sources_of_case
from graticule.formats.export.exported import Check, Exported, stem_of
from graticule.formats.export.other_readers import checked_by_dciodvfy
from graticule.formats.export.rtstruct_checks import filled_again, points_by_gdcm
from graticule.formats.export.segment_rows import SegmentRow, possible_left_out, rows_of
from graticule.formats.family import Content
from graticule.imaging.contours import area_of, keyholed, outlines, straightened

FORMAT = "rtstruct"
STRUCTURE_SET, STUDY_MANAGEMENT = "1.2.840.10008.5.1.4.1.1.481.3", "1.2.840.10008.3.1.2.3.1"
_MADE = {BY_HAND: "MANUAL", MACHINE: "AUTOMATIC"}
_GREY = "#808080"


@dataclass(frozen=True, slots=True)
class RtStructExporter:
    format: str = FORMAT

    def export(self, case: Case, content: Content, labels: Labels, ontology: Ontology, out: Path) -> Sequence[Exported]:
        sources, rows = sources_of_case(case, content), rows_of(labels, ontology)
        if not isinstance(content, Volume):
            raise TypeError("a structure set is of a volume")
        path = out / f"{stem_of(case)}_rtstruct.dcm"
        contours = {row.number: list(_contours(row, content.grid)) for row in rows}
        _write(path, rows, contours, sources, ontology)
        drawn = {number: [loop.points for loop in loops] for number, loops in contours.items()}
        return [Exported(path, FORMAT, (*filled_again(path, rows, content.grid), points_by_gdcm(path, drawn),
                                        _areas(rows, contours, content.grid), checked_by_dciodvfy(path, case.sources[0].path),
                                        *possible_left_out(rows, "RTSTRUCT")))]


@dataclass(frozen=True, eq=False, slots=True)
class _Loop:
    """k: its slice. flat: (n, 2) (column, row); points: the same, (n, 3) LPS mm."""

    k: int
    flat: Floats
    points: Floats


def _contours(row: SegmentRow, grid: Grid) -> Iterator[_Loop]:
    for k in range(row.box[0].start, row.box[0].stop):
        for loop in keyholed(outlines(row.values[k] == row.segment.value)):
            flat = straightened(loop)
            yield _Loop(k, flat, grid.to_patient(np.column_stack([flat, np.full(len(flat), float(k))])))


def _write(path: Path, rows: Sequence[SegmentRow], contours: dict[int, list[_Loop]], sources: Sources,
           ontology: Ontology) -> None:
    data = new_object(sources.header, STRUCTURE_SET, "RTSTRUCT", "Contours of the segmentation", 903)
    data.StructureSetLabel, data.StructureSetName = "SEGMENTATION", "Segmentation"
    data.StructureSetDate, data.StructureSetTime = data.ContentDate, data.ContentTime
    data.OperatorsName, data.ApprovalStatus = "", "UNAPPROVED"
    del data.ContentDate, data.ContentTime
    frame = sources.header.FrameOfReferenceUID
    data.FrameOfReferenceUID, data.PositionReferenceIndicator = frame, ""
    series = item(SeriesInstanceUID=sources.header.SeriesInstanceUID,
                  ContourImageSequence=sequence(*(_image(plane) for plane in sources.planes)))
    study = item(ReferencedSOPClassUID=STUDY_MANAGEMENT, ReferencedSOPInstanceUID=sources.header.StudyInstanceUID,
                 RTReferencedSeriesSequence=sequence(series))
    data.ReferencedFrameOfReferenceSequence = sequence(item(FrameOfReferenceUID=frame, RTReferencedStudySequence=sequence(study)))
    data.StructureSetROISequence = sequence(*(
        item(ROINumber=row.number, ReferencedFrameOfReferenceUID=frame, ROIName=row.name,
             ROIGenerationAlgorithm=_MADE.get(row.segment.provenance, "SEMIAUTOMATIC")) for row in rows))
    data.ROIContourSequence = sequence(*(_drawn(row, contours[row.number], sources) for row in rows))
    data.RTROIObservationsSequence = sequence(*(
        item(ObservationNumber=row.number, ReferencedROINumber=row.number, RTROIInterpretedType="", ROIInterpreter="",
             ROIObservationLabel=row.name[:16], RTROIIdentificationCodeSequence=coded(row.segment.type, ontology))
        for row in rows))
    save(data, path)


def _image(plane: SourcePlane) -> Dataset:
    data = item(ReferencedSOPClassUID=plane.sop_class, ReferencedSOPInstanceUID=plane.object_id)
    if plane.frame:
        data.ReferencedFrameNumber = plane.frame
    return data


def _drawn(row: SegmentRow, loops: Sequence[_Loop], sources: Sources) -> Dataset:
    digits = (row.segment.colour if len(row.segment.colour) == 7 else _GREY).removeprefix("#")
    return item(ROIDisplayColor=[int(digits[n:n + 2], 16) for n in (0, 2, 4)], ReferencedROINumber=row.number,
                ContourSequence=sequence(*(
                    item(ContourImageSequence=sequence(_image(sources.planes[loop.k])), ContourGeometricType="CLOSED_PLANAR",
                         NumberOfContourPoints=len(loop.points),
                         ContourData=[f"{v:.5f}" for v in loop.points.reshape(-1)])
                    for loop in loops)))


def _areas(rows: Sequence[SegmentRow], contours: dict[int, list[_Loop]], grid: Grid) -> Check:
    """What a program that measures areas instead of counting voxels will say: outlines cut the voxels' corners."""
    pixel = float(grid.spacing_mm[1] * grid.spacing_mm[2]) * _skew(grid)
    told = []
    for row in rows:
        drawn = sum(area_of(loop.flat) for loop in contours[row.number]) * pixel
        counted = row.voxels * pixel
        told.append(f"{row.name} {100 * (drawn - counted) / counted:+.1f} %")
    return Check("areas", "of the outlines against the voxels: " + ", ".join(told))


def _skew(grid: Grid) -> float:
    return float(np.linalg.norm(np.cross(grid.direction[:, 0], grid.direction[:, 1])))


EXPORTER = RtStructExporter()
