"""GE MUSE XML (RestingECG): the stored leads, and the four limb leads that follow from I and II, marked as derived."""

import base64
import binascii
import xml.etree.ElementTree as ET
import zlib
from fractions import Fraction
from pathlib import Path

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.recording import Recording
from graticule.domain.volume import Doubt
from graticule.formats.ecg.channels import Channel, listed, on_one_clock
from graticule.formats.ecg.leads import spelled
from graticule.formats.ecg.stated import Stated
from graticule.formats.ecg.xml_tree import anywhere, children, read_tree, words

_ORDER = {name: n for n, name in enumerate(("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"))}
_UNITS = {"MICROVOLTS": "uV", "MILLIVOLTS": "mV", "VOLTS": "V", "NANOVOLTS": "nV"}
# Multiples of half a step: III = II − I, aVR = −(I + II)/2, aVL = I − II/2, aVF = II − I/2.
_DERIVED = {"III": (-2, 2), "aVR": (-1, -1), "aVL": (2, -1), "aVF": (-1, 2)}


def claims_muse(head: bytes) -> bool:
    return b"<RestingECG" in head.replace(b"\0", b"")


def read_muse(path: Path, stated: Stated) -> Recording:
    """The rhythm; the median beat is named and left out. GraticuleError when there is none or it is damaged."""
    root = read_tree(path)
    waveforms = list(anywhere(root, "Waveform"))
    kinds = [words(waveform, "WaveformType").lower() for waveform in waveforms]
    rhythms = [waveform for waveform, kind in zip(waveforms, kinds, strict=True) if kind == "rhythm"]
    if not rhythms:
        raise GraticuleError("The MUSE file holds no rhythm recording.", "Export the ECG with its waveforms.")
    doubts: list[Doubt] = []
    if "median" in kinds:
        doubts.append(Doubt("left-out", "The file also holds the averaged beat that the machine derived. It is not shown."))
    if len(rhythms) > 1:
        doubts.append(Doubt("left-out", f"The file holds {len(rhythms)} rhythm recordings; the first is shown."))
    channels = _channels(rhythms[0], doubts)
    leads, rate, ticks, about = on_one_clock(_with_derived(channels), stated)
    filters = _filters(rhythms[0])
    return Recording(leads, rate, ticks, filters, False, (*doubts, *about), _facts(root))


def _channels(waveform: ET.Element, doubts: list[Doubt]) -> list[Channel]:
    rate = _number(waveform, "SampleBase") * Fraction(10) ** int(_number(waveform, "SampleExponent", "0"))
    if not 0 < rate <= 1_000_000:
        raise GraticuleError("The MUSE file gives no sampling rate that an ECG could have.")
    channels: list[Channel] = []
    wrong: list[str] = []
    off: list[str] = []
    shifted: list[str] = []
    for lead in children(waveform, "LeadData"):
        name = spelled(words(lead, "LeadID")) or f"Channel {len(channels) + 1}"
        digital, sound = _samples(lead, name)
        wrong += [] if sound else [name]
        off += [name] if words(lead, "LeadOff").upper() == "TRUE" else []
        shifted += [name] if _number(lead, "FirstSampleBaseline", "0") else []
        scale, unit = _number(lead, "LeadAmplitudeUnitsPerBit", "0"), words(lead, "LeadAmplitudeUnits").upper()
        known = scale != 0 and unit in _UNITS
        start = _number(lead, "LeadTimeOffset", "0") * rate / 1000 + _number(lead, "LeadOffsetFirstSample", "0")
        if start < 0 or start > 100 * digital.size:
            raise GraticuleError(f"The MUSE file gives lead {name} an impossible start.")
        channels.append(Channel(name, digital, rate, float(1 / scale) if known else None,
                                unit=_UNITS.get(unit, ""), start=round(start)))
    if not channels:
        raise GraticuleError("The MUSE file holds no leads.")
    if wrong:
        doubts.append(Doubt("checksum", f"The checksum of {listed(wrong)} does not fit: the file was changed or is damaged."))
    if shifted:
        doubts.append(Doubt("baseline", f"The file gives {listed(shifted)} a baseline of its own; they are shown as stored."))
    if off:
        doubts.append(Doubt("lead-off", f"The machine noted that {listed(off)} had no contact."))
    return channels


