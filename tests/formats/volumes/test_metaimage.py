"""MetaImage against SimpleITK."""

import zlib

import numpy as np
import pytest
import SimpleITK
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes.dicom_series import asymmetric, rotation
from fakes.door_ways import cases_of, filled, labels_beside, opened, same_place, scanned
from graticule.domain.elements import Segment

SHAPE = (4, 5, 6)
CORNERS = ((0, 0, 0), (5, 0, 0), (0, 4, 0), (0, 0, 3), (5, 4, 3))
turns = st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda axis: np.linalg.norm(axis) > 0.1)
TEXT = "ObjectType = Image\nNDims = 3\nDimSize = 6 5 4\nElementType = MET_SHORT\n{}ElementDataFile = {}\n"


def as_simpleitk(voxels, axes):
    image = SimpleITK.GetImageFromArray(voxels)
    image.SetSpacing((0.6, 0.8, 2.5))
    image.SetOrigin((-11.0, 22.0, 33.0))
    image.SetDirection(axes.reshape(-1).tolist())
    return image


@pytest.mark.parametrize("suffix,compressed", [("mha", False), ("mha", True), ("mhd", False), ("mhd", True)])
@given(axis=turns, degrees=st.floats(-180, 180), mirrored=st.booleans())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_simpleitk_wrote_lies_at_the_same_place(tmp_path, suffix, compressed, axis, degrees, mirrored):
    image = as_simpleitk(asymmetric(SHAPE), rotation(axis, degrees) @ np.diag([1, 1, -1 if mirrored else 1]))
    SimpleITK.WriteImage(image, str(tmp_path / f"v.{suffix}"), compressed)
    volume = opened(tmp_path / f"v.{suffix}")
    assert np.array_equal(volume.voxels, asymmetric(SHAPE)) and volume.grid.oriented
    for corner in CORNERS:
        assert same_place(volume.grid, corner, image.TransformIndexToPhysicalPoint(corner), 1e-4)
    assert not {doubt.what for doubt in volume.doubts} & {"two-orientations", "no-position", "no-scale", "tilt"}


