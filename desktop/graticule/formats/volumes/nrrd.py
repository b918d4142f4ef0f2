"""NRRD (.nrrd, .nhdr with its data file, .seg.nrrd): every space it knows becomes LPS here and nowhere else."""

import math
from pathlib import Path
from typing import Any

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.volume import Doubt
from graticule.formats.guard.limits import refuse_impossible
from graticule.formats.volumes.detached import beside
from graticule.formats.volumes.nrrd_axes import Axes, axes_of
from graticule.formats.volumes.nrrd_header import NrrdHeader, read_header
from graticule.formats.volumes.sheet import COLOUR, NO_POSITION, NO_SCALE, Place, Sign, shear_doubts, sheet, steps_only, usable
from graticule.formats.volumes.volume_file import VolumeFile, refuse_many
from graticule.formats.volumes.voxels import ASCII, BZIP2, GZIP, HEX, RAW, Stream, Voxels

# Spaces whose axes point somewhere in the patient; in others ("scanner-xyz", "3D-right-handed") nothing says where.
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
_ENCODINGS = {"raw": RAW, "gzip": GZIP, "gz": GZIP, "bzip2": BZIP2, "bz2": BZIP2, "txt": ASCII, "text": ASCII, "ascii": ASCII,
              "hex": HEX}
_LENGTHS = {"mm": 1.0, "cm": 10.0, "m": 1000.0, "um": 0.001, "µm": 0.001, "micron": 0.001, "millimeter": 1.0, "millimeters": 1.0,
            "meter": 1000.0}


def is_nrrd(path: Path, head: bytes) -> bool:
    return head.startswith(b"NRRD000") or path.name.lower().endswith((".nrrd", ".nhdr"))


def read_nrrd(path: Path) -> VolumeFile:
    """Geometry and type of an NRRD file; GraticuleError when it is damaged or of a kind that is refused by name."""
    header = read_header(path)
    axes = axes_of(header)
    refuse_impossible((*axes.shape, axes.inner, axes.outer), "NRRD file")
    segments = "Segment0_ID" in header.words
    encoding = _encoding(header)
    dtype = _stored_type(header, encoding)
    size = math.prod(header.sizes()) * dtype.itemsize
    stream = _stream(path, header, encoding, size)
    stream.refuse_short(size)
    voxels = Voxels(stream, dtype, axes.shape, axes.inner, axes.outer, axes.colour, layered=segments)
    refuse_many(voxels.items, axes.item)
    place = _place(header, axes)
    stored = f"{'colours of 8 bits' if axes.colour else dtype.newbyteorder('=').name}, NRRD, {encoding}"
    doubts = (*place.doubts, *shear_doubts(place.grid), *((COLOUR,) if axes.colour else ()))
    return VolumeFile(path, place.grid, voxels, False, place.measured, axes.item, doubts, sheet(place, stored), header.words,
                      others=() if stream.path == path else (stream.path,))


def _encoding(header: NrrdHeader) -> str:
    stated = header.fields.get("encoding", "").lower()
    if stated not in _ENCODINGS:
        raise GraticuleError(f"An NRRD file with an encoding that Graticule does not read ({stated[:20] or 'none stated'}).",
                             "Save it with the encoding gzip.")
    return _ENCODINGS[stated]


def _stored_type(header: NrrdHeader, encoding: str) -> np.dtype[Any]:
    stated = header.fields.get("type", "").lower()
    code = _DTYPE.get(stated)
    if code is None:
        raise GraticuleError(f"An NRRD file of a type that Graticule does not read ({stated[:20] or 'none stated'}).",
                             "Save it as 16-bit or 32-bit numbers.")
    order = header.fields.get("endian", "").lower()
    if code[1] != "1" and encoding != ASCII and order not in ("little", "big"):
        raise GraticuleError("The NRRD file does not say in which order its bytes stand.",
                             "Ask the sender for the original file.")
    return np.dtype((">" if order == "big" else "<") + code)


