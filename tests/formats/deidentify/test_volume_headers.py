"""NIfTI, NRRD and MetaImage: words go, grids and voxels stay."""

import gzip

import nibabel
import nrrd
import numpy as np
import pytest
import SimpleITK

from formats.deidentify.making import copies
from real_data import DATA, needs_data

NAME = b"Sentinel"
VOXELS = np.arange(4 * 5 * 6, dtype=np.int16).reshape(4, 5, 6)


@pytest.mark.parametrize("suffix", [".nii", ".nii.gz", ".hdr"])
@pytest.mark.parametrize("kind", [nibabel.Nifti1Image, nibabel.Nifti2Image, nibabel.Nifti1Pair])
def test_nifti(tmp_path, kind, suffix):
    pair = kind is nibabel.Nifti1Pair
    if pair != (suffix == ".hdr"):
        pytest.skip("pairs end in .hdr")
    image = kind(VOXELS, np.diag([-1.5, 2, 3, 1]))
    image.header["descrip"] = image.header["aux_file"] = image.header["intent_name"] = NAME
    if kind is nibabel.Nifti1Image:
        image.header["db_name"] = NAME
    image.header.extensions.append(nibabel.nifti1.Nifti1Extension("comment", NAME))
    path = tmp_path / f"Sentinel_T1{suffix}"
    nibabel.save(image, path)
    found, _, left = copies([path], tmp_path / "out")
    assert not left and len(found) == (2 if pair else 1)
    copy = found[path]
    data = gzip.decompress(copy.read_bytes()) if suffix.endswith("gz") else copy.read_bytes()
    after = nibabel.load(copy)
    assert NAME not in data and NAME not in copy.read_bytes() and "t1" in copy.name and "entinel" not in str(copy.name)
    assert np.array_equal(np.asanyarray(after.dataobj), VOXELS) and np.array_equal(after.affine, image.affine)
    assert not after.header.extensions


@pytest.mark.parametrize("detached", [False, True])
def test_nrrd(tmp_path, detached):
    path = tmp_path / ("Sentinel.nhdr" if detached else "Sentinel.seg.nrrd")
    header = {"space": "left-posterior-superior", "space directions": np.diag([1.0, 2, 3]), "space origin": [1, 2, 3],
              "content": "Sentinel", "Segment0_Name": "Sentinel liver", "Segment0_LabelValue": "1", "Segment0_ID": "Sentinel",
              "Segment0_Extent": "0 3 0 4 0 5",
              "patient": "Sentinel", "encoding": "gzip"}
    nrrd.write(str(path), VOXELS, header)
    if not detached:
        data = path.read_bytes()
        path.write_bytes(data.replace(b"NRRD0005\n", b"NRRD0005\n# Sentinel was here\n", 1))
    found, _, left = copies([path], tmp_path / "out")
    assert not left and len(found) == (2 if detached else 1)
    voxels, after = nrrd.read(str(found[path]))
    assert NAME not in found[path].read_bytes() and np.array_equal(voxels, VOXELS)
    assert after["Segment0_Name"] == "liver" and after["Segment0_LabelValue"] == "1"
    assert np.array_equal(after["space origin"], [1, 2, 3])


@pytest.mark.parametrize("suffix", [".mha", ".mhd"])
def test_metaimage(tmp_path, suffix):
    path = tmp_path / f"Sentinel{suffix}"
    image = SimpleITK.GetImageFromArray(VOXELS)
    image.SetSpacing((1, 2, 3))
    image.SetOrigin((4, 5, 6))
    image.SetMetaData("Comment", "Sentinel")
    image.SetMetaData("PatientName", "Sentinel")
    SimpleITK.WriteImage(image, str(path), useCompression=suffix == ".mha")
    found, _, left = copies([path], tmp_path / "out")
    assert not left and len(found) == (1 if suffix == ".mha" else 2)
    after = SimpleITK.ReadImage(str(found[path]))
    assert NAME not in found[path].read_bytes()
    assert after.GetOrigin() == image.GetOrigin() and after.GetSpacing() == image.GetSpacing()
    assert np.array_equal(SimpleITK.GetArrayFromImage(after), VOXELS)


@needs_data
def test_the_collections_volumes_open_as_before(tmp_path):
    files = sorted({*DATA.rglob("*.nii.gz"), *DATA.rglob("*.nrrd")})
    found, _, left = copies(files, tmp_path / "out")
    assert len(found) == len(files) > 5 and not left
    for original, copy in found.items():
        one, two = (SimpleITK.ReadImage(str(path)) for path in (original, copy))
        assert one.GetDirection() == two.GetDirection() and one.GetOrigin() == two.GetOrigin()
        assert np.array_equal(SimpleITK.GetArrayViewFromImage(one), SimpleITK.GetArrayViewFromImage(two)), original.name
