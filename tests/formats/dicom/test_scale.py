"""A length is given in mm only where the file justifies it, and the file's reason is said."""

import numpy as np
import pydicom
import pytest

from fakes.dicom_picture import dataset, written
from fakes.door_ways import opened
from graticule.formats.dicom.cine import frame_ms
from graticule.formats.dicom.scale import scale_of

PIXELS = np.zeros((40, 60), np.uint8)


def scale(modality="DX", **tags):
    return scale_of(dataset(PIXELS, modality=modality, **tags), 60, 40)


@pytest.mark.parametrize("tags,mm,source,doubts", [
    ({}, None, "", ["no-scale"]),
    ({"PixelSpacing": [0, 0]}, None, "", ["no-scale"]),
    ({"ImagerPixelSpacing": [0.15, 0.14]}, (0.15, 0.14), "ImagerPixelSpacing, at the detector", ["detector-scale"]),
    ({"ImagerPixelSpacing": [0.15, 0.15], "PixelSpacing": [0.15, 0.15]}, (0.15, 0.15), "PixelSpacing, at the detector",
     ["detector-scale"]),
    ({"ImagerPixelSpacing": [0.15, 0.15], "PixelSpacing": [0.12, 0.12]}, (0.12, 0.12),
     "PixelSpacing, corrected for magnification", []),
    ({"ImagerPixelSpacing": [0.15, 0.15], "PixelSpacing": [0.15, 0.15], "PixelSpacingCalibrationType": "FIDUCIAL"}, (0.15, 0.15),
     "PixelSpacing, calibrated by an object of known size", []),
    ({"PixelSpacing": [0.2, 0.1]}, (0.2, 0.1), "PixelSpacing", []),
    ({"ImagerPixelSpacing": [0.15, 0.15], "EstimatedRadiographicMagnificationFactor": 1.25}, (0.12, 0.12),
     "ImagerPixelSpacing ÷ 1.25, estimated", ["estimated-scale"]),
    ({"NominalScannedPixelSpacing": [0.1, 0.1]}, (0.1, 0.1), "NominalScannedPixelSpacing, on the film", ["film-scale"]),
])
@pytest.mark.parametrize("modality", ["DX", "CR", "MG", "XA", "RF"])
def test_radiographs(modality, tags, mm, source, doubts):
    found = scale(modality, **tags)
    assert found.pixel_mm == (None if mm is None else pytest.approx(mm)) and found.source == source
    assert [doubt.what for doubt in found.doubts] == doubts


def test_pixels_that_are_not_square_keep_their_shape_without_millimetres():
    found = scale("US", PixelAspectRatio=[4, 3])
    assert (found.pixel_mm, found.aspect) == (None, pytest.approx(4 / 3))
    assert scale("XC", PixelAspectRatio=[0, 0]).aspect == 1 and scale("XC").doubts == ()


def region(kind, box, units, deltas, flags=0):
    item = pydicom.Dataset()
    item.RegionSpatialFormat, item.RegionDataType, item.RegionFlags = kind, 1, flags
    item.RegionLocationMinX0, item.RegionLocationMinY0, item.RegionLocationMaxX1, item.RegionLocationMaxY1 = box
    item.PhysicalUnitsXDirection, item.PhysicalUnitsYDirection = units
    item.PhysicalDeltaX, item.PhysicalDeltaY = deltas
    return item


def test_each_part_of_an_ultrasound_image_has_a_scale_of_its_own(tmp_path):
    regions = [region(1, (0, 0, 29, 39), (3, 3), (0.02, 0.03)), region(3, (30, 0, 59, 19), (4, 7), (0.005, -1.5)),
               region(2, (30, 20, 59, 39), (4, 3), (0.01, 0.02)), region(1, (500, 0, 600, 30), (3, 3), (0.1, 0.1))]
    path = written(tmp_path / "a.dcm", PIXELS, modality="US", sop_class="1.2.840.10008.5.1.4.1.1.6.1",
                   SequenceOfUltrasoundRegions=regions, PixelSpacing=[0.5, 0.5])
    picture = opened(path)
    assert picture.pixel_mm is None and len(picture.calibrated) == 3
    assert picture.pixel_mm_at(29.9, 39.9) == pytest.approx((0.3, 0.2))
    assert picture.pixel_mm_at(30, 5) is None and picture.pixel_mm_at(45, 25) is None
    words = {part.kind: part.axes for part in picture.calibrated}
    assert words == {"2D": ("mm", "mm"), "Doppler": ("cm/s", "s"), "M-mode": ("mm", "s")}


def test_where_regions_overlap_the_one_of_high_priority_counts():
    regions = [region(1, (0, 0, 59, 39), (3, 3), (0.02, 0.02)), region(1, (10, 10, 20, 20), (3, 3), (0.05, 0.05), flags=1),
               region(1, (30, 10, 59, 20), (3, 3), (0.04, 0.04))]
    found = scale("US", SequenceOfUltrasoundRegions=regions).calibrated
    assert [part.pixel_mm[0] for part in found] == pytest.approx([0.5, 0.4, 0.2])


def test_an_ultrasound_image_without_regions():
    assert scale("US").pixel_mm is None and scale("US").doubts[0].what == "no-scale"
    loose = scale("US", PixelSpacing=[0.3, 0.3])
    assert loose.pixel_mm == (0.3, 0.3) and loose.doubts[0].what == "loose-scale"
    broken = region(1, (0, 0, 29, 39), (3, 3), (0.0, 0.0))
    assert scale("US", SequenceOfUltrasoundRegions=[broken]).calibrated[0].pixel_mm is None


@pytest.mark.parametrize("tags,ms", [
    ({}, 0), ({"FrameTime": 33.3}, 33.3), ({"CineRate": 25}, 40), ({"RecommendedDisplayFrameRate": 50}, 20),
    ({"FrameTimeVector": [0, 30, 40, 30]}, 30), ({"FrameTime": 0, "CineRate": 10}, 100),
    ({"FrameTime": 33.3, "FrameIncrementPointer": 0x00181063}, 33.3),
    ({"FrameTime": 33.3, "FrameIncrementPointer": 0x00182001}, 0)])
def test_the_pace_of_a_loop(tags, ms):
    assert frame_ms(dataset(np.zeros((3, 4, 4), np.uint8), **tags)) == pytest.approx(ms)
