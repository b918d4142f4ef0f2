"""SCP-ECG (EN 1064): section 1 loses names, numbers and places, the sections with words are emptied; samples keep their bytes."""

import struct
from pathlib import Path

from graticule.domain.errors import GraticuleError
from graticule.formats.deidentify.ages import OLDEST
from graticule.formats.deidentify.checksum import crc_ccitt
from graticule.formats.deidentify.dates import shifted_date
from graticule.formats.deidentify.findings import IDENTITY, KEPT, PLACES, REMOVED, REPLACED, SHIFTED, TEXT, TIMES
from graticule.formats.deidentify.key import Patient
from graticule.formats.deidentify.profile import DATES, DEVICE, PATIENT
from graticule.formats.deidentify.work import Copy, Work

_HEADER, _PATIENT = 16, 1
_WORDS = (8, 9, 11)  # reports in words; 10 holds numbers only
_NUMBER, _AGE, _BORN, _HEIGHT, _WEIGHT, _SEX = 2, 4, 5, 6, 7, 8
_MACHINES, _DATE, _TIME, _KEPT = (14, 15), 25, 26, {26, 27, 28, 34, 255}
_DAMAGED = ("The SCP-ECG file is damaged: its sections cannot be read.", "Copy it again from its source.")


def claims_scp(head: bytes) -> bool:
    return head[16:22] == b"SCPECG"


def clean_scp(path: Path, work: Work) -> list[Copy]:
    data = bytearray(path.read_bytes())
    for number, start, length in _sections(data):
        if number == _PATIENT:
            _clean_patient(data, start + _HEADER, start + length, path, work)
        elif number in _WORDS:
            data[start + _HEADER:start + length] = bytes(length - _HEADER)
            work.findings.note(TEXT, "reports in words", REMOVED)
        elif number >= 12 or number < 0:
            data[start + _HEADER:start + length] = bytes(length - _HEADER)
            work.findings.note(TEXT, "sections of the vendor", REMOVED)
        struct.pack_into("<H", data, start, crc_ccitt(bytes(data[start + 2:start + length])))
    struct.pack_into("<H", data, 0, crc_ccitt(bytes(data[2:])))
    return [work.put(path, "ecg-" + work.stem(path) + ".scp", bytes(data))]


def _sections(data: bytearray) -> list[tuple[int, int, int]]:
    """(number, start, length) by the pointers of section 0, which comes last: its own bytes do not change."""
    try:
        length = struct.unpack_from("<I", data, 6 + 4)[0]
        rows = [struct.unpack_from("<HII", data, at) for at in range(6 + _HEADER, 6 + length - 9, 10)]
    except struct.error as error:
        raise GraticuleError(*_DAMAGED) from error
    found = [(number, index - 1, size) for number, size, index in rows if size and index and number]
    if any(start < 6 or size < _HEADER or start + size > len(data) for _, start, size in found):
        raise GraticuleError(*_DAMAGED)
    return found


def _tags(data: bytearray, at: int, end: int) -> list[tuple[int, int, int]]:
    """(tag, where its value begins, length)."""
    found = []
    while at + 3 <= end and data[at] != 255:
        tag, length = data[at], data[at + 1] | data[at + 2] << 8
        if at + 3 + length > end:
            raise GraticuleError(*_DAMAGED)
        found.append((tag, at + 3, length))
        at += 3 + length
    return found


def _clean_patient(data: bytearray, start: int, end: int, path: Path, work: Work) -> None:
    tags = _tags(data, start, end)
    number = next((bytes(data[at:at + size]).decode("latin-1").strip(" \0") for tag, at, size in tags if tag == _NUMBER), "")
    patient = work.patient(number, path)
    for tag, at, size in tags:
        data[at:at + size] = _value(tag, bytes(data[at:at + size]), patient, work)
    last = max((at + size for _, at, size in tags), default=start)
    data[last + 3:end] = bytes(max(0, end - last - 3))  # what lies behind the end mark


def _value(tag: int, value: bytes, patient: Patient, work: Work) -> bytes:
    """The new value, of the same length."""
    size = len(value)
    note = work.findings.note
    if tag == _NUMBER:
        note(IDENTITY, "patient number", REPLACED)
        return patient.pseudonym.encode()[:max(0, size - 1)].ljust(size, b"\0")
    if tag in (_AGE, _HEIGHT, _WEIGHT, _SEX) and work.profile.keeps(PATIENT):
        note(IDENTITY, "age, sex, size and weight", KEPT)
        return _capped(value) if tag == _AGE else value
    if tag == _DATE and size == 4 and work.profile.keeps(DATES):
        year, month, day = struct.unpack("<HBB", value)
        moved = shifted_date(f"{year:04}{month:02}{day:02}", patient.days)
        note(TIMES, "date of the recording", SHIFTED)
        return struct.pack("<HBB", int(moved[:4]), int(moved[4:6]), int(moved[6:])) if moved else bytes(4)
    if tag in _KEPT and (tag != _TIME or work.profile.keeps(DATES)):
        return value
    if tag in _MACHINES and work.profile.keeps(DEVICE):
        note(PLACES, "device", KEPT)
        return value
    note(PLACES if tag in _MACHINES else IDENTITY, f"field {tag} of section 1", REMOVED)
    if tag in _MACHINES and size > 36:  # numbers of the institution and the device, what kind it is, then words
        return bytes(8) + value[8:36] + bytes(size - 36)
    return bytes(size)


def _capped(value: bytes) -> bytes:
    """Two bytes of count and one of unit (1: years)."""
    if len(value) == 3 and value[2] == 1 and int.from_bytes(value[:2], "little") > OLDEST:
        return OLDEST.to_bytes(2, "little") + value[2:]
    return value
