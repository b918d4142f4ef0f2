"""Exporting the open case's labels, as the desk shows it: what can be written, what would be, and what proves each file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from graticule.domain.case import Kind
from graticule.domain.elements import Answer, Beat, Element, Episode, Region, Segment
from graticule.presenters.segment_amounts import millilitres

if TYPE_CHECKING:
    from pathlib import Path

    from graticule.domain.errors import GraticuleError
    from graticule.domain.progress import Progress
    from graticule.jobs import Handle
    from graticule.presenters.desk import Desk
    from graticule.presenters.open_case import OpenCase

LANE = "export"


@dataclass(frozen=True, slots=True)
class Format:
    """name: as the exporters know it. title, about: in English, as `tr` knows them. series: only for DICOM series."""

    name: str
    title: str
    about: str
    series: bool = False


_MASKS = (
    Format("dicom-seg", "DICOM SEG", "Segments for archives and viewers; they may overlap", True),
    Format("dicom-labelmap", "DICOM SEG, label map", "Smaller, for newer viewers; one file for each group", True),
    Format("dicom-fractional", "DICOM SEG, fractional", "What is sure, and how far it may reach", True),
    Format("rtstruct", "RTSTRUCT", "Contours for radiotherapy; what outlines lose is measured", True),
    Format("dicom-sr", "DICOM SR and SEG", "Measurements, and who made, edited and approved each segment", True),
    Format("nrrd", "3D Slicer (.seg.nrrd)", "Segments with names, colours and codes"),
    Format("nifti", "NIfTI and JSON", "Label maps, with a table of what each number is"),
    Format("stl", "STL", "One surface for each segment"),
    Format("obj", "OBJ", "All surfaces in one file"),
    Format("gltf", "glTF", "All surfaces in one file, with colours"),
)
_COCO = Format("coco", "COCO", "Masks slice by slice, for machine learning")
_TABLE = Format("csv", "CSV", "Measurements and answers as tables")
_WHOLE = Format("json", "Graticule JSON", "Everything that was labelled, whole")
_OTHERS: tuple[tuple[type[Element], str], ...] = (
    (Region, "Marks: {n}"), (Beat, "Beats: {n}"), (Episode, "Episodes: {n}"), (Answer, "Answers: {n}"))
_ECGS = (
    Format("wfdb", "WFDB", "The ECG with its annotations; a table beside them holds what those cannot say"),
    Format("dicom-ecg", "DICOM ECG", "Waveforms with coded annotations, and a report of them"),
    Format("edf", "EDF+", "The ECG with its annotations in words"),
    Format("pdf", "PDF strip", "True to scale, with the labels under the leads"),
)
_OF_KIND = {Kind.VOLUME: (*_MASKS, _COCO, _TABLE, _WHOLE), Kind.ECG: (*_ECGS, _TABLE, _WHOLE)}
_PNG = Format("png", "PNG masks", "Label numbers as pictures, frame by frame")
_PICTURE = (_MASKS[0], _MASKS[1], _PNG, _COCO, _TABLE, _WHOLE)


@dataclass(frozen=True, slots=True)
class Line:
    """words: in English, as `tr` knows them, with {names} for the values."""

    words: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadBack:
    """One check of a written file: by which reader, what it found. proves: it is another library's, and it found all equal."""

    by: str
    result: str
    proves: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written and read back. proven: by a second library; without that it does not count as exported."""

    path: Path
    proven: bool
    readings: tuple[ReadBack, ...]


@dataclass(frozen=True, slots=True)
class NotWritten:
    """A format that left no file, and why."""

    format: str
    why: str


@dataclass(frozen=True, slots=True)
class Export:
    """What became of one export, format by format."""

    folder: Path
    files: tuple[Written, ...]
    failed: tuple[NotWritten, ...] = ()

    @property
    def proven(self) -> bool:
        return bool(self.files) and not self.failed and all(file.proven for file in self.files)


class ExportPort(Protocol):
    """Writes the saved labels of a case."""

    def write(self, case_id: str, formats: Sequence[str], folder: Path, progress: Progress) -> Export:
        """Each format into `folder`, read back, and noted in the store with its proof. A format that cannot hold the labels is
        among `failed`; GraticuleError when the case itself cannot be read."""
        ...


@dataclass(frozen=True, slots=True)
class Choice:
    """A format to tick. why_not: a sentence when this case cannot be written so, else ""."""

    format: Format
    why_not: str = ""


class Exporting:
    """remember: the folder and the formats of last time, kept by the desk under a name of its own."""

    def __init__(self, desk: Desk, port: ExportPort) -> None:
        self._desk, self._port = desk, port

    def choices(self) -> list[Choice]:
        """Every format for this kind of case, the usual ones first; [] without an open case."""
        opened = self._desk.opened
        if opened is None:
            return []
        return [Choice(one, _why_not(one, opened)) for one in _OF_KIND.get(opened.case.kind, _PICTURE)]

    def contents(self) -> list[Line]:
        """What is there to be written, a line each: "Tumour core: 4,137 voxels, 16.4 mL"; [] when nothing is labelled."""
        opened = self._desk.opened
        return _contents(opened) if opened is not None else []

    def start(self, formats: Sequence[str], folder: Path, done: Callable[[Export], None],
              failed: Callable[[GraticuleError], None]) -> Handle | None:
        """Save the draft, then write beside the window; None without an open case."""
        opened = self._desk.opened
        if opened is None:
            return None
        self._desk.save()
        case_id, chosen = opened.case.id, list(formats)
        return self._desk.runner.start(lambda progress: self._port.write(case_id, chosen, folder, progress), done=done,
                                       failed=failed, lane=LANE, title="Exporting")


def _why_not(format: Format, opened: OpenCase) -> str:
    if format.series and not opened.case.reading.startswith("dicom"):
        return "Only for DICOM images"
    return ""


def _contents(opened: OpenCase) -> list[Line]:
    labels = opened.workspace.labels
    lines: list[Line] = []
    grid = getattr(opened.content, "grid", None)
    for segment in labels.of(Segment):
        voxels = labels.voxels_of(segment)
        if voxels and not segment.possible_of:
            name = segment.name or opened.ontology.label(segment.type)
            words = "{name}: {n} voxels, {amount}" if grid is not None else "{name}: {n} pixels"
            amount = millilitres(labels.ml_of(segment, grid)) if grid is not None else ""
            lines.append(Line(words, {"name": name, "n": f"{voxels:,}", "amount": amount}))
    for kind, words in _OTHERS:
        found = labels.of(kind)
        single = sum(isinstance(one, Episode) and one.track == "mark" for one in found)
        if len(found) - single:
            lines.append(Line(words, {"n": f"{len(found) - single:,}"}))
        if single:
            lines.append(Line("Marks of single moments: {n}", {"n": f"{single:,}"}))
    return lines
