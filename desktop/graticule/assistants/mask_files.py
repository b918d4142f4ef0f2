"""An image as NIfTI for a server, and its label file (NIfTI or NRRD) as voxels of the asked grid, checked in every respect."""

import io
import re
from collections.abc import Callable
from typing import Any

import nibabel
import nrrd
import numpy as np
from nibabel.filebasedimages import ImageFileError
from nibabel.spatialimages import HeaderDataError
from nibabel.wrapstruct import WrapStructError

from graticule.assistants.arrays import inflated, sendable
from graticule.assistants.faults import NOTHING_CHANGED, garbled
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Floats, Grid

HEADERS = 1 << 20  # what a label file may hold beside its voxels
_WIDEST = 8  # bytes of a sample
_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
# A server that turns the image about may round: a hundredth of a voxel is no other place.
_TOLERANCE = 0.01
_NRRD_TYPES = {"uchar": "u1", "unsigned char": "u1", "uint8": "u1", "uint8_t": "u1", "signed char": "i1", "int8": "i1",
               "int8_t": "i1", "short": "i2", "int16": "i2", "int16_t": "i2", "ushort": "u2", "unsigned short": "u2",
               "uint16": "u2", "uint16_t": "u2", "int": "i4", "int32": "i4", "int32_t": "i4", "uint": "u4", "unsigned int": "u4",
               "uint32": "u4", "uint32_t": "u4", "float": "f4", "double": "f8", "int64": "i8", "uint64": "u8", "longlong": "i8"}


def nifti(voxels: Array, grid: Grid) -> list[bytes | memoryview]:
    """A single-file NIfTI-1 of the image. GraticuleError for uneven slices, which the format cannot say."""
    if grid.levels is not None:
        raise GraticuleError("The slices of this image are unevenly spaced, which this assistant cannot be told.",
                             "Outline it by hand, or with another tool.")
    values = sendable(voxels)
    head = nibabel.nifti1.Nifti1Header()
    head.set_data_dtype(values.dtype)
    head.set_data_shape(values.shape[::-1])
    affine = _RAS @ grid.affine
    head.set_sform(affine, code=1)
    head.set_qform(affine, code=1, strip_shears=True)
    head.set_xyzt_units("mm")
    head["magic"] = b"n+1\x00"
    head.set_data_offset(352)
    # NIfTI's first axis is the fastest, as i is in a C-order (k, j, i) array: the samples go out as they lie.
    return [head.binaryblock + b"\0\0\0\0", values.data.cast("B")]


def labels_of(content: bytes, name: str, grid: Grid) -> Array:
    """(k, j, i) uint8 on `grid`. name: the file's name, for its kind. GraticuleError says what is wrong with it."""
    if name.endswith((".nii", ".nii.gz")):
        values, affine = _nifti(_plain(content, grid), grid)
    elif name.endswith(".nrrd"):
        values, affine = _nrrd(content, grid)
    else:
        raise garbled()
    return np.ascontiguousarray(_checked_labels(_on_grid(values, affine, grid)).transpose())


def _plain(content: bytes, grid: Grid) -> bytes:
    return inflated(content, _limit(grid)) if content[:2] == b"\x1f\x8b" else content


def _limit(grid: Grid) -> int:
    return int(np.prod(grid.shape)) * _WIDEST + HEADERS


def _nifti(content: bytes, grid: Grid) -> tuple[Array, Floats]:
    """Voxels (i, j, k) and the affine to LPS."""
    try:
        image = nibabel.Nifti1Image.from_bytes(content)
        shape = _three(image.shape)
        _refuse_other_size(shape, grid)
        return np.asanyarray(image.dataobj).reshape(shape, order="F"), _RAS @ image.affine
    except (ImageFileError, HeaderDataError, WrapStructError, ValueError, OSError, KeyError, EOFError, OverflowError) as fault:
        raise garbled() from fault


def _nrrd(content: bytes, grid: Grid) -> tuple[Array, Floats]:
    """The samples are unpacked here: a NRRD may name another file, or claim any size."""
    head, samples = _nrrd_parts(content)
    shape = _three(tuple(int(n) for n in head["sizes"]))
    _refuse_other_size(shape, grid)
    dtype = np.dtype(_NRRD_TYPES.get(str(head["type"]), "V0")).newbyteorder(">" if head.get("endian") == "big" else "<")
    unpack = _ENCODINGS.get(str(head.get("encoding", "")).lower())
    if dtype.kind == "V" or unpack is None:
        raise garbled()
    wanted = int(np.prod(shape)) * dtype.itemsize
    raw = unpack(samples, wanted)
    if len(raw) != wanted:
        raise garbled()
    return np.frombuffer(raw, dtype).reshape(shape, order="F"), _nrrd_affine(head)


