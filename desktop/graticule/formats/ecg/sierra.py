"""Philips Sierra ECG XML (restingecgdata), versions 1.03 and 1.04."""

import base64
import binascii
import xml.etree.ElementTree as ET
from fractions import Fraction
from pathlib import Path

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.recording import Recording
from graticule.domain.volume import Doubt
from graticule.formats.ecg.channels import Channel, on_one_clock
from graticule.formats.ecg.stated import Stated
from graticule.formats.ecg.xli import unpack_leads
from graticule.formats.ecg.xml_tree import anywhere, read_tree, words

VERSIONS = ("1.03", "1.04", "1.04.01", "1.04.02")
_LIMB = ("I", "II", "III", "aVR", "aVL", "aVF")
_STANDARD = (*_LIMB, "V1", "V2", "V3", "V4", "V5", "V6")
_MOST_LEADS = 64


def claims_sierra(head: bytes) -> bool:
    return b"<restingecgdata" in head.replace(b"\0", b"")


def read_sierra(path: Path, stated: Stated) -> Recording:
    """The rhythm; representative beats are named and left out. GraticuleError for a version that is not known."""
    root = read_tree(path)
    version = next((words(found) for found in anywhere(root, "documentversion")), "")
    if version not in VERSIONS:
        raise GraticuleError(f"This is a Philips ECG of version {version or 'unknown'}; versions 1.03 and 1.04 are read.",
                             "Export it as Sierra ECG 1.04.")
    signal = next(anywhere(root, "signalcharacteristics"), None)
    parsed = next(anywhere(root, "parsedwaveforms"), None)
    if signal is None or parsed is None:
        raise GraticuleError("The Philips file holds no waveforms.", "Export the ECG with its waveforms.")
    rate = _number(words(signal, "samplingrate"))
    if rate is None or not 0 < rate <= 1_000_000:
        raise GraticuleError("The Philips file gives no sampling rate that an ECG could have.")
    names = _names(signal, parsed)
    samples = _samples(parsed, names, rate)
    microvolts = _number(_said(signal, parsed, "resolution", "signalresolution"))
    zero = _number(_said(signal, parsed, "signaloffset")) or Fraction(0)
    channels = [Channel(name, digital, rate, float(1 / microvolts) if microvolts else None, float(zero), "uV")
                for name, digital in zip(names, samples, strict=True)]
    leads, clock, ticks, about = on_one_clock(channels, stated)
    beats = sum(1 for _ in anywhere(root, "repbeat"))
    doubts = [Doubt("left-out", f"The file also holds averaged beats of {beats} leads that the machine derived. "
                                "They are not shown.")] if beats else []
    return Recording(leads, clock, ticks, _band(words(signal, "signalbandwidth")), False, (*doubts, *about), _facts(root))


def _names(signal: ET.Element, parsed: ET.Element) -> list[str]:
    """The leads by their labels, or by the lead set when the file is of a version without labels."""
    labels = parsed.get("leadlabels", "").split()
    given = _number(parsed.get("numberofleads", "") or words(signal, "numberchannelsallocated"))
    count = int(given) if given is not None else len(labels) or len(_STANDARD)
    if not 0 < count <= _MOST_LEADS:
        raise GraticuleError("The Philips file does not say how many leads it holds.")
    if labels:
        return (labels + [f"Channel {n + 1}" for n in range(len(labels), count)])[:count]
    standard = (words(signal, "acquisitiontype") or words(signal, "leadset")).upper() in ("STD-12", "10-WIRE")
    return [_STANDARD[n] if standard and n < len(_STANDARD) else f"Channel {n + 1}" for n in range(count)]


