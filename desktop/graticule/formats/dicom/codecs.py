"""The decoders, by transfer syntax. Pure and quick to import: a worker process runs them on whatever a file holds."""

import struct
import zlib
from collections.abc import Callable
from typing import Any

import imagecodecs
import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.formats.damage import DAMAGE
from graticule.formats.dicom.colour import rgb_of
from graticule.formats.dicom.frame import Coding

_JPEG = "1.2.840.10008.1.2.4."
RLE = "1.2.840.10008.1.2.5"
ENCAPSULATED_UNCOMPRESSED, DEFLATED_FRAMES = "1.2.840.10008.1.2.1.98", "1.2.840.10008.1.2.8.1"
_PADDING = 4096
# Transfer syntax → codecs of imagecodecs, tried in this order. Twelve-bit JPEG needs libjpeg-turbo 3: gdcm and Pillow stop at
# eight. OpenJPEG reads HTJ2K, too; OpenJPH is the second opinion.
_CODECS: dict[str, tuple[str, ...]] = {
    _JPEG + "50": ("JPEG8",), _JPEG + "51": ("JPEG8",),
    _JPEG + "57": ("JPEGSOF3", "JPEG8"), _JPEG + "70": ("JPEGSOF3", "JPEG8"),
    _JPEG + "80": ("JPEGLS",), _JPEG + "81": ("JPEGLS",),
    _JPEG + "90": ("JPEG2K",), _JPEG + "91": ("JPEG2K",),
    _JPEG + "201": ("JPEG2K", "HTJ2K"), _JPEG + "202": ("JPEG2K", "HTJ2K"), _JPEG + "203": ("JPEG2K", "HTJ2K"),
    RLE: ("DICOMRLE",),
}


def decodes(syntax: str) -> bool:
    """Whether encapsulated frames of this transfer syntax can be decoded here."""
    return syntax in _CODECS or syntax in (ENCAPSULATED_UNCOMPRESSED, DEFLATED_FRAMES)


def decode_frame(data: bytes, coding: Coding, rows: int, columns: int) -> Array:
    """(rows, columns) numbers, or (rows, columns, 3) RGB, of one encoded frame, in the type that the decoder gives.

    Raises one of `formats.damage.DAMAGE` when no decoder can read it. Sign and unused bits are left to `pixels.meaningful`.
    """
    if coding.syntax == DEFLATED_FRAMES:
        size = rows * columns * coding.samples * coding.bits_allocated // 8
        data = zlib.decompressobj(-15).decompress(data, max(1, size))
    if coding.syntax in (ENCAPSULATED_UNCOMPRESSED, DEFLATED_FRAMES):
        return _native(data, coding, rows, columns)
    for codec in _CODECS[coding.syntax]:
        try:
            return np.asarray(_DECODERS[codec](data, coding, rows, columns))
        except DAMAGE:
            continue
    from graticule.formats.dicom.other_decoders import decoded_otherwise

    return decoded_otherwise(data, coding, rows, columns)


def available() -> list[str]:
    """The names of the compressions that this installation decodes; GraticuleError when one of them is missing."""
    names = sorted({codecs[0] for codecs in _CODECS.values()} - {"DICOMRLE"})
    missing = [name for name in names if not getattr(imagecodecs, name).available]
    if missing:
        raise GraticuleError(f"The installation lacks the decoders {', '.join(missing)}.", "Install Graticule again.")
    return [*names, "RLE", "deflate", "uncompressed"]


def native_samples(data: bytes, coding: Coding, rows: int, columns: int, planar: bool, order: str = "<") -> Array:
    """(rows, columns) or (rows, columns, samples): uncompressed samples of one frame, all bits as stored."""
    kind = "f" if coding.floating else "i" if coding.signed and coding.samples == 1 else "u"
    samples = np.frombuffer(data, np.dtype(f"{order}{kind}{coding.bits_allocated // 8}"))
    if coding.samples == 1:
        return samples[:rows * columns].reshape(rows, columns)
    samples = samples[:rows * columns * coding.samples]
    if planar:
        return np.moveaxis(samples.reshape(coding.samples, rows, columns), 0, -1)
    return samples.reshape(rows, columns, coding.samples)


def _native(data: bytes, coding: Coding, rows: int, columns: int) -> Array:
    samples = native_samples(data, coding, rows, columns, planar=False)
    return samples if coding.samples == 1 else rgb_of(samples, coding.photometric)


