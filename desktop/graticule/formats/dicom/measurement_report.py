"""Measurement reports (SR, TID 1500 and TID 300): regions with their values and codes (PS3.16; PS3.3 C.17, C.18.6, C.18.9)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from graticule.domain.case import Case
from graticule.domain.codes import Code
from graticule.domain.elements import BY_HAND, MACHINE, Region
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Floats
from graticule.domain.labels import Labels
from graticule.formats.dicom.damage import DICOM_DAMAGE
from graticule.formats.dicom.graphics import pairs, shapes_of
from graticule.formats.dicom.image_places import PATIENT, ImagePlaces
from graticule.formats.dicom.presentation_state import opened
from graticule.formats.family import Content
from graticule.imaging.lengths import to_stored

READING = "measurement-report"

# UCUM as reports write it → as a clinician reads it.
_UNITS = {"mm2": "mm²", "cm2": "cm²", "mm3": "mm³", "cm3": "cm³", "[hnsf'U]": "HU", "deg": "°", "{SUVbw}g/ml": "SUV", "1": "",
          "{ratio}": "", "{pixels}": "px", "{pixel}": "px", "um": "µm"}
_FINDING_CODES, _SITE_CODES = {"121071"}, {"363698007", "G-C0E3"}
_OBSERVER_TYPE, _DEVICE = "121005", "121007"
DEEPEST = 40


@dataclass(frozen=True)
class _Number:
    """One measured value as the report says it."""

    what: str
    value: str
    unit: str


@dataclass
class _Group:
    """What holds for the geometries below: their finding, where, and the numbers that have no geometry of their own."""

    finding: Any = None
    site: str = ""
    numbers: list[_Number] = field(default_factory=list)


class MeasurementReportReader:
    reading = READING

    def read(self, path: Path, case: Case, content: Content, new_id: Callable[[], str]) -> Labels:
        """Every geometry of the report that lies on this case's images; GraticuleError when none does."""
        data = opened(path)
        places, labels = ImagePlaces(case, content), Labels()
        try:
            report = _Report(data, places)
            for made in report.regions():
                region = Region(id=new_id(), number=len(labels.of(Region)) + 1, **made)
                labels.put(Region.KIND, region.id, region)
        except DICOM_DAMAGE as error:
            raise GraticuleError("The report is damaged and cannot be read.", "Copy it again.") from error
        if not labels.of(Region):
            raise GraticuleError("The report draws nothing on this case's images.",
                                 "It may hold only words, or belong to other images.")
        return labels


class _Report:
    """Walks the tree of one report."""

    def __init__(self, data: Any, places: ImagePlaces) -> None:
        self._root, self._places = data, places
        self._provenance = MACHINE if _made_by_device(data) else BY_HAND

    def regions(self) -> Iterator[dict[str, Any]]:
        """Fields of a Region for each geometry."""
        yield from self._below(self._root, _Group(), 0)

    def _below(self, item: Any, above: _Group, depth: int) -> Iterator[dict[str, Any]]:
        if depth > DEEPEST:
            return
        children = list(item.get("ContentSequence") or ())
        group = self._group(children, above)
        for child in children:
            kind = str(child.get("ValueType", ""))
            if kind in ("SCOORD", "SCOORD3D"):
                yield from self._drawn(child, group)
            elif kind == "NUM":
                yield from self._below(child, _Group(group.finding, group.site, [_number(child)]), depth + 1)
            else:
                yield from self._below(child, group, depth + 1)

    @staticmethod
    def _group(children: list[Any], above: _Group) -> _Group:
        """Finding and site of this level, else of the one above; numbers without a geometry of their own."""
        found = _Group(above.finding, above.site, list(above.numbers))
        loose = [child for child in children if child.get("ValueType") == "NUM" and not _has_geometry(child)]
        if loose:
            found.numbers = [_number(child) for child in loose]
        for child in children:
            if child.get("ValueType") == "CODE" and child.get("ConceptCodeSequence"):
                if _concept(child) in _FINDING_CODES:
                    found.finding = child.ConceptCodeSequence[0]
                elif _concept(child) in _SITE_CODES:
                    found.site = str(child.ConceptCodeSequence[0].get("CodeMeaning", ""))
        return found

    def _drawn(self, item: Any, group: _Group) -> Iterator[dict[str, Any]]:
        solid = item.ValueType == "SCOORD3D"
        at = pairs(item.get("GraphicData"), 3 if solid else 2)
        for shape, points in shapes_of(str(item.get("GraphicType", "")), at):
            for placed in self._in_patient(item, points) if solid else self._on_images(item, points):
                yield self._fields(shape, placed, group)

    def _in_patient(self, item: Any, points: Floats) -> list[Floats]:
        frame = str(item.get("ReferencedFrameOfReferenceUID", ""))
        return [points] if self._places.space == PATIENT and frame == self._places.frame_of_reference else []

    def _on_images(self, item: Any, points: Floats) -> list[Floats]:
        found = []
        for child in item.get("ContentSequence") or ():
            for image in (self._referenced(child).get("ReferencedSOPSequence") or ()):
                numbers = image.get("ReferencedFrameNumber")
                listed = [] if numbers is None else [int(n) for n in np.atleast_1d(np.array(numbers, dtype=int))]
                found += [self._places.place(frame, points)
                          for frame in self._places.frames(str(image.get("ReferencedSOPInstanceUID", "")), listed)]
        return found

    def _referenced(self, child: Any) -> Any:
        """The item itself, or the one it points to by its place in the tree (PS3.3 C.17.3.2.5)."""
        path = child.get("ReferencedContentItemIdentifier")
        if path is None:
            return child
        item = self._root
        for number in list(np.atleast_1d(np.array(path, dtype=int)))[1:]:
            item = item.ContentSequence[int(number) - 1]
        return item

    def _fields(self, shape: str, points: Floats, group: _Group) -> dict[str, Any]:
        first = group.numbers[0] if group.numbers else _Number("", "", "")
        meaning = str(group.finding.get("CodeMeaning", "")) if group.finding is not None else ""
        name = ", ".join(part for part in (meaning, group.site) if part)
        sent = [[one.what, one.value, one.unit] for one in group.numbers]
        return {"shape": shape, "space": self._places.space, "points": to_stored(points), "code": _code(group.finding),
                "value": first.value, "unit": first.unit, "name": name, "figures": {"sent": sent} if sent else {},
                "provenance": self._provenance}


