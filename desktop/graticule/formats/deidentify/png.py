"""PNG and WebP: only the chunks that make the picture stay; their bytes do not change."""

import zlib
from pathlib import Path

from graticule.domain.errors import GraticuleError
from graticule.formats.deidentify.exif import only_orientation, orientation_of
from graticule.formats.deidentify.findings import PICTURES, REMOVED
from graticule.formats.deidentify.work import Copy, Span, Work

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PICTURE = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs", b"bKGD", b"cICP"}
_WEBP = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP"}
_EXIF_FLAG, _XMP_FLAG = 0x08, 0x04
_DAMAGED = ("The picture is damaged: its parts cannot be told apart.", "Copy it again from its source.")


def clean_png(path: Path, work: Work) -> list[Copy]:
    data = path.read_bytes()
    parts: list[bytes | Span] = [_SIGNATURE]
    at, kind = len(_SIGNATURE), b""
    while kind != b"IEND":
        size, kind = int.from_bytes(data[at:at + 4], "big"), data[at + 4:at + 8]
        end = at + 12 + size
        if len(kind) < 4 or end > len(data):
            raise GraticuleError(*_DAMAGED)
        if kind == b"eXIf" and (turned := orientation_of(data[at + 8:end - 4])) != 1:
            parts.append(_chunk(b"eXIf", only_orientation(turned)))
        if kind in _PICTURE:
            parts.append(Span(path, at, end - at))
        else:
            work.findings.note(PICTURES, "chunks with words" if kind in (b"tEXt", b"iTXt", b"zTXt") else "other chunks", REMOVED)
        at = end
    if at < len(data):
        work.findings.note(PICTURES, "data behind the picture", REMOVED)
    return [work.put(path, work.name(path, ".png"), *parts)]


def _chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def clean_webp(path: Path, work: Work) -> list[Copy]:
    data = path.read_bytes()
    whole = 8 + int.from_bytes(data[4:8], "little")
    at, turned, chunks = 12, 1, []
    while at + 8 <= min(whole, len(data)):
        kind, size = data[at:at + 4], int.from_bytes(data[at + 4:at + 8], "little")
        end = at + 8 + size + size % 2
        if at + 8 + size > len(data):
            raise GraticuleError(*_DAMAGED)
        if kind in _WEBP:
            chunks.append(data[at:end])
        else:
            work.findings.note(PICTURES, "EXIF and XMP" if kind in (b"EXIF", b"XMP ") else "other chunks", REMOVED)
        if kind == b"EXIF":
            turned = orientation_of(data[at + 8:end].removeprefix(b"Exif\0\0"))
        at = end
    chunks = [_flags(chunk, turned != 1) if chunk[:4] == b"VP8X" else chunk for chunk in chunks]
    if turned != 1:
        block = only_orientation(turned)
        chunks.append(b"EXIF" + len(block).to_bytes(4, "little") + block)
    body = b"WEBP" + b"".join(chunks)
    return [work.put(path, work.name(path, ".webp"), b"RIFF" + len(body).to_bytes(4, "little") + body)]


def _flags(chunk: bytes, exif: bool) -> bytes:
    flags = chunk[8] & ~(_EXIF_FLAG | _XMP_FLAG) | (_EXIF_FLAG if exif else 0)
    return chunk[:8] + bytes([flags]) + chunk[9:]


def clean_bitmap(path: Path, work: Work) -> list[Copy]:
    """A bitmap holds its picture and nothing else; what lies behind it goes."""
    data = path.read_bytes()
    size = min(int.from_bytes(data[2:6], "little") or len(data), len(data))
    return [work.put(path, work.name(path, ".bmp"), data[:6] + bytes(4) + data[10:size])]
