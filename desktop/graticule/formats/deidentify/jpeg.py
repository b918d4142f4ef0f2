"""JPEG photographs: every segment that is not the picture goes; compressed data keep their bytes. Source: ITU-T T.81 Annex B."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graticule.domain.errors import GraticuleError
from graticule.formats.deidentify.exif import only_orientation, orientation_of
from graticule.formats.deidentify.findings import PICTURES, REMOVED
from graticule.formats.deidentify.work import Copy, Span, Work

_SOI, _EOI, _SOS, _COM = 0xD8, 0xD9, 0xDA, 0xFE
_ALONE = {0x01, *range(0xD0, 0xD8)}
_DAMAGED = ("The photograph is damaged: its parts cannot be told apart.", "Copy it again from its source.")
_WORDS = {0xE1: "EXIF and XMP", 0xED: "IPTC and Photoshop", _COM: "comments"}


@dataclass(frozen=True, slots=True)
class _Segment:
    """marker, and where it begins and ends in the file; of a scan with its compressed data."""

    marker: int
    start: int
    end: int


def clean_jpeg(path: Path, work: Work) -> list[Copy]:
    data = path.read_bytes()
    segments = list(_segments(data))
    turned = next((orientation_of(data[s.start + 10:s.end]) for s in segments
                   if s.marker == 0xE1 and data[s.start + 4:s.start + 10] == b"Exif\0\0"), 1)
    parts: list[bytes | Span] = [b"\xff\xd8"]
    if turned != 1:
        block = b"Exif\0\0" + only_orientation(turned)
        parts.append(b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block)
    for segment in segments:
        body = data[segment.start:segment.end]
        if not _belongs(segment.marker, body):
            work.findings.note(PICTURES, _WORDS.get(segment.marker, "other segments"), REMOVED)
        else:
            parts.append(_without_thumbnail(body) if segment.marker == 0xE0 else Span(path, segment.start, len(body)))
    parts.append(b"\xff\xd9")
    end = segments[-1].end if segments else 0
    if len(data) - end > 2:
        work.findings.note(PICTURES, "data behind the picture", REMOVED)
    return [work.put(path, work.name(path, ".jpg"), *parts)]


def _belongs(marker: int, body: bytes) -> bool:
    if marker == _COM:
        return False
    if not 0xE0 <= marker <= 0xEF:
        return True
    return ((marker == 0xE0 and body[4:9] == b"JFIF\0") or (marker == 0xE2 and body[4:16] == b"ICC_PROFILE\0")
            or (marker == 0xEE and body[4:9] == b"Adobe"))


def _without_thumbnail(body: bytes) -> bytes:
    """JFIF: version, density, and no picture behind it."""
    return body[:2] + (16).to_bytes(2, "big") + body[4:16].ljust(12, b"\0") + b"\0\0"


def _segments(data: bytes) -> Iterator[_Segment]:
    """Up to the end mark of the first picture. GraticuleError when there is none."""
    if data[:2] != b"\xff\xd8":
        raise GraticuleError(*_DAMAGED)
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise GraticuleError(*_DAMAGED)
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker == _EOI:
            return
        elif marker in _ALONE:
            at += 2
        else:
            end = at + 2 + int.from_bytes(data[at + 2:at + 4], "big")
            end = _scan_end(data, end) if marker == _SOS else end
            if end > len(data):
                raise GraticuleError(*_DAMAGED)
            yield _Segment(marker, at, end)
            at = end
    if data[at:at + 2] != b"\xff\xd9":
        raise GraticuleError(*_DAMAGED)


def _scan_end(data: bytes, at: int) -> int:
    """Where the next marker stands that ends the scan: not a stuffed zero, not a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise GraticuleError(*_DAMAGED)
        if data[at + 1] == 0 or 0xD0 <= data[at + 1] <= 0xD7:
            at += 2
        elif data[at + 1] == 0xFF:
            at += 1
        else:
            return at