def _jpeg(data: bytes, coding: Coding, rows: int, columns: int) -> Array:
    """Baseline and extended JPEG. What the stream says about its colours counts more than the header, which often errs."""
    if coding.samples == 1:
        return np.asarray(imagecodecs.jpeg8_decode(data))
    stored = stream_colours(data) or ("YCBCR" if coding.photometric.startswith("YBR") else "RGB")
    return np.asarray(imagecodecs.jpeg8_decode(data, colorspace=stored, outcolorspace="RGB"))


def stream_colours(data: bytes) -> str | None:
    """"YCBCR" or "RGB" as a JPEG stream's own markers tell: Adobe's, JFIF's, or components named R, G, B; None: it is silent."""
    jfif, place = False, 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker, (length,) = data[place + 1], struct.unpack_from(">H", data, place + 2)
        body = data[place + 4:place + 2 + length]
        if marker == 0xEE and body[:5] == b"Adobe" and len(body) >= 12:
            return "RGB" if body[11] == 0 else "YCBCR"
        jfif = jfif or (marker == 0xE0 and body[:4] == b"JFIF")
        if marker in (0xC0, 0xC1, 0xC2, 0xC3) and len(body) >= 15:
            return "YCBCR" if jfif else "RGB" if bytes(body[6:15:3]) == b"RGB" else None
        if marker == 0xDA:
            return None
        place += 2 + length
    return None


def _lossless_jpeg(data: bytes, coding: Coding, rows: int, columns: int) -> Array:
    return _colours(np.asarray(imagecodecs.jpegsof3_decode(data)), coding)


def _jpeg_ls(data: bytes, coding: Coding, rows: int, columns: int) -> Array:
    return _colours(np.asarray(imagecodecs.jpegls_decode(data)), coding)


def _jpeg_2000(data: bytes, coding: Coding, rows: int, columns: int) -> Array:
    """OpenJPEG undoes YBR_ICT and YBR_RCT itself; one thread, since as many frames are decoded at once as there are threads."""
    return _colours(np.asarray(imagecodecs.jpeg2k_decode(data, numthreads=1)), coding)


def _ht_jpeg_2000(data: bytes, coding: Coding, rows: int, columns: int) -> Array:
    return _colours(np.asarray(imagecodecs.htj2k_decode(data)), coding)


def _rle(data: bytes, coding: Coding, rows: int, columns: int) -> Array:
    """PS3.5 Annex G: a segment for each byte of each sample, the most significant byte first, samples one after the other."""
    size, number = coding.bits_allocated // 8, rows * columns
    segments = _rle_segments(data, size * coding.samples, number)
    container = np.dtype(f"<u{size}")
    samples = np.empty((coding.samples, number), container)
    as_bytes = samples.view(np.uint8).reshape(coding.samples, number, size)
    for index, segment in enumerate(segments):
        as_bytes[index // size, :, size - 1 - index % size] = segment
    if coding.samples == 1:
        return samples.reshape(rows, columns)
    return _colours(np.moveaxis(samples.reshape(coding.samples, rows, columns), 0, -1), coding)


def _rle_segments(data: bytes, count: int, number: int) -> list[Array]:
    said, *offsets = struct.unpack_from("<16I", data)
    if said != count:
        raise ValueError("another number of RLE segments than the pixels have bytes")
    ends = [*offsets[1:count], len(data)]
    # The decoder stops a little beyond the pixels: a segment may stand for 64 times its bytes.
    segments = [np.frombuffer(imagecodecs.packbits_decode(data[start:end], out=number + _PADDING), np.uint8)
                for start, end in zip(offsets[:count], ends, strict=True)]
    if any(segment.size < number for segment in segments):
        raise ValueError("RLE segment too short")
    return [segment[:number] for segment in segments]


def _colours(values: Array, coding: Coding) -> Array:
    return values if coding.samples == 1 else rgb_of(np.ascontiguousarray(values), coding.photometric)


_DECODERS: dict[str, Callable[[bytes, Coding, int, int], Any]] = {
    "JPEG8": _jpeg, "JPEGSOF3": _lossless_jpeg, "JPEGLS": _jpeg_ls, "JPEG2K": _jpeg_2000, "HTJ2K": _ht_jpeg_2000,
    "DICOMRLE": _rle,
}
