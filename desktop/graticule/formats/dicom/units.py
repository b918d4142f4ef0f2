"""What a rescaled number means: Hounsfield units, a standard uptake value, or nothing that may be compared between scanners."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, log
from typing import Any

import pydicom

from graticule.formats.dicom.damage import DICOM_DAMAGE
from graticule.formats.dicom.groups import several

SUV, SUV_LEAN, SUV_SURFACE, ACTIVITY, COUNTS = "SUV", "SUVlbm", "SUVbsa", "Bq/ml", "counts"
_PHILIPS, _GE = "Philips PET Private Group", "GEMS_PETD_01"


@dataclass(frozen=True, slots=True)
class Unit:
    """name: None for arbitrary numbers. factor: what values after rescale are multiplied with. why: a sentence when the values
    are not what a reader of this modality expects.
    """

    name: str | None
    factor: float = 1.0
    why: str = ""


class _Lacking(Exception):
    """A reason, told to the reader, and no fault: what an SUV would need and the file does not give."""


def ct_unit(rescale_type: str, image_type: tuple[str, ...]) -> str | None:
    """"HU" when the file says so (PS3.3 C.11.1.1.2), or says nothing and is an original or axial CT image; otherwise None."""
    if rescale_type:
        return "HU" if rescale_type.upper() in ("HU", "HOUNSFIELD UNITS") else None
    if not image_type or "LOCALIZER" in image_type:
        return None
    return "HU" if image_type[0] == "ORIGINAL" or "AXIAL" in image_type[2:3] else None


def pet_unit(header: Any, path: Any = None) -> Unit:
    """SUV by body weight when the file justifies it, otherwise its own unit and why.

    header: keyword → value of one image. path: its file, for the makers' private elements. Follows the vendor-neutral recipe of
    QIBA (FDG-PET/CT Profile, Appendix G); values that were not corrected for decay are set against the dose left at their time.
    """
    units = str(header.get("Units") or "").upper()
    if units in ("GML", "CM2ML"):
        return _stated(units, str(header.get("SUVType") or "").upper())
    if units == "CNTS":
        return _philips(header, path)
    if units == "BQML":
        return _from_activity(header, path, 1.0)
    known = {"PROPCNTS": COUNTS}.get(units, units.lower() or None)
    return Unit(known, 1.0, f"PET values are in {known or 'unnamed units'}: they are no SUV.")


def _stated(units: str, kind: str) -> Unit:
    """Values the scanner had already turned into SUV (PS3.3 C.8.9.1.1.3): by weight when GML names no kind."""
    name = {("GML", ""): SUV, ("GML", "BW"): SUV, ("GML", "LBM"): SUV_LEAN, ("GML", "LBMJAMES128"): SUV_LEAN,
            ("GML", "LBMJANMA"): SUV_LEAN, ("CM2ML", "BSA"): SUV_SURFACE, ("CM2ML", ""): SUV_SURFACE}.get((units, kind))
    by = {SUV_LEAN: "lean body mass", SUV_SURFACE: "body surface"}.get(name or "")
    if name is None:
        return Unit("g/ml" if units == "GML" else "cm2/ml", 1.0, f"PET values are SUV of a kind the file calls “{kind}”.")
    return Unit(name, 1.0, f"SUV is by {by}, not by body weight." if by else "")


def _philips(header: Any, path: Any) -> Unit:
    """Counts, with Philips' own factors to SUV (7053,xx00) or to Bq/ml (7053,xx09)."""
    suv, activity = _private_number(path, 0x7053, _PHILIPS, 0x00), _private_number(path, 0x7053, _PHILIPS, 0x09)
    if suv:
        return Unit(SUV, suv)
    if activity:
        return _from_activity(header, path, activity)
    return Unit(COUNTS, 1.0, "PET values are counts, and the file does not say how many are one Bq/ml: they are no SUV.")


def _from_activity(header: Any, path: Any, to_activity: float) -> Unit:
    try:
        return Unit(SUV, to_activity * _suv_factor(header, path))
    except _Lacking as lack:
        return Unit(ACTIVITY, to_activity, f"PET values are Bq/ml, not SUV: {lack}.")


def _suv_factor(header: Any, path: Any) -> float:
    corrected = {str(part).upper() for part in several(header.get("CorrectedImage"))}
    tracer = next(iter(header.get("RadiopharmaceuticalInformationSequence") or ()), None)
    weight_g = 1000 * float(header.get("PatientWeight") or 0)
    if tracer is None:
        raise _Lacking("the file does not describe the tracer")
    dose_bq = float(tracer.get("RadionuclideTotalDose") or 0)
    if not 0 < weight_g < 1e6:
        raise _Lacking("the file lacks the patient's weight")
    if not dose_bq > 0:
        raise _Lacking("the file lacks the injected dose")
    if "ATTN" not in corrected:
        raise _Lacking("the image is not corrected for attenuation")
    return weight_g / (dose_bq * _left(header, tracer, path, decayed="DECY" in corrected))


