"""MetaImage (.mha, .mhd with .raw or .zraw): LPS as ITK reads it, wherever the file says how the patient lies."""

import math
from pathlib import Path
from typing import Any

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Floats, Grid
from graticule.domain.volume import Doubt
from graticule.formats.guard.limits import refuse_impossible
from graticule.formats.volumes.detached import beside
from graticule.formats.volumes.metaimage_header import MetaHeader, read_header
from graticule.formats.volumes.sheet import COLOUR, NO_POSITION, NO_SCALE, Place, shear_doubts, sheet, steps_only, usable
from graticule.formats.volumes.volume_file import VolumeFile, refuse_many
from graticule.formats.volumes.voxels import ASCII, RAW, ZLIB, Stream, Voxels

# MetaIO's LONG has 4 bytes on every system (metaTypes.h).
_TYPES = {"CHAR": "i1", "UCHAR": "u1", "SHORT": "i2", "USHORT": "u2", "INT": "i4", "UINT": "u4", "LONG": "i4", "ULONG": "u4",
          "LONG_LONG": "i8", "ULONG_LONG": "u8", "FLOAT": "f4", "DOUBLE": "f8"}
# AnatomicalOrientation names where an axis comes from: R is from right to left, which is LPS' first direction.
_FROM = {"R": (0, 1), "L": (0, -1), "A": (1, 1), "P": (1, -1), "I": (2, 1), "S": (2, -1)}


def is_metaimage(path: Path, head: bytes) -> bool:
    return path.name.lower().endswith((".mha", ".mhd")) or head.startswith((b"ObjectType = Image", b"ObjectType=Image"))


def read_metaimage(path: Path) -> VolumeFile:
    """Geometry and type of a MetaImage file; GraticuleError when it is damaged or of a kind that is refused by name."""
    header = read_header(path)
    sizes = header.sizes()
    refuse_impossible(sizes, "MetaImage file")
    shape = (sizes[2] if len(sizes) > 2 else 1, sizes[1], sizes[0])
    channels, times = header.integer("elementnumberofchannels", 1), math.prod(sizes[3:])
    dtype = _stored_type(header)
    colour = channels in (3, 4) and dtype == np.uint8
    if not 1 <= channels <= 1000 or (channels > 1 and times > 1 and not colour):
        raise GraticuleError("A MetaImage file of several numbers at each voxel and time: Graticule does not read it.",
                             "Save each of its volumes by itself.")
    size = math.prod(sizes) * channels * dtype.itemsize
    stream = _stream(path, header, size)
    stream.refuse_short(size)
    voxels = Voxels(stream, dtype, shape, channels, times, colour)
    item = "time" if times > 1 else "component"
    refuse_many(voxels.items, item)
    place = _place(header, shape, len(sizes))
    kind = "colours of 8 bits" if colour else dtype.newbyteorder("=").name
    stored = f"{kind}, MetaImage{', compressed' if stream.encoding == ZLIB else ''}"
    doubts = (*place.doubts, *shear_doubts(place.grid), *((COLOUR,) if colour else ()))
    return VolumeFile(path, place.grid, voxels, False, place.measured, item, doubts, sheet(place, stored),
                      others=() if stream.path == path else (stream.path,))


def _stored_type(header: MetaHeader) -> np.dtype[Any]:
    stated = header.text("elementtype").upper().removeprefix("MET_").removesuffix("_ARRAY")
    if stated not in _TYPES:
        raise GraticuleError(f"A MetaImage file of a type that Graticule does not read ({stated[:20] or 'none stated'}).",
                             "Save it as 16-bit or 32-bit numbers.")
    big = header.flag("binarydatabyteordermsb") or header.flag("elementbyteordermsb")
    return np.dtype((">" if big else "<") + _TYPES[stated])


def _stream(path: Path, header: MetaHeader, size: int) -> Stream:
    name = header.text("elementdatafile")
    if name.upper().startswith("LIST") or "%" in name:
        raise GraticuleError("A MetaImage header whose voxels lie in many files: Graticule reads one.",
                             "Save it as one .mha file.")
    local = name.upper() == "LOCAL"
    data = path if local else beside(path, name)
    start = header.start if local else 0
    if header.flag("compresseddata"):
        if start + header.integer("compresseddatasize", 0) > data.stat().st_size:
            raise GraticuleError("The file is cut off: it is smaller than its header says.", "Copy it again from its source.")
        return Stream(data, ZLIB, start)
    if header.text("binarydata") and not header.flag("binarydata"):
        return Stream(data, ASCII, start)
    skip = header.integer("headersize", 0)
    return Stream(data, RAW, max(0, data.stat().st_size - size) if skip < 0 else start + skip)


def _place(header: MetaHeader, shape: tuple[int, int, int], axes: int) -> Place:
    """Positions by the matrix. Directions are known when the anatomical orientation is stated, or when the matrix turns."""
    steps = header.numbers("elementspacing") or header.numbers("elementsize")
    matrix = header.numbers("transformmatrix", "orientation", "rotation")
    letters = header.text("anatomicalorientation").upper()
    flat, measured = steps_only(shape, steps[:3], axes)
    turn = _turn(matrix, axes)
    if axes < 3 or (turn is None and matrix):
        return Place(flat, measured, "", (), (NO_POSITION, *(() if measured else (NO_SCALE,))))
    affine = np.eye(4)
    offset = [*header.numbers("offset", "position", "origin"), 0.0, 0.0, 0.0][:3]
    affine[:3, :3], affine[:3, 3] = (turn if turn is not None else np.eye(3)) @ flat.affine[:3, :3], offset
    if not usable(affine):
        return Place(flat, measured, "", (), (NO_POSITION, *(() if measured else (NO_SCALE,))))
    stated = _axes_of(letters)
    agree = stated is not None and bool((np.sum(stated * affine[:3, :3], axis=0) > 0).all())
    # A step below zero may mean either direction of its axis, so it says none.
    oriented = min(steps, default=0) >= 0 and (agree or (turn is not None and not np.allclose(turn, np.eye(3))))
    grid = Grid(shape, affine, oriented)
    doubts = [] if oriented else [NO_POSITION]
    doubts += [] if measured else [NO_SCALE]
    if stated is not None and not agree:
        doubts.append(Doubt("two-orientations", "The file's two statements on how the patient lies contradict each other; "
                                                "positions follow the matrix, as in other programs."))
        return Place(grid, measured, "matrix", (("Anatomical orientation", "contradicts the matrix", "bad"),), tuple(doubts))
    return Place(grid, measured, "matrix", (), tuple(doubts))


def _turn(matrix: list[float], axes: int) -> Floats | None:
    """3×3 with the directions of i, j and k as columns (the file has them as rows); None when it is no turn."""
    if len(matrix) != axes * axes or axes < 3 or not np.all(np.isfinite(matrix)):
        return None
    turn = np.array(matrix, dtype=np.float64).reshape(axes, axes)[:3, :3].T
    lengths = np.linalg.norm(turn, axis=0)
    return np.asarray(turn) if lengths.min() > 0.5 and lengths.max() < 2 else None


def _axes_of(letters: str) -> Floats | None:
    """The nearest LPS directions of i, j and k that three letters state; None when they state none."""
    if len(letters) != 3 or any(letter not in _FROM for letter in letters):
        return None
    axes = np.zeros((3, 3))
    for column, letter in enumerate(letters):
        axis, sign = _FROM[letter]
        axes[axis, column] = sign
    return axes if abs(np.linalg.det(axes)) > 0.5 else None
