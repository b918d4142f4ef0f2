"""What an outside check does with pictures and whole volumes: what is said of them is true, in the list and when opened."""

import gzip

import nibabel
import numpy as np
import pytest
import SimpleITK
from PIL import Image
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import generate_uid

from fakes.dicom_picture import written
from fakes.door_ways import only_case
from fakes.unseen import Twin, places

S = "1.2.840.10008.5.1.4.1.1."
GREY = (np.arange(20 * 31).reshape(20, 31) * 6 % 4096).astype(np.uint16)
COLOUR = np.random.default_rng(3).integers(0, 256, (20, 31, 3)).astype(np.uint8)
DX = {"sop_class": S + "1.1", "modality": "DX"}
NO_SCALE = "no valid pixel size"
DETECTOR = "at the detector"
# Attributes, millimetres (row, column) and what the warnings say of them.
SCALES = {
    "none": ({}, None, NO_SCALE),
    "zero": ({"PixelSpacing": [0, 0]}, None, NO_SCALE),
    "below zero": ({"PixelSpacing": [-0.1, 0.1]}, None, NO_SCALE),
    "one number": ({"PixelSpacing": 0.1}, None, NO_SCALE),
    "detector only": ({"ImagerPixelSpacing": [0.14, 0.15]}, [0.14, 0.15], DETECTOR),
    "zero beside the detector's": ({"PixelSpacing": [0, 0], "ImagerPixelSpacing": [0.1, 0.1]}, [0.1, 0.1], DETECTOR),
    "both the same": ({"PixelSpacing": [0.1, 0.1], "ImagerPixelSpacing": [0.1, 0.1]}, [0.1, 0.1], DETECTOR),
    "both and different": ({"PixelSpacing": [0.09, 0.09], "ImagerPixelSpacing": [0.1, 0.1]}, [0.09, 0.09], ""),
    "calibrated": ({"PixelSpacing": [0.1, 0.1], "PixelSpacingCalibrationType": "FIDUCIAL"}, [0.1, 0.1], ""),
    "magnified": ({"ImagerPixelSpacing": [0.1, 0.1], "EstimatedRadiographicMagnificationFactor": 1.25}, [0.08, 0.08],
                  "estimated"),
}


@pytest.mark.parametrize("name", SCALES)
def test_millimetres_of_a_radiograph_and_the_same_warnings_in_the_list(tmp_path, name):
    tags, millimetres, warning = SCALES[name]
    written(tmp_path / "in" / "a.dcm", GREY, BitsStored=12, HighBit=11, **DX, **tags)
    twin = Twin(tmp_path)
    twin.brought(tmp_path / "in")
    case, = twin.cases()
    shown = twin.shown(case)
    assert shown["pixel_mm"] == (pytest.approx(millimetres) if millimetres else None)
    assert shown["warnings"] == case["warnings"]
    assert [warning in said for said in case["warnings"]] == ([True] if warning else [])
    assert np.array_equal(twin.values(case), GREY)


@pytest.mark.parametrize(("kind", "intent", "told"), [
    ("1.1", None, False), ("1.1.1", None, True), ("1.2", None, False), ("1.2.1", None, True), ("1.3.1", None, True),
    ("1.1", "FOR PROCESSING", True), ("1.1.1", "FOR PRESENTATION", False)])
def test_only_radiographs_for_processing_are_called_so(tmp_path, kind, intent, told):
    more = {"PresentationIntentType": intent} if intent else {}
    written(tmp_path / "a.dcm", GREY, sop_class=S + kind, modality="DX", PixelSpacing=[0.1, 0.1], **more)
    assert any("for processing" in warning for warning in only_case(tmp_path).warnings) == told


def region(left, units=3, kind=1):
    data = Dataset()
    data.RegionSpatialFormat, data.RegionDataType, data.RegionFlags = kind, 1, 0
    data.RegionLocationMinX0, data.RegionLocationMinY0 = left, 0
    data.RegionLocationMaxX1, data.RegionLocationMaxY1 = left + 9, 19
    data.PhysicalUnitsXDirection, data.PhysicalUnitsYDirection, data.PhysicalDeltaX, data.PhysicalDeltaY = units, 3, 0.05, 0.04
    return data


