"""ISHNE Holter: the recording (.ecg) and its beats (.ann).

Source: F. Badilini, The ISHNE Holter Standard Output File Format, Ann Noninvasive Electrocardiol 1998;3:263–266, and its
companion on annotations. Numbers are little-endian; samples are 16-bit, the leads in turn, −32768 where a lead was off.
"""

import binascii
import struct
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from graticule.domain.elements import Beat, Element, Note
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.recording import Recording
from graticule.domain.volume import Doubt
from graticule.formats.ecg.block_file import Frames, bytes_of
from graticule.formats.ecg.channels import Channel, on_one_clock
from graticule.formats.ecg.stated import Stated

ECG, ANN = b"ISHNE1.0", b"ANN  1.0"
FIXED = 522
_LEADS = {2: "X", 3: "Y", 4: "Z", 5: "I", 6: "II", 7: "III", 8: "aVR", 9: "aVL", 10: "aVF", 11: "V1", 12: "V2", 13: "V3",
          14: "V4", 15: "V5", 16: "V6", 17: "ES", 18: "AS", 19: "AI"}
_POOR = {3: "frequent noise", 4: "intermittent disconnection", 5: "frequent disconnection"}
_OFF = -32768
_BEATS = {"N": "N", "V": "V", "S": "S", "P": "/", "B": "B", "U": "Q"}
_TIMEOUT = "!"


@dataclass(frozen=True, slots=True)
class IshneHeader:
    """at: first byte of the samples. samples: of each lead as the header says; nanovolts: of one step, per lead."""

    at: int
    samples: int
    leads: tuple[int, ...]
    quality: tuple[int, ...]
    nanovolts: tuple[int, ...]
    rate: int
    sex: str
    paced: bool
    sound: bool


def claims_ishne(head: bytes) -> bool:
    return head[:8] == ECG


def claims_ishne_annotations(head: bytes) -> bool:
    return head[:8] == ANN


def read_ishne_header(path: Path) -> IshneHeader:
    size = path.stat().st_size
    if size < FIXED:
        raise GraticuleError("The ISHNE header is cut short.", "Copy the file again.")
    head = bytes_of(path, 0, FIXED)
    variable, samples = struct.unpack_from("<ii", head, 10)
    count, rate = struct.unpack_from("<h", head, 156)[0], struct.unpack_from("<h", head, 272)[0]
    if variable < 0 or FIXED + variable > size or not 0 < count <= 12:
        raise GraticuleError("The ISHNE header is damaged.", "Copy the file again.")
    if rate <= 0:
        raise GraticuleError("The ISHNE header gives no sampling rate.", "Ask for the file again.")
    leads, quality, nanovolts = (struct.unpack_from(f"<{count}h", head, at) for at in (158, 182, 206))
    sex, pacemaker = struct.unpack_from("<h", head, 128)[0], struct.unpack_from("<h", head, 230)[0]
    return IshneHeader(FIXED + variable, samples, leads, quality, nanovolts, rate, {1: "M", 2: "F"}.get(sex, ""), pacemaker > 0,
                       _is_sound(head, bytes_of(path, FIXED, FIXED + variable)))


def _is_sound(head: bytes, variable: bytes) -> bool:
    """Whether the checksum fits; writers disagree on its byte order, and some write none."""
    stored, made = struct.unpack_from("<H", head, 8)[0], binascii.crc_hqx(head[10:] + variable, 0xFFFF)
    return stored in (0, made, (made & 0xFF) << 8 | made >> 8)


def read_ishne(path: Path, stated: Stated) -> Recording:
    header = read_ishne_header(path)
    count = len(header.leads)
    frames = (path.stat().st_size - header.at) // (2 * count)
    if frames == 0:
        raise GraticuleError("The Holter file holds no samples.")
    doubts = [] if header.sound else [Doubt("checksum", "The header's checksum does not fit: it was changed or is damaged.")]
    doubts += _length(header, frames)
    rated = enumerate(zip(header.leads, header.quality, strict=True))
    poor = [f"{_name(code, n)}: {_POOR[quality]}" for n, (code, quality) in rated if quality in _POOR]
    if poor:
        doubts.append(Doubt("quality", f"The recorder noted {'; '.join(poor)}."))

    def read(first: int, last: int) -> Array:
        data = bytes_of(path, header.at + first * 2 * count, header.at + last * 2 * count)
        return np.frombuffer(data, "<i2").astype(np.int16).reshape(-1, count)

    table = Frames(frames, count, read)
    rate = Fraction(header.rate)
    channels = [Channel(_name(code, n), table.column(n, 1, np.int16), rate, 1e6 / step if step > 0 else None, invalid=_OFF)
                for n, (code, step) in enumerate(zip(header.leads, header.nanovolts, strict=True))]
    leads, rate, ticks, about = on_one_clock(channels, stated)
    facts = {"age": "", "sex": header.sex, "pacemaker": "yes" if header.paced else ""}
    return Recording(leads, rate, ticks, "", False, (*doubts, *about), facts)


def _name(code: int, number: int) -> str:
    return _LEADS.get(code, f"Channel {number + 1}")


def _length(header: IshneHeader, frames: int) -> list[Doubt]:
    """Recorders fill the field in different ways: as samples of each lead, of all leads, or not at all."""
    count = len(header.leads)
    if header.samples in (frames, frames * count, 0) or header.samples * count * 2 == frames:
        return []
    promised, there = header.samples / header.rate, frames / header.rate
    return [Doubt("length", f"The header promises {promised:.1f} s, the file holds {there:.1f} s; what it holds is shown.")]


def read_ishne_beats(path: Path, recording: Recording, new_id: Callable[[], str]) -> list[Element]:
    """The beats of an .ann on the clock of its recording. A mark's time is counted from the one before it."""
    header = read_ishne_header(path)
    data = bytes_of(path, header.at, path.stat().st_size)
    if len(data) < 4:
        raise GraticuleError("The annotation file holds no beats.")
    if Fraction(header.rate) != recording.rate:
        raise GraticuleError("The annotations were made at another sampling rate: they belong to another recording.")
    rows = np.frombuffer(data[4: 4 + (len(data) - 4) // 4 * 4], np.dtype([("label", "S1"), ("inner", "S1"), ("since", "<u2")]))
    labels = [row.decode("latin-1") for row in rows["label"].tolist()]
    ticks = (int.from_bytes(data[:4], "little") + np.cumsum(rows["since"], dtype=np.int64)).tolist()
    known = labels.index(_TIMEOUT) if _TIMEOUT in labels else len(labels)
    outside = sum(not 0 <= tick < recording.ticks for tick in ticks[:known])
    if outside:
        raise GraticuleError(f"{outside} of {known} annotations lie outside the record: they belong to another recording.")
    marks = list(zip(labels[:known], ticks[:known], strict=True))
    beats: list[Element] = [Beat(id=new_id(), tick=tick, symbol=_BEATS[label]) for label, tick in marks if label in _BEATS]
    text = _said(marks, len(labels) - known)
    return [*beats, *([Note(id=new_id(), text=text)] if text else [])]


def _said(marks: list[tuple[str, int]], lost: int) -> str:
    left: dict[str, int] = {}
    for label, _ in marks:
        if label not in _BEATS:
            left[label] = left.get(label, 0) + 1
    names = {"X": "artefacts", "C": "calibration pulses"}
    says = [", ".join(f"{count} {names.get(label, f'marks “{label}”')}" for label, count in sorted(left.items()))] if left else []
    if lost:
        says.append(f"{lost} marks after a pause of unknown length")
    return f"Imported from an ISHNE annotation file. Not taken over: {'; '.join(says)}." if says else ""
