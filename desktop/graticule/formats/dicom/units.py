"""What a rescaled number means: Hounsfield units, body-weight SUV, or nothing that may be compared between scanners."""

from datetime import datetime, timedelta
from typing import Any


def ct_unit(rescale_type: str, image_type: tuple[str, ...]) -> str | None:
    """"HU" when the file says so (PS3.3 C.11.1.1.2), or says nothing and is an original or axial CT image; otherwise None."""
    if rescale_type:
        return "HU" if rescale_type.upper() in ("HU", "HOUNSFIELD UNITS") else None
    if not image_type or "LOCALIZER" in image_type:
        return None
    return "HU" if image_type[0] == "ORIGINAL" or "AXIAL" in image_type[2:3] else None


def pet_unit(header: Any) -> tuple[str | None, float]:
    """(unit, factor on the rescaled values): ("SUV", f) when the file justifies SUV by body weight, otherwise its own unit.

    Follows the QIBA vendor-neutral recipe; a scan time later than the acquisition (as after post-processing) justifies nothing.
    """
    units = str(header.get("Units") or "").upper()
    if units == "GML" and str(header.get("SUVType") or "BW").upper() == "BW":
        return "SUV", 1.0
    if units == "BQML":
        factor = _suv_factor(header)
        return ("SUV", factor) if factor is not None else ("Bq/ml", 1.0)
    return ({"CNTS": "counts", "GML": "g/ml", "CM2ML": "cm2/ml", "PROPCNTS": "counts"}.get(units, units.lower() or None)), 1.0


def _suv_factor(header: Any) -> float | None:
    corrected = {str(part).upper() for part in header.get("CorrectedImage") or ()}
    tracer = next(iter(header.get("RadiopharmaceuticalInformationSequence") or ()), None)
    if not {"ATTN", "DECY"} <= corrected or tracer is None:
        return None
    weight_g = 1000 * float(header.get("PatientWeight") or 0)
    dose_bq = float(tracer.get("RadionuclideTotalDose") or 0)
    decay = _decay(header, tracer)
    if weight_g <= 0 or dose_bq <= 0 or decay is None:
        return None
    return weight_g / (dose_bq * decay)


def _decay(header: Any, tracer: Any) -> float | None:
    """The share of the dose left at the moment to which the voxels are corrected; None when that is not known."""
    correction = str(header.get("DecayCorrection") or "").upper()
    if correction == "ADMIN":
        return 1.0
    half_life_s = float(tracer.get("RadionuclideHalfLife") or 0)
    scan = _moment(header.get("SeriesDate"), header.get("SeriesTime"))
    acquired = _moment(header.get("AcquisitionDate"), header.get("AcquisitionTime"))
    injected = _injected(header, tracer, scan)
    if correction != "START" or half_life_s <= 0 or scan is None or acquired is None or injected is None or scan > acquired:
        return None
    waited_s = (scan - injected).total_seconds()
    return float(0.5 ** (waited_s / half_life_s)) if 0 <= waited_s < 20 * half_life_s else None


def _injected(header: Any, tracer: Any, scan: datetime | None) -> datetime | None:
    stamp = str(tracer.get("RadiopharmaceuticalStartDateTime") or "")
    if len(stamp) >= 14:
        return _moment(stamp[:8], stamp[8:])
    at = _moment(header.get("SeriesDate"), tracer.get("RadiopharmaceuticalStartTime"))
    if at is not None and scan is not None and at > scan:
        at -= timedelta(days=1)  # injected before midnight, scanned after it
    return at


def _moment(date: Any, time: Any) -> datetime | None:
    digits = str(time or "").split(".")[0].split("+")[0].split("-")[0].replace(":", "").ljust(6, "0")[:6]
    try:
        return datetime.strptime(str(date or "").replace(".", "") + digits, "%Y%m%d%H%M%S")
    except ValueError:
        return None
