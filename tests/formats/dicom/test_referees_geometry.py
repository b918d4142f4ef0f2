"""Every voxel where SimpleITK (GDCM) and dcm2niix have it, on made-up and on real series."""

import numpy as np
import pydicom
import pytest
import SimpleITK
from pydicom.uid import ExplicitVRBigEndian

from fakes.dicom_referees import DCM2NIIX, dcm2niix, places_by_value, simpleitk
from fakes.dicom_series import Series, rotation
from fakes.door_ways import cases_of, filled, only_case
from real_data import DATA, needs_data

needs_dcm2niix = pytest.mark.skipif(DCM2NIIX is None, reason="dcm2niix is not installed (pip install dcm2niix)")

FEET_FIRST = np.array([[-1, 0, 0], [0, 1, 0], [0, 0, -1]]).T.astype(float)
TURNS = {"plain": np.eye(3), "oblique": rotation((1, 0.4, -0.2), 37),
         "sagittal": np.array([[0, 1, 0], [0, 0, -1], [-1, 0, 0]]).T.astype(float),
         "coronal": np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]]).T.astype(float), "feet first": FEET_FIRST}


def each_its_own(shape):
    return np.arange(np.prod(shape), dtype=np.int16).reshape(shape)


def written(folder, turn, handed=1, reverse=False, **changes):
    axes = TURNS[turn]
    series = Series(each_its_own((6, 7, 9)), axes=axes, step=axes[:, 2] * 2.5 * handed)
    series.write(folder, order=list(range(6))[::-1] if reverse else None, Modality="MR", SOPClassUID="1.2.840.10008.5.1.4.1.1.4",
                 SeriesDescription="made", Manufacturer="GE MEDICAL SYSTEMS", **changes)
    return series


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("handed", [1, -1])
@pytest.mark.parametrize("reverse", [False, True])
def test_simpleitk_has_every_voxel_at_the_same_place(tmp_path, turn, handed, reverse):
    written(tmp_path, turn, handed, reverse)
    case = only_case(tmp_path)
    volume = filled(case)
    theirs, place = simpleitk([source.path for source in case.sources])
    assert np.array_equal(theirs, volume.voxels)
    for index in np.ndindex(2, 2, 2):
        corner = [float(n * (size - 1)) for n, size in zip(index, volume.grid.shape[::-1])]
        assert np.allclose(volume.grid.to_patient(corner), place(corner), atol=1e-3)


@needs_dcm2niix
@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("handed", [1, -1])
def test_dcm2niix_has_every_voxel_at_the_same_place(tmp_path, turn, handed):
    written(tmp_path / "in", turn, handed)
    volume = filled(only_case(tmp_path / "in"))
    (voxels, affine, _), = dcm2niix(tmp_path / "in", tmp_path / "out")
    where = places_by_value(voxels, affine)
    for k, j, i in np.ndindex(volume.grid.shape):
        assert np.allclose(where[int(volume.voxels[k, j, i])], volume.grid.to_patient((i, j, k)), atol=2e-3)


@pytest.mark.parametrize("change", ["big endian", "no preamble"])
def test_unusual_files_lie_where_gdcm_has_them(tmp_path, change):
    series = Series(each_its_own((4, 5, 6)), axes=TURNS["oblique"])
    for k in range(4):
        data = series.slice(k)
        path = tmp_path / f"{3 - k}.dcm"
        if change == "big endian":
            data.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
            data.PixelData = series.voxels[k].astype(">i2").tobytes()
            pydicom.dcmwrite(path, data, little_endian=False, implicit_vr=False, enforce_file_format=True)
        else:
            data.save_as(path, enforce_file_format=True)
            if change == "no preamble":
                path.write_bytes(path.read_bytes()[132:])
    case = only_case(tmp_path)
    volume = filled(case)
    assert np.array_equal(volume.voxels, series.voxels)
    for k, source in enumerate(case.sources):
        one = SimpleITK.ReadImage(source.path, imageIO="GDCMImageIO")
        assert np.array_equal(SimpleITK.GetArrayViewFromImage(one)[0], volume.voxels[k])
        for corner in ((0, 0, 0), (5, 0, 0), (0, 4, 0), (5, 4, 0)):
            assert np.allclose(one.TransformIndexToPhysicalPoint(corner), volume.grid.to_patient((*corner[:2], k)), atol=1e-3)


