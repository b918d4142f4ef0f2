"""A DICOM segmentation read back: by our own frame reader, by highdicom, by dcmqi and by dciodvfy."""

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from graticule.domain.case import Case
from graticule.domain.geometry import Array
from graticule.domain.picture import Picture
from graticule.domain.volume import Volume
from graticule.formats.dicom.damage import DICOM_DAMAGE
from graticule.formats.dicom.listing import PICTURE
from graticule.formats.dicom.seg_file import SegFile
from graticule.formats.dicom.seg_reader import masks_of, shares_of
from graticule.formats.export.exported import Check, differs
from graticule.formats.export.other_readers import checked_by_dciodvfy, checked_by_dcmqi
from graticule.formats.export.seg_writer import FULL, Shares
from graticule.formats.export.segment_rows import SegmentRow
from graticule.formats.family import Content

# highdicom's warnings quote the patient's name.
warnings.filterwarnings("ignore", module=r"highdicom(\..*)?")


_UNREADABLE: tuple[type[Exception], ...] = (*DICOM_DAMAGE, RuntimeError)


def checked_shares(path: Path, case: Case, content: Content, rows: Sequence[SegmentRow],
                   shares: Mapping[int, Shares]) -> tuple[Check, ...]:
    """As `checked_seg`, for a fractional file with values between 0 and FULL: value by value."""
    if not isinstance(content, Volume):
        raise TypeError("a segmentation is of a volume")
    wanted = {row.number: _whole(row, shares) for row in rows}
    values = sum(int(np.count_nonzero(plane)) for plane in wanted.values())
    said = f"equal: {values} values of 1 to {FULL} in {len(rows)} segments"
    for number, found in shares_of(SegFile(path), case, content):
        if not np.array_equal(found, wanted[number]):
            raise differs(path, "pydicom", f"segment {number} has other values")
    return (Check("pydicom", said), _shares_by_highdicom(path, case, wanted, said),
            Check("dcmqi", "not comparable: it cuts fractions to whole voxels"), checked_by_dciodvfy(path, case.sources[0].path))


def _shares_by_highdicom(path: Path, case: Case, wanted: Mapping[int, Array], said: str) -> Check:
    import highdicom

    try:
        file = highdicom.seg.segread(str(path))
        planes = {number: _asked(file, case, segment_numbers=[number])[..., 0] for number in wanted}
    except _UNREADABLE as error:
        return Check("highdicom", f"could not read it: {type(error).__name__}")
    for number, plane in planes.items():
        if not np.array_equal(plane, wanted[number]):
            raise differs(path, "highdicom", f"segment {number} has other values")
    return Check("highdicom", said, proves=True)


def _whole(row: SegmentRow, shares: Mapping[int, Shares]) -> Array:
    """(k, j, i) uint8: what the file must say of each voxel."""
    if row.number not in shares:
        return np.asarray(row.mask * np.uint8(FULL))
    box, values = shares[row.number]
    whole = np.zeros(row.values.shape, np.uint8)
    whole[box] = values
    return whole


def checked_seg(path: Path, case: Case, content: Content, rows: Sequence[SegmentRow]) -> tuple[Check, ...]:
    """GraticuleError, and the file removed, when one that can read it finds other voxels."""
    if not isinstance(content, Volume | Picture):
        raise TypeError("a segmentation is of images")
    dcmqi = (Check("dcmqi", "not comparable: a picture has no place in the patient") if isinstance(content, Picture)
             else checked_by_dcmqi(path, rows, content.grid))
    return (_by_pydicom(path, case, content, rows), _by_highdicom(path, case, rows), dcmqi,
            checked_by_dciodvfy(path, case.sources[0].path))


def _by_pydicom(path: Path, case: Case, volume: Volume | Picture, rows: Sequence[SegmentRow]) -> Check:
    """Our own reader of pixels that pydicom decodes: every voxel at its place in the patient."""
    file = SegFile(path)
    for number, found in masks_of(file, case, volume):
        for row in rows:
            mask = found == row.number if file.kind == "LABELMAP" else found
            if (file.kind == "LABELMAP" or row.number == number) and not np.array_equal(mask, row.mask):
                raise differs(path, "pydicom", f"segment {row.number} has other voxels")
    return Check("pydicom", f"equal: {sum(row.voxels for row in rows)} voxels in {len(rows)} segments")


def _by_highdicom(path: Path, case: Case, rows: Sequence[SegmentRow]) -> Check:
    """highdicom finds each segment's pixels by the images they were drawn on, which tilt and uneven slices do not disturb."""
    import highdicom

    try:
        file = highdicom.seg.segread(str(path))
        if file.segmentation_type.value == "LABELMAP":
            numbers = np.asarray(_label_map(file, case))
            planes = [numbers == row.number for row in rows]
        else:
            planes = [_plane(file, case, row.number) for row in rows]
    except _UNREADABLE as error:
        return Check("highdicom", f"could not read it: {type(error).__name__}")
    for row, plane in zip(rows, planes, strict=True):
        if not np.array_equal(plane[:len(row.values)], row.mask):
            raise differs(path, "highdicom", f"segment {row.number} has other voxels")
    return Check("highdicom", f"equal: {sum(row.voxels for row in rows)} voxels in {len(rows)} segments", proves=True)


def _plane(file: object, case: Case, number: int) -> Array:
    return np.asarray(_asked(file, case, segment_numbers=[number])[..., 0] > 0)


def _label_map(file: object, case: Case) -> Array:
    return _asked(file, case, combine_segments=True)


def _asked(file: object, case: Case, **wanted: object) -> Array:
    """(k, j, i …): of whole files by their names, of multi-frame files by their frames, put back into the order of slices."""
    slices = case.facts["slices"]
    if case.reading == PICTURE:  # one row stands for all frames of a loop
        slices = [[0, frame, slices[0][2]] for frame in range(slices[0][2])]
    options = {"ignore_spatial_locations": True, "assert_missing_frames_are_empty": True, "rescale_fractional": False, **wanted}
    if all(row[2] == 1 for row in slices):
        names = [case.sources[row[0]].object_id for row in slices]
        return np.asarray(file.get_pixels_by_source_instance(names, **options))  # type: ignore[attr-defined]
    parts: dict[int, Array] = {}
    for source in sorted({row[0] for row in slices}):
        at = [k for k, row in enumerate(slices) if row[0] == source]
        found = file.get_pixels_by_source_frame(  # type: ignore[attr-defined]
            case.sources[source].object_id, [slices[k][1] + 1 for k in at], **options)
        parts |= dict(zip(at, np.asarray(found), strict=True))
    return np.stack([parts[k] for k in range(len(slices))])
