"""Stored numbers of one frame out of a file, whatever the compression."""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate, generate_frames

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.formats.dicom.codecs import decoder_for
from graticule.formats.dicom.damage import DICOM_DAMAGE
from graticule.formats.dicom.frame import Coding
from graticule.formats.dicom.header import BIG_ENDIAN, DEFLATED, EXPLICIT, IMPLICIT

_PIXEL_DATA_TAG = b"\xe0\x7f\x10\x00"


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


def stored_values(plane: Plane) -> Array:
    """(rows, columns) integers as stored, in int8…int32 or their unsigned kin, or (rows, columns, 3) uint8 RGB.

    GraticuleError when the file is gone, was changed since it was listed, or cannot be decoded.
    """
    try:
        values = _decode(plane)
    except FileNotFoundError as error:
        raise GraticuleError("A file of this case is no longer where it was.",
                             "Import the case again from its new place.") from error
    except DICOM_DAMAGE as error:
        raise GraticuleError("An image of this case cannot be decoded.",
                             "It is damaged or was changed; import it again.") from error
    if values.shape[:2] != (plane.rows, plane.columns):
        raise GraticuleError("An image of this case has another size than its header says.",
                             "Ask the sender for the original file.")
    return values


def _decode(plane: Plane) -> Array:
    coding = plane.coding
    if coding.samples == 3 or coding.photometric == "PALETTE COLOR":
        return _colour(plane)
    if coding.syntax in (IMPLICIT, EXPLICIT) and plane.length >= 0:
        return meaningful(_native(plane), coding)
    if coding.syntax in (BIG_ENDIAN, DEFLATED, IMPLICIT, EXPLICIT) or plane.offset < 0:
        return meaningful(_by_pydicom(plane), coding)
    return meaningful(_compressed(plane), coding)


def _container(coding: Coding) -> np.dtype[Any]:
    return np.dtype(f"<{'i' if coding.signed else 'u'}{coding.bits_allocated // 8}")


def _native(plane: Plane) -> Array:
    """Read the bytes where the header pass found them, after a look that they still begin there."""
    dtype = _container(plane.coding)
    size = plane.rows * plane.columns * dtype.itemsize
    with plane.path.open("rb") as file:
        file.seek(plane.offset - 12)
        if _PIXEL_DATA_TAG not in file.read(12):
            raise ValueError("pixel data moved")
        file.seek(plane.offset + plane.frame * size)
        data = file.read(size)
    if len(data) < size:
        raise EOFError
    return np.frombuffer(data, dtype).reshape(plane.rows, plane.columns)


def _compressed(plane: Plane) -> Array:
    # An enhanced file is taken apart once, not once per frame; its time of change keeps the memory of it honest.
    take_apart = _encoded_frames if plane.of > 1 else _encoded_frames.__wrapped__
    data = take_apart(plane.path, plane.offset, plane.of, plane.path.stat().st_mtime_ns)[plane.frame]
    decode = decoder_for(plane.coding.syntax)
    if decode is None:
        return _by_pydicom_frame(plane, data)
    try:
        return np.asarray(decode(data))
    except DICOM_DAMAGE:
        return _by_pydicom_frame(plane, data)


@lru_cache(maxsize=4)
def _encoded_frames(path: Path, offset: int, of: int, changed_ns: int) -> list[bytes]:
    """The encoded frames of a file; fragments are put together even without an offset table."""
    with path.open("rb") as file:
        file.seek(offset - 12)
        if _PIXEL_DATA_TAG not in file.read(12):
            raise ValueError("pixel data moved")
        return list(generate_frames(BytesIO(file.read()), number_of_frames=of))


def _by_pydicom_frame(plane: Plane, data: bytes) -> Array:
    """Decode one encoded frame by whichever decoder pydicom has for it."""
    coding = plane.coding
    image = pydicom.Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = coding.syntax
    image.Rows, image.Columns = plane.rows, plane.columns
    image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
    image.BitsAllocated, image.BitsStored, image.HighBit = coding.bits_allocated, coding.bits_stored, coding.bits_stored - 1
    image.PixelRepresentation = int(coding.signed)
    image.PixelData = encapsulate([data])
    image["PixelData"].is_undefined_length = True
    return np.asarray(image.pixel_array)


def _by_pydicom(plane: Plane) -> Array:
    image = pydicom.dcmread(plane.path, force=True)  # by path, pydicom would not inflate a deflated file
    return np.asarray(pydicom.pixels.pixel_array(image, index=plane.frame, raw=True))


def _colour(plane: Plane) -> Array:
    """RGB by pydicom, which knows YBR and planar configurations; palettes are looked up, 16 bit is brought to 8."""
    image = pydicom.dcmread(plane.path)
    values = pydicom.pixels.pixel_array(image, index=plane.frame)
    if plane.coding.photometric == "PALETTE COLOR":
        values = pydicom.pixels.apply_color_lut(values, image)
    if values.dtype != np.uint8:
        values = (values >> (8 * values.dtype.itemsize - 8)).astype(np.uint8)
    return np.asarray(values)


def meaningful(values: Array, coding: Coding) -> Array:
    """Only the bits that belong to the value: overlays in unused bits masked away, the sign bit spread.

    A decoder may give the right bits in the other signedness, so the container is set by the header.
    """
    container = np.dtype(f"{'i' if coding.signed else 'u'}{coding.bits_allocated // 8}")
    if values.dtype != container:
        values = values.astype(container)
    if coding.high_bit == coding.bits_stored - 1 and coding.bits_stored == coding.bits_allocated:
        return values
    up = coding.bits_allocated - 1 - coding.high_bit
    down = coding.bits_allocated - coding.bits_stored
    unused_are_clean = not coding.signed and up == down and int(values.max(initial=0)) < 1 << coding.bits_stored
    return values if unused_are_clean else np.asarray((values << up) >> down)
