"""Registration against known transforms, of real volumes."""

import os

import nibabel as nib
import numpy as np
import pytest
import SimpleITK as sitk

from graticule.domain.errors import Cancelled, GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.progress import Silent, Stoppable
from graticule.domain.volume import Volume
from graticule.imaging.registration import Rigid, register
from graticule.imaging.rigid import moved_and_turned, rotation
from real_data import DATA, needs_data

KNOWN = Rigid().turned([0.3, 0.5, 0.8], 9.0, [0, -160, 250]).moved_by([7, -5, 6])


class Heard:
    """Progress that writes down what it was told."""

    def __init__(self) -> None:
        self.steps: list[int] = []

    def step(self, done: int, total: int, text: str = "") -> None:
        assert total == 100
        self.steps.append(done)


def torso() -> Volume:
    image = nib.load(DATA / "imaging/ct/torso_3mm.nii.gz")
    voxels = np.ascontiguousarray(np.asarray(image.dataobj).transpose(2, 1, 0).astype(np.int16))
    return Volume(voxels, Grid(voxels.shape, np.diag([-1.0, -1, 1, 1]) @ image.affine), "CT", "HU")


def blobs(shape: tuple[int, int, int] = (24, 30, 32)) -> Volume:
    noise = sitk.GetImageFromArray(np.random.default_rng(2).normal(size=shape).astype(np.float32))
    smooth = sitk.GetArrayFromImage(sitk.SmoothingRecursiveGaussian(noise, 3.0))
    return Volume((smooth / smooth.std() * 100).astype(np.float32), Grid(shape, np.diag([2.0, 2.0, 2.0, 1.0])), "MR")


def elsewhere(volume: Volume, known: Rigid) -> Volume:
    """The same anatomy resampled by ITK onto other voxels, its grey scale turned round, noisy, and lying elsewhere."""
    image = sitk.GetImageFromArray(volume.voxels.astype(np.float32))
    k, j, i = volume.grid.spacing_mm
    image.SetSpacing((i, j, k))
    image.SetDirection(tuple(volume.grid.direction.ravel()))
    image.SetOrigin(tuple(volume.grid.origin_mm))
    low, high = np.percentile(volume.voxels, (1, 99))
    step = np.array([i, j, k]) * (1.21, 0.93, 1.3)
    count = [int(n * a / b) for n, a, b in zip(volume.grid.shape[::-1], (i, j, k), step, strict=True)]
    grid = sitk.Image(count, sitk.sitkFloat32)
    grid.SetSpacing(tuple(step))
    grid.SetDirection(image.GetDirection())
    grid.SetOrigin(tuple(volume.grid.to_patient(np.array([0.4, 0.3, 0.2]))))
    values = sitk.GetArrayFromImage(sitk.Resample(image, grid, sitk.Transform(), sitk.sitkBSpline, float(low)))
    turned = 1000.0 - np.clip(values, low, high) / (high - low) * 900 + np.random.default_rng(1).normal(0, 8, values.shape)
    affine = np.eye(4)
    affine[:3, :3], affine[:3, 3] = np.array(grid.GetDirection()).reshape(3, 3) * step, grid.GetOrigin()
    return Volume(turned.astype(np.float32), Grid(values.shape, known.inverse @ affine), "MR")


@needs_data
def test_a_known_transform_of_a_real_ct_is_found_in_another_contrast_within_half_a_millimetre_and_half_a_degree() -> None:
    fixed = torso()
    heard = Heard()
    found = register(fixed, elsewhere(fixed, KNOWN), heard)
    far, turned = moved_and_turned(KNOWN, found, fixed.grid.centre_mm)
    assert far < 0.5 and turned < 0.5
    assert found.after is not None and found.before is not None and found.after < found.before
    assert heard.steps[-1] <= 100 and max(heard.steps) > 60 and heard.steps[0] == 0
    assert found.words.startswith("Registered, rigid, MI −")


