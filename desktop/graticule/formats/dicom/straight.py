"""Uncompressed 16-bit slices, read by the operating system straight into their place in the volume."""

import sys
from typing import Any

import numpy as np

from graticule.domain.geometry import Array
from graticule.formats.dicom.frame import Coding
from graticule.formats.dicom.header import EXPLICIT, IMPLICIT
from graticule.formats.dicom.pixels import Plane, meaningful

_LOW = -32768


def goes_straight(plane: Plane, dtype: np.dtype[Any]) -> bool:
    """Whether the bytes in the file are the values but for an added whole number."""
    coding = plane.coding
    return (dtype == np.int16 and coding.syntax in (EXPLICIT, IMPLICIT) and plane.length >= 0 and coding.samples == 1
            and coding.bits_allocated == 16 and coding.slope == 1 and coding.photometric != "PALETTE COLOR"
            and sys.byteorder == "little")


def read_straight(file: Any, plane: Plane, out: Array) -> bool:
    """Fill `out`, (rows, columns) int16 in C order, with the values of a plane that `goes_straight`.

    file: the plane's open file, unbuffered. False when that needs more room than int16 has: then `out` must be filled in
    another way. EOFError when the file ends too soon.
    """
    file.seek(plane.offset + plane.frame * out.nbytes)
    view = out.data.cast("B")
    done = 0
    while done < len(view):
        count = file.readinto(view[done:])
        if not count:
            raise EOFError
        done += count
    return rescale_in_place(out, plane.coding)


def rescale_in_place(out: Array, coding: Coding) -> bool:
    """Stored 16-bit numbers in `out` (int16, whatever their sign) → values; False when some would not fit.

    For unsigned numbers the sum wraps round to the right value: `rescale.value_type` has seen that it fits.
    """
    stored = out if coding.signed else out.view(np.uint16)
    clean = meaningful(stored, coding)
    if clean is not stored:
        stored[...] = clean
    intercept = int(coding.intercept)
    if intercept == 0:
        return True
    if coding.signed and int(out.min(initial=0)) + intercept < _LOW:
        return False
    np.add(out, np.int16(intercept), out=out)
    return True