def _nrrd_parts(content: bytes) -> tuple[dict[str, Any], bytes]:
    stream = io.BytesIO(content)
    try:
        head = dict(nrrd.read_header(stream))
    except (nrrd.NRRDError, ValueError, KeyError, TypeError, IndexError, UnicodeDecodeError) as fault:
        raise garbled() from fault
    named = {re.sub("[^a-z]", "", str(key).lower()) for key in head}
    if {"datafile", "lineskip", "byteskip"} & named or not {"sizes", "type", "encoding"} <= named:
        raise garbled()
    return head, content[stream.tell():]


def _nrrd_affine(head: dict[str, Any]) -> Floats:
    try:
        affine = np.eye(4)
        affine[:3, :3] = np.asarray(head["space directions"], dtype=np.float64)[-3:].T
        affine[:3, 3] = np.asarray(head["space origin"], dtype=np.float64)
    except (KeyError, ValueError, TypeError) as fault:
        raise garbled() from fault
    space = str(head.get("space", "")).lower()
    if space in ("left-posterior-superior", "lps"):
        return affine
    if space in ("right-anterior-superior", "ras"):
        return np.asarray(_RAS @ affine)
    raise garbled()


_ENCODINGS: dict[str, Callable[[bytes, int], bytes]] = {
    "raw": lambda samples, wanted: samples[:wanted + 1], "gzip": inflated, "gz": inflated}


def _three(shape: tuple[int, ...]) -> tuple[int, int, int]:
    """A file of one channel and one time may say so in further axes of length one."""
    rest = [*shape, 1, 1, 1]
    if any(n != 1 for n in rest[3:]):
        raise GraticuleError("The assistant answered with several masks in one file, which cannot be told apart.",
                             NOTHING_CHANGED)
    i, j, k = (int(n) for n in rest[:3])
    return i, j, k


def _refuse_other_size(shape: tuple[int, int, int], grid: Grid) -> None:
    if sorted(shape) != sorted(grid.shape):
        raise GraticuleError("The assistant answered with a mask of another size than the image.", NOTHING_CHANGED)


def _on_grid(values: Array, affine: Floats, grid: Grid) -> Array:
    """(i, j, k) of the asked grid: the same voxels, whichever way the file runs through them. GraticuleError for other places."""
    if not np.isfinite(affine).all() or abs(np.linalg.det(affine[:3, :3])) < 1e-12:
        raise garbled()
    step = np.linalg.inv(grid.affine) @ affine  # a voxel of the file → where it lies on the grid
    turn = np.rint(step[:3, :3])
    fits = np.abs(turn).sum(axis=0).tolist() == [1, 1, 1] and np.abs(turn).sum(axis=1).tolist() == [1, 1, 1]
    if not fits:
        raise _elsewhere()
    order = [int(np.flatnonzero(turn[axis])[0]) for axis in range(3)]
    flips = [turn[axis, source] < 0 for axis, source in enumerate(order)]
    corners = np.array([[0, 0, 0], np.array(values.shape) - 1], dtype=np.float64)
    found = corners @ step[:3, :3].T + step[:3, 3]
    turned = values.transpose(order)
    ends = np.array(turned.shape) - 1
    wanted = np.array([np.where(flips, ends, 0), np.where(flips, 0, ends)])
    if turned.shape != grid.shape[::-1] or np.abs(found - wanted).max() > _TOLERANCE:
        raise _elsewhere()
    return turned[tuple(slice(None, None, -1 if flip else 1) for flip in flips)]


def _elsewhere() -> GraticuleError:
    return GraticuleError("The assistant answered with a mask that lies elsewhere in the patient than the image.",
                          NOTHING_CHANGED)


def _checked_labels(values: Array) -> Array:
    """uint8; GraticuleError for what is no label: not a number, a fraction, negative, or past 255."""
    if values.dtype.kind not in "iufb":
        raise garbled()
    if values.dtype.kind == "f" and not (np.isfinite(values).all() and (values == np.rint(values)).all()):
        raise GraticuleError("The assistant's mask holds values that are no labels.", NOTHING_CHANGED)
    if values.size and (values.min() < 0 or values.max() > 255):
        raise GraticuleError("The assistant's mask holds values that are no labels.", NOTHING_CHANGED)
    return values.astype(np.uint8)
