"""One segment in a measurement report (TID 1411): what it measures, how its voxels came about, and who had a hand in it."""

from collections.abc import Iterator
from typing import Any

import highdicom.sr as sr
from pydicom.uid import UID

from graticule.domain.codes import Code, Ontology
from graticule.domain.labels import (
    AUTHOR_GROWN,
    AUTHOR_HAND,
    AUTHOR_INTERPOLATED,
    AUTHOR_MACHINE,
    AUTHOR_MACHINE_CORRECTED,
    LabelMap,
)
from graticule.domain.volume import Volume
from graticule.formats.export.algorithm import algorithm_of
from graticule.formats.export.coded import PRIVATE_SCHEME, dicom_code
from graticule.formats.export.makers import APPROVED, EDITED, MADE, Maker
from graticule.formats.export.segment_rows import SegmentRow
from graticule.imaging.authorship import shares
from graticule.imaging.segment_numbers import SegmentNumbers

MM, MM2, MM3 = (sr.CodedConcept(unit, "UCUM", meaning) for unit, meaning in (
    ("mm", "millimeter"), ("mm2", "square millimeter"), ("mm3", "cubic millimeter")))
LONG, SHORT = (sr.CodedConcept(*code) for code in (("103339001", "SCT", "Long Axis"), ("103340004", "SCT", "Short Axis")))
_PERCENT = sr.CodedConcept("%", "UCUM", "Percent")
_UNITS = {"HU": ("[hnsf'U]", "Hounsfield unit"), "SUV": ("{SUVbw}g/ml", "Standardized Uptake Value body weight")}
_ROLES = {MADE: ("121094", "DCM", "Performing"), EDITED: ("99GRAT_EDITED", PRIVATE_SCHEME, "Editing"),
          APPROVED: ("121098", "DCM", "Verifying")}
# How a share of the voxels came about; DICOM has no codes for it.
_BY = {AUTHOR_HAND: ("BY_HAND", "Voxels drawn by hand"), AUTHOR_INTERPOLATED: ("INTERPOLATED", "Voxels filled between slices"),
       AUTHOR_GROWN: ("GROWN", "Voxels found by a tool"), AUTHOR_MACHINE: ("PROPOSED", "Voxels as a program proposed"),
       AUTHOR_MACHINE_CORRECTED: ("CORRECTED", "Proposed voxels corrected by hand")}


def segment_group(row: SegmentRow, found: SegmentNumbers, seg: Any, source: Any, volume: Volume, group: LabelMap,
                  ontology: Ontology, makers: tuple[Maker, ...]) -> Any:
    """seg: the segmentation's data set, which the report names. makers: in order of time."""
    program = algorithm_of(row.segment)
    items = sr.VolumetricROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=sr.TrackingIdentifier(uid=UID(row.tracking_uid), identifier=row.tracking_id),
        referenced_segment=sr.ReferencedSegment(sop_class_uid=seg.SOPClassUID, sop_instance_uid=seg.SOPInstanceUID,
                                                segment_number=row.number, source_series=source),
        finding_type=concept(row.segment.type, ontology), finding_category=concept(row.segment.category, ontology),
        finding_sites=[sr.FindingSite(concept(row.segment.region, ontology))] if row.segment.region else None,
        algorithm_id=sr.AlgorithmIdentification(program.name, program.version) if program else None,
        measurements=[*_measurements(found, volume), *_shares(row, group)])
    content = items[0].ContentSequence
    for maker in makers:
        for item in _person_in_role(maker):
            content.append(item)
    return items


def person(name: str) -> Any:
    return sr.ObserverContext(sr.CodedConcept("121006", "DCM", "Person"),
                              sr.PersonObserverIdentifyingAttributes(_dicom_name(name)))


def number(name: Any, value: float, unit: Any) -> Any:
    return sr.Measurement(name=name, value=round(float(value), 4), unit=unit)


def concept(code: Code, ontology: Ontology) -> Any:
    return sr.CodedConcept(*dicom_code(code, ontology))


def _person_in_role(maker: Maker) -> Iterator[Any]:
    if maker.person:
        yield from person(maker.person)
        yield sr.CodeContentItem(sr.CodedConcept("121011", "DCM", "Person Observer's Role in this Procedure"),
                                 sr.CodedConcept(*_ROLES[maker.role]), sr.RelationshipTypeValues.HAS_OBS_CONTEXT)


def _measurements(found: SegmentNumbers, volume: Volume) -> Iterator[Any]:
    yield number(sr.CodedConcept("118565006", "SCT", "Volume"), found.ml * 1000, MM3)
    yield number(sr.CodedConcept("C0JK", "IBSI", "Surface area of mesh"), found.surface_mm2, MM2)
    yield number(sr.CodedConcept("L0JK", "IBSI", "Maximum 3D diameter of mesh"), found.longest.mm, MM)
    yield number(LONG, found.recist.long.mm, MM)
    yield number(SHORT, found.recist.short.mm, MM)
    if found.values is None:
        return
    code, meaning = _UNITS.get(volume.unit or "", ("1", "no units"))
    unit = sr.CodedConcept(code, "UCUM", meaning)
    values = found.values
    for name, value in ((("373098007", "SCT", "Mean"), values.mean), (("386136009", "SCT", "Standard Deviation"), values.sd),
                        (("255605001", "SCT", "Minimum"), values.low), (("56851009", "SCT", "Maximum"), values.high),
                        (("373099004", "SCT", "Median"), values.percentiles[1])):
        if value is not None:
            yield number(sr.CodedConcept(*name), value, unit)


def _shares(row: SegmentRow, group: LabelMap) -> Iterator[Any]:
    """How its voxels came about, in percent of them; what nobody noted is left out."""
    for author, voxels in shares(group.values[row.box], group.authors[row.box], row.segment.value).items():
        if author in _BY:
            code, meaning = _BY[author]
            yield number(sr.CodedConcept(code, PRIVATE_SCHEME, meaning), 100 * voxels / row.voxels, _PERCENT)


def _dicom_name(name: str) -> str:
    """A name as DICOM has it: the family name first. What stands in one word or holds a caret stays."""
    words = name.replace("=", " ").replace("\\", " ").split()
    return name if "^" in name or len(words) < 2 else f"{words[-1]}^{' '.join(words[:-1])}"
