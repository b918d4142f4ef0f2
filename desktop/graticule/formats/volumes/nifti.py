"""NIfTI-1 and -2 (.nii, .nii.gz, .hdr with .img): RAS becomes LPS here and nowhere else."""

import math
from functools import partial
from pathlib import Path

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.formats.guard.limits import inflated, refuse_impossible
from graticule.formats.volumes.nifti_header import BYTES, NiftiHeader, is_header, parse
from graticule.formats.volumes.nifti_place import RAS_TO_LPS, placed
from graticule.formats.volumes.sheet import COLOUR, Sign, shear_doubts, sheet
from graticule.formats.volumes.volume_file import VolumeFile, refuse_many
from graticule.formats.volumes.voxels import GZIP, RAW, Stream, Voxels

__all__ = ["RAS_TO_LPS", "is_nifti", "read_nifti"]

_GZIP_HEAD = b"\x1f\x8b"
_SECONDS = {8: 1.0, 16: 0.001, 24: 0.000001}
_TYPES = {2: "u1", 4: "i2", 8: "i4", 16: "f4", 64: "f8", 256: "i1", 512: "u2", 768: "u4", 1024: "i8", 1280: "u8"}
_COLOURS = {128: 3, 2304: 4}
_REFUSED = {1: "single bits", 32: "complex numbers", 1536: "128-bit numbers", 1792: "complex numbers", 2048: "complex numbers"}


def is_nifti(path: Path, head: bytes) -> bool:
    """By name, or by what the file begins with; a .hdr may be many things, so it must begin like one."""
    name = path.name.lower()
    if name.endswith((".nii", ".nii.gz", ".img.gz")):
        return True
    return is_header(head) and (name.endswith(".hdr") or head[344:347] in (b"n+1", b"ni1") or head[4:7] in (b"n+2", b"ni2"))


def read_nifti(path: Path) -> VolumeFile:
    """Geometry and type of a NIfTI file; GraticuleError when it is damaged or holds what is no grey or colour volume."""
    head, zipped = _head(path)
    header = parse(head)
    sizes = (*header.dim, 1, 1, 1)[:3]
    shape = (sizes[2], sizes[1], sizes[0])
    items = math.prod(header.dim[3:])
    refuse_impossible((*sizes, *header.dim[3:]), "NIfTI file")
    item = _item(header)
    refuse_many(items, item)
    stream = _stream(path, header, zipped)
    voxels = _voxels(header, stream, shape, items)
    stream.refuse_short(voxels.bytes)
    place = placed(header, shape)
    slope, intercept = _scale(header)
    signs = (*sheet(place, f"{_stored(voxels, slope, intercept)}, NIfTI-{header.version}"), *_times(header))
    doubts = (*place.doubts, *shear_doubts(place.grid), *((COLOUR,) if voxels.colour else ()))
    scaled = not (slope.is_integer() and intercept.is_integer())
    return VolumeFile(path, place.grid, voxels, scaled, place.measured, item, doubts, signs, window=_window(header),
                      others=() if stream.path == path else (stream.path,))


def _head(path: Path) -> tuple[bytes, bool]:
    """(the header's bytes, whether the file is compressed)."""
    try:
        with path.open("rb") as file:
            head = file.read(BYTES)
            if not head.startswith(_GZIP_HEAD):
                return head, False
            file.seek(0)
            return next(inflated(file, 31), b"")[:BYTES], True
    except OSError as error:
        raise GraticuleError("The file cannot be read.", "Check that it still exists and that you may open it.") from error


def _stream(path: Path, header: NiftiHeader, zipped: bool) -> Stream:
    least = BYTES if header.version == 2 else 348
    if header.single:
        if not least <= header.offset < 1 << 31:
            raise GraticuleError("The NIfTI file is damaged: its voxels would lie inside its header.",
                                 "Copy it again from its source.")
        return Stream(path, GZIP, 0, header.offset) if zipped else Stream(path, RAW, header.offset)
    image = _image_beside(path)
    offset = max(0, header.offset)
    return Stream(image, GZIP, 0, offset) if image.name.lower().endswith(".gz") else Stream(image, RAW, offset)


def _image_beside(path: Path) -> Path:
    stem = path.name[:-len(".hdr.gz")] if path.name.lower().endswith(".hdr.gz") else path.stem
    for ending in (".img", ".img.gz", ".IMG", ".IMG.GZ"):
        if (image := path.with_name(stem + ending)).is_file():
            return image
    raise GraticuleError("The .img file with this header's voxels is not beside it.", "Import header and voxels together.")


def _voxels(header: NiftiHeader, stream: Stream, shape: tuple[int, int, int], items: int) -> Voxels:
    if header.datatype in _COLOURS:
        return Voxels(stream, np.dtype("u1"), shape, inner=_COLOURS[header.datatype], outer=items, colour=True)
    if header.datatype not in _TYPES:
        what = _REFUSED.get(header.datatype, f"numbers of the unknown type {header.datatype}")
        raise GraticuleError(f"The NIfTI file holds {what}, which Graticule does not read.", "Save it as 16 or 32-bit numbers.")
    dtype = np.dtype(header.order + _TYPES[header.datatype])
    slope, intercept = _scale(header)
    scale = None if (slope, intercept) == (1, 0) else partial(_scaled, slope=slope, intercept=intercept)
    return Voxels(stream, dtype, shape, outer=items, scale=scale)


def _scale(header: NiftiHeader) -> tuple[float, float]:
    """Slope 0, or what is no number, means "not scaled" (nifti1.h)."""
    if header.datatype in _COLOURS or header.slope == 0 or not math.isfinite(header.slope):
        return 1.0, 0.0
    return float(header.slope), float(header.intercept) if math.isfinite(header.intercept) else 0.0


def _scaled(raw: Array, slope: float, intercept: float) -> Array:
    whole = slope.is_integer() and intercept.is_integer() and max(abs(slope), abs(intercept)) < 1 << 31
    if raw.dtype.kind in "iu" and raw.dtype.itemsize <= 4 and whole:
        return np.asarray(raw.astype(np.int64) * int(slope) + int(intercept))
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray((raw.astype(np.float64) * slope + intercept).astype(np.float32))


def _stored(voxels: Voxels, slope: float, intercept: float) -> str:
    kind = "colours of 8 bits" if voxels.colour else voxels.dtype.newbyteorder("=").name
    return kind if (slope, intercept) == (1, 0) else f"{kind} × {slope:g} {'−' if intercept < 0 else '+'} {abs(intercept):g}"


def _item(header: NiftiHeader) -> str:
    further = [n for n, size in enumerate(header.dim[3:]) if size > 1]
    return "time" if further == [0] else "component" if further == [1] else "volume"


def _times(header: NiftiHeader) -> tuple[Sign, ...]:
    unit = _SECONDS.get(header.units & 0x38)
    if _item(header) != "time" or unit is None or not header.pixdim[4] > 0:
        return ()
    return (("From one time to the next", f"{header.pixdim[4] * unit:g} s", ""),)


def _window(header: NiftiHeader) -> tuple[float, float] | None:
    low, high = header.shown
    return (float(low), float(high)) if math.isfinite(low) and math.isfinite(high) and high > low else None