REAL = ["ct/liver_mets_crlm1004", "ct/body_j2k_siemens", "ct/gantry_tilt_phantom_philips", "mr/brain_pd_oblique_ge",
        "mr/fmri_2vol_ge", "seg/sarcoma_sts002/CT", "seg/sarcoma_sts002/MR_T1",
        "seg/sarcoma_sts002/PET", "seg/ct3slice_dcmqi", "seg/highdicom_ct"]


@needs_data
@pytest.mark.parametrize("name", REAL)
def test_every_slice_of_real_series_lies_where_gdcm_reads_its_file(name):
    """Slice by slice, which no stacking by another program can blur: origin, far corner and pixels."""
    checked = 0
    for case in cases_of(DATA / "imaging" / name):
        if case.reading != "dicom-series" or any(row[2] > 1 for row in case.facts["slices"]):
            continue
        volume = filled(case)
        within = max(1e-3, float(case.facts.get("jitter_mm", 0)) + 1e-3)
        for k, row in enumerate(case.facts["slices"]):
            one = SimpleITK.ReadImage(case.sources[row[0]].path)
            far = (one.GetWidth() - 1, one.GetHeight() - 1, 0)
            for corner in ((0, 0, 0), far):
                assert np.abs(np.array(one.TransformIndexToPhysicalPoint(corner))
                              - volume.grid.to_patient((*corner[:2], k))).max() <= within
            if volume.unit != "SUV":
                assert np.allclose(SimpleITK.GetArrayViewFromImage(one)[0], volume.voxels[k], atol=1e-3, rtol=1e-5)
            checked += 1
    assert checked


@needs_data
@needs_dcm2niix
@pytest.mark.parametrize("name", ["ct/liver_mets_crlm1004", "ct/body_j2k_siemens", "mr/fmri_2vol_ge", "seg/sarcoma_sts002/CT",
                                  "seg/sarcoma_sts002/MR_T1"])
def test_real_series_lie_where_dcm2niix_has_them(tmp_path, name):
    """dcm2niix stores rows in its own order: compared by corners of the same anatomy, and by the values there. Not the brain: of
    its uneven steps (6.96 to 7.07 mm) dcm2niix believes the first, and its last slice lies 1.3 mm beside the header's.
    """
    cases = sorted(cases_of(DATA / "imaging" / name), key=lambda case: case.facts["interpretation"])
    cases = [case for case in cases if case.reading == "dicom-series"]
    found = dcm2niix(DATA / "imaging" / name, tmp_path)
    assert len(found) == 1
    voxels, affine, _ = found[0]
    volumes = [voxels] if voxels.ndim == 3 else [voxels[..., n] for n in range(voxels.shape[3])]
    assert len(volumes) == len(cases)
    for case, theirs in zip(cases, volumes):
        volume = filled(case)
        back = np.linalg.inv(affine)
        for corner in np.ndindex(2, 2, 2):
            ijk = np.array([n * (size - 1) for n, size in zip(corner, volume.grid.shape[::-1])])
            ras = volume.grid.to_patient(ijk) * (-1, -1, 1)
            other = back[:3, :3] @ ras + back[:3, 3]
            assert np.abs(affine[:3, :3] @ (other - np.round(other))).max() < 0.1
            i, j, k = np.round(other).astype(int)
            assert volume.voxels[ijk[2], ijk[1], ijk[0]] == pytest.approx(float(theirs[i, j, k]), abs=1.0)