@pytest.mark.slow
@pytest.mark.skipif("GRATICULE_LONG" not in os.environ, reason="two whole searches: set GRATICULE_LONG")
@needs_data
def test_mr_finds_its_way_back_to_ct_from_wherever_it_begins() -> None:
    fixed, moving = (series(DATA / "imaging/seg/sarcoma_sts002" / name, name[:2]) for name in ("CT", "MR_T1"))
    away = Rigid().turned([0.2, 0.1, 0.9], 8, fixed.grid.centre_mm).moved_by([12, -9, 7])
    moved = Volume(moving.voxels, Grid(moving.grid.shape, away.inverse @ moving.grid.affine), "MR")
    one, other = register(fixed, moving, Silent()), register(fixed, moved, Silent())
    far, turned = moved_and_turned(one, Rigid(other.matrix @ away.inverse), fixed.grid.centre_mm)
    # Slices are 3.3 mm apart and a buttock lies otherwise on another table: this is how well two searches agree.
    assert far < 1.0 and turned < 1.0


def series(folder, modality: str) -> Volume:
    reader = sitk.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(folder)))
    image = reader.Execute()
    affine = np.eye(4)
    affine[:3, :3] = np.array(image.GetDirection()).reshape(3, 3) * np.array(image.GetSpacing())
    affine[:3, 3] = image.GetOrigin()
    voxels = np.ascontiguousarray(sitk.GetArrayFromImage(image).astype(np.int16))
    return Volume(voxels, Grid(voxels.shape, affine), modality)


def test_uneven_and_tilted_stacks_are_registered_by_their_true_places() -> None:
    fixed = blobs()
    keep = np.array([k for k in range(24) if k not in (7, 8, 15)])
    affine = fixed.grid.affine.copy()
    uneven = Volume(np.ascontiguousarray(fixed.voxels[keep]), Grid((21, 30, 32), affine, True, keep.astype(float)), "MR")
    known = Rigid().turned([0, 0, 1], 4.0, fixed.grid.centre_mm).moved_by([3, -2, 1])
    placed = Volume(uneven.voxels, Grid(uneven.grid.shape, known.inverse @ affine, True, uneven.grid.levels), "MR")
    far, turned = moved_and_turned(known, register(fixed, placed, Silent()), fixed.grid.centre_mm)
    assert far < 0.5 and turned < 0.5


def test_it_can_be_stopped() -> None:
    progress = Stoppable()
    progress.stop()
    with pytest.raises(Cancelled):
        register(blobs(), blobs(), progress)


class StopsLate:
    def step(self, done: int, total: int, text: str = "") -> None:
        if done > 25:
            raise Cancelled


def test_it_can_be_stopped_in_the_middle_of_the_search() -> None:
    with pytest.raises(Cancelled):
        register(blobs(), elsewhere(blobs(), Rigid().moved_by([4, 3, 2])), StopsLate())


def test_a_transform_survives_its_texts_and_nudges_add_up() -> None:
    once = Rigid.from_texts(KNOWN.texts())
    assert np.abs(once.matrix - KNOWN.matrix).max() < 1e-6 and once.texts() == KNOWN.texts()
    far, turned = moved_and_turned(KNOWN, KNOWN.moved_by([3, 4, 0]), np.zeros(3))
    assert far == pytest.approx(5.0) and turned == pytest.approx(0.0, abs=1e-4)
    far, turned = moved_and_turned(KNOWN, KNOWN.turned([0, 1, 0], 2.5, [5, 5, 5]), np.array([5.0, 5.0, 5.0]))
    assert far == pytest.approx(0.0, abs=1e-9) and turned == pytest.approx(2.5)
    point = np.array([12.0, -40.0, 90.0])
    assert np.allclose(KNOWN.to_moving(KNOWN.to_fixed(point)), point)
    # Right-handed: a quarter turn about the head axis takes left to posterior.
    assert np.allclose(rotation([0, 0, 1], 90) @ (1, 0, 0), (0, 1, 0))


def test_damaged_texts_are_refused_in_words() -> None:
    for texts in (("1",) * 11, ("x",) * 12, ("0",) * 12):
        with pytest.raises(GraticuleError, match="registration"):
            Rigid.from_texts(texts)
