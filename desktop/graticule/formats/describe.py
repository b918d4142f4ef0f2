"""What `graticule show` says about a case: the fields of cli.md, each a JSON type."""

from typing import Any

import numpy as np

from graticule.domain.case import Case
from graticule.domain.geometry import Floats
from graticule.domain.picture import Calibrated, Picture
from graticule.domain.recording import Recording
from graticule.domain.volume import Volume
from graticule.formats.facts import floats
from graticule.formats.family import Content


def describe(case: Case, content: Content) -> dict[str, Any]:
    """The `show` object of a case whose samples have arrived."""
    start = {"case": case.id, "kind": case.kind.value, "modality": case.modality, "title": case.title}
    if isinstance(content, Volume):
        return start | _volume(case, content)
    if isinstance(content, Picture):
        return start | _picture(case, content)
    return start | _recording(content)


def values(content: Content) -> np.ndarray[Any, Any]:
    """The decoded samples: (k, j, i), (row, column[, 3]) or, of a loop, (frame, row, column[, 3]); of an ECG (tick, lead) float64
    in the leads' unit.

    A lead slower than the record clock has NaN between its samples, as every lead has where there was no signal.
    """
    if isinstance(content, Volume):
        return content.voxels
    if isinstance(content, Picture):
        return content.pixels if content.frames is None else content.frames
    table = np.full((content.ticks, len(content.leads)), np.nan)
    for column, lead in enumerate(content.leads):
        part = table[::lead.step, column]
        samples = lead.physical()[:part.size]
        part[:samples.size] = samples
    return table


def _volume(case: Case, volume: Volume) -> dict[str, Any]:
    grid = volume.grid
    scaled = bool(case.facts.get("scaled", True))
    positions = floats(case.facts["positions"]) if "positions" in case.facts else _first_pixels(volume)
    k, j, i = grid.spacing_mm
    return {
        "shape": list(grid.shape), "spacing_mm": [round(k, 9), round(j, 9), round(i, 9)] if scaled else None,
        "origin": grid.origin_mm.tolist(), "direction": grid.direction.tolist(),
        "positions_mm": (positions @ grid.normal).tolist(),
        "tilt_deg": round(grid.tilt_deg, 3), "tilt_x_deg": _number(case, "tilt_x_deg"), "tilt_y_deg": _number(case, "tilt_y_deg"),
        "jitter_mm": _number(case, "jitter_mm"), "spacing_error_mm": round(float(case.facts.get("spacing_error_mm", 0)), 4),
        "missing": int(case.facts.get("missing", 0)), "missing_at": case.facts.get("missing_at", []),
        "even": bool(case.facts.get("even", grid.levels is None)),
        "frames_of_reference": [volume.frame_of_reference] if volume.frame_of_reference else [],
        "transfer_syntax": case.facts.get("transfer_syntax"), "unit": volume.unit, "range": _range(volume.voxels),
        "oriented": grid.oriented,
        "interpretation": case.facts.get("interpretation", ""), "alternatives": case.facts.get("alternatives", []),
        "sheet": [list(row) for row in volume.signs], "warnings": _warnings(case, volume),
    }


def _number(case: Case, name: str) -> float | None:
    return float(case.facts[name]) if name in case.facts else None


def _first_pixels(volume: Volume) -> Floats:
    count = volume.grid.shape[0]
    return volume.grid.to_patient(np.stack([np.zeros(count), np.zeros(count), np.arange(count)], axis=1))


def _picture(case: Case, picture: Picture) -> dict[str, Any]:
    return {
        "rows": picture.rows, "columns": picture.columns, "frames": picture.count, "photometric": picture.photometric,
        "pixel_mm": _pixel_mm(picture), "pixel_mm_source": picture.pixel_mm_source,
        "regions": [_region(part) for part in picture.calibrated], "orientation_applied": picture.orientation_applied,
        "transfer_syntax": picture.facts.get("transfer_syntax"), "range": _range(values(picture)),
        "sheet": [list(row) for row in picture.signs], "warnings": _warnings(case, picture),
    }


def _pixel_mm(picture: Picture) -> list[float] | None:
    """(row, column) mm of the picture, or of its ultrasound regions when all that have a scale in mm have the same."""
    sizes = {picture.pixel_mm} if picture.pixel_mm else {part.pixel_mm for part in picture.calibrated if part.pixel_mm}
    return list(sizes.pop()) if len(sizes) == 1 else None


def _region(part: Calibrated) -> dict[str, Any]:
    """A part of an ultrasound image with its own scale: columns and rows [first, last)."""
    return {"kind": part.kind, "columns": [part.left, part.right], "rows": [part.top, part.bottom],
            "pixel_mm": list(part.pixel_mm) if part.pixel_mm else None, "units": list(part.axes)}


def _recording(recording: Recording) -> dict[str, Any]:
    units = list(dict.fromkeys(lead.unit for lead in recording.leads))
    return {
        "leads": [lead.name for lead in recording.leads], "rate_hz": float(recording.rate), "samples": recording.ticks,
        "duration_s": recording.duration_s, "unit": units[0] if len(units) == 1 else units,
        "warnings": [doubt.text for doubt in recording.doubts],
    }


def _range(values: np.ndarray[Any, Any]) -> list[int | float]:
    low, high = values.min(), values.max()
    return [int(low), int(high)] if values.dtype.kind in "iu" else [float(low), float(high)]


def _warnings(case: Case, content: Volume | Picture) -> list[str]:
    """What was found when the case was listed and when it was opened; a picture's opening knows all that its listing did."""
    listed = () if isinstance(content, Picture) else case.warnings
    return list(dict.fromkeys([*listed, *(doubt.text for doubt in content.doubts)]))
