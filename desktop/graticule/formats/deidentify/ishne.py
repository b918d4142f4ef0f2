"""ISHNE Holter files (Badilini 1998): names, number and dates in the fixed header; samples keep their bytes."""

import struct
from datetime import date
from pathlib import Path

from graticule.domain.errors import GraticuleError
from graticule.formats.deidentify.checksum import crc_ccitt
from graticule.formats.deidentify.dates import earlier
from graticule.formats.deidentify.findings import IDENTITY, KEPT, PLACES, REMOVED, REPLACED, SHIFTED, TEXT, TIMES
from graticule.formats.deidentify.profile import DATES, DEVICE, PATIENT
from graticule.formats.deidentify.work import Copy, Span, Work

MAGIC = b"ISHNE1.0"
# Offsets in the file; the fixed header begins behind magic and checksum.
_NAMES, _NUMBER, _SEX, _RACE, _BORN, _RECORDED, _MADE = (28, 108 - 28), (108, 20), 128, 130, 132, 138, 144
_RECORDER, _OWN, _RIGHT, _RESERVED, _END = (232, 40), (274, 80), (354, 80), (434, 88), 522


def claims_ishne(head: bytes) -> bool:
    return head.startswith(MAGIC)


def clean_ishne(path: Path, work: Work) -> list[Copy]:
    with path.open("rb") as file:
        fixed = bytearray(file.read(_END))
    if len(fixed) < _END:
        raise GraticuleError("The Holter recording is damaged: it is cut off in its header.", "Copy it again from its source.")
    words_size, = struct.unpack_from("<i", fixed, 10)
    _, samples_at = struct.unpack_from("<ii", fixed, 18)
    if not 0 <= words_size <= 1 << 20 or samples_at < _END + words_size or samples_at > path.stat().st_size:
        raise GraticuleError("The Holter recording is damaged: its header points nowhere.", "Copy it again from its source.")
    patient = work.patient(bytes(fixed[108:128]).decode("latin-1").strip(" \0"), path)
    _blank(fixed, *_NAMES)
    _blank(fixed, *_NUMBER)
    fixed[108:128] = patient.pseudonym.encode().ljust(20, b"\0")
    work.findings.note(IDENTITY, "name and number", REPLACED)
    _blank(fixed, _RACE, 2)
    _blank(fixed, _BORN, 6)
    if work.profile.keeps(PATIENT):
        work.findings.note(IDENTITY, "sex", KEPT)
    else:
        _blank(fixed, _SEX, 2)
    for place in (_RECORDED, _MADE):
        _move(fixed, place, patient.days if work.profile.keeps(DATES) else None, work)
    for place in (_OWN, _RIGHT, _RESERVED, *(() if work.profile.keeps(DEVICE) else (_RECORDER,))):
        _blank(fixed, *place)
    work.findings.note(PLACES, "recorder", KEPT if work.profile.keeps(DEVICE) else REMOVED)
    work.findings.note(TEXT, "free words of the header", REMOVED)
    between = bytes(samples_at - _END)
    struct.pack_into("<H", fixed, 8, crc_ccitt(bytes(fixed[10:]) + between[:words_size]))
    return [work.put(path, "ecg-" + work.stem(path) + ".ecg", bytes(fixed), between, Span(path, samples_at))]


def _blank(data: bytearray, at: int, size: int) -> None:
    data[at:at + size] = bytes(size)


def _move(data: bytearray, at: int, days: int | None, work: Work) -> None:
    """Day, month and year, two bytes each."""
    day, month, year = struct.unpack_from("<hhh", data, at)
    moved = None
    if days is not None:
        try:
            moved = earlier(date(year, month, day), days)
        except ValueError:
            moved = None
    struct.pack_into("<hhh", data, at, *((moved.day, moved.month, moved.year) if moved else (0, 0, 0)))
    work.findings.note(TIMES, "dates", SHIFTED if moved else REMOVED)
