"""HL7 annotated ECG (aECG): the rhythm series, and its annotations as labels.

Source: HL7 aECG implementation guide (2005). A series holds a sequence of times and, for each lead, one of values.
"""

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.recording import Recording
from graticule.domain.volume import Doubt
from graticule.formats.ecg.channels import Channel, on_one_clock
from graticule.formats.ecg.leads import spelled
from graticule.formats.ecg.stated import Stated
from graticule.formats.ecg.xml_tree import anywhere, child, children, local, read_tree, words

_SECONDS = {"s": Fraction(1), "ms": Fraction(1, 1000), "us": Fraction(1, 1_000_000), "min": Fraction(60)}
_LEAD = "MDC_ECG_LEAD_"
_FILTER = "MDC_ECG_CTL_VBL_ATTR_FILTER_"
# Series set far apart in time are no one recording.
_MOST_S = 40 * 86400


@dataclass(frozen=True, eq=False)
class Series:
    """element: the series. begin: its first instant, seconds on the scale of `moment`; None when the times are relative."""

    element: ET.Element
    begin: Fraction | None


def claims_aecg(head: bytes) -> bool:
    plain = head.replace(b"\0", b"")
    return b"AnnotatedECG" in plain and b"<" in plain


def read_aecg(path: Path, stated: Stated) -> Recording:
    """The rhythm; derived series (representative beats) are named and left out."""
    root = read_tree(path)
    if local(root) != "AnnotatedECG":
        raise GraticuleError("The file is no HL7 aECG.")
    series = rhythm_series(root)
    channels, doubts = [], []
    for one in series:
        channels += _channels(one, series[0].begin)
    if not channels:
        raise GraticuleError("The aECG file holds no leads.")
    derived = sum(1 for found in anywhere(root, "derivedSeries") if _has_samples(found))
    if derived:
        doubts.append(Doubt("left-out", f"The file also holds {derived} series that the machine derived "
                                        "(such as an averaged beat). They are not shown."))
    leads, rate, ticks, about = on_one_clock(channels, stated)
    return Recording(leads, rate, ticks, _filters(series[0].element), False, (*doubts, *about), _facts(root))


def rhythm_series(root: ET.Element) -> list[Series]:
    """The recorded series in order of time. GraticuleError when there is none."""
    found = [element for component in children(root, "component") for element in children(component, "series")]
    rhythm = [e for e in found if _code(e) == "RHYTHM"] or [e for e in found if _code(e) != "REPRESENTATIVE_BEAT"]
    series = [Series(element, _begin(element)) for element in rhythm if _has_samples(element)]
    if not series:
        raise GraticuleError("The aECG file holds no rhythm recording.", "Ask for the file with its waveforms.")
    if len(series) > 1 and any(one.begin is None for one in series):
        return series[:1]
    return sorted(series, key=lambda one: one.begin or 0)


def _begin(series: ET.Element) -> Fraction | None:
    for sequence in _sequences(series):
        if _code(sequence) == "TIME_ABSOLUTE":
            return moment(_value(child(sequence, "value", "head")))
    return moment(_value(child(series, "effectiveTime", "low")))


def _has_samples(series: ET.Element) -> bool:
    return next(anywhere(series, "digits"), None) is not None


def _sequences(series: ET.Element) -> list[ET.Element]:
    return [sequence for part in children(series, "component") for group in children(part, "sequenceSet")
            for component in children(group, "component") for sequence in children(component, "sequence")]


def _channels(series: Series, first: Fraction | None) -> list[Channel]:
    channels = []
    for part in children(series.element, "component"):
        for group in children(part, "sequenceSet"):
            sequences = [sequence for component in children(group, "component") for sequence in children(component, "sequence")]
            rate, start_s = _times(sequences, series.begin, first)
            channels += [_channel(sequence, rate, round(start_s * rate)) for sequence in sequences
                         if not _code(sequence).startswith("TIME_") and child(sequence, "value") is not None]
    return channels


def _times(sequences: list[ET.Element], begin: Fraction | None, first: Fraction | None) -> tuple[Fraction, Fraction]:
    """(samples a second, seconds after the recording's first instant)"""
    for sequence in sequences:
        if not _code(sequence).startswith("TIME_"):
            continue
        value = child(sequence, "value")
        increment = child(value, "increment")
        step = _quantity(increment, "s")
        if step is None or step <= 0:
            raise GraticuleError("The aECG file does not say how fast it was sampled.")
        head = child(value, "head")
        own = moment(_value(head)) if _code(sequence) == "TIME_ABSOLUTE" else None
        start = own if own is not None else begin
        late = start - first if start is not None and first is not None else Fraction(0)
        late += (_quantity(head, "s") or Fraction(0)) if _code(sequence) == "TIME_RELATIVE" else 0
        if not 0 <= late <= _MOST_S:
            raise GraticuleError("The aECG file places its series too far apart in time to be one recording.")
        return 1 / step, late
    raise GraticuleError("The aECG file does not say how fast it was sampled.")


