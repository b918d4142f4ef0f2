"""Where a frame lies: position, directions and pixel size, and what of them could not be believed (PS3.3 C.7.6.2, C.8.4.15)."""

from dataclasses import dataclass
from functools import lru_cache
from math import acos, degrees, isfinite, sqrt
from typing import Any

from graticule.formats.dicom.frame import Sextuple, Triple
from graticule.formats.dicom.groups import Groups, number, pair, positive, several

PROJECTIONS = ("CR", "DX", "MG", "IO", "RG", "PX")
# Lengths off 1 by more, or axes off a right angle by more, are told; rounding to four decimals stays below.
_LENGTH, _COSINE = 1e-3, 1e-3
_UTMOST_COSINE = 0.01


@dataclass(frozen=True, slots=True)
class Plane:
    """position, orientation: None where the file has none or only an impossible one. axes: what was wrong with the directions."""

    position: Triple | None
    orientation: Sextuple | None
    axes: str = ""


def plane_of(groups: Groups, frame: int) -> Plane:
    """The plane of frame `frame`, counted from 0."""
    position = _triple(groups.get("PlanePositionSequence", "ImagePositionPatient"))
    directions = groups.get("PlaneOrientationSequence", "ImageOrientationPatient")
    if directions is None:
        detector = next(iter(groups.get("", "DetectorInformationSequence") or ()), None)
        if detector is not None:
            return _nuclear_plane(groups, detector, frame)
    orientation, axes = _orientation(tuple(float(part) for part in several(directions)))
    return Plane(position, orientation, axes)


def _nuclear_plane(groups: Groups, detector: Any, frame: int) -> Plane:
    """Nuclear medicine gives the first slice of a stack, its directions, and a signed step along the normal (C.8.4.15.1.2)."""
    orientation, axes = _orientation(tuple(float(part) for part in several(detector.get("ImageOrientationPatient"))))
    first = _triple(detector.get("ImagePositionPatient"))
    step = number(groups.get("", "SpacingBetweenSlices"))
    slices = several(groups.get("", "SliceVector"))
    if orientation is None or first is None or (step is None and len(slices) > 1):
        return Plane(None, orientation, axes)
    away = (int(slices[frame]) - 1 if frame < len(slices) else frame) * (step or 0.0)
    normal = _cross(orientation[:3], orientation[3:])
    return Plane((first[0] + away * normal[0], first[1] + away * normal[1], first[2] + away * normal[2]), orientation, axes)


def spacing_of(groups: Groups, modality: str) -> tuple[tuple[float, float] | None, str]:
    """((row, column) mm, which attribute said so): zero or negative spacing is no spacing."""
    pixel = pair(groups.get("PixelMeasuresSequence", "PixelSpacing"))
    detector = pair(groups.get("", "ImagerPixelSpacing"))
    if pixel is not None:
        at_detector = modality in PROJECTIONS and pixel == detector
        return pixel, "PixelSpacing, at the detector" if at_detector else "PixelSpacing"
    if modality in PROJECTIONS and detector is not None:
        return detector, "ImagerPixelSpacing, at the detector"
    scanned = pair(groups.get("", "NominalScannedPixelSpacing"))
    return (scanned, "NominalScannedPixelSpacing") if scanned is not None else (None, "")


def step_said(groups: Groups) -> float | None:
    """Spacing Between Slices; its sign, which nuclear medicine gives a meaning, is in the positions already."""
    said = number(groups.get("PixelMeasuresSequence", "SpacingBetweenSlices"))
    return positive(abs(said)) if said is not None and isfinite(said) else None


def _triple(value: Any) -> Triple | None:
    """A position; None when it is no place on earth."""
    parts = [float(part) for part in several(value)]
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 and all(abs(part) < 1e6 for part in parts) else None


@lru_cache(maxsize=4096)
def _orientation(cosines: tuple[float, ...]) -> tuple[Sextuple | None, str]:
    """(directions of length 1 and at right angles, what had to be mended); None when they are no two directions at right angles.

    A small fault is shared between row and column, so that neither is believed more than the other.
    """
    if len(cosines) != 6 or not all(isfinite(part) for part in cosines):
        return None, "" if not cosines else "The directions of the image's axes are not six numbers; they are not used."
    row, column = cosines[:3], cosines[3:]
    lengths = sqrt(_dot(row, row)), sqrt(_dot(column, column))
    if min(lengths) < 0.5 or max(lengths) > 2:
        return None, (f"The directions of the image's axes have the lengths {lengths[0]:.3g} and {lengths[1]:.3g} instead of 1; "
                      "they are not used.")
    x, y = _scaled(row, 1 / lengths[0]), _scaled(column, 1 / lengths[1])
    cosine = _dot(x, y)
    if abs(cosine) > _UTMOST_COSINE:
        return None, (f"The image's axes stand at {degrees(acos(max(-1, min(1, cosine)))):.1f}° to each other instead of 90°; "
                      "they are not used.")
    along, across = _unit(_minus(x, y, -1)), _unit(_minus(x, y, 1))  # sum and difference stand at right angles exactly
    squared_x, squared_y = _unit(_minus(along, across, -1)), _unit(_minus(along, across, 1))
    said = []
    if max(abs(length - 1) for length in lengths) > _LENGTH:
        said.append(f"have the lengths {lengths[0]:.4f} and {lengths[1]:.4f} instead of 1")
    if abs(cosine) > _COSINE:
        said.append(f"stand at {degrees(acos(cosine)):.2f}° to each other instead of 90°")
    mended = f"The directions of the image's axes {' and '.join(said)}; they were mended." if said else ""
    if abs(cosine) <= 1e-9:
        squared_x, squared_y = x, y
    return (*squared_x, *squared_y), mended


def _dot(one: tuple[float, ...], two: tuple[float, ...]) -> float:
    return one[0] * two[0] + one[1] * two[1] + one[2] * two[2]


def _scaled(vector: tuple[float, ...], factor: float) -> Triple:
    return vector[0] * factor, vector[1] * factor, vector[2] * factor


def _minus(one: Triple, two: Triple, share: float) -> Triple:
    return one[0] - share * two[0], one[1] - share * two[1], one[2] - share * two[2]


def _unit(vector: Triple) -> Triple:
    return _scaled(vector, 1 / sqrt(_dot(vector, vector)))


def _cross(one: tuple[float, ...], two: tuple[float, ...]) -> Triple:
    return one[1] * two[2] - one[2] * two[1], one[2] * two[0] - one[0] * two[2], one[0] * two[1] - one[1] * two[0]