@pytest.mark.parametrize("dtype", ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"])
def test_every_type(tmp_path, dtype):
    voxels = (asymmetric(SHAPE) % 120).astype(dtype)
    SimpleITK.WriteImage(SimpleITK.GetImageFromArray(voxels), str(tmp_path / "v.mha"))
    assert np.array_equal(opened(tmp_path / "v.mha").voxels, voxels)


def test_header_and_voxels_are_one_case_and_masks_find_it(tmp_path):
    image = as_simpleitk(asymmetric(SHAPE), rotation((1, 2, 3), 30))
    mask = SimpleITK.Cast(image > 2000, SimpleITK.sitkUInt8)
    SimpleITK.WriteImage(image, str(tmp_path / "ct.mhd"))
    SimpleITK.WriteImage(mask, str(tmp_path / "ct_mask.mha"), True)
    assert {outcome.path.name: outcome.outcome for outcome in scanned(tmp_path)} == {
        "ct.mhd": "case", "ct.raw": "skipped", "ct_mask.mha": "labels"}
    _, content, labels = labels_beside(tmp_path)
    segment, = labels.of(Segment)
    assert np.array_equal(labels.groups[segment.group].values == segment.value, content.voxels > 2000)


def test_times_become_cases(tmp_path):
    volumes = np.stack([asymmetric(SHAPE) + n for n in range(3)])
    image = SimpleITK.JoinSeries([as_simpleitk(volume, np.eye(3)) for volume in volumes])
    SimpleITK.WriteImage(image, str(tmp_path / "v.mha"))
    cases = cases_of(tmp_path)
    assert [case.facts["interpretation"] for case in cases] == ["time 1 of 3", "time 2 of 3", "time 3 of 3"]
    for number, case in enumerate(cases):
        volume = filled(case)
        assert np.array_equal(volume.voxels, volumes[number])
        assert same_place(volume.grid, (5, 4, 3), image.TransformIndexToPhysicalPoint((5, 4, 3, 0))[:3], 1e-4)


def test_big_endian_ascii_and_skipped_bytes(tmp_path):
    voxels = asymmetric(SHAPE)
    (tmp_path / "a.mha").write_bytes(TEXT.format("BinaryData = True\nBinaryDataByteOrderMSB = True\n", "LOCAL").encode() +
                                     voxels.astype(">i2").tobytes())
    (tmp_path / "b.mhd").write_text(TEXT.format("HeaderSize = -1\n", "b.raw"))
    (tmp_path / "b.raw").write_bytes(b"rubbish" + voxels.tobytes())
    (tmp_path / "c.mha").write_text(TEXT.format("BinaryData = False\n", "LOCAL") + " ".join(str(v) for v in voxels.reshape(-1)))
    (tmp_path / "d.mha").write_bytes(TEXT.format("CompressedData = True\nBinaryData = True\n", "LOCAL").encode() +
                                     zlib.compress(voxels.tobytes()))
    for name in ("a.mha", "b.mhd", "c.mha", "d.mha"):
        assert np.array_equal(opened(tmp_path / name).voxels, voxels), name


@pytest.mark.parametrize("said,oriented,measured", [
    ("", False, False), ("ElementSpacing = 1 1 2\n", False, True),
    ("ElementSpacing = 1 1 2\nAnatomicalOrientation = RAI\n", True, True),
    ("ElementSpacing = 1 1 2\nAnatomicalOrientation = ???\nTransformMatrix = 1 0 0 0 1 0 0 0 1\n", False, True),
    ("ElementSpacing = 1 1 2\nTransformMatrix = -1 0 0 0 -1 0 0 0 1\n", True, True),
    ("ElementSpacing = 1 1 -2\nAnatomicalOrientation = RAI\nTransformMatrix = 1 0 0 0 1 0 0 0 1\n", False, True),
    ("ElementSpacing = 0 1 nan\nAnatomicalOrientation = RAI\n", True, False)])
def test_left_and_right_are_known_only_when_they_are_stated(tmp_path, said, oriented, measured):
    (tmp_path / "v.mha").write_bytes(TEXT.format("BinaryData = True\n" + said, "LOCAL").encode() + asymmetric(SHAPE).tobytes())
    volume = opened(tmp_path / "v.mha")
    assert volume.grid.oriented == oriented
    assert ("no-scale" in {doubt.what for doubt in volume.doubts}) == (not measured)


def test_statements_that_contradict_each_other_are_told(tmp_path):
    said = "BinaryData = True\nElementSpacing = 1 1 2\nAnatomicalOrientation = LPS\nTransformMatrix = 1 0 0 0 1 0 0 0 1\n"
    (tmp_path / "v.mha").write_bytes(TEXT.format(said, "LOCAL").encode() + asymmetric(SHAPE).tobytes())
    volume = opened(tmp_path / "v.mha")
    assert not volume.grid.oriented and "two-orientations" in {doubt.what for doubt in volume.doubts}


@pytest.mark.parametrize("said,data", [
    ("DimSize = 99999 9 9\n", "LOCAL"), ("", "../../etc/passwd"), ("", "LIST"), ("", "slice%03d.raw 1 4 1"),
    ("NDims = 7\n", "LOCAL"),
    ("ElementType = MET_ASCII_CHAR\n", "LOCAL"), ("DimSize = x\n", "LOCAL"), ("DimSize = 65000 65000 65000\n", "LOCAL")])
def test_hostile_headers_are_refused_with_a_sentence(tmp_path, said, data):
    text = said + TEXT.format("BinaryData = True\n", data)
    (tmp_path / "v.mha").write_bytes(text.encode() + b"\0" * 500)
    outcome, = scanned(tmp_path)
    assert outcome.outcome == "refused" and len(outcome.reason) > 20
