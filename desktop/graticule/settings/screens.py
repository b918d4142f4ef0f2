"""How large a pixel of each screen is, as somebody measured it: a small JSON file beside the settings."""

import json
import math
import os
from pathlib import Path

# A pixel smaller or larger than this is a slip of the ruler, not a screen (a phone has 0.05 mm).
SMALLEST_MM, LARGEST_MM = 0.03, 1.5


def load_screens(path: Path) -> dict[str, float]:
    """Millimetres of a device pixel by screen identity; empty when the file is missing or cannot be used."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    pairs = values.items() if isinstance(values, dict) else ()
    return {name: float(mm) for name, mm in pairs if isinstance(mm, int | float) and believable(float(mm))}


def save_screen(path: Path, identity: str, pixel_mm: float) -> None:
    """Keep what was measured of one screen; ValueError for a size no screen has."""
    if not believable(pixel_mm):
        raise ValueError(f"a pixel of {pixel_mm} mm")
    known = load_screens(path) | {identity: round(pixel_mm, 5)}
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(known, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(fresh, path)


def believable(pixel_mm: float) -> bool:
    return math.isfinite(pixel_mm) and SMALLEST_MM <= pixel_mm <= LARGEST_MM
