"""NIfTI against nibabel and SimpleITK: every type, both versions and byte orders, both positions, all times."""

import gzip

import nibabel
import numpy as np
import pytest
import SimpleITK
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes.dicom_series import asymmetric, rotation
from fakes.door_ways import cases_of, filled, only_case, opened, same_place, scanned
from graticule.formats.volumes.nifti import RAS_TO_LPS, read_nifti

SHAPE = (4, 5, 6)
CORNERS = ((0, 0, 0), (5, 0, 0), (0, 4, 0), (0, 0, 3), (5, 4, 3))
WHOLE = ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"]
turns = st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda axis: np.linalg.norm(axis) > 0.1)


def saved(path, voxels, affine=None, kind=nibabel.Nifti1Image, order="<", **codes):
    header = (nibabel.Nifti2Header if kind is nibabel.Nifti2Image else nibabel.Nifti1Header)(endianness=order)
    header.set_data_dtype(voxels.dtype.newbyteorder(order))
    header.set_data_shape(np.moveaxis(voxels, [-1, -2, -3], [0, 1, 2]).shape)
    header.set_xyzt_units("mm")
    image = kind(np.moveaxis(voxels, [-1, -2, -3], [0, 1, 2]), np.eye(4) if affine is None else affine, header)
    image.set_sform(image.affine, codes.get("sform", 1))
    image.set_qform(codes.get("qaffine", image.affine), codes.get("qform", 0), strip_shears=True)
    image.header.set_xyzt_units(codes.get("unit", "mm"), codes.get("time", "sec"))
    nibabel.save(image, path)
    return image


@pytest.mark.parametrize("kind", [nibabel.Nifti1Image, nibabel.Nifti2Image])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("dtype", [*WHOLE, "f4", "f8"])
def test_every_type_and_byte_order_is_read_as_by_nibabel(tmp_path, kind, order, dtype):
    voxels = (asymmetric(SHAPE) % 120 - (5 if dtype[0] == "i" else 0)).astype(dtype)
    saved(tmp_path / "v.nii", voxels, np.diag([0.5, 0.6, 2, 1]), kind, order)
    file = read_nifti(tmp_path / "v.nii")
    theirs = nibabel.load(tmp_path / "v.nii")
    assert np.array_equal(file.read(), np.asarray(theirs.dataobj).transpose(2, 1, 0))
    assert np.array_equal(file.read(), voxels)
    assert np.array_equal(opened(tmp_path / "v.nii").voxels, voxels)


@given(axis=turns, degrees=st.floats(-180, 180), mirrored=st.booleans(), zipped=st.booleans())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_qform_is_where_nibabel_and_simpleitk_have_it(tmp_path, axis, degrees, mirrored, zipped):
    affine = np.eye(4)
    affine[:3, :3] = rotation(axis, degrees) @ np.diag([0.6, 0.8, -2.5 if mirrored else 2.5])
    affine[:3, 3] = (11, -22, 33)
    path = tmp_path / ("v.nii.gz" if zipped else "v.nii")
    image = saved(path, asymmetric(SHAPE), affine, sform=0, qform=1)
    file = read_nifti(path)
    theirs = SimpleITK.ReadImage(str(path))
    for corner in CORNERS:
        assert same_place(file.grid, corner, (RAS_TO_LPS @ image.header.get_qform() @ [*corner, 1])[:3], 1e-4)
        assert same_place(file.grid, corner, theirs.TransformIndexToPhysicalPoint(corner), 1e-3)
    assert np.array_equal(SimpleITK.GetArrayViewFromImage(theirs), file.read())
    assert file.doubts == ()


def test_two_positions_are_measured_in_mm_and_the_sform_wins(tmp_path):
    affine, other = np.diag([1.0, 1, 2, 1]), np.diag([1.0, 1, 2, 1])
    other[0, 3] = 7.5
    saved(tmp_path / "v.nii", asymmetric(SHAPE), affine, sform=2, qform=1, qaffine=other)
    volume = opened(tmp_path / "v.nii")
    assert same_place(volume.grid, (5, 4, 3), (-5, -4, 6))
    assert any("7.5 mm" in doubt.text for doubt in volume.doubts if doubt.what == "two-positions")
    assert ("sform and qform", "up to 7.5 mm apart", "warn") in volume.signs