def _left(header: Any, tracer: Any, path: Any, decayed: bool) -> float:
    """The share of the dose left at the moment to which the voxels are corrected."""
    correction = str(header.get("DecayCorrection") or "").upper()
    if correction not in ("ADMIN", "START", "NONE"):
        raise _Lacking("the file does not say to which moment decay was corrected")
    if decayed == (correction == "NONE"):
        raise _Lacking("the file contradicts itself on whether decay was corrected")
    if correction == "ADMIN":
        return 1.0
    half_life_s = float(tracer.get("RadionuclideHalfLife") or 0)
    if not half_life_s > 0:
        raise _Lacking("the file lacks the half-life of the tracer")
    at = _scan_start(header, half_life_s, path) if correction == "START" else _counted_at(header, half_life_s)
    injected = _injected(header, tracer, at)
    if at is None or injected is None:
        raise _Lacking("the file lacks the time of the scan or of the injection")
    waited_s = (at - injected).total_seconds()
    if not 0 <= waited_s < 20 * half_life_s:
        raise _Lacking("the times of injection and scan do not fit each other")
    return float(0.5 ** (waited_s / half_life_s))


def _scan_start(header: Any, half_life_s: float, path: Any) -> datetime | None:
    """When the series began. After processing, Series Time may be later than the acquisition; then GE's own element or the
    frame's reference time leads back to the beginning.
    """
    scan = _moment(header.get("SeriesDate"), header.get("SeriesTime"))
    acquired = _moment(header.get("AcquisitionDate"), header.get("AcquisitionTime"))
    if acquired is None or (scan is not None and scan <= acquired):
        return scan if acquired is not None else None
    stamp = _private_text(path, 0x0009, _GE, 0x0D)
    if len(stamp) >= 14:
        return _moment(stamp[:8], stamp[8:])
    reference_ms = float(header.get("FrameReferenceTime") or 0)
    if not reference_ms > 0:
        return None
    return acquired + timedelta(seconds=_average_s(header, half_life_s) - reference_ms / 1000)


def _counted_at(header: Any, half_life_s: float) -> datetime | None:
    """The moment within the frame at which the tracer was as active as on average over it."""
    acquired = _moment(header.get("AcquisitionDate"), header.get("AcquisitionTime"))
    return None if acquired is None else acquired + timedelta(seconds=_average_s(header, half_life_s))


def _average_s(header: Any, half_life_s: float) -> float:
    rate = log(2) / half_life_s
    decay = rate * float(header.get("ActualFrameDuration") or 0) / 1000
    return log(decay / (1 - exp(-decay))) / rate if decay > 0 else 0.0


def _injected(header: Any, tracer: Any, scan: datetime | None) -> datetime | None:
    stamp = str(tracer.get("RadiopharmaceuticalStartDateTime") or "")
    if len(stamp) >= 14:
        return _moment(stamp[:8], stamp[8:])
    time = tracer.get("RadiopharmaceuticalStartTime")
    if scan is None or not time:
        return None
    at = _moment(scan.strftime("%Y%m%d"), time)
    if at is not None and at > scan:
        at -= timedelta(days=1)  # injected before midnight, scanned after it
    return at


def _moment(date: Any, time: Any) -> datetime | None:
    text = str(time or "").replace(":", "").split("+")[0].split("-")[0].strip()
    clock, _, part = text.partition(".")
    if not clock.isdigit():
        return None
    try:
        whole = datetime.strptime(str(date or "").replace(".", "") + clock.ljust(6, "0")[:6], "%Y%m%d%H%M%S")
    except ValueError:
        return None
    return whole + timedelta(seconds=float(f"0.{part}") if part.isdigit() else 0.0)


def _private_number(path: Any, group: int, creator: str, element: int) -> float:
    try:
        found = float(_private_text(path, group, creator, element) or 0)
    except ValueError:
        return 0.0
    return found if 0 < found < 1e12 else 0.0


def _private_text(path: Any, group: int, creator: str, element: int) -> str:
    """A maker's own element, in whichever block its creator reserved (PS3.5 7.8.1); "" when it is not there."""
    if path is None:
        return ""
    try:
        data = pydicom.dcmread(path, stop_before_pixels=True, force=True)
        value = data.private_block(group, creator)[element].value
    except DICOM_DAMAGE:  # a KeyError among them: the maker reserved no such block
        return ""
    text = value.decode("ascii", "ignore") if isinstance(value, bytes) else str(value)
    return text.strip("\x00 ")
