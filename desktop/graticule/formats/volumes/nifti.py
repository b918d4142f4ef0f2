"""NIfTI (.nii, .nii.gz): headers by nibabel; RAS becomes LPS here and nowhere else."""

import logging
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
from nibabel.filebasedimages import ImageFileError
from nibabel.spatialimages import HeaderDataError

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Grid
from graticule.domain.volume import Doubt
from graticule.formats.damage import DAMAGE
from graticule.formats.volumes.volume_file import VolumeFile, check_size

logging.getLogger("nibabel.global").setLevel(logging.CRITICAL)

RAS_TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])
_MM_PER_UNIT = {"mm": 1.0, "unknown": 1.0, "meter": 1000.0, "micron": 0.001}


def is_nifti(path: Path, head: bytes) -> bool:
    name = path.name.lower()
    return name.endswith((".nii", ".nii.gz")) or head[344:348] in (b"n+1\x00", b"ni1\x00") or head[4:8] == b"n+2\x00"


def read_nifti(path: Path) -> VolumeFile:
    """Geometry and type of a NIfTI file; GraticuleError when it is damaged or holds more than one grey volume."""
    try:
        image = nibabel.load(path)
        header = image.header
        shape = [int(n) for n in image.shape]
        stored = header.get_data_dtype()
        _refuse_others(shape, stored)
        shape = [*shape, 1, 1][:3]
        check_size(path, int(np.prod(shape, dtype=object)) * stored.itemsize, path.name.lower().endswith(".gz"))
        grid, doubts = _grid(header, shape)
        slope, intercept = image.dataobj.slope, image.dataobj.inter
        scaled = not (float(slope).is_integer() and float(intercept).is_integer())
    except (ImageFileError, HeaderDataError, *DAMAGE) as error:
        raise GraticuleError("The NIfTI file is damaged: its header cannot be read.", "Copy it again from its source.") from error

    def read() -> Array:
        try:
            raw = np.asarray(image.dataobj.get_unscaled()).reshape(shape)
        except (ImageFileError, HeaderDataError, *DAMAGE) as error:
            raise GraticuleError("The NIfTI file is damaged or cut off.", "Copy it again from its source.") from error
        return _scaled(raw.transpose(2, 1, 0), float(slope), float(intercept))

    return VolumeFile(path, grid, stored, scaled, read, doubts)


def _scaled(raw: Array, slope: float, intercept: float) -> Array:
    if slope == 1 and intercept == 0:
        return np.ascontiguousarray(raw)
    if raw.dtype.kind in "iu" and slope.is_integer() and intercept.is_integer():
        return np.ascontiguousarray(raw.astype(np.int64) * int(slope) + int(intercept))
    return np.ascontiguousarray((raw.astype(np.float64) * slope + intercept).astype(np.float32))


def _refuse_others(shape: list[int], stored: np.dtype[Any]) -> None:
    if stored.kind not in "iuf" or stored.itemsize > 8:
        raise GraticuleError("The NIfTI file holds colours or complex numbers, which Graticule does not read.")
    further = [n for n in shape[3:] if n != 1]
    if further:
        raise GraticuleError(f"A NIfTI file of {int(np.prod(further))} volumes: this version of Graticule reads single volumes.",
                             "Split it into its volumes.")
    if not shape or any(not 0 < n <= 65535 for n in shape[:3]):
        raise GraticuleError("The NIfTI file's size is impossible.", "Ask the sender for the original file.")


def _grid(header: Any, shape: list[int]) -> tuple[Grid, tuple[Doubt, ...]]:
    unit = _MM_PER_UNIT.get(str(header.get_xyzt_units()[0]), 1.0)
    affine = RAS_TO_LPS @ np.asarray(header.get_best_affine(), dtype=np.float64)
    affine[:3] *= unit
    oriented = bool(int(header["sform_code"]) > 0 or int(header["qform_code"]) > 0)
    doubts = () if oriented else (
        Doubt("no-position", "The file does not say how the patient lies: directions are unknown."),)
    return Grid((shape[2], shape[1], shape[0]), affine, oriented), doubts
