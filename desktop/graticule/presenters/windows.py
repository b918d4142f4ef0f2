"""Window presets by modality, on the keys 1–9. HU presets only where values are HU (a study protocol may pin its own later)."""

from collections.abc import Sequence

import numpy as np

from graticule.domain.geometry import Array
from graticule.domain.volume import Window

# Width and level as OHIF ships them.
CT_PRESETS = (Window(400, 40, "Soft tissue"), Window(1500, -600, "Lung"), Window(150, 90, "Liver"),
              Window(2500, 480, "Bone"), Window(80, 40, "Brain"))
PET_SUV = Window(10, 5, "SUV 0–10", inverted=True)
FULL, MIDDLE, FILE = "Full range", "2–98 %", "From file"
_SAMPLES = 1_000_000


def presets_for(modality: str, unit: str | None, from_file: Sequence[Window], values: Array) -> tuple[Window, ...]:
    """The presets of an image, in key order; the first is what it opens with.

    values: the samples that have arrived, any shape (a fraction is looked at when there are many).
    Windows are for the values as they are: that an image's highest value is black (MONOCHROME1) is added by `displayed`.
    """
    own = tuple(_named(window, number, len(from_file)) for number, window in enumerate(from_file, 1))[:3]
    measured = measured_windows(values)
    if modality == "CT" and unit == "HU":
        return (*CT_PRESETS, *own, measured[0])
    if modality == "PT":
        inverted = tuple(Window(w.width, w.level, w.name, inverted=True) for w in (*own, *measured))
        return (PET_SUV, *inverted) if unit == "SUV" else inverted
    return (*own, *measured)


def opening_window(modality: str, unit: str | None, from_file: Sequence[Window], presets: Sequence[Window]) -> Window:
    """The file's own window when it has one (but PET in SUV opens at SUV 0–10), else the modality's first choice."""
    if from_file and not (modality == "PT" and unit == "SUV"):
        own = from_file[0]
        return next((w for w in presets if (w.width, w.level) == (own.width, own.level)), presets[0])
    if modality in ("CT", "PT") and unit in ("HU", "SUV"):
        return presets[0]
    return next((window for window in presets if window.name == MIDDLE), presets[0])


def measured_windows(values: Array) -> tuple[Window, Window]:
    """Full range, and 2nd to 98th percentile of what is not the darkest value (air and padding would swallow the range)."""
    flat = values.reshape(-1)
    part = flat[::max(1, flat.size // _SAMPLES)]
    if part.dtype.kind == "f":
        part = part[np.isfinite(part)]
    if part.size == 0:
        return Window(1.0, 0.5, FULL), Window(1.0, 0.5, MIDDLE)
    low, high = float(part.min()), float(part.max())
    tissue = part[part > low]
    bottom, top = (float(v) for v in np.percentile(tissue, (2, 98))) if tissue.size else (low, high)
    return _between(low, high, FULL), _between(bottom, top, MIDDLE)


def dragged(window: Window, right_px: float, down_px: float) -> Window:
    """Across changes the width, along the level; the gain follows the width, so that fine windows stay fine."""
    gain = max(window.width, 1e-6) / 300.0
    width = max(window.width + right_px * gain, window.width * 0.02, 1e-3)
    return Window(width, window.level + down_px * gain, "", window.inverted)


def displayed(window: Window, dark_is_high: bool) -> Window:
    """The window as it is drawn; `dark_is_high` for an image that the file wants shown the other way round."""
    return Window(window.width, window.level, window.name, window.inverted != dark_is_high)


def text_of(window: Window) -> str:
    """"W 400  L 40  Soft tissue"."""
    digits = 0 if window.width >= 20 else 2
    name = f"  {window.name}" if window.name else ""
    return f"W {window.width:.{digits}f}  L {window.level:.{digits}f}{name}"


def _between(low: float, high: float, name: str) -> Window:
    return Window(max(high - low, 1e-3), (low + high) / 2, name)


def _named(window: Window, number: int, count: int) -> Window:
    name = window.name or (FILE if count == 1 else f"{FILE} {number}")
    return Window(window.width, window.level, name)
