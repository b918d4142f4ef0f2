"""Stored numbers of one frame out of a file, whatever the compression."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pydicom

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.formats.dicom.codecs import decodes, native_samples
from graticule.formats.dicom.colour import eight_bits, rgb_of, spread_422
from graticule.formats.dicom.damage import DICOM_DAMAGE
from graticule.formats.dicom.fragments import encoded_frame
from graticule.formats.dicom.frame import Coding
from graticule.formats.dicom.header import BIG_ENDIAN, DEFLATED, IMPLICIT
from graticule.formats.dicom.palette import coloured, palette_of
from graticule.formats.dicom.patience import patiently
from graticule.formats.guard.frames import decode

_TAGS = {b"\xe0\x7f\x10\x00": "integer", b"\xe0\x7f\x08\x00": "float", b"\xe0\x7f\x09\x00": "float"}
PALETTE = "PALETTE COLOR"
_HALVED = ("YBR_FULL_422", "YBR_PARTIAL_422")


@dataclass(frozen=True, slots=True)
class Plane:
    """Where one frame lies: `frame` of `of` in a file whose pixel data value begins at `offset` (length −1: encapsulated)."""

    path: Path
    frame: int
    of: int
    rows: int
    columns: int
    coding: Coding
    offset: int
    length: int

    @property
    def colour(self) -> bool:
        return self.coding.samples == 3 or self.coding.photometric == PALETTE


def stored_values(plane: Plane) -> Array:
    """(rows, columns) numbers as stored, in int8…int32, their unsigned kin or floats, or (rows, columns, 3) uint8 RGB.

    GraticuleError when the file is gone, was changed since it was listed, or cannot be decoded.
    """
    return picture_of(raw_values(plane), plane)


def raw_values(plane: Plane) -> Array:
    """(rows, columns) with all their bits, or (rows, columns, 3) RGB as deep as stored. Errors as `stored_values`."""
    values = _said(_decode, plane)
    if values.shape[:2] != (plane.rows, plane.columns) or values.ndim != (3 if plane.coding.samples == 3 else 2):
        raise GraticuleError("An image of this case has another size than its header says.",
                             "Ask the sender for the original file.")
    return values


def picture_of(raw: Array, plane: Plane) -> Array:
    """What `raw_values` gave, as `stored_values` gives it."""
    coding = plane.coding
    if coding.samples == 3:
        return eight_bits(raw, coding.bits_stored)
    values = meaningful(raw, coding)
    return _said(_by_palette, plane, values) if coding.photometric == PALETTE else values


def _said(work: Any, plane: Plane, *more: Array) -> Array:
    """What `work` gives; its damage in the user's words."""
    try:
        return np.asarray(work(plane, *more))
    except FileNotFoundError as error:
        raise GraticuleError("A file of this case is no longer where it was.",
                             "Import the case again from its new place.") from error
    except DICOM_DAMAGE as error:
        raise GraticuleError("An image of this case cannot be decoded.",
                             "It is damaged or was changed; import it again.") from error


def _by_palette(plane: Plane, indices: Array) -> Array:
    return coloured(indices, _palette(plane.path, plane.path.stat().st_mtime_ns))


@lru_cache(maxsize=4)
def _palette(path: Path, changed_ns: int) -> tuple[int, Array]:
    return palette_of(pydicom.dcmread(path, stop_before_pixels=True, force=True))


def _decode(plane: Plane) -> Array:
    if plane.length < 0 <= plane.offset and decodes(plane.coding.syntax):
        _check_start(plane)
        data = encoded_frame(plane.path, plane.offset, plane.of, plane.frame)
        return decode(data, plane.coding, plane.rows, plane.columns)
    if plane.coding.syntax == DEFLATED or plane.offset < 0:
        return _native(plane, _frame_in(plane, *_inflated(plane.path, plane.path.stat().st_mtime_ns)), "<")
    return _native(plane, *_from_disk(plane))


def _frame_bits(plane: Plane) -> int:
    coding = plane.coding
    samples = 2 if coding.photometric in _HALVED and coding.samples == 3 else coding.samples
    return plane.rows * plane.columns * samples * coding.bits_allocated


