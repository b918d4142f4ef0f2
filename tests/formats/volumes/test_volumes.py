import gzip
import shutil

import nibabel
import nrrd
import numpy as np
import pytest
import SimpleITK
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes.dicom_series import asymmetric, rotation
from fakes.door_ways import filled, only_case, opened, same_place, scanned
from graticule.formats.volumes.nifti import RAS_TO_LPS, read_nifti
from graticule.formats.volumes.nrrd import read_nrrd
from real_data import DATA, needs_data

turns = st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda axis: np.linalg.norm(axis) > 0.1)


def as_simpleitk(voxels, axes, spacing=(0.6, 0.8, 2.5), origin=(-11.0, 22.0, 33.0)):
    image = SimpleITK.GetImageFromArray(voxels)
    image.SetSpacing(spacing)
    image.SetOrigin(origin)
    image.SetDirection(axes.reshape(-1).tolist())
    return image


@pytest.mark.parametrize("suffix", ["nii", "nii.gz", "nrrd"])
@given(axis=turns, degrees=st.floats(-180, 180), mirrored=st.booleans())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_simpleitk_wrote_lies_at_the_same_place(tmp_path, suffix, axis, degrees, mirrored):
    axes = rotation(axis, degrees) @ np.diag([1, 1, -1 if mirrored else 1])
    image = as_simpleitk(asymmetric((4, 5, 6)), axes)
    path = tmp_path / f"phantom.{suffix}"
    SimpleITK.WriteImage(image, str(path))
    file = read_nrrd(path) if suffix == "nrrd" else read_nifti(path)
    assert np.array_equal(file.read(), asymmetric((4, 5, 6)))
    for corner in ((0, 0, 0), (5, 0, 0), (0, 4, 0), (0, 0, 3), (5, 4, 3)):
        assert same_place(file.grid, corner, image.TransformIndexToPhysicalPoint(corner), 1e-4)


@given(turns, st.floats(-180, 180))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_sheared_nifti_keeps_its_shear(tmp_path, axis, degrees):
    affine = np.eye(4)
    affine[:3, :3] = rotation(axis, degrees) @ np.array([[0.6, 0, 0.3], [0, 0.8, 0.9], [0, 0, 2.5]])
    affine[:3, 3] = (1, 2, 3)
    voxels = asymmetric((4, 5, 6))
    nibabel.save(nibabel.Nifti1Image(voxels.transpose(2, 1, 0), affine), tmp_path / "sheared.nii")
    file = read_nifti(tmp_path / "sheared.nii")
    assert np.array_equal(file.read(), voxels)
    assert same_place(file.grid, (5, 4, 3), (RAS_TO_LPS @ affine @ [5, 4, 3, 1])[:3], 1e-4)


@pytest.mark.parametrize("space,signs", [("left-posterior-superior", (1, 1, 1)), ("right-anterior-superior", (-1, -1, 1)),
                                         ("LAS", (1, -1, 1))])
def test_nrrd_spaces_become_lps(tmp_path, space, signs):
    header = {"space": space, "space directions": np.diag([0.6, 0.8, 2.5]), "space origin": np.array([1.0, 2.0, 3.0])}
    nrrd.write(str(tmp_path / "v.nrrd"), asymmetric((4, 5, 6)).transpose(2, 1, 0), header)
    file = read_nrrd(tmp_path / "v.nrrd")
    assert np.array_equal(file.read(), asymmetric((4, 5, 6)))
    assert same_place(file.grid, (5, 4, 3), np.array([1 + 5 * 0.6, 2 + 4 * 0.8, 3 + 3 * 2.5]) * signs)


def test_a_nrrd_without_space_has_unknown_directions(tmp_path):
    nrrd.write(str(tmp_path / "v.nrrd"), asymmetric((4, 5, 6)).transpose(2, 1, 0), {"spacings": [0.6, 0.8, 2.5]})
    volume = opened(tmp_path / "v.nrrd")
    assert not volume.grid.oriented
    assert volume.grid.spacing_mm == pytest.approx((2.5, 0.8, 0.6))


def test_big_endian_and_raw_are_read(tmp_path):
    text = "NRRD0004\ntype: short\ndimension: 3\nsizes: 6 5 4\nspacings: 1 1 1\nencoding: raw\nendian: big\n\n"
    (tmp_path / "big.nrrd").write_bytes(text.encode() + asymmetric((4, 5, 6)).astype(">i2").tobytes())
    assert np.array_equal(opened(tmp_path / "big.nrrd").voxels, asymmetric((4, 5, 6)))


@pytest.mark.parametrize("dtype,kept", [(np.int16, np.int16), (np.uint8, np.int16), (np.int32, np.int16), (np.uint16, np.int16),
                                        (np.float64, np.float32)])
