"""What is seen in 3D is as large as what was painted on the slices: the surface against the voxels it was made from."""

from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from vtkmodules.vtkFiltersCore import vtkMassProperties

from fakes.tumours import MADE, Tumour, made_tumour, real_tumours
from graticule.domain.geometry import Grid
from graticule.imaging.patch import whole
from graticule.render.surface import segment_surface
from real_data import DATA, needs_data

# Of the volume; of the extents, in voxels.
LEAST_AGREEMENT, MOST_OFF = 0.03, 0.5


def _agrees(tumour: Tumour) -> None:
    mask, grid = sitk.GetArrayFromImage(tumour.truth) > 0, _grid(tumour.truth)
    surface = segment_surface(mask.astype(np.uint8), whole(mask.shape), 1, grid)
    assert surface is not None
    measured = vtkMassProperties()
    measured.SetInputData(surface)
    assert measured.GetVolume() / 1000 == pytest.approx(mask.sum() * grid.voxel_ml, rel=LEAST_AGREEMENT)
    half = np.abs(grid.affine[:3, :3]).sum(axis=1) / 2
    centres = grid.to_patient(np.argwhere(mask)[:, ::-1].astype(float))
    low, high = np.array(surface.GetBounds()).reshape(3, 2).T
    off = np.stack([low - (centres.min(axis=0) - half), high - (centres.max(axis=0) + half)]) / (2 * half)
    assert np.abs(off).max() <= MOST_OFF


def _grid(image: sitk.Image) -> Grid:
    affine = np.eye(4)
    affine[:3, :3] = np.array(image.GetDirection()).reshape(3, 3) * np.array(image.GetSpacing())
    affine[:3, 3] = image.GetOrigin()
    return Grid(image.GetSize()[::-1], affine)


@pytest.mark.parametrize("name", MADE)
def test_a_made_tumour_is_as_large_in_3d_as_on_the_slices(name: str, tmp_path: Path) -> None:
    _agrees(made_tumour(name, tmp_path))


@needs_data
@pytest.mark.parametrize("name", real_tumours(DATA))
def test_a_real_tumour_is_too(name: str) -> None:
    _agrees(real_tumours(DATA)[name]())