def _span(plane: Plane) -> tuple[int, int]:
    """(first byte, number of bytes) of the frame in the pixel data; frames of single bits follow without a gap."""
    bits = _frame_bits(plane)
    first = plane.frame * bits // 8
    return first, -(-(plane.frame + 1) * bits // 8) - first


def _from_disk(plane: Plane) -> tuple[bytes, str]:
    """Read the bytes where the header pass found them, after a look that they still begin there; and their byte order."""
    head = _check_start(plane)
    first, size = _span(plane)
    with plane.path.open("rb") as file:
        file.seek(plane.offset + first)
        data = file.read(size)
    if len(data) < size:
        raise EOFError
    if plane.coding.syntax != BIG_ENDIAN:
        return data, "<"
    if plane.coding.bits_allocated <= 8 and b"OW" in head[4:6]:  # bytes in big-endian words stand in pairs the wrong way round
        data = np.frombuffer(data[:len(data) // 2 * 2], ">u2").astype("<u2").tobytes() + data[len(data) // 2 * 2:]
    return data, ">"


def _check_start(plane: Plane) -> bytes:
    """The 12 bytes before the pixels, of which the tag must be among the first."""
    with plane.path.open("rb") as file:
        file.seek(plane.offset - 12)
        head = file.read(12)
    start = head[4:8] if plane.coding.syntax == IMPLICIT else head[:4]
    if plane.coding.syntax == BIG_ENDIAN:
        start = start[1::-1] + start[:1:-1]
    if _TAGS.get(start) != ("float" if plane.coding.floating else "integer"):
        raise ValueError("pixel data moved")
    return head


@lru_cache(maxsize=2)
def _inflated(path: Path, changed_ns: int) -> tuple[bytes, bool]:
    """The pixel data of a deflated file, and whether it is encapsulated."""
    with patiently(path) as (file, _):
        image = pydicom.dcmread(file, force=True)
    keyword = next(name for name in ("PixelData", "FloatPixelData", "DoubleFloatPixelData") if name in image)
    return bytes(image[keyword].value), False


def _frame_in(plane: Plane, data: bytes, encapsulated: bool) -> bytes:
    first, size = _span(plane)
    if encapsulated or len(data) < first + size:
        raise EOFError
    return data[first:first + size]


def _native(plane: Plane, data: bytes, order: str) -> Array:
    coding = plane.coding
    if coding.bits_allocated == 1:
        skip = plane.frame * _frame_bits(plane) % 8
        bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")[skip:skip + plane.rows * plane.columns]
        return np.asarray(bits.reshape(plane.rows, plane.columns))
    if coding.bits_allocated == 12:
        return _twelve(data, plane)
    if coding.samples == 3 and coding.photometric in _HALVED:
        pairs = spread_422(np.frombuffer(data, np.uint8), plane.rows, plane.columns)
        return rgb_of(pairs, coding.photometric)
    planar = coding.samples == 3 and _planar(plane.path, plane.path.stat().st_mtime_ns)
    samples = native_samples(data, coding, plane.rows, plane.columns, planar, order)
    return rgb_of(samples, coding.photometric) if coding.samples == 3 else samples


def _twelve(data: bytes, plane: Plane) -> Array:
    """Twelve bits allocated, two values in three bytes, as ACR-NEMA files have them."""
    bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
    start = plane.frame * _frame_bits(plane) % 8
    values = bits[start:start + plane.rows * plane.columns * 12].reshape(-1, 12).astype(np.uint16)
    return np.asarray((values << np.arange(12, dtype=np.uint16)).sum(axis=1, dtype=np.uint16).reshape(plane.rows, plane.columns))


@lru_cache(maxsize=16)
def _planar(path: Path, changed_ns: int) -> bool:
    header = pydicom.dcmread(path, stop_before_pixels=True, force=True, specific_tags=["PlanarConfiguration"])
    return int(header.get("PlanarConfiguration") or 0) == 1


def meaningful(values: Array, coding: Coding) -> Array:
    """Only the bits that belong to the value: overlays in unused bits masked away, the sign bit spread.

    A decoder may give the right bits in the other signedness, so the container is set by the header.
    """
    if coding.floating:
        return values
    size = 8 if coding.bits_allocated <= 8 else 16 if coding.bits_allocated <= 16 else 32
    container = np.dtype(f"{'i' if coding.signed else 'u'}{size // 8}")
    if values.dtype != container:
        values = values.astype(container)
    if coding.high_bit == coding.bits_stored - 1 and coding.bits_stored == size:
        return values
    up = size - 1 - coding.high_bit
    down = size - coding.bits_stored
    unused_are_clean = not coding.signed and up == down and int(values.max(initial=0)) < 1 << coding.bits_stored
    return values if unused_are_clean else np.asarray((values << up) >> down)