@pytest.mark.parametrize(("regions", "millimetres"), [
    ([], None), ([region(0)], [0.4, 0.5]), ([region(0), region(15)], [0.4, 0.5]), ([region(0, units=4, kind=2)], None)])
def test_an_ultrasound_image_has_the_millimetres_of_its_regions(tmp_path, regions, millimetres):
    tags = {"SequenceOfUltrasoundRegions": Sequence(regions)} if regions else {}
    written(tmp_path / "in" / "a.dcm", COLOUR, "RGB", sop_class=S + "6.1", modality="US", **tags)
    twin = Twin(tmp_path)
    twin.brought(tmp_path / "in")
    case, = twin.cases()
    shown = twin.shown(case)
    assert shown["pixel_mm"] == (pytest.approx(millimetres) if millimetres else None)
    assert len(shown["regions"]) == len(regions) and shown["warnings"] == case["warnings"]
    assert any(NO_SCALE in warning for warning in shown["warnings"]) == (not regions)


@pytest.mark.parametrize("frames", [GREY[None].repeat(4, 0) + np.arange(4, dtype=np.uint16)[:, None, None],
                                    np.stack([COLOUR, 255 - COLOUR])])
def test_all_frames_of_a_loop_come_out(tmp_path, frames):
    colour = frames.ndim == 4
    written(tmp_path / "in" / "a.dcm", frames, "RGB" if colour else "MONOCHROME2", sop_class=S + "3.1" if colour else S + "12.1",
            modality="US" if colour else "XA", FrameTime=40)
    twin = Twin(tmp_path)
    twin.brought(tmp_path / "in")
    case, = twin.cases()
    shown = twin.shown(case)
    assert np.array_equal(twin.values(case), frames)
    assert shown["frames"] == len(frames) and shown["range"] == [frames.min(), frames.max()]


UPRIGHT = np.zeros((40, 60, 3), np.uint8)
UPRIGHT[:20, :30], UPRIGHT[:20, 30:], UPRIGHT[20:, :30] = (250, 20, 20), (20, 250, 20), (20, 20, 250)
STORED = {1: UPRIGHT, 2: UPRIGHT[:, ::-1], 3: UPRIGHT[::-1, ::-1], 4: UPRIGHT[::-1], 5: UPRIGHT.swapaxes(0, 1),
          6: np.rot90(UPRIGHT), 7: UPRIGHT[::-1, ::-1].swapaxes(0, 1), 8: np.rot90(UPRIGHT, -1)}


@pytest.mark.parametrize("ending", ["tif", "png"])
@pytest.mark.parametrize("way", STORED)
def test_a_photograph_stands_upright_once(tmp_path, way, ending):
    (tmp_path / "in").mkdir()
    image = Image.fromarray(np.ascontiguousarray(STORED[way]))
    tags = image.getexif()
    tags[0x112] = way
    image.save(tmp_path / "in" / f"a.{ending}", **({"tiffinfo": {0x112: way}} if ending == "tif" else {"exif": tags}))
    twin = Twin(tmp_path)
    twin.brought(tmp_path / "in")
    case, = twin.cases()
    assert np.array_equal(twin.values(case), UPRIGHT) and twin.shown(case)["orientation_applied"] == way


def test_the_study_s_own_date_says_when(tmp_path):
    written(tmp_path / "a.dcm", GREY, **DX, StudyDate="20060128", StudyTime="145427", SeriesDate="20060129",
            AcquisitionDateTime="20190501101112", ContentDate="20190501")
    assert only_case(tmp_path).facts["taken"] == "2006-01-28T14:54:27"


def test_without_a_study_s_date_the_others_say_it(tmp_path):
    written(tmp_path / "a.dcm", GREY, **DX, AcquisitionDateTime="20190501101112")
    assert only_case(tmp_path).facts["taken"] == "2019-05-01T10:11:12"


