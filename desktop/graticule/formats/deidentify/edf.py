"""EDF, EDF+ and BDF: patient, recording and start in the header, and what was typed into the annotation channels.

Source: edfplus.info/specs. Samples of all other channels keep their bytes, and everything stays where it was.
"""

import re
from pathlib import Path

from graticule.domain.errors import GraticuleError
from graticule.formats.deidentify.dates import shifted_parts
from graticule.formats.deidentify.findings import IDENTITY, KEPT, PLACES, REMOVED, REPLACED, SHIFTED, TEXT, TIMES
from graticule.formats.deidentify.key import Patient
from graticule.formats.deidentify.profile import DATES, DEVICE, PATIENT
from graticule.formats.deidentify.words import known_only
from graticule.formats.deidentify.work import Copy, Work

_FIXED = 256
_TEXTS = re.compile(rb"(\x14)([^\x14\x00]+)")
_DAMAGED = ("The recording is damaged: its header cannot be read.", "Copy it again from its source.")
_BEATS = {"QRS", "BEAT", "PVC", "APC", "PAUSE", "RECORDING STARTS", "RECORDING ENDS"}


def claims_edf(head: bytes) -> bool:
    return head[:8] in (b"0       ", b"\xffBIOSEMI")


def clean_edf(path: Path, work: Work) -> list[Copy]:
    data = bytearray(path.read_bytes())
    signals = _number(data[252:256])
    start = _FIXED + 256 * signals
    if not 0 < signals <= 4096 or len(data) < start:
        raise GraticuleError(*_DAMAGED)
    patient = work.patient(_patient_number(data), path)
    plus = bytes(data[192:195]) in (b"EDF", b"BDF")
    _field(data, 8, 80, _patient_field(data, patient, plus, work))
    _field(data, 88, 80, _recording_field(data, patient, plus, work))
    _start_date(data, patient, work)
    if not plus:
        _field(data, 192, 44, "")
    _channels(data, signals, work)
    _annotations(data, signals, start, work)
    return [work.put(path, "ecg-" + work.stem(path) + (".bdf" if data[0] == 0xFF else ".edf"), bytes(data))]


def _patient_number(data: bytearray) -> str:
    """The hospital's code of EDF+, or all of the field."""
    text = bytes(data[8:88]).decode("latin-1").strip()
    code = text.split(" ")[0]
    return "" if code in ("", "X") else code


def _patient_field(data: bytearray, patient: Patient, plus: bool, work: Work) -> str:
    work.findings.note(IDENTITY, "patient field", REPLACED)
    words = bytes(data[8:88]).decode("latin-1").split(" ")
    sex = words[1] if plus and len(words) > 1 and words[1] in ("M", "F") and work.profile.keeps(PATIENT) else "X"
    return f"{patient.pseudonym} {sex} X X"


def _recording_field(data: bytearray, patient: Patient, plus: bool, work: Work) -> str:
    work.findings.note(PLACES, "recording field", REMOVED)
    words = bytes(data[88:168]).decode("latin-1").split(" ")
    day = shifted_parts(words[1], "dmy", "-", patient.days) if len(words) > 1 and work.profile.keeps(DATES) else None
    return f"Startdate {day.upper() if day else 'X'} X X X" if plus else ""


def _start_date(data: bytearray, patient: Patient, work: Work) -> None:
    """dd.mm.yy, where 85 to 99 are of the last century."""
    text = bytes(data[168:176]).decode("latin-1")
    day, month, year = [*text.split("."), "", "", ""][:3]
    century = "19" if year.isdigit() and int(year) >= 85 else "20"
    whole = shifted_parts(f"{day}.{month}.{century}{year}", "dmy", ".", patient.days) if work.profile.keeps(DATES) else None
    _field(data, 168, 8, whole[:6] + whole[8:] if whole else "01.01.85")
    work.findings.note(TIMES, "start of the recording", SHIFTED if whole else REMOVED)
    if not whole:
        _field(data, 176, 8, "00.00.00")


def _channels(data: bytearray, signals: int, work: Work) -> None:
    """Label, transducer, prefilter and the reserved field of each channel."""
    at = _FIXED
    for width, kept in ((16, True), (80, False), (8, True), (8, True), (8, True), (8, True), (8, True), (80, True), (8, True),
                        (32, False)):
        for n in range(signals):
            place = at + n * width
            text = bytes(data[place:place + width]).decode("latin-1").strip()
            if not kept and text and not work.profile.keeps(DEVICE):
                _field(data, place, width, known_only(text))
                work.findings.note(TEXT, "words about a channel", REMOVED)
            elif width == 16 and not re.fullmatch(r"[\w +\-./]{0,16}", text):
                _field(data, place, width, f"channel {n + 1}")
            elif width == 80 and kept and not re.fullmatch(r"(?:(?:HP|LP|N|BP|DC|S|AR)?:? ?[\d.\-]+ ?(?:k?Hz|HZ|hz)? ?)*", text):
                _field(data, place, width, "")
                work.findings.note(TEXT, "words about a channel", REMOVED)
        at += signals * width


def _annotations(data: bytearray, signals: int, start: int, work: Work) -> None:
    """Texts that somebody typed while it was recorded: replaced by blanks of the same length."""
    labels = [bytes(data[_FIXED + 16 * n:_FIXED + 16 * n + 16]).decode("latin-1").strip() for n in range(signals)]
    sizes_at = _FIXED + signals * (16 + 80 + 8 + 8 + 8 + 8 + 8 + 80)
    width = 3 if data[0] == 0xFF else 2
    sizes = [width * max(0, _number(data[sizes_at + 8 * n:sizes_at + 8 * n + 8])) for n in range(signals)]
    if ("EDF Annotations" not in labels and "BDF Annotations" not in labels) or not sum(sizes):
        return
    for record in range(start, len(data) - sum(sizes) + 1, sum(sizes)):
        place = record
        for label, size in zip(labels, sizes):
            if label in ("EDF Annotations", "BDF Annotations"):
                told = bytes(data[place:place + size])
                data[place:place + size] = _TEXTS.sub(lambda match: match[1] + _typed(match[2], work), told)
            place += size


def _typed(text: bytes, work: Work) -> bytes:
    words = text.decode("utf-8", errors="replace")
    if re.fullmatch(r"[+-]\d+(\.\d*)?(\x15\d+(\.\d*)?)?", words) or words.upper() in _BEATS or len(words) <= 1:
        return text
    if known_only(words) == words:
        work.findings.note(TEXT, "notes in annotations", KEPT)
        return text
    work.findings.note(TEXT, "notes in annotations", REMOVED)
    return b" " * len(text)


def _field(data: bytearray, at: int, width: int, text: str) -> None:
    data[at:at + width] = text.encode("ascii", errors="replace")[:width].ljust(width)


def _number(text: bytes | bytearray) -> int:
    try:
        return int(bytes(text).decode("latin-1").strip() or "0")
    except ValueError as error:
        raise GraticuleError(*_DAMAGED) from error
