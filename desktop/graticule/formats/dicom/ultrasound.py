"""The regions of an ultrasound image, each with a scale of its own (PS3.3 C.8.5.5)."""

from typing import Any

from graticule.domain.picture import Calibrated

_KINDS = {1: "2D", 2: "M-mode", 3: "Doppler", 4: "waveform", 5: "graphics"}
# Units of an axis: words, and what one of the file's units is in them.
_UNITS = {1: ("%", 1.0), 2: ("dB", 1.0), 3: ("mm", 10.0), 4: ("s", 1.0), 5: ("Hz", 1.0), 7: ("cm/s", 1.0), 12: ("°", 1.0)}
_CM = 3
_HIGH_PRIORITY = 1


def regions_of(dataset: Any, columns: int, rows: int) -> tuple[Calibrated, ...]:
    """The regions in the order in which they count where they overlap: those of high priority first, then the smaller.

    A region outside the image, or without a size, is left out.
    """
    found = []
    for item in dataset.get("SequenceOfUltrasoundRegions") or ():
        region = _region(item, columns, rows)
        if region is not None:
            low = not int(item.get("RegionFlags") or 0) & _HIGH_PRIORITY
            found.append((low, (region.right - region.left) * (region.bottom - region.top), region))
    return tuple(region for _, _, region in sorted(found, key=lambda row: row[:2]))


def _region(item: Any, columns: int, rows: int) -> Calibrated | None:
    try:
        left, top, right, bottom = (int(item.get(f"RegionLocation{name}")) for name in ("MinX0", "MinY0", "MaxX1", "MaxY1"))
        across, down = int(item.get("PhysicalUnitsXDirection") or 0), int(item.get("PhysicalUnitsYDirection") or 0)
        step_x, step_y = abs(float(item.get("PhysicalDeltaX") or 0)), abs(float(item.get("PhysicalDeltaY") or 0))
        kind = int(item.get("RegionSpatialFormat") or 0)
    except (TypeError, ValueError):
        return None
    # The last column and row belong to the region.
    left, top, right, bottom = max(0, left), max(0, top), min(columns, right + 1), min(rows, bottom + 1)
    if left >= right or top >= bottom:
        return None
    real = across == _CM and down == _CM and 0 < step_x < 1e3 and 0 < step_y < 1e3
    return Calibrated(left, top, right, bottom, (step_y * 10, step_x * 10) if real else None, _KINDS.get(kind, "other"),
                      (_UNITS.get(down, ("", 1.0))[0], _UNITS.get(across, ("", 1.0))[0]))
