"""SCP-ECG (EN 1064, ISO 11073-91064): where its sections lie, what its leads are, and who was recorded."""

import binascii
import struct
from dataclasses import dataclass
from pathlib import Path

from graticule.domain.errors import GraticuleError
from graticule.formats.ecg.block_file import bytes_of
from graticule.formats.guard.limits import refuse_too_large

_HEAD = 16
_PREAMBLE = 6
_CLASSIC = 11  # sections above are the makers' own, and headed as they please


@dataclass(frozen=True, slots=True)
class ScpLead:
    """code: of the lead table. first, last: 1-based sample numbers, both included."""

    code: int
    first: int
    last: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Zone:
    """A heartbeat as section 4 has it, 1-based and inclusive. kind: 0 where the reference beat was subtracted."""

    kind: int
    first: int
    fiducial: int
    last: int


@dataclass(frozen=True, slots=True)
class Reference:
    """Section 4: length of the reference beat, its fiducial sample (1-based), the beats, and what was kept at full rate."""

    milliseconds: int
    fiducial: int
    zones: tuple[Zone, ...]
    protected: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class ScpFile:
    """sections: their bodies by number. sound: whether every checksum fits."""

    sections: dict[int, bytes]
    protocol: int
    sound: bool


def claims_scp(head: bytes) -> bool:
    """The first section lists the others, itself first; some writers also put "SCPECG" into its header."""
    if len(head) < 32:
        return False
    size, number, length = struct.unpack_from("<I", head, 2)[0], *struct.unpack_from("<HI", head, 8)
    if head[16:22] == b"SCPECG":
        return True
    if number != 0 or length < 26 or size < _PREAMBLE + length:
        return False
    return struct.unpack_from("<HII", head, 22)[0] == 0 and struct.unpack_from("<HII", head, 22)[2] in (1, 7)


def read_scp_file(path: Path) -> ScpFile:
    size = path.stat().st_size
    refuse_too_large(4 * size, "ECG file")
    if size < _PREAMBLE + _HEAD + 10:
        raise damaged()
    data = bytes_of(path, 0, size)
    whole = struct.unpack_from("<I", data, 2)[0]
    if not _PREAMBLE + _HEAD <= whole <= size:
        raise GraticuleError("The SCP-ECG file is cut short.", "Copy the file again.")
    data = data[:whole]
    length = struct.unpack_from("<I", data, _PREAMBLE + 4)[0]
    if not _HEAD + 10 <= length <= whole - _PREAMBLE:
        raise damaged()
    sections, sound = {}, _fits(data)
    for at in range(_PREAMBLE + _HEAD, _PREAMBLE + length - 9, 10):
        number, size, index = struct.unpack_from("<HII", data, at)
        if number == 0 or size == 0:
            continue
        begin = index - 1
        if index == 0 or begin + size > whole:
            raise damaged()
        if number <= _CLASSIC:
            part = _checked(data[begin: begin + size], number)
            sound = sound and _fits(part)
            sections[number] = part[_HEAD:]
        else:
            sections.setdefault(number, data[begin: begin + size])
    return ScpFile(sections, data[_PREAMBLE + 9], sound)


def _checked(part: bytes, number: int) -> bytes:
    """A section as long as its own header says. GraticuleError when it is another one."""
    if len(part) < _HEAD or struct.unpack_from("<H", part, 2)[0] != number:
        raise damaged()
    return part[: max(_HEAD, min(len(part), struct.unpack_from("<I", part, 4)[0]))]


def _fits(part: bytes) -> bool:
    return int(struct.unpack_from("<H", part)[0]) == binascii.crc_hqx(part[2:], 0xFFFF)


def leads_of(body: bytes) -> tuple[list[ScpLead], bool]:
    """(the leads of section 3, whether a reference beat was subtracted)"""
    if len(body) < 2 or body[0] == 0 or 2 + 9 * body[0] > len(body):
        raise damaged()
    leads = [ScpLead(body[2 + 9 * n + 8], *struct.unpack_from("<II", body, 2 + 9 * n)) for n in range(body[0])]
    if any(not 1 <= lead.first <= lead.last or lead.count > 1 << 30 for lead in leads):
        raise damaged()
    return leads, bool(body[1] & 1)


def reference_of(body: bytes) -> Reference:
    if len(body) < 6:
        raise damaged()
    milliseconds, fiducial, count = struct.unpack_from("<HHH", body)
    if 6 + 14 * count > len(body):
        raise damaged()
    zones = tuple(Zone(*struct.unpack_from("<HIII", body, 6 + 14 * n)) for n in range(count))
    at = 6 + 14 * count
    fits = at + 8 * count <= len(body)
    protected = tuple(struct.unpack_from("<II", body, at + 8 * n) for n in range(count)) if fits else ()
    return Reference(milliseconds, fiducial, zones, protected)


def person_of(body: bytes) -> dict[str, str]:
    """Age, sex and filters of section 1; no name."""
    facts = {"age": "", "sex": "", "filters": ""}
    low = high = notch = ""
    at = 0
    while at + 3 <= len(body) and body[at] != 255:
        tag, size = body[at], struct.unpack_from("<H", body, at + 1)[0]
        value = body[at + 3: at + 3 + size]
        at += 3 + size
        if tag == 4 and len(value) >= 3 and value[2] == 1:
            years = struct.unpack_from("<H", value)[0]
            facts["age"] = "90+" if years >= 90 else str(years) if years else ""
        elif tag == 8 and value:
            facts["sex"] = {1: "M", 2: "F"}.get(value[0], "")
        elif tag == 27 and len(value) >= 2:
            low = f"{struct.unpack_from('<H', value)[0] / 100:g}"
        elif tag == 28 and len(value) >= 2:
            high = f"{struct.unpack_from('<H', value)[0]}"
        elif tag == 29 and value:
            notch = "60" if value[0] & 1 else "50" if value[0] & 2 else ""
    low, high = low if low != "0" else "", high if high != "0" else ""
    band = f"{low}–{high} Hz" if low and high else f"from {low} Hz" if low else f"up to {high} Hz" if high else ""
    return facts | {"filters": ", ".join(part for part in (band, f"notch {notch} Hz" if notch else "") if part)}


def damaged() -> GraticuleError:
    return GraticuleError("The SCP-ECG file is damaged.", "Copy the file again.")