def match_ids(path: Path) -> tuple[str, ...]:
    """SOP Instance UIDs of the images it speaks of: of its evidence, and of its items."""
    data = opened(path)
    found = [str(image.get("ReferencedSOPInstanceUID", ""))
             for name in ("CurrentRequestedProcedureEvidenceSequence", "PertinentOtherEvidenceSequence")
             for study in data.get(name) or () for series in study.get("ReferencedSeriesSequence") or ()
             for image in series.get("ReferencedSOPSequence") or ()]
    return tuple(dict.fromkeys([*found, *_named_images(data, 0)]))


def _named_images(item: Any, depth: int) -> Iterator[str]:
    if depth > DEEPEST:
        return
    for child in item.get("ContentSequence") or ():
        for image in child.get("ReferencedSOPSequence") or ():
            yield str(image.get("ReferencedSOPInstanceUID", ""))
        yield from _named_images(child, depth + 1)


def _has_geometry(item: Any) -> bool:
    return any(str(child.get("ValueType", "")) in ("SCOORD", "SCOORD3D") for child in item.get("ContentSequence") or ())


def _number(item: Any) -> _Number:
    what = item.ConceptNameCodeSequence[0] if item.get("ConceptNameCodeSequence") else {}
    measured = next(iter(item.get("MeasuredValueSequence") or ()), None)
    if measured is None:
        return _Number(str(what.get("CodeMeaning", "")), "", "")
    unit: Any = next(iter(measured.get("MeasurementUnitsCodeSequence") or ()), {})
    code = str(unit.get("CodeValue", ""))
    return _Number(str(what.get("CodeMeaning", "")), str(measured.get("NumericValue", "")), _UNITS.get(code, code))


def _concept(item: Any) -> str:
    name = item.ConceptNameCodeSequence[0] if item.get("ConceptNameCodeSequence") else {}
    return str(name.get("CodeValue", ""))


def _code(finding: Any) -> Code | None:
    if finding is None or not finding.get("CodeValue"):
        return None
    scheme, version = (str(finding.get(name, "")) for name in ("CodingSchemeDesignator", "CodingSchemeVersion"))
    return Code(scheme, str(finding.CodeValue), version)


def _made_by_device(data: Any) -> bool:
    """Whether a device is the only observer named."""
    observers = {str(child.ConceptCodeSequence[0].get("CodeValue", "")) for child in data.get("ContentSequence") or ()
                 if child.get("ValueType") == "CODE" and _concept(child) == _OBSERVER_TYPE and child.get("ConceptCodeSequence")}
    return observers == {_DEVICE}


READER = MeasurementReportReader()
