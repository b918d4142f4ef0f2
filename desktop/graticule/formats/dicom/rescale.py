"""From stored numbers to values in a unit: 16-bit integers when that loses nothing, else 32-bit floats."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from graticule.domain.geometry import Array
from graticule.formats.dicom.frame import Coding

_LOW, _HIGH = -32768, 32767


def value_type(codings: Iterable[Coding]) -> np.dtype[Any]:
    """int16 when every coding's values are whole and fit it; otherwise float32.

    Signed 16-bit CT with an intercept of −1024 could in theory leave int16 at the lower end, where only padding lies: it
    stays int16 and is clipped there (see `rescaled`).
    """
    return np.dtype(np.int16) if all(_fits(coding) for coding in codings) else np.dtype(np.float32)


def _fits(coding: Coding) -> bool:
    if not coding.integral or coding.bits_allocated > 16:
        return False
    if coding.signed:
        return coding.slope == 1 and -16384 <= coding.intercept <= 0
    highest = ((1 << coding.bits_stored) - 1) * coding.slope + coding.intercept
    return bool(min(highest, coding.intercept) >= _LOW and max(highest, coding.intercept) <= _HIGH)


def rescaled(stored: Array, coding: Coding, dtype: np.dtype[Any]) -> tuple[Array, bool]:
    """(values in `dtype`, whether any had to be clipped)."""
    if dtype == np.int16:
        if coding.slope == 1 and coding.intercept == 0:
            return stored.astype(np.int16), False
        if coding.slope == 1 and int(stored.min(initial=0)) + coding.intercept >= _LOW:
            return stored.astype(np.int16, copy=False) + np.int16(coding.intercept), False
        values = stored.astype(np.int32) * int(coding.slope) + int(coding.intercept)
        low = int(values.min(initial=0)) < _LOW
        return (np.maximum(values, _LOW) if low else values).astype(np.int16), low
    if coding.slope == 1 and coding.intercept == 0:
        return stored.astype(np.float32), False
    return (stored.astype(np.float64) * coding.slope + coding.intercept).astype(np.float32), False
