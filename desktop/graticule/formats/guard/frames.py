"""One encoded DICOM frame, decoded behind glass."""

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.formats.damage import DAMAGE
from graticule.formats.dicom.codecs import DEFLATED_FRAMES, ENCAPSULATED_UNCOMPRESSED, RLE, decode_frame
from graticule.formats.dicom.frame import Coding
from graticule.formats.guard.client import guarded
from graticule.formats.guard.codestream import refuse_other_size
from graticule.formats.guard.limits import refuse_impossible, refuse_too_large

# A pure function of a module that imports nothing slow: (data, coding, rows, columns) → (rows, columns[, samples]).
DECODE = "graticule.formats.dicom.codecs:decode_frame"
_JPEG = "1.2.840.10008.1.2.4."
_NAMES = {
    RLE: "RLE", DEFLATED_FRAMES: "deflated", ENCAPSULATED_UNCOMPRESSED: "uncompressed",
    _JPEG + "57": "lossless JPEG", _JPEG + "70": "lossless JPEG", _JPEG + "80": "JPEG-LS",
    _JPEG + "81": "JPEG-LS", **dict.fromkeys((_JPEG + "90", _JPEG + "91"), "JPEG 2000"),
    **dict.fromkeys((_JPEG + "201", _JPEG + "202", _JPEG + "203"), "HTJ2K"),
}


def decode(data: bytes, coding: Coding, rows: int, columns: int) -> Array:
    """(rows, columns) or (rows, columns, samples): what `codecs.decode_frame` gives, run in a worker.

    GraticuleError when the stream states another size than the header, is too large for the memory here, is damaged, or makes
    its decoder crash, hang or ask for too much.
    """
    refuse_impossible((rows, columns))
    refuse_other_size(data, rows, columns, coding.samples)
    size = rows * columns * coding.samples * max(1, -(-coding.bits_allocated // 8))
    refuse_too_large(2 * size)
    if coding.syntax == RLE:
        return _run_lengths(data, coding, rows, columns)
    largest = max(size, rows * columns * coding.samples * 4)  # a decoder may answer in 32 bits
    return guarded(DECODE, data, coding, rows, columns, largest=largest, name=f"{name_of(coding.syntax)} image")


def _run_lengths(data: bytes, coding: Coding, rows: int, columns: int) -> Array:
    """RLE needs no worker, and sending its pixels there would take longer than decoding them: it is one loop over the bytes,
    which ends with the bytes and stops at the size of the image."""
    try:
        return decode_frame(data, coding, rows, columns)
    except DAMAGE as error:
        raise GraticuleError("The RLE image cannot be decoded: it is damaged.", "Ask the sender for the original.") from error


def name_of(syntax: str) -> str:
    """What a clinician's supplier calls the compression."""
    return _NAMES.get(syntax, "JPEG")