def _samples(parsed: ET.Element, names: list[str], rate: Fraction) -> list[Array]:
    milliseconds = _number(parsed.get("durationperchannel", ""))
    text, encoding = parsed.text or "", parsed.get("dataencoding", "").lower()
    compression = parsed.get("compressmethod") or parsed.get("compression") or "Uncompressed"
    packed = compression.upper() == "XLI" and parsed.get("compressflag", "True").lower() != "false"
    if compression.upper() not in ("XLI", "UNCOMPRESSED", "NONE"):
        raise GraticuleError(f"The samples are compressed by “{compression}”, which is not read.", "Export the ECG uncompressed.")
    if milliseconds is None or not 0 < milliseconds * rate <= 1 << 36:
        raise GraticuleError("The Philips file does not say how long it is.")
    count = round(milliseconds * rate / 1000)
    leads = _unpacked(_bytes(text), names, count) if packed else _plain(text, encoding, len(names), count)
    return [lead[:count] for lead in leads]


def _unpacked(data: bytes, names: list[str], count: int) -> list[Array]:
    leads = unpack_leads(data)
    if len(leads) < len(names) or any(lead.size < count for lead in leads[: len(names)]):
        raise GraticuleError("The Philips file is cut short: samples are missing.", "Ask for the file again.")
    leads = leads[: len(names)]
    return _limb_leads(leads) if tuple(name.lower() for name in names[:6]) == tuple(name.lower() for name in _LIMB) else leads


def _limb_leads(leads: list[Array]) -> list[Array]:
    """III, aVR, aVL and aVF are packed as what they differ from the leads computed of I and II."""
    one, two, three, avr, avl, avf = (lead.astype(np.int32) for lead in leads[:6])
    three = _wrapped(two - one - three)
    whole = [_wrapped(-avr - (one + two) // 2), _wrapped((one - three) // 2 - avl), _wrapped((two + three) // 2 - avf)]
    return [leads[0], leads[1], three.astype(np.int16), *(lead.astype(np.int16) for lead in whole), *leads[6:]]


def _wrapped(lead: Array) -> Array:
    return lead.astype(np.int16).astype(np.int32)


def _plain(text: str, encoding: str, leads: int, count: int) -> list[Array]:
    if encoding == "base64":
        data = np.frombuffer(_bytes(text)[: len(_bytes(text)) // 2 * 2], "<i2").astype(np.int16)
    elif encoding in ("plain", "text", "decimal", ""):
        try:
            data = np.array([int(word) for word in text.replace(",", " ").split()], np.int32)
        except (ValueError, OverflowError) as fault:
            raise GraticuleError("The samples of this Philips file are damaged.", "Ask for the file again.") from fault
    else:
        raise GraticuleError(f"The samples are written as “{encoding}”, which is not read.")
    if data.size < leads * count:
        raise GraticuleError(f"The Philips file is cut short: {data.size} of {leads * count} samples.", "Ask for the file again.")
    return [data[n * count: (n + 1) * count] for n in range(leads)]


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as fault:
        raise GraticuleError("The samples of this Philips file are damaged.", "Ask for the file again.") from fault


def _said(signal: ET.Element, parsed: ET.Element, *names: str) -> str:
    return next((found for name in names for found in (parsed.get(name, ""), words(signal, name)) if found), "")


def _band(text: str) -> str:
    """ "0.05-150" → "0.05–150 Hz"."""
    low, _, high = text.strip().partition("-")
    return f"{low.strip()}–{high.strip()} Hz" if _number(low) is not None and _number(high) is not None else ""


def _facts(root: ET.Element) -> dict[str, str]:
    years = next((words(found) for age in anywhere(root, "age") for found in anywhere(age, "years")), "")
    sex = next((words(found) for found in anywhere(root, "sex")), "")
    machine = next((words(found) for found in anywhere(root, "machine")), "")
    years = years if years.isdigit() else ""
    return {"age": "90+" if years and int(years) >= 90 else years, "sex": sex[:1].upper() if sex[:1].upper() in "MF" else "",
            "device": f"Philips {machine}".strip()}


def _number(text: str) -> Fraction | None:
    text = text.strip()
    return Fraction(text) if 0 < len(text) < 30 and text.isascii() and text.lstrip("+-").replace(".", "", 1).isdigit() else None
