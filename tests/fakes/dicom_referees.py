"""How other programs place the voxels of a folder of DICOM files: SimpleITK (GDCM) and dcm2niix."""

import shutil
import subprocess
import sysconfig
from pathlib import Path

import nibabel
import numpy as np
import SimpleITK

DCM2NIIX = shutil.which("dcm2niix") or shutil.which("dcm2niix", path=sysconfig.get_path("scripts"))


def simpleitk(paths):
    """(voxels (k, j, i), a function from (i, j, k) to LPS mm) of slices that are sorted by position already."""
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames([str(path) for path in paths])
    image = reader.Execute()
    return SimpleITK.GetArrayFromImage(image), image.TransformContinuousIndexToPhysicalPoint


def dcm2niix(folder: Path, out: Path):
    """[(voxels (i, j, k[, t]), RAS affine, JSON-less name)] of every image that dcm2niix makes of a folder."""
    out.mkdir(parents=True, exist_ok=True)
    subprocess.run([DCM2NIIX, "-z", "n", "-b", "n", "-f", "%s_%d_%e", "-o", str(out), str(folder)], check=False,
                   capture_output=True, timeout=120)
    found = [nibabel.load(path) for path in sorted(out.glob("*.nii"))]
    return [(np.asanyarray(image.dataobj), image.affine, Path(image.get_filename()).stem) for image in found]


def places_by_value(voxels, affine):
    """value → LPS mm of the voxel that has it, for images in which every voxel has its own value."""
    index = np.argwhere(np.ones(voxels.shape[:3], bool))
    lps = (index @ affine[:3, :3].T + affine[:3, 3]) * (-1, -1, 1)
    return dict(zip(voxels.reshape(-1).tolist(), lps))