def test_without_either_code_directions_are_unknown_but_steps_are_kept(tmp_path):
    saved(tmp_path / "v.nii", asymmetric(SHAPE), np.diag([0.5, 0.75, 3, 1]), sform=0, qform=0)
    volume = opened(tmp_path / "v.nii")
    assert not volume.grid.oriented
    assert volume.grid.spacing_mm == (3, 0.75, 0.5)
    assert ("Directions", "not stated", "bad") in volume.signs


@pytest.mark.parametrize("unit,mm", [("meter", 1000), ("mm", 1), ("micron", 0.001), ("unknown", 1)])
def test_lengths_become_mm(tmp_path, unit, mm):
    saved(tmp_path / "v.nii", asymmetric(SHAPE), np.diag([0.5, 0.75, 3, 1]), unit=unit)
    volume = opened(tmp_path / "v.nii")
    assert volume.grid.spacing_mm == pytest.approx((3 * mm, 0.75 * mm, 0.5 * mm))
    assert ("length-unit-assumed" in {doubt.what for doubt in volume.doubts}) == (unit == "unknown")


def test_an_atlas_is_told(tmp_path):
    saved(tmp_path / "v.nii", asymmetric(SHAPE), np.eye(4), sform=4)
    assert "atlas" in {doubt.what for doubt in opened(tmp_path / "v.nii").doubts}


def test_each_time_is_a_case_of_its_own_and_stands_where_the_others_stand(tmp_path):
    voxels = np.stack([asymmetric(SHAPE) + 10 * n for n in range(3)])
    saved(tmp_path / "v.nii.gz", voxels, np.diag([0.5, 0.75, 3, 1]))
    cases = cases_of(tmp_path / "v.nii.gz")
    assert [case.facts["interpretation"] for case in cases] == ["time 1 of 3", "time 2 of 3", "time 3 of 3"]
    assert len({case.id for case in cases}) == 3 and len({case.facts["series"] for case in cases}) == 1
    for number, case in enumerate(cases):
        volume = filled(case)
        assert np.array_equal(volume.voxels, voxels[number])
        assert volume.frame_of_reference == cases[0].facts["frame_of_reference"]


def test_a_pair_of_header_and_image_is_one_case(tmp_path):
    nibabel.save(nibabel.Nifti1Pair(asymmetric(SHAPE).transpose(2, 1, 0), np.diag([1, 1, 2.0, 1])), tmp_path / "pair.hdr")
    outcomes = {outcome.path.name: outcome for outcome in scanned(tmp_path)}
    assert outcomes["pair.hdr"].outcome == "case" and outcomes["pair.img"].outcome == "skipped"
    assert len(outcomes["pair.hdr"].case.sources) == 2
    assert np.array_equal(filled(outcomes["pair.hdr"].case).voxels, asymmetric(SHAPE))


def test_analyze_is_refused_by_name(tmp_path):
    nibabel.save(nibabel.AnalyzeImage(asymmetric(SHAPE).transpose(2, 1, 0), np.eye(4)), tmp_path / "old.hdr")
    refused, = [outcome for outcome in scanned(tmp_path) if outcome.outcome == "refused"]
    assert "Analyze 7.5" in refused.reason and "left" in refused.reason


def test_colours_are_shown_as_their_brightness_and_it_is_told(tmp_path):
    rgb = np.zeros((6, 5, 4), np.dtype([("R", "u1"), ("G", "u1"), ("B", "u1")]))
    rgb["R"], rgb["G"], rgb["B"] = asymmetric(SHAPE).transpose(2, 1, 0) % 251, 7, 100
    nibabel.save(nibabel.Nifti1Image(rgb, np.eye(4)), tmp_path / "v.nii")
    volume = opened(tmp_path / "v.nii")
    assert np.allclose(volume.voxels, np.rint(0.299 * (asymmetric(SHAPE) % 251) + 0.587 * 7 + 0.114 * 100))
    assert "colour-as-grey" in {doubt.what for doubt in volume.doubts}