def test_whole_numbers_stay_16_bits_when_they_fit(tmp_path, dtype, kept):
    voxels = (asymmetric((3, 4, 5)) % 251).astype(dtype)
    nibabel.save(nibabel.Nifti1Image(voxels.transpose(2, 1, 0), np.eye(4)), tmp_path / "v.nii")
    volume = opened(tmp_path / "v.nii")
    assert volume.voxels.dtype == kept
    assert np.array_equal(volume.voxels, voxels)


def test_slopes_are_applied(tmp_path):
    image = nibabel.Nifti1Image(asymmetric((3, 4, 5)).transpose(2, 1, 0), np.eye(4))
    image.header.set_slope_inter(1, 0)
    nibabel.save(image, tmp_path / "v.nii")
    data = bytearray((tmp_path / "v.nii").read_bytes())
    data[112:120] = np.array([0.5, -3], "<f4").tobytes()
    (tmp_path / "v.nii").write_bytes(data)
    assert np.allclose(opened(tmp_path / "v.nii").voxels, asymmetric((3, 4, 5)) * 0.5 - 3)


def test_broken_hostile_and_foreign_volumes_are_refused_with_a_sentence(tmp_path):
    good = tmp_path / "good.nii.gz"
    nibabel.save(nibabel.Nifti1Image(asymmetric((3, 4, 5)), np.eye(4)), good)
    data = good.read_bytes()
    (tmp_path / "cut.nii.gz").write_bytes(data[:60])
    (tmp_path / "junk.nii").write_bytes(b"\x00" * 400)
    huge = bytearray(gzip.decompress(data))
    huge[42:48] = np.array([30000] * 3, "<i2").tobytes()
    (tmp_path / "huge.nii").write_bytes(huge)
    nibabel.save(nibabel.Nifti1Image(np.zeros((3, 4, 5, 201), np.int16), np.eye(4)), tmp_path / "many.nii")
    header = "NRRD0004\ntype: short\ndimension: 3\nsizes: {}\nencoding: {}\n{}\n"
    (tmp_path / "big.nrrd").write_text(header.format("60000 60000 60000", "gzip", ""))
    (tmp_path / "detached.nrrd").write_text(header.format("3 3 3", "raw", "data file: ../../secret.raw\n"))
    (tmp_path / "hex.nrrd").write_text(header.format("3 3 3", "hex", "") + "00" * 54)
    (tmp_path / "short.nrrd").write_bytes(header.format("9 9 9", "raw", "").encode() + b"1234")
    (tmp_path / "noise.nrrd").write_bytes(b"NRRD0004\n" + bytes(range(256)) * 4)
    (tmp_path / "negative.nrrd").write_text(header.format("3 -3 3", "raw", "") + "x" * 99)
    good.unlink()
    outcomes = scanned(tmp_path)
    assert len(outcomes) == 10
    assert {(outcome.path.name, outcome.outcome) for outcome in outcomes if outcome.outcome != "refused"} == set()
    assert all(len(outcome.reason) > 20 for outcome in outcomes)


def test_a_volume_cut_after_import_is_said_when_it_is_opened(tmp_path):
    from graticule.domain.errors import GraticuleError
    path = tmp_path / "v.nrrd"
    nrrd.write(str(path), asymmetric((4, 5, 6)).transpose(2, 1, 0))
    case = only_case(path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(GraticuleError, match=r"cut off|damaged"):
        filled(case)


@needs_data
@pytest.mark.parametrize("name", ["ct/torso_3mm.nii.gz", "ct/torso_3mm_30slices.nii.gz", "seg/brain_tumour/brain1_image.nrrd"])
def test_real_volumes_equal_simpleitk(name):
    theirs = SimpleITK.ReadImage(str(DATA / "imaging" / name))
    volume = opened(DATA / "imaging" / name)
    assert np.array_equal(SimpleITK.GetArrayViewFromImage(theirs), volume.voxels)
    assert volume.voxels.dtype == np.int16
    corner = tuple(n - 1 for n in volume.grid.shape[::-1])
    assert same_place(volume.grid, corner, theirs.TransformIndexToPhysicalPoint(corner), 1e-3)


@needs_data
def test_what_a_volume_is_comes_from_words_of_a_closed_list_and_is_marked_as_assumed(tmp_path):
    torso = only_case(DATA / "imaging/ct/torso_3mm.nii.gz")
    assert (torso.modality, torso.title) == ("CT", "CT torso · 112 slices · 3 mm")
    assert any("by its name" in warning for warning in torso.warnings)
    shutil.copy(DATA / "imaging/seg/brain_tumour/brain1_image.nrrd", tmp_path / "Sentinel_Patience_MR.nrrd")
    assert only_case(tmp_path / "Sentinel_Patience_MR.nrrd").title == "MR · 25 slices · 6.5 mm"
