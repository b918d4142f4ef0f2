"""A measurement report read back: by highdicom, by GDCM and by dcmqi, each segment by its tracking UID."""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import highdicom.sr as sr
from pydicom.uid import UID

from graticule.domain.errors import GraticuleError
from graticule.formats.export.exported import NOT_HERE, Check, differs
from graticule.formats.export.gdcm_reader import GdcmFile, GdcmItem
from graticule.formats.export.other_readers import program_path, run
from graticule.formats.export.segment_rows import SegmentRow
from graticule.imaging.segment_numbers import SegmentNumbers

VOLUME = ("118565006", "SCT", "Volume")
_NEAR = 1e-3
_CONTENT, _CONCEPT, _VALUE_TYPE, _CODE = (0x0040, 0xA730), (0x0040, 0xA043), (0x0040, 0xA040), (0x0008, 0x0100)
_UID, _MEASURED, _NUMERIC = (0x0040, 0xA124), (0x0040, 0xA300), (0x0040, 0xA30A)
_TRACKING_UID = "112040"

Volumes = Mapping[str, float]


def volumes_of(rows: Sequence[SegmentRow], numbers: Mapping[int, SegmentNumbers]) -> dict[str, float]:
    """Tracking UID → mm³, as written."""
    return {row.tracking_uid: round(numbers[row.number].ml * 1000, 4) for row in rows if row.number in numbers}


def by_highdicom(path: Path, rows: Sequence[SegmentRow], volumes: Volumes) -> Check:
    """Found again by each segment's tracking UID, with its name and volume. highdicom wrote the file, so this proves nothing."""
    report = sr.srread(str(path)).content
    for row in rows:
        groups = report.get_volumetric_roi_measurement_groups(tracking_uid=UID(row.tracking_uid))
        if len(groups) != 1 or groups[0].tracking_identifier != row.tracking_id:
            raise differs(path, "highdicom", f"segment {row.number} is not named once")
        volume, = groups[0].get_measurements(name=sr.CodedConcept(*VOLUME))
        if abs(float(volume.value) - volumes[row.tracking_uid]) > _NEAR:
            raise differs(path, "highdicom", f"segment {row.number} has another volume")
    return Check("highdicom", f"equal: {len(rows)} segments with their volumes")


def by_gdcm(path: Path, numbers: Sequence[float], volumes: Volumes) -> Check:
    """numbers: every measured value in the order it was written."""
    try:
        root = GdcmFile(path)
    except ImportError:
        return Check("GDCM", NOT_HERE)
    except GraticuleError as error:
        raise differs(path, "GDCM", "cannot be read") from error
    found = list(_numbers(root))
    if len(found) != len(numbers) or any(abs(one - other) > _NEAR for one, other in zip(numbers, found, strict=True)):
        raise differs(path, "GDCM", "has other values")
    if dict(_volumes(root)) != dict(volumes):
        raise differs(path, "GDCM", "gives a segment another volume")
    return Check("GDCM", f"equal: {len(found)} values, {len(volumes)} segments by their tracking UIDs", proves=True)


def by_dcmqi(path: Path, volumes: Volumes) -> Check:
    """dcmqi's reader of TID 1500 as JSON: the volumes of all segments by their tracking UIDs."""
    program = program_path("tid1500reader")
    if program is None:
        return Check("dcmqi", NOT_HERE)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.json"
        code, _ = run([program, "--inputDICOM", str(path), "--outputMetadata", str(out)])
        if code != 0 or not out.is_file():
            return Check("dcmqi", "could not read this report")
        groups = json.loads(out.read_text(encoding="utf-8", errors="replace")).get("Measurements", [])
    found = {str(group.get("TrackingUniqueIdentifier")): _volume_in(group) for group in groups}
    for uid, wanted in volumes.items():
        if abs(found.get(uid, -1.0) - wanted) > _NEAR:
            raise differs(path, "dcmqi", "gives a segment another volume")
    return Check("dcmqi", f"equal: {len(volumes)} segments with their volumes", proves=True)


def _volume_in(group: Mapping[str, object]) -> float:
    items = group.get("measurementItems")
    for one in items if isinstance(items, list) else ():
        if one.get("quantity", {}).get("CodeValue") == VOLUME[0]:
            return float(one["value"])
    return -1.0


def _numbers(item: GdcmItem) -> Iterator[float]:
    for below in item.items(*_CONTENT):
        if below.text(*_VALUE_TYPE) == "NUM":
            yield from _value(below)
        yield from _numbers(below)


def _volumes(item: GdcmItem) -> Iterator[tuple[str, float]]:
    """(tracking UID, mm³) of each group that has both."""
    children = list(item.items(*_CONTENT))
    uid = next((child.text(*_UID) for child in children if _named(child) == _TRACKING_UID), "")
    if uid:
        yield from ((uid, value) for child in children if _named(child) == VOLUME[0] for value in _value(child))
    for child in children:
        yield from _volumes(child)


def _value(item: GdcmItem) -> Iterator[float]:
    return (float(measured.text(*_NUMERIC)) for measured in item.items(*_MEASURED))


def _named(item: GdcmItem) -> str:
    return next((concept.text(*_CODE) for concept in item.items(*_CONCEPT)), "")