def test_what_is_no_number_is_counted(tmp_path):
    voxels = asymmetric(SHAPE).astype(np.float32)
    voxels[1, 2, 3], voxels[0, 0, 0], voxels[3, 4, 5] = np.nan, np.inf, -np.inf
    saved(tmp_path / "v.nii", voxels)
    volume = opened(tmp_path / "v.nii")
    assert volume.voxels[1, 2, 3] == volume.voxels[0, 0, 0] == 0
    assert ("Voxels without a number", "3, shown as 0", "warn") in volume.signs


@pytest.mark.parametrize("slope,intercept", [(2.0, -1024.0), (0.25, 3.5), (np.nan, np.nan), (0.0, 5.0)])
def test_slope_and_intercept_as_nibabel_applies_them(tmp_path, slope, intercept):
    saved(tmp_path / "v.nii", asymmetric(SHAPE))
    data = bytearray((tmp_path / "v.nii").read_bytes())
    data[112:120] = np.array([slope, intercept], "<f4").tobytes()
    (tmp_path / "v.nii").write_bytes(data)
    theirs = nibabel.load(tmp_path / "v.nii").get_fdata().transpose(2, 1, 0)
    assert np.allclose(opened(tmp_path / "v.nii").voxels, theirs, rtol=1e-6)


@pytest.mark.parametrize("place,value,kind", [
    (80, np.nan, "<f4"), (280, np.inf, "<f4"), (280, 0.0, "<f4"), (84, 1e30, "<f4"), (108, -5.0, "<f4"), (108, np.nan, "<f4"),
    (40, 9, "<i2"), (42, -3, "<i2"), (42, 32000, "<i2"), (70, 32, "<i2"), (70, 1536, "<i2"), (70, 77, "<i2")])
def test_headers_that_lie_are_refused_or_told(tmp_path, place, value, kind):
    saved(tmp_path / "v.nii", asymmetric(SHAPE))
    data = bytearray((tmp_path / "v.nii").read_bytes())
    size = np.dtype(kind).itemsize
    data[place:place + size] = np.array([value], kind).tobytes()
    (tmp_path / "v.nii").write_bytes(data)
    outcome, = scanned(tmp_path)
    if outcome.outcome == "case":
        assert np.isfinite(filled(outcome.case).grid.affine).all()
    else:
        assert outcome.outcome == "refused" and len(outcome.reason) > 20


def test_a_damaged_sform_gives_way_to_the_qform(tmp_path):
    saved(tmp_path / "v.nii", asymmetric(SHAPE), np.diag([1.0, 1, 2, 1]), sform=1, qform=1)
    data = bytearray((tmp_path / "v.nii").read_bytes())
    data[280:284] = np.array([np.nan], "<f4").tobytes()
    (tmp_path / "v.nii").write_bytes(data)
    volume = opened(tmp_path / "v.nii")
    assert volume.grid.oriented and same_place(volume.grid, (5, 4, 3), (-5, -4, 6))
    assert "position-damaged" in {doubt.what for doubt in volume.doubts}


def test_gzip_in_members_and_with_rubbish_behind_is_read(tmp_path):
    image = saved(tmp_path / "v.nii", asymmetric(SHAPE))
    data = image.to_bytes()
    (tmp_path / "v.nii").unlink()
    (tmp_path / "w.nii.gz").write_bytes(gzip.compress(data[:400]) + gzip.compress(data[400:]) + b"\0" * 50)
    assert np.array_equal(opened(tmp_path / "w.nii.gz").voxels, asymmetric(SHAPE))


def test_floating_labels_that_are_named_so_are_labels(tmp_path):
    saved(tmp_path / "image.nii", asymmetric(SHAPE))
    saved(tmp_path / "image_mask.nii", (asymmetric(SHAPE) > 2000).astype(np.float32) * 3)
    outcome, = [outcome for outcome in scanned(tmp_path) if outcome.outcome == "labels"]
    assert outcome.case is not None and outcome.case.id == only_case(tmp_path / "image.nii").id