def _samples(lead: ET.Element, name: str) -> tuple[Array, bool]:
    """(samples, whether the checksum fits)"""
    size = int(_number(lead, "LeadSampleSize", "2"))
    if size not in (1, 2, 4):
        raise GraticuleError(f"The samples of lead {name} are {size} bytes long, which is not read.")
    try:
        data = base64.b64decode("".join(words(lead, "WaveFormData").split()), validate=True)
    except (binascii.Error, ValueError) as fault:
        raise GraticuleError(f"The samples of lead {name} are damaged.", "Ask for the file again.") from fault
    count = int(_number(lead, "LeadSampleCountTotal", str(len(data) // size)))
    if count <= 0 or len(data) < count * size:
        raise GraticuleError(f"Lead {name} is cut short: {len(data) // size} of {count} samples.", "Ask for the file again.")
    stored = words(lead, "LeadDataCRC32")
    sound = not stored.isdigit() or int(stored) in (0, zlib.crc32(data))
    return np.frombuffer(data[: count * size], f"<i{size}").astype(np.int32 if size == 4 else np.int16), sound


def _with_derived(channels: list[Channel]) -> list[Channel]:
    """The twelve leads in their usual order, when I and II are there on one scale and the other limb leads are not."""
    by_name = {channel.name: channel for channel in channels}
    one, two = by_name.get("I"), by_name.get("II")
    if one is None or two is None or any(name in by_name for name in _DERIVED):
        return channels
    scales = {(lead.gain, lead.unit, lead.start, lead.digital.size) for lead in (one, two)}
    if len(scales) > 1 or one.gain is None:
        return channels
    i, ii = (np.asarray(lead.digital, np.int32) for lead in (one, two))
    made = [Channel(name, a * i + b * ii, one.rate, 2 * one.gain, 0.0, one.unit, derived=True, start=one.start)
            for name, (a, b) in _DERIVED.items()]
    return sorted([*channels, *made], key=lambda channel: _ORDER.get(channel.name, len(_ORDER)))


def _filters(waveform: ET.Element) -> str:
    """The high-pass stands in hundredths of a hertz when it is a whole number above 5."""
    low, high, notch = (words(waveform, name) for name in ("HighPassFilter", "LowPassFilter", "ACFilter"))
    bottom = f"{int(low) / 100:g}" if low.isdigit() and int(low) > 5 else low if _is_number(low) and float(low) else ""
    top = high if _is_number(high) and float(high) else ""
    band = f"{bottom}–{top} Hz" if bottom and top else f"from {bottom} Hz" if bottom else f"up to {top} Hz" if top else ""
    mains = f"notch {notch} Hz" if _is_number(notch) and float(notch) else ""
    return ", ".join(part for part in (band, mains) if part)


def _facts(root: ET.Element) -> dict[str, str]:
    age = next((words(found) for found in anywhere(root, "PatientAge")), "")
    unit = next((words(found).upper() for found in anywhere(root, "AgeUnits")), "YEARS")
    years = age if age.isdigit() and unit.startswith("YEAR") else ""
    gender = next((words(found).upper() for found in anywhere(root, "Gender")), "")
    device = next((words(found) for found in anywhere(root, "AcquisitionDevice")), "")
    return {"age": "90+" if years and int(years) >= 90 else years, "sex": gender[:1] if gender[:1] in "MF" else "",
            "device": f"GE {device}".strip()}


def _number(element: ET.Element, name: str, default: str = "") -> Fraction:
    text = words(element, name) or default
    if not _is_number(text):
        raise GraticuleError(f"The MUSE file gives no {name} that can be read.", "Ask for the file again.")
    return Fraction(text)


def _is_number(text: str) -> bool:
    return 0 < len(text) < 30 and text.lstrip("+-").replace(".", "", 1).isdigit() and text.isascii()
