"""From stored numbers to values in a unit: 16-bit integers when that loses nothing, else floats."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from graticule.domain.geometry import Array
from graticule.formats.dicom.frame import Coding
from graticule.formats.dicom.lut import Table, table_of

_LOW, _HIGH = -32768, 32767
# float32 holds every whole number up to 2^24.
_WHOLE_IN_FLOAT32 = 24


def value_type(codings: Iterable[Coding], table: Table | None = None) -> np.dtype[Any]:
    """int16 when every coding's values are whole and fit it; float64 when float32 would round them; otherwise float32.

    Signed 16-bit CT with an intercept of −1024 could in theory leave int16 at the lower end, where only padding lies: it
    stays int16 and is clipped there (see `rescaled`).
    """
    codings = list(codings)
    if table is not None:
        return np.dtype(np.int16) if int(table.entries.max(initial=0)) <= _HIGH else np.dtype(np.float32)
    if all(_fits(coding) for coding in codings):
        return np.dtype(np.int16)
    deep = any(coding.bits_allocated == 64 or (not coding.floating and coding.bits_stored > _WHOLE_IN_FLOAT32)
               for coding in codings)
    return np.dtype(np.float64 if deep else np.float32)


def _fits(coding: Coding) -> bool:
    if coding.floating or not coding.integral or coding.bits_allocated > 16:
        return False
    if coding.signed:
        low, high = -(1 << (coding.bits_stored - 1)), (1 << (coding.bits_stored - 1)) - 1
        ends = sorted((low * coding.slope + coding.intercept, high * coding.slope + coding.intercept))
        return bool(ends[0] >= _LOW and ends[1] <= _HIGH) or (coding.slope == 1 and -16384 <= coding.intercept <= 0)
    highest = ((1 << coding.bits_stored) - 1) * coding.slope + coding.intercept
    return bool(min(highest, coding.intercept) >= _LOW and max(highest, coding.intercept) <= _HIGH)


def rescaled(stored: Array, coding: Coding, dtype: np.dtype[Any], table: Table | None = None) -> tuple[Array, bool]:
    """(values in `dtype`, whether any had to be clipped). table: the file's Modality LUT, which then stands for the rescale."""
    if table is not None:
        return table_values(stored, table).astype(dtype), False
    if dtype == np.int16:
        if coding.slope == 1 and coding.intercept == 0:
            return stored.astype(np.int16), False
        if coding.slope == 1 and int(stored.min(initial=0)) + coding.intercept >= _LOW:
            return stored.astype(np.int16, copy=False) + np.int16(coding.intercept), False
        values = stored.astype(np.int32) * int(coding.slope) + int(coding.intercept)
        low = int(values.min(initial=0)) < _LOW
        return (np.maximum(values, _LOW) if low else values).astype(np.int16), low
    if coding.slope == 1 and coding.intercept == 0:
        return stored.astype(dtype), False
    return (stored.astype(np.float64) * coding.slope + coding.intercept).astype(dtype), False


def table_values(stored: Array, table: Table) -> Array:
    """PS3.3 C.11.1.1.1: the entry of each value, of those outside the nearest end's."""
    return np.asarray(table.entries[np.clip(stored.astype(np.int64) - table.first, 0, table.entries.size - 1)])


def modality_table(dataset: Any) -> Table | None:
    """The Modality LUT Sequence of a file; None when it has none that is whole. It excludes a rescale (PS3.3 C.11.1)."""
    item = next(iter(dataset.get("ModalityLUTSequence") or ()), None)
    return None if item is None else table_of(item, signed_input=int(dataset.get("PixelRepresentation") or 0) == 1)


def padding_of(dataset: Any, coding: Coding, table: Table | None = None) -> tuple[float, float] | None:
    """(lowest, highest) value after rescale that is padding (PS3.3 C.7.5.1.1.2); None when the file names none."""
    keywords = ("FloatPixelPaddingValue", "FloatPixelPaddingRangeLimit") if coding.bits_allocated == 32 else \
        ("DoubleFloatPixelPaddingValue", "DoubleFloatPixelPaddingRangeLimit")
    first, last = (dataset.get(name) for name in (keywords if coding.floating else
                                                  ("PixelPaddingValue", "PixelPaddingRangeLimit")))
    if not isinstance(first, int | float):
        return None
    ends = np.array([first, last if isinstance(last, int | float) else first], dtype=np.float64)
    if not coding.floating:
        ends = _as_stored(ends, coding)
    values = table_values(ends, table) if table is not None else ends * coding.slope + coding.intercept
    return float(values.min()), float(values.max())


def _as_stored(ends: Array, coding: Coding) -> Array:
    """Writers give the number with either sign, whatever the pixels have."""
    whole = 1 << max(16, coding.bits_allocated)
    if coding.signed:
        return np.where(ends >= whole // 2, ends - whole, ends)
    return np.where(ends < 0, ends + whole, ends)
