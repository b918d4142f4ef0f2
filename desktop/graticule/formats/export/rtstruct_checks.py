"""A structure set read back: its points by GDCM, number by number; its regions by pydicom, filled on the grid once more."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Floats, Grid
from graticule.formats.dicom.rtstruct_file import read_rois
from graticule.formats.dicom.rtstruct_reader import mask_of, placed_on
from graticule.formats.export.exported import NOT_HERE, Check, differs
from graticule.formats.export.gdcm_reader import GdcmFile, GdcmItem
from graticule.formats.export.segment_rows import SegmentRow
from graticule.quality.masks import compare_masks

# Coordinates are written with five decimals.
_ROUNDED_MM = 1e-5
_CONTOURS, _LOOPS, _POINTS, _NUMBER = (0x3006, 0x0039), (0x3006, 0x0040), (0x3006, 0x0050), (0x3006, 0x0084)


def filled_again(path: Path, rows: Sequence[SegmentRow], grid: Grid) -> list[Check]:
    """What filling each region's contours on the grid loses, in mm and ml; GraticuleError where it is more than rounding."""
    found = {roi.number: roi for roi in read_rois(path)}
    checks = []
    for row in rows:
        again, mask = mask_of(placed_on(found[row.number], grid).loops, grid), row.mask
        if np.array_equal(again, mask):
            checks.append(Check("pydicom", f"{row.name}: equal: {row.voxels} voxels; surface 0.00 mm off at most, "
                                           "0.00 mm on average; volume +0.000 ml"))
            continue
        lost = compare_masks(mask, again, grid)
        if lost.dice is None or lost.dice < 0.99:
            raise differs(path, "pydicom", f"region {row.number} encloses other voxels")
        others = int((again ^ mask).sum())
        checks.append(Check("pydicom", f"{row.name}: {others} of {row.voxels} voxels differ; surface {lost.hd_mm or 0:.2f} mm "
                                       f"off at most, {lost.assd_mm or 0:.2f} mm on average; volume "
                                       f"{lost.difference_ml:+.3f} ml"))
    return checks


def points_by_gdcm(path: Path, drawn: Mapping[int, Sequence[Floats]]) -> Check:
    """drawn: region number → (n, 3) LPS mm of each contour, as written."""
    try:
        found = {int(item.text(*_NUMBER)): list(_loops(item)) for item in GdcmFile(path).items(*_CONTOURS)}
    except ImportError:
        return Check("GDCM", NOT_HERE)
    except GraticuleError as error:
        raise differs(path, "GDCM", "cannot be read") from error
    for number, loops in drawn.items():
        theirs = found.get(number, [])
        if len(theirs) != len(loops) or not all(_same(one, other) for one, other in zip(loops, theirs, strict=True)):
            raise differs(path, "GDCM", f"region {number} has other contours")
    count = sum(len(loops) for loops in drawn.values())
    points = sum(len(loop) for loops in drawn.values() for loop in loops)
    return Check("GDCM", f"equal: {points} points of {count} contours in {len(drawn)} regions", proves=True)


def _loops(item: GdcmItem) -> list[Floats]:
    return [np.array(loop.text(*_POINTS).split("\\"), dtype=np.float64).reshape(-1, 3) for loop in item.items(*_LOOPS)]


def _same(one: Floats, other: Floats) -> bool:
    return one.shape == other.shape and float(np.abs(one - other).max(initial=0)) <= _ROUNDED_MM
