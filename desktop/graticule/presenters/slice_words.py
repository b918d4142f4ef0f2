"""The words round a slice: where it lies, how large it is drawn, what is doubtful, and what the pointer is on."""

from functools import lru_cache

import numpy as np

from graticule.domain.geometry import Floats, letters_for
from graticule.domain.volume import Volume
from graticule.imaging.gaps import gap_at
from graticule.imaging.orientation import Slices


def slice_text(slices: Slices, index: int, *, oriented: bool) -> tuple[str, ...]:
    """("Slice 12 / 19", "H 20.0 mm", "5.0 mm apart"): counted in reading order."""
    word = "apart" if slices.places_mm is None else "to the next"
    apart = "" if slices.count < 2 else f"{_hundredths(slices.apart_mm(index))} mm {word}"
    words = (f"Slice {index + 1} / {slices.count}", position_text(slices, index, oriented=oriented), apart)
    return tuple(text for text in words if text)


def _hundredths(mm: float) -> str:
    """"5.0", but "1.25": a spacing is not rounded to something else than what the case's title says."""
    text = f"{mm:.2f}"
    return text[:-1] if text.endswith("0") else text


def position_text(slices: Slices, index: int, *, oriented: bool) -> str:
    """Where the slice lies: "H 20.0 mm" is 20 mm towards the head of the frame's origin."""
    along = slices.position_mm(index)
    letters = letters_for(slices.onward if along >= 0 else -slices.onward, oriented)
    return f"{letters} {abs(along):.1f} mm" if letters != "?" else f"{along:.1f} mm"


def slice_warnings(volume: Volume, k: int | None) -> tuple[str, ...]:
    """What must be known of this slice; k: its number in the series, None when the view crosses the slices."""
    if k is None and volume.thick:
        return (f"Slices {volume.grid.spacing_mm[0]:.1f} mm apart: what lies between is interpolated",)
    return ("This slice is still loading",) if k is not None and not volume.arrived[k] else ()


def read_out(volume: Volume, at_mm: Floats, segment: str) -> str:
    """The words for the status bar: place, voxel, value with unit, segment."""
    oriented = volume.grid.oriented
    place = "  ".join(f"{_letter(axis, value, oriented)} {abs(value):.1f}" for axis, value in enumerate(at_mm)) + " mm"
    voxel = volume.grid.voxel_at(at_mm)
    if voxel is None:
        return place
    gap = gap_at(volume.grid, at_mm)
    if gap is not None:
        return "   ".join(part for part in (place, gap.words, segment) if part)
    value = volume.value_at(at_mm)
    amount = "not loaded yet" if value is None else f"{value:g} {volume.unit or ''}".strip()
    return "   ".join(part for part in (place, "voxel " + ", ".join(str(v) for v in voxel), amount, segment) if part)


def _letter(axis: int, value: float, oriented: bool) -> str:
    return _towards(axis, bool(value >= 0)) if oriented else "xyz"[axis] + ("−" if value < 0 else "")


@lru_cache(maxsize=6)
def _towards(axis: int, positive: bool) -> str:
    direction = np.zeros(3)
    direction[axis] = 1.0 if positive else -1.0
    return letters_for(direction)
