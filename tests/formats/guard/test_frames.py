"""One encoded frame: the worker gives what the codec gives, and what lies about its size is refused before it is decoded."""

import struct

import imagecodecs
import numpy as np
import pydicom
import pytest

from graticule.domain.errors import GraticuleError
from graticule.formats.dicom.codecs import decode_frame
from graticule.formats.dicom.frame import Coding
from graticule.formats.guard.frames import decode
from real_data import DATA, needs_data

JPEG = "1.2.840.10008.1.2.4."
RLE = "1.2.840.10008.1.2.5"


def coding(syntax, bits=16, samples=1):
    return Coding(syntax, samples, "RGB" if samples == 3 else "MONOCHROME2", bits, bits, bits - 1, False, 1.0, 0.0)


@pytest.mark.parametrize("syntax,encode", [(JPEG + "80", imagecodecs.jpegls_encode), (JPEG + "70", imagecodecs.ljpeg_encode),
                                           (JPEG + "90", imagecodecs.jpeg2k_encode), (JPEG + "201", imagecodecs.htj2k_encode)])
def test_the_worker_gives_what_the_codec_gives(syntax, encode):
    image = (np.arange(60 * 70) * 37 % 4096).astype(np.uint16).reshape(60, 70)
    data = encode(image)
    assert np.array_equal(decode(data, coding(syntax), 60, 70), image)
    with pytest.raises(GraticuleError, match="70 × 60 × 1, but the file says 7000 × 6000 × 1"):
        decode(data, coding(syntax), 6000, 7000)
    with pytest.raises(GraticuleError, match="cannot be decoded"):
        decode(data[:20], coding(syntax), 60, 70)


@needs_data
def test_the_real_syntaxes_come_home_unchanged():
    for path in sorted((DATA / "imaging/ct/transfer_syntaxes").glob("*.dcm")):
        image = pydicom.dcmread(path)
        syntax = str(image.file_meta.TransferSyntaxUID)
        if not syntax.startswith(JPEG) or syntax.endswith(".53") or image.get("NumberOfFrames"):
            continue
        how = Coding(syntax, 1, "MONOCHROME2", image.BitsAllocated, image.BitsStored, image.HighBit, False, 1.0, 0.0)
        data = next(pydicom.encaps.generate_frames(image.PixelData, number_of_frames=1))
        assert np.array_equal(decode(data, how, image.Rows, image.Columns), decode_frame(data, how, image.Rows, image.Columns))


def test_run_lengths_without_end_stop_at_the_size_of_the_image():
    """A megabyte that stands for 64 of them, in each of two segments."""
    body = b"\x81\x05" * 500_000
    bomb = struct.pack("<16I", 2, 64, 64, *[0] * 13) + body
    with pytest.raises(GraticuleError, match="RLE image cannot be decoded"):
        decode(bomb, coding(RLE), 60, 70)
    whole = struct.pack("<16I", 2, 64, 64 + 66, *[0] * 13) + b"\x81\x05" * 33 + b"\x81\x07" * 33
    assert (decode(whole, coding(RLE), 60, 70) == 0x0507).all()


@pytest.mark.parametrize("rows,columns", [(0, 5), (70000, 5), (60000, 60000)])
def test_sizes_without_sense_or_memory(rows, columns):
    with pytest.raises(GraticuleError):
        decode(bytes(100), coding(JPEG + "90", 16, 3), rows, columns)
