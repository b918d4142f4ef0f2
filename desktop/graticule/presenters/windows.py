"""Window presets by modality, on the keys 1–9. HU presets only where values are HU (a study protocol may pin its own later)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from graticule.domain.geometry import Array
from graticule.domain.volume import LINEAR, LINEAR_EXACT, Window

# Width and level as OHIF ships them.
CT_PRESETS = (Window(400, 40, "Soft tissue"), Window(1500, -600, "Lung"), Window(150, 90, "Liver"),
              Window(2500, 480, "Bone"), Window(80, 40, "Brain"))
PET_SUV = Window(10, 5, "SUV 0–10", inverted=True, function=LINEAR_EXACT)
FULL, MIDDLE, FILE = "Full range", "2–98 %", "From file"
_SAMPLES = 1_000_000
_MOST_FROM_FILE = 5


def presets_for(modality: str, unit: str | None, from_file: Sequence[Window], values: Array,
                blank: tuple[float, float] | None = None) -> tuple[Window, ...]:
    """The presets of an image, in key order; the first is what it opens with.

    values: the samples that have arrived, any shape (a fraction is looked at when there are many). blank: the values that are
    padding, which are left out. Windows are for the values as they are: that an image's highest value is black (MONOCHROME1)
    is added by `displayed`. A table or sigmoid of the file is a preset like any other.
    """
    own = tuple(_named(window, number, len(from_file)) for number, window in enumerate(from_file, 1))[:_MOST_FROM_FILE]
    measured = measured_windows(values, blank)
    if modality == "CT" and unit == "HU":
        return (*CT_PRESETS, *own, measured[0])[:9]
    if modality == "PT":
        inverted = tuple(replace(window, inverted=True) for window in (*own, *measured))
        return (PET_SUV, *inverted) if unit == "SUV" else inverted
    return (*own, *measured)


def opening_window(modality: str, unit: str | None, from_file: Sequence[Window], presets: Sequence[Window]) -> Window:
    """The file's own window when it has one (but PET in SUV opens at SUV 0–10), else the modality's first choice."""
    if from_file and not (modality == "PT" and unit == "SUV"):
        own = from_file[0]
        return next((w for w in presets if _same_greys(w, own)), presets[0])
    if modality in ("CT", "PT") and unit in ("HU", "SUV"):
        return presets[0]
    return next((window for window in presets if window.name == MIDDLE), presets[0])


def measured_windows(values: Array, blank: tuple[float, float] | None = None) -> tuple[Window, Window]:
    """Full range, and 2nd to 98th percentile of what is not the darkest value (air and padding would swallow the range)."""
    flat = values.reshape(-1)
    part = flat[::max(1, flat.size // _SAMPLES)]
    if part.dtype.kind == "f":
        part = part[np.isfinite(part)]
    if blank is not None:
        part = part[(part < blank[0]) | (part > blank[1])]
    if part.size == 0:
        return _between(0.0, 1.0, FULL), _between(0.0, 1.0, MIDDLE)
    low, high = float(part.min()), float(part.max())
    tissue = part[part > low]
    bottom, top = (float(v) for v in np.percentile(tissue, (2, 98))) if tissue.size else (low, high)
    return _between(low, high, FULL), _between(bottom, top, MIDDLE)


def dragged(window: Window, right_px: float, down_px: float) -> Window:
    """Across changes the width, along the level; the gain follows the width, so that fine windows stay fine.

    A sigmoid stays one (mammograms are prepared for it); a table has no width of its own and becomes a straight line.
    """
    gain = max(window.width, 1e-6) / 300.0
    function = LINEAR if window.table is not None else window.function
    least = 1.0 if function == LINEAR and window.width >= 1 else 1e-3
    width = max(window.width + right_px * gain, window.width * 0.02, least)
    return replace(window, width=width, level=window.level + down_px * gain, name="", function=function, table=None)


def displayed(window: Window, dark_is_high: bool, blank: tuple[float, float] | None = None) -> Window:
    """The window as it is drawn; `dark_is_high` for an image that the file wants shown the other way round."""
    return replace(window, inverted=window.inverted != dark_is_high, blank=blank)


def text_of(window: Window) -> str:
    """"W 400  L 40  Soft tissue"; a table has neither width nor level, only a name."""
    if window.table is not None:
        return f"Table  {window.name or FILE}"
    digits = 0 if window.width >= 20 else 2
    name = f"  {window.name}" if window.name else ""
    kind = "" if window.function in (LINEAR, LINEAR_EXACT) else "  sigmoid"
    return f"W {window.width:.{digits}f}  L {window.level:.{digits}f}{kind}{name}"


def window_state(window: Window) -> list[Any]:
    """A window as the desk remembers it; a table is remembered by its name, since the file still has it."""
    return [window.width, window.level, window.name, window.inverted, window.function, window.table is not None]


def window_from(state: Sequence[Any], presets: Sequence[Window]) -> Window | None:
    """The window of `window_state`; None when it was a table that the file no longer has."""
    width, level, name, inverted, function, table = [*state, LINEAR, False][:6] if len(state) == 4 else list(state)
    if table:
        return next((window for window in presets if window.table is not None and window.name == name), None)
    return Window(float(width), float(level), str(name), bool(inverted), str(function))


def _same_greys(one: Window, other: Window) -> bool:
    return one.table is other.table and (one.width, one.level, one.function) == (other.width, other.level, other.function)


def _between(low: float, high: float, name: str) -> Window:
    return Window(max(high - low, 1e-3), (low + high) / 2, name, function=LINEAR_EXACT)


def _named(window: Window, number: int, count: int) -> Window:
    return replace(window, name=window.name or (FILE if count == 1 else f"{FILE} {number}"), inverted=False)