def _channel(sequence: ET.Element, rate: Fraction, start: int) -> Channel:
    value = child(sequence, "value")
    name = lead_name(_code(sequence)) or "Channel"
    scale, origin = child(value, "scale"), child(value, "origin")
    unit = (scale.get("unit", "") if scale is not None else "").strip()
    step = _number(_value(scale))
    digital = _digits(words(value, "digits"), name)
    if step is None or step == 0 or not unit:
        return Channel(name, digital, rate, None, start=start)
    zero = (_number(_value(origin)) or Fraction(0)) * _ratio(origin, unit)
    return Channel(name, digital, rate, float(1 / step), float(-zero / step), unit, start=start)


def _ratio(origin: ET.Element | None, unit: str) -> Fraction:
    """The origin is nearly always given in the unit of the scale; where it is not, how many of that make one of its own."""
    from graticule.formats.ecg.channels import millivolts
    own = millivolts(origin.get("unit", "") if origin is not None else "")
    scale = millivolts(unit)
    return scale / own if own and scale else Fraction(1)


def _digits(text: str, name: str) -> Array:
    try:
        values = np.array(text.split(), np.float64)
    except ValueError as fault:
        raise GraticuleError(f"The samples of lead {name} are damaged.", "Ask for the file again.") from fault
    whole = np.rint(values)
    if values.size == 0 or not np.isfinite(values).all() or (np.abs(values) > 2**31 - 2).any() or (whole != values).any():
        raise GraticuleError(f"The samples of lead {name} are no whole numbers.", "Ask for the file again.")
    return whole.astype(np.int32)


def lead_name(code: str) -> str:
    """ "MDC_ECG_LEAD_AVF" → "aVF"; "" for a code that is no lead."""
    return spelled(code.removeprefix(_LEAD)) if code.startswith(_LEAD) else spelled(code.removeprefix("MDC_ECG_")) if code else ""


def moment(text: str) -> Fraction | None:
    """An HL7 time (YYYYMMDDHHMMSS.mmm+zone) in seconds since 1970; its zone counts, where it has one."""
    body, sign, zone = text.partition("+") if "+" in text else text.partition("-")
    digits, _, part = body.partition(".")
    if not digits.isdigit() or not 4 <= len(digits) <= 14 or (part and not part.isdigit()) or (zone and not zone.isdigit()):
        return None
    whole = digits + "00000101000000"[len(digits):] if len(digits) < 14 else digits
    try:
        when = datetime.strptime(whole, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    shift = timedelta(hours=int(zone[:2] or 0), minutes=int(zone[2:4] or 0)) if sign else timedelta()
    seconds = Fraction(int((when - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()))
    seconds += Fraction(int(part), 10 ** len(part)) if part else 0
    return seconds - int(shift.total_seconds()) * (1 if sign == "+" else -1)


def _quantity(element: ET.Element | None, default: str) -> Fraction | None:
    """Seconds of a <… value="2" unit="ms"/>."""
    number = _number(_value(element))
    unit = (element.get("unit", "") if element is not None else "") or default
    return number * _SECONDS[unit] if number is not None and unit in _SECONDS else None


def seconds_of(element: ET.Element | None) -> Fraction | None:
    return _quantity(element, "s")


def _filters(series: ET.Element) -> str:
    """ "0.05–150 Hz, notch 50 Hz" of the control variables; a filter of which only the make is known is not named."""
    cut: dict[str, str] = {}
    for variable in anywhere(series, "controlVariable"):
        code = _code(variable)
        if code.startswith(_FILTER):
            inner = [v for v in anywhere(variable, "controlVariable") if _code(v).endswith(("CUTOFF_FREQ", "NOTCH_FREQ"))]
            cut.setdefault(code.removeprefix(_FILTER), next((_value(child(v, "value")) for v in inner), ""))
    low, high, notch = cut.get("HIGH_PASS", ""), cut.get("LOW_PASS", ""), cut.get("NOTCH", "")
    band = f"{low}–{high} Hz" if low and high else f"from {low} Hz" if low else f"up to {high} Hz" if high else ""
    return ", ".join(part for part in (band, f"notch {notch} Hz" if notch else "") if part)


def _facts(root: ET.Element) -> dict[str, str]:
    sex = next((found.get("code", "") for found in anywhere(root, "administrativeGenderCode")), "")
    maker = next((words(found, "name") for found in anywhere(root, "manufacturerOrganization")), "")
    model = next((words(found) for found in anywhere(root, "manufacturerModelName")), "")
    return {"age": "", "sex": sex if sex in ("M", "F") else "", "device": f"{maker} {model}".strip()}


def _code(element: ET.Element) -> str:
    found = child(element, "code")
    return (found.get("code", "") if found is not None else "").strip()


def code_of(element: ET.Element) -> str:
    return _code(element)


def _value(element: ET.Element | None) -> str:
    return element.get("value", "").strip() if element is not None else ""


def _number(text: str) -> Fraction | None:
    if not text or len(text) > 40:
        return None
    exponent = text.lower().partition("e")[2].lstrip("+-")
    try:
        return Fraction(text) if len(exponent) <= 2 else None
    except (ValueError, ZeroDivisionError):
        return None


