"""An exported DICOM ECG and its report read back: by GDCM, which shares no code with pydicom; by our own reader; by highdicom."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pydicom

from graticule.domain.case import Case
from graticule.domain.geometry import Array
from graticule.domain.labels import Labels
from graticule.domain.recording import Lead, Recording
from graticule.formats.ecg.dicom_labels import dicom_elements
from graticule.formats.ecg.dicom_waveform import recording_of
from graticule.formats.ecg.waveform_report import report_elements, statements_in
from graticule.formats.export.dicom_ecg_annotations import place_of
from graticule.formats.export.dicom_ecg_samples import Shape, blocks_of, places_in, sample_blocks
from graticule.formats.export.dicom_ecg_source import Evidence
from graticule.formats.export.ecg_places import Places
from graticule.formats.export.ecg_same import same_statements
from graticule.formats.export.ecg_statements import Statement
from graticule.formats.export.exported import NOT_HERE, Check, differs
from graticule.formats.export.gdcm_reader import GdcmFile, GdcmItem
from graticule.formats.export.other_readers import checked_by_dciodvfy

_WAVEFORM, _SAMPLES, _FREQUENCY, _COUNT = (0x5400, 0x0100), (0x5400, 0x1010), (0x003A, 0x001A), (0x003A, 0x0010)
_ANNOTATIONS, _NAME, _CODE, _EQUIVALENT = (0x0040, 0xB020), (0x0040, 0xA043), (0x0008, 0x0100), (0x0008, 0x0121)
_CHANNELS, _RANGE, _POSITIONS, _SECONDS = (0x0040, 0xA0B0), (0x0040, 0xA130), (0x0040, 0xA132), (0x0040, 0xA138)
_CONTENT, _VALUE_TYPE, _CONCEPT, _UID = (0x0040, 0xA730), (0x0040, 0xA040), (0x0040, 0xA168), (0x0040, 0xA124)
_SOP, _INSTANCE, _LONG_CODE = (0x0008, 0x1199), (0x0008, 0x1155), (0x0008, 0x0119)

_Row = tuple[str, str, str, tuple[int, ...], tuple[int, ...], tuple[str, ...]]


def check_waveform(path: Path, case: Case, recording: Recording, labels: Labels, said: Sequence[Statement],
                   shape: Shape) -> tuple[Check, ...]:
    """GraticuleError, and the file removed, when a reader finds anything else."""
    wanted = [_row(one, places_in(shape, recording)) for one in said]
    counted = f"{len(recording.leads)} leads × {recording.ticks} samples, {_marks(said)}"
    return (_by_gdcm(path, recording, shape, wanted, counted), _by_own_reader(path, recording, shape, labels, counted),
            checked_by_dciodvfy(path, _source(case)))


def check_report(path: Path, case: Case, recording: Recording, labels: Labels, said: Sequence[Statement],
                 evidence: Evidence) -> tuple[Check, ...]:
    wanted = [(*_row(one, evidence.places), one.tracking[1], evidence.sop_instance) for one in said]
    try:
        found = list(_report_rows(GdcmFile(path)))
    except ImportError:
        by_gdcm = Check("GDCM", NOT_HERE)
    else:
        if found != wanted:
            raise differs(path, "GDCM", "has other annotations")
        by_gdcm = Check("GDCM", f"equal: {_marks(said)} with codes, places and tracking UIDs", proves=True)
    again = report_elements(pydicom.dcmread(path), evidence.header, recording, Ids())
    if (fault := same_statements(labels, again)) is not None:
        raise differs(path, "Graticule", fault)
    own = Check("graticule", f"equal: {_marks(said)}")
    checked = checked_by_dciodvfy(path, _source(case))
    if "Information Object Not found" in checked.result:
        checked = Check("dciodvfy", "does not know this kind of report")
    return by_gdcm, own, _by_highdicom(path, len(said)), checked


def _by_gdcm(path: Path, recording: Recording, shape: Shape, wanted: list[_Row], counted: str) -> Check:
    try:
        root = GdcmFile(path)
    except ImportError:
        return Check("GDCM", NOT_HERE)
    groups = list(root.items(*_WAVEFORM))
    if len(groups) != len(shape.groups):
        raise differs(path, "GDCM", "has another number of groups")
    for number, group in enumerate(groups):
        step = shape.groups[number][0]
        rate = Fraction(group.text(*_FREQUENCY))
        near = abs(rate * step / recording.rate - 1) <= Fraction(1, 10**12)
        if not near or not _same_bytes(group.data(*_SAMPLES), recording, shape, number):
            raise differs(path, "GDCM", "has other samples or another rate")
    found = [_annotation(one) for one in root.items(*_ANNOTATIONS)]
    if found != wanted:
        raise differs(path, "GDCM", "has other annotations")
    return Check("GDCM", f"equal: {counted} at the same sample numbers", proves=True)


def _same_bytes(data: bytes, recording: Recording, shape: Shape, number: int) -> bool:
    at = 0
    for block in sample_blocks(recording, shape, number):
        if data[at: at + len(block)] != block:
            return False
        at += len(block)
    return len(data) - at in (0, 1)


def _by_own_reader(path: Path, recording: Recording, shape: Shape, labels: Labels, counted: str) -> Check:
    dataset = pydicom.dcmread(path)
    again = recording_of(dataset)
    if again.ticks != recording.ticks or abs(again.rate / recording.rate - 1) > Fraction(1, 10**12):
        raise differs(path, "Graticule", "has another length or rate")
    for lead in recording.leads:
        other = next((one for one in again.leads if one.name == lead.name and one.step == lead.step), None)
        if other is None or not _same_lead(lead, other):
            raise differs(path, "Graticule", f"has other samples in {lead.name}")
    if (fault := same_statements(labels, dicom_elements(dataset, again, Ids()))) is not None:
        raise differs(path, "Graticule", fault)
    return Check("graticule", f"equal: {counted}")


def _same_lead(one: Lead, other: Lead) -> bool:
    near = np.isclose([one.gain, one.baseline], [other.gain, other.baseline], rtol=1e-9, atol=1e-6).all()
    return bool(near) and all(_same_part(a, b, one.invalid, other.invalid)
                              for a, b in zip(blocks_of(one), blocks_of(other), strict=True))


def _same_part(one: Array, other: Array, gap: int | None, other_gap: int | None) -> bool:
    missing, other_missing = one == gap, other == other_gap
    return np.array_equal(missing, other_missing) and np.array_equal(one[~missing], other[~missing])


def _row(one: Statement, places: Places) -> _Row:
    kind, said = place_of(one, places)
    return one.code.value, one.code.own if one.code.mdc else "", kind, said.channels, said.samples, said.seconds


def _annotation(found: GdcmItem) -> _Row:
    name = next(found.items(*_NAME))
    return *_coded(name), *_place(found)


def _coded(name: GdcmItem) -> tuple[str, str]:
    return _value(name), next((_value(other) for other in name.items(*_EQUIVALENT)), "")


def _value(coded: GdcmItem) -> str:
    return coded.text(*_CODE) or coded.text(*_LONG_CODE)


def _place(found: GdcmItem, channels: GdcmItem | None = None) -> tuple[str, tuple[int, ...], tuple[int, ...], tuple[str, ...]]:
    numbers = np.frombuffer((channels or found).data(*_CHANNELS), "<u2")
    samples = np.frombuffer(found.data(*_POSITIONS), "<u4")
    seconds = found.text(*_SECONDS)
    return (found.text(*_RANGE), tuple(numbers.tolist()), tuple(samples.tolist()),
            tuple(part.strip() for part in seconds.split("\\")) if seconds else ())


def _report_rows(root: GdcmFile) -> Iterator[tuple[object, ...]]:
    for one in root.items(*_CONTENT):
        children = list(one.items(*_CONTENT))
        coordinates = next((child for child in children if child.text(*_VALUE_TYPE) == "TCOORD"), None)
        if coordinates is None:
            continue
        waveform = next(coordinates.items(*_CONTENT))
        reference = next(waveform.items(*_SOP))
        uid = next(child.text(*_UID) for child in children if child.text(*_VALUE_TYPE) == "UIDREF")
        yield (*_coded(next(one.items(*_CONCEPT))), *_place(coordinates, reference), uid, reference.text(*_INSTANCE))


def _by_highdicom(path: Path, count: int) -> Check:
    """highdicom's content items refuse a tree whose value types, relations or names do not fit. It has none for waveforms."""
    import highdicom.sr as sr

    data = pydicom.dcmread(path)
    for _, place, _ in list(statements_in(data)):
        del place.ContentSequence
    tree = sr.ContentSequence.from_sequence(data.ContentSequence, is_root=False, is_sr=True)
    places = [below for one in tree if one.relationship_type == sr.RelationshipTypeValues.CONTAINS
              for below in one.ContentSequence if isinstance(below, sr.TcoordContentItem)]
    if len(places) != count:
        raise differs(path, "highdicom", "has another number of annotations")
    return Check("highdicom", f"equal: a tree of {len(tree)} items, {count} of them with temporal coordinates")


def _marks(said: Iterable[Statement]) -> str:
    said = list(said)
    beats = sum(int(one.ticks.size) for one in said if not one.is_episode)
    return f"{beats} beats and {sum(one.is_episode for one in said)} episodes"


def _source(case: Case) -> str:
    return case.sources[0].path if case.reading.startswith("dicom") and case.sources else ""


class Ids:
    """Names for what is read back and thrown away."""

    def __init__(self) -> None:
        self._next = 0

    def __call__(self) -> str:
        self._next += 1
        return f"read-{self._next}"