def test_pictures_of_one_lesion_share_its_key(tmp_path):
    def key(name, **tags):
        folder = tmp_path / name
        written(folder / "a.dcm", COLOUR, "RGB", sop_class=S + "77.1.4", **tags)
        return only_case(folder).facts.get("lesion", "")

    uid = generate_uid()
    close, clinical = key("a", modality="DMS", TrackingUID=uid, TrackingID="1"), key("b", modality="XC", TrackingUID=uid)
    assert close == clinical != "" and uid not in close
    assert key("c", modality="DMS", TrackingID="1") not in ("", close, key("d", modality="DMS", TrackingID="2"))
    assert key("e", modality="DMS") == "" == key("f", modality="ES", TrackingUID=uid)


VOXELS = np.random.default_rng(1).integers(0, 300, (12, 30, 40)).astype(np.int16)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("ending", ["nrrd", "nhdr", "mha", "mhd", "nii", "nii.gz"])
def test_a_cut_volume_is_refused_at_the_door(tmp_path, ending, packed, share):
    (tmp_path / "in").mkdir()
    SimpleITK.WriteImage(SimpleITK.GetImageFromArray(VOXELS), str(tmp_path / "in" / f"a.{ending}"), packed)
    largest = max((tmp_path / "in").iterdir(), key=lambda path: path.stat().st_size)
    largest.write_bytes(largest.read_bytes()[:int(largest.stat().st_size * share)])
    rows = {row["path"].split(".", 1)[1]: row for row in Twin(tmp_path).brought(tmp_path / "in")}
    assert rows[ending]["outcome"] == "refused" and rows[ending]["reason"]
    assert {row["outcome"] for row in rows.values()} <= {"refused", "skipped"}


def test_packed_parts_one_after_another_and_more_than_is_needed_are_no_cut(tmp_path):
    (tmp_path / "in").mkdir()
    nibabel.save(nibabel.Nifti1Image(VOXELS.T, np.diag([0.6, 0.8, 2.5, 1])), tmp_path / "plain.nii")
    plain = (tmp_path / "plain.nii").read_bytes()
    (tmp_path / "in" / "parts.nii.gz").write_bytes(gzip.compress(plain[:5000]) + gzip.compress(plain[5000:]))
    (tmp_path / "in" / "longer.nii.gz").write_bytes(gzip.compress(plain + bytes(700)))
    twin = Twin(tmp_path)
    assert {row["outcome"] for row in twin.brought(tmp_path / "in")} == {"case"}
    assert all(np.array_equal(twin.values(case), VOXELS) for case in twin.cases())


@pytest.mark.parametrize("flip", [(1, 1, 1), (-1, 1, 1), (1, 1, -1), (-1, -1, 1)])
@pytest.mark.parametrize("ending", ["nii.gz", "nrrd", "mha"])
def test_a_turned_volume_lies_where_simpleitk_has_it(tmp_path, ending, flip):
    (tmp_path / "in").mkdir()
    image = SimpleITK.GetImageFromArray(np.arange(5 * 6 * 7, dtype=np.int16).reshape(5, 6, 7))
    turn = np.linalg.qr(np.array([[1, 0.3, 0.2], [-0.2, 1, 0.1], [0.4, 0.1, 1]]))[0] @ np.diag(flip)
    image.SetSpacing((0.6, 0.8, 2.5))
    image.SetOrigin((10, -20, 30))
    image.SetDirection(turn.ravel())
    SimpleITK.WriteImage(image, str(tmp_path / "in" / f"a.{ending}"))
    twin = Twin(tmp_path)
    twin.brought(tmp_path / "in")
    case, = twin.cases()
    values, where = twin.values(case), places(twin.shown(case))
    for value, place in zip(values.flat, where.reshape(-1, 3)):
        k, j, i = np.unravel_index(int(value), (5, 6, 7))
        assert np.allclose(image.TransformIndexToPhysicalPoint((int(i), int(j), int(k))), place, atol=1e-3)
