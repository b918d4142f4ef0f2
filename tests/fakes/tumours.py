"""Tumours with a known outline: the real ones of the data collection, and made ones of every awkward sort, as files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from scipy.ndimage import gaussian_filter

from graticule.domain.geometry import Array

# SimpleITK speaks LPS mm, as the program does; (k, j, i) arrays.


@dataclass(frozen=True, eq=False)
class Tumour:
    """path: the image, a file or a folder of DICOM. truth: its mask, 0 or 1, on any grid that covers it."""

    name: str
    path: Path
    truth: sitk.Image

    def holds(self, points_mm: Array) -> Array:
        """(n, 3) LPS mm → (n,) share 0…1 of the truth there, between voxels as an eye sees it: not in steps."""
        mask = sitk.GetArrayViewFromImage(self.truth)
        direction = np.array(self.truth.GetDirection()).reshape(3, 3) * np.array(self.truth.GetSpacing())
        index = (points_mm - np.array(self.truth.GetOrigin())) @ np.linalg.inv(direction).T
        return _blended(mask, index)


def _blended(mask: Array, index: Array) -> Array:
    """Linear within a slice, the nearest slice across: a slice is seen as it is."""
    size = np.array(mask.shape)[::-1]
    k = np.floor(index[:, 2] + 0.5).astype(int)
    low = np.floor(index[:, :2]).astype(int)
    share, found = index[:, :2] - low, np.zeros(len(index))
    for right in (0, 1):
        for down in (0, 1):
            i, j = low[:, 0] + right, low[:, 1] + down
            here = (i >= 0) & (i < size[0]) & (j >= 0) & (j < size[1]) & (k >= 0) & (k < size[2])
            weight = np.abs(1 - right - share[:, 0]) * np.abs(1 - down - share[:, 1])
            found[here] += weight[here] * mask[k[here], j[here], i[here]]
    return found


def real_tumours(data: Path) -> dict[str, Callable[[], Tumour]]:
    """The brain tumour and the sarcoma on its three grids. data: the collection of real data."""
    seg = data / "imaging" / "seg"
    brain, sarcoma = seg / "brain_tumour", seg / "sarcoma_sts002"
    return {
        "brain tumour": lambda: Tumour("brain tumour", brain / "brain1_image.nrrd", _mask(brain / "brain1_label.nrrd")),
        "sarcoma CT": lambda: Tumour("sarcoma CT", sarcoma / "CT", _mask(sarcoma / "CT_mask.nii.gz")),
        "sarcoma MR": lambda: Tumour("sarcoma MR", sarcoma / "MR_T1", _mask(sarcoma / "MR_T1_mask.nii.gz")),
        "sarcoma PET": lambda: Tumour("sarcoma PET", sarcoma / "PET", _mask(sarcoma / "PET_mask.nii.gz"))}


def _mask(path: Path) -> sitk.Image:
    return sitk.ReadImage(str(path)) > 0


# --- made ones --------------------------------------------------------------------------------------------------------


def ball(mm: Array, centre: tuple[float, float, float], radii: tuple[float, float, float]) -> Array:
    return np.asarray((((mm - np.array(centre)) / np.array(radii)) ** 2).sum(axis=-1) <= 1)


def _spiculated(mm: Array) -> Array:
    mask = ball(mm, (0, 0, 0), (11, 10, 10))
    rng = np.random.default_rng(3)
    for way in rng.normal(size=(14, 3)):
        way = way / np.linalg.norm(way)
        along = mm @ way
        off = np.linalg.norm(mm - along[..., None] * way, axis=-1)
        mask |= (along > 0) & (along < 19) & (off < 2.8 * (1 - along / 20))
    return mask


def _lobed(mm: Array) -> Array:
    return ball(mm, (-7, 2, 0), (12, 9, 14)) | ball(mm, (8, -3, 4), (10, 11, 9)) | ball(mm, (3, 9, -6), (8, 7, 8))


def _two_parts(mm: Array) -> Array:
    return ball(mm, (-14, 0, -2), (9, 11, 12)) | ball(mm, (13, 5, 6), (8, 7, 10))


@dataclass(frozen=True, eq=False)
class _Make:
    """shape: where it is, of LPS mm round its middle. spacing, size: (i, j, k). turn: 3×3, columns the directions of i, j, k."""

    shape: Callable[[Array], Array]
    spacing: tuple[float, float, float] = (0.9, 0.9, 3.0)
    size: tuple[int, int, int] = (120, 110, 30)
    turn: tuple[tuple[float, float, float], ...] = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
    contrast: float = 90.0
    noise: float = 14.0
    ring: bool = False
    off_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)


def _turned(about_x: float, about_z: float) -> tuple[tuple[float, float, float], ...]:
    a, b = np.deg2rad([about_x, about_z])
    x = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    z = np.array([[np.cos(b), -np.sin(b), 0], [np.sin(b), np.cos(b), 0], [0, 0, 1]])
    return tuple(tuple(row) for row in x @ z)


_FLIPPED = ((1.0, 0.0, 0.0), (0.0, -1.0, 0.0), (0.0, 0.0, 1.0))  # a left-handed grid: rows run towards the front
MADE: Mapping[str, _Make] = {
    "spiculated": _Make(_spiculated, (0.7, 0.7, 2.0), (150, 140, 36)),
    "ring-enhancing": _Make(_lobed, ring=True, contrast=120),
    "two parts": _Make(_two_parts),
    "at the border": _Make(lambda mm: ball(mm, (0, 0, 0), (16, 13, 15)), off_mm=(46.0, -40.0, 36.0)),
    "oblique": _Make(_lobed, turn=_turned(24, 15)),
    "left-handed": _Make(_lobed, turn=_FLIPPED),
    "thick slices": _Make(_lobed, (0.8, 0.8, 7.0), (140, 130, 14)),
    "isotropic": _Make(_two_parts, (1.2, 1.2, 1.2), (100, 90, 70)),
    "low contrast": _Make(_lobed, contrast=22, noise=16),
    "coronal": _Make(_lobed, (0.9, 0.9, 3.0), (120, 110, 30), ((1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.0, -1.0, 0.0))),
}


def made_tumour(name: str, folder: Path) -> Tumour:
    """Written as NIfTI, with a second part that looks like it elsewhere and noise as a scanner has it."""
    make = MADE[name]
    turn, spacing = np.array(make.turn), np.array(make.spacing)
    origin = -turn @ (spacing * (np.array(make.size) - 1) / 2)
    i, j, k = np.meshgrid(*(np.arange(n) for n in make.size), indexing="ij")
    mm = (np.stack([i, j, k], axis=-1) * spacing) @ turn.T + origin
    middle = turn @ np.array(make.off_mm)
    truth = make.shape(mm - middle)
    values = _looks(mm, truth, make)
    image, mask = (_image(array, make, origin) for array in (values.astype(np.int16), truth.astype(np.uint8)))
    path = folder / f"{name.replace(' ', '_')}.nii.gz"
    sitk.WriteImage(image, str(path))
    return Tumour(name, path, mask)


def _looks(mm: Array, truth: Array, make: _Make) -> Array:
    rng = np.random.default_rng(11)
    sigma = [1.2 / s for s in make.spacing]
    body = 100 + 25 * np.sin(mm[..., 0] / 17) * np.cos(mm[..., 1] / 23)
    look = body + make.contrast * gaussian_filter(truth.astype(float), sigma)
    if make.ring:
        core = gaussian_filter(truth.astype(float), [3.5 / s for s in make.spacing]) > 0.72
        look -= 1.25 * make.contrast * gaussian_filter(core.astype(float), sigma)
    alike = ball(mm, (-30.0, 28.0, 5.0), (7, 7, 12))
    look += make.contrast * gaussian_filter((alike & ~truth).astype(float), sigma)
    grain = gaussian_filter(rng.normal(size=truth.shape), [0.6, 0.6, 0.0])
    return np.round(look + make.noise * grain / grain.std())


def _image(array: Array, make: _Make, origin: Array) -> sitk.Image:
    image = sitk.GetImageFromArray(np.ascontiguousarray(array.transpose(2, 1, 0)))
    image.SetSpacing(make.spacing)
    image.SetOrigin([float(v) for v in origin])
    image.SetDirection([float(v) for v in np.array(make.turn).ravel()])
    return image
