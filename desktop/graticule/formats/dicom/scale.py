"""Millimetres in a picture: which attribute justifies them, and where in the patient they hold (PS3.3 10.7.1, C.8.5.5)."""

from dataclasses import dataclass
from typing import Any

from graticule.domain.picture import Calibrated
from graticule.domain.volume import Doubt
from graticule.formats.dicom.groups import Groups
from graticule.formats.dicom.ultrasound import regions_of

PROJECTIONS = ("CR", "DX", "MG", "IO", "RG", "PX", "XA", "RF")
_NO_SCALE = Doubt("no-scale", "The file gives no valid pixel size: nothing can be measured in mm.")
_AT_DETECTOR = Doubt("detector-scale",
                     "Millimetres are at the detector: structures in the patient are smaller than they measure.")
_ESTIMATED = Doubt("estimated-scale", "Millimetres in the patient are estimated from the magnification that the file states.")
_ON_FILM = Doubt("film-scale", "Millimetres are on the scanned film: structures in the patient are smaller than they measure.")
_LOOSE = Doubt("loose-scale",
               "The file gives a pixel size but no ultrasound region: it may not hold for every part of the image.")
_CALIBRATIONS = {"FIDUCIAL": "calibrated by an object of known size", "GEOMETRY": "corrected for magnification"}
Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Scale:
    """pixel_mm: (row, column) mm or None. source: words for the caption. aspect: height of a pixel by its width."""

    pixel_mm: Pair | None
    source: str
    aspect: float = 1.0
    doubts: tuple[Doubt, ...] = ()
    calibrated: tuple[Calibrated, ...] = ()


def scale_of(dataset: Any, columns: int, rows: int, frame: int = 0) -> Scale:
    """The scale of a picture of a file. dataset: a pydicom Dataset up to its pixels."""
    groups, modality = Groups(dataset, frame), str(dataset.get("Modality") or "")
    regions = regions_of(dataset, columns, rows) if dataset.get("SequenceOfUltrasoundRegions") else ()
    if regions:
        return Scale(None, "the ultrasound region", calibrated=regions, aspect=_aspect_of(regions))
    pixel = _pair(groups.get("PixelMeasuresSequence", "PixelSpacing"))
    if modality in PROJECTIONS:
        found = _projection(groups, pixel)
    elif pixel is not None:
        found = Scale(pixel, "PixelSpacing", doubts=(_LOOSE,) if modality == "US" else ())
    else:
        found = _scanned(groups)
    if found.pixel_mm is not None:
        return found
    return Scale(None, "", _aspect(dataset), (_NO_SCALE,) if modality in (*PROJECTIONS, "US") else ())


def _projection(groups: Groups, pixel: Pair | None) -> Scale:
    """A shadow: a length at the detector is larger than in the patient, unless somebody corrected it."""
    detector = _pair(groups.get("FramePixelDataPropertiesSequence", "ImagerPixelSpacing"))
    calibration = str(groups.get("", "PixelSpacingCalibrationType") or "").strip().upper()
    if pixel is not None and (calibration in _CALIBRATIONS or (detector is not None and not _same(pixel, detector))):
        return Scale(pixel, f"PixelSpacing, {_CALIBRATIONS.get(calibration, 'corrected for magnification')}")
    if pixel is not None and detector is None:
        return Scale(pixel, "PixelSpacing")
    factor = _positive(groups.get("FramePixelDataPropertiesSequence", "EstimatedRadiographicMagnificationFactor"))
    if detector is not None and factor is not None and 1.0 < factor < 10:
        in_patient = detector[0] / factor, detector[1] / factor
        return Scale(in_patient, f"ImagerPixelSpacing ÷ {factor:.4g}, estimated", doubts=(_ESTIMATED,))
    if detector is None:
        return _scanned(groups)
    words = "PixelSpacing, at the detector" if pixel is not None else "ImagerPixelSpacing, at the detector"
    return Scale(detector, words, doubts=(_AT_DETECTOR,))


def _scanned(groups: Groups) -> Scale:
    film = _pair(groups.get("", "NominalScannedPixelSpacing"))
    return Scale(film, "NominalScannedPixelSpacing, on the film", doubts=(_ON_FILM,)) if film else Scale(None, "")


def _aspect(dataset: Any) -> float:
    """Pixel Aspect Ratio (0028,0034): vertical by horizontal size."""
    pair = _pair(dataset.get("PixelAspectRatio"))
    return pair[0] / pair[1] if pair and 0.05 < pair[0] / pair[1] < 20 else 1.0


def _aspect_of(regions: tuple[Calibrated, ...]) -> float:
    sizes = [region.pixel_mm for region in regions if region.pixel_mm and region.kind == "2D"]
    return sizes[0][0] / sizes[0][1] if sizes and not _same((sizes[0][0],) * 2, (sizes[0][1],) * 2) else 1.0


def _same(one: Pair, other: Pair) -> bool:
    return all(abs(a - b) <= 1e-6 * max(a, b) for a, b in zip(one, other))


def _positive(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if 0 < number < 1e6 else None


def _pair(value: Any) -> Pair | None:
    parts = [_positive(part) for part in value] if value is not None and not isinstance(value, str | int | float) else []
    return (parts[0], parts[1]) if len(parts) == 2 and parts[0] and parts[1] else None
