"""NRRD (.nrrd, .nhdr, .seg.nrrd): headers by pynrrd; every space it knows becomes LPS here and nowhere else."""

import zlib
from pathlib import Path
from typing import Any, BinaryIO

import nrrd
import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Grid
from graticule.domain.volume import Doubt
from graticule.formats.damage import DAMAGE
from graticule.formats.volumes.volume_file import VolumeFile, check_size

_TO_LPS = {
    "left-posterior-superior": (1, 1, 1), "lps": (1, 1, 1), "right-anterior-superior": (-1, -1, 1), "ras": (-1, -1, 1),
    "left-anterior-superior": (1, -1, 1), "las": (1, -1, 1),
}
_TYPES = {
    "i1": ("signed char", "int8", "int8_t"), "u1": ("uchar", "unsigned char", "uint8", "uint8_t"),
    "i2": ("short", "short int", "signed short", "signed short int", "int16", "int16_t"),
    "u2": ("ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t"),
    "i4": ("int", "signed int", "int32", "int32_t"), "u4": ("uint", "unsigned int", "uint32", "uint32_t"),
    "i8": ("longlong", "long long", "long long int", "signed long long", "signed long long int", "int64", "int64_t"),
    "u8": ("ulonglong", "unsigned long long", "unsigned long long int", "uint64", "uint64_t"),
    "f4": ("float",), "f8": ("double",),
}
_DTYPE = {name: code for code, names in _TYPES.items() for name in names}
_GZIP = ("gzip", "gz")


def is_nrrd(path: Path, head: bytes) -> bool:
    return head.startswith(b"NRRD000") or path.name.lower().endswith((".nrrd", ".nhdr"))


def read_nrrd(path: Path) -> VolumeFile:
    """Geometry and type of an NRRD file; GraticuleError when it is damaged, detached, or holds more than one grey volume."""
    try:
        with path.open("rb") as file:
            header = dict(nrrd.read_header(file))
            start = file.tell()
        _refuse_others(header)
        stored = _stored_type(header)
        sizes = [int(n) for n in header["sizes"]]
        layers = sizes[0] if len(sizes) == 4 else 1
        grid, doubts = _grid(header, sizes[-3:])
        check_size(path, int(np.prod(sizes, dtype=object)) * stored.itemsize, header["encoding"] in _GZIP)
    except (nrrd.NRRDError, *DAMAGE) as error:
        raise GraticuleError("The NRRD file is damaged: its header cannot be read.", "Copy it again from its source.") from error

    def read() -> Array:
        with path.open("rb") as file:
            file.seek(start)
            flat = np.frombuffer(_data(file, str(header["encoding"]), int(np.prod(sizes)) * stored.itemsize), stored)
        values = flat.astype(stored.newbyteorder("="), copy=False).reshape(sizes[::-1])  # last axis of the file is slowest
        return np.ascontiguousarray(np.moveaxis(values, -1, 0)) if layers > 1 or len(sizes) == 4 else values

    return VolumeFile(path, grid, stored, False, read, doubts, layers, {str(k): str(v) for k, v in header.items()})


def _data(file: BinaryIO, encoding: str, size: int) -> bytes:
    """Exactly `size` bytes of voxels; no more is ever unpacked."""
    try:
        data = zlib.decompressobj(31).decompress(file.read(), size) if encoding in _GZIP else file.read(size)
    except zlib.error as error:
        raise GraticuleError("The NRRD file is damaged.", "Copy it again from its source.") from error
    if len(data) < size:
        raise GraticuleError("The NRRD file is cut off.", "Copy it again from its source.")
    return data


def _refuse_others(header: dict[str, Any]) -> None:
    if "data file" in header or "datafile" in header:
        raise GraticuleError("An NRRD header whose voxels lie in another file.", "Save it as one .nrrd file.")
    sizes = [int(n) for n in header["sizes"]]
    kinds = list(header.get("kinds", ()))
    layered = len(sizes) == 4 and (not kinds or kinds[0] in ("list", "vector", "none", None))
    if len(sizes) != 3 and not layered:
        raise GraticuleError(f"An NRRD file of {len(sizes)} dimensions: Graticule reads volumes of three.")
    if any(not 0 < n <= 65535 for n in sizes):
        raise GraticuleError("The NRRD file's size is impossible.", "Ask the sender for the original file.")
    if header.get("encoding") not in ("raw", *_GZIP) or int(header.get("byte skip", 0)) or int(header.get("line skip", 0)):
        raise GraticuleError(f"An NRRD file with the encoding “{header.get('encoding')}”: Graticule reads raw and gzip.")


def _stored_type(header: dict[str, Any]) -> np.dtype[Any]:
    code = _DTYPE.get(str(header["type"]))
    if code is None:
        raise GraticuleError(f"An NRRD file of the type “{header['type']}”, which Graticule does not read.")
    return np.dtype((">" if header.get("endian") == "big" else "<") + code)


def _grid(header: dict[str, Any], sizes: list[int]) -> tuple[Grid, tuple[Doubt, ...]]:
    """Rows of “space directions” are the axes i, j, k; a list axis has none (NaN or None)."""
    signs = _TO_LPS.get(str(header.get("space", "")).lower())
    directions = header.get("space directions")
    affine = np.eye(4)
    if directions is not None:
        axes = np.asarray(directions, dtype=np.float64)[-3:]
        affine[:3, :3] = axes.T
        affine[:3, 3] = np.asarray(header.get("space origin", (0, 0, 0)), dtype=np.float64)
    else:
        steps = np.asarray(header.get("spacings", (1, 1, 1)), dtype=np.float64)[-3:]
        affine[:3, :3] = np.diag(np.where(np.isfinite(steps) & (steps > 0), steps, 1.0))
    affine[:3] *= np.array(signs or (1, 1, 1), dtype=np.float64)[:, None]
    oriented = signs is not None and directions is not None
    doubts = () if oriented else (Doubt("no-position", "The file does not say how the patient lies: directions are unknown."),)
    return Grid((sizes[2], sizes[1], sizes[0]), affine, oriented), doubts