def _stream(path: Path, header: NrrdHeader, encoding: str, size: int) -> Stream:
    name = header.fields.get("data file", "")
    if name.upper().startswith("LIST") or (len(name.split()) > 1 and "%" in name):
        raise GraticuleError("An NRRD header whose voxels lie in many files: Graticule reads one.", "Save it as one .nrrd file.")
    data = beside(path, name) if name else path
    start = _after_lines(data, 0 if name else header.start, header.integer("line skip"))
    skip = header.integer("byte skip")
    if skip == -1 and encoding == RAW:
        return Stream(data, RAW, max(0, data.stat().st_size - size))
    if skip < 0:
        raise GraticuleError("The NRRD file is damaged: its header cannot be read.", "Copy it again from its source.")
    return Stream(data, RAW, start + skip) if encoding == RAW else Stream(data, encoding, start, skip)


def _after_lines(path: Path, start: int, lines: int) -> int:
    """Where the voxels begin after `lines` lines of text (before any unpacking)."""
    if not 0 <= lines <= 10_000:
        raise GraticuleError("The NRRD file is damaged: its header cannot be read.", "Copy it again from its source.")
    if lines == 0:
        return start
    with path.open("rb") as file:
        file.seek(start)
        for _ in range(lines):
            file.readline(1 << 20)
        return file.tell()


def _place(header: NrrdHeader, axes: Axes) -> Place:
    space = header.fields.get("space", "").lower().removesuffix("-time").removesuffix("t")
    signs = _TO_LPS.get(space)
    unit, unit_signs, unit_doubts = _unit(header, axes)
    if not axes.directions:
        steps = [step * unit for step in axes.spacings]
        grid, measured = steps_only(axes.shape, steps, 2 if axes.shape[0] == 1 else 3)
        return _unplaced(grid, measured, unit_signs, unit_doubts)
    origin = header.vectors("space origin")
    affine = np.eye(4)
    affine[:3, :3] = np.stack(axes.directions, axis=1)
    start = origin[0] if origin and origin[0] is not None and origin[0].shape[0] >= 3 else None
    affine[:3, 3] = start[:3] if start is not None else 0.0
    affine[:3] *= np.array(signs or (1, 1, 1), dtype=np.float64)[:, None] * unit
    if not usable(affine):
        grid, _ = steps_only(axes.shape, ())
        return _unplaced(grid, False, unit_signs, unit_doubts)
    if signs is None:
        return Place(Grid(axes.shape, affine, oriented=False), True, "", unit_signs, (NO_POSITION, *unit_doubts))
    missing = () if start is not None else (Doubt("no-origin", "The file does not say where the volume begins; it is put at 0."),)
    return Place(Grid(axes.shape, affine), True, f"space {space}", unit_signs, (*missing, *unit_doubts))


def _unplaced(grid: Grid, measured: bool, signs: tuple[Sign, ...], doubts: tuple[Doubt, ...]) -> Place:
    return Place(grid, measured, "", signs, (NO_POSITION, *doubts, *(() if measured else (NO_SCALE,))))


def _unit(header: NrrdHeader, axes: Axes) -> tuple[float, tuple[Sign, ...], tuple[Doubt, ...]]:
    """(mm per unit, rows, doubts). The format names no unit unless told; everyone who writes it for patients means mm."""
    stated = [word.strip('"').lower() for word in header.fields.get("space units", header.fields.get("units", "")).split()]
    known = {_LENGTHS[word] for word in stated if word in _LENGTHS}
    if len(known) == 1:
        unit = known.pop()
        return unit, (() if unit == 1 else (("Unit of length", next(w for w in stated if w in _LENGTHS), ""),)), ()
    if not stated or len(known) > 1:
        row: Sign = ("Unit of length", "not stated, taken as mm", "")
        return 1.0, (row,), ()
    return 1.0, (("Unit of length", "unknown, taken as mm", "warn"),), (
        Doubt("length-unit-assumed", "The file's unit of length is unknown; it is taken as mm."),)
