"""Every transfer syntax against SimpleITK (GDCM) on real files, and against what was encoded on synthetic ones."""

import zlib

import imagecodecs
import numpy as np
import pydicom
import pytest
import SimpleITK
from pydicom.encaps import encapsulate_extended

from fakes.dicom_picture import compressed, dataset
from fakes.door_ways import only_case, opened, scanned
from graticule.formats.dicom.codecs import decode_frame
from graticule.formats.dicom.damage import DICOM_DAMAGE
from graticule.formats.dicom.frame import Coding
from graticule.formats.dicom.objects import why_no_decoder
from graticule.formats.dicom.other_decoders import decoded_otherwise
from real_data import DATA, needs_data

SYNTAXES = DATA / "imaging/ct/transfer_syntaxes"
T = "1.2.840.10008.1.2."
GREY = (np.arange(24 * 32).reshape(24, 32) * 5 % 4096).astype(np.uint16)
SIGNED = (GREY.astype(np.int32) - 2048).astype(np.int16)
RNG = np.random.default_rng(7)
PHOTO = np.kron(RNG.integers(0, 256, (6, 8, 3)), np.ones((4, 4, 1))).astype(np.uint8)


def rle(pixels):
    data = dataset(pixels, "MONOCHROME2" if pixels.ndim == 2 else "RGB")
    data.compress(T + "5", encoding_plugin="pydicom")
    return next(pydicom.encaps.generate_frames(data.PixelData, number_of_frames=1))


@needs_data
@pytest.mark.parametrize("path", sorted(SYNTAXES.glob("*.dcm")) if SYNTAXES.is_dir() else [], ids=lambda path: path.name[-28:])
def test_real_files_have_the_values_of_gdcm(path):
    if path.name.endswith("4.53.dcm"):
        outcome, = scanned(path)
        assert outcome.outcome == "refused" and "retired" in outcome.reason
        return
    ours = opened(path).voxels
    theirs = SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(path)))
    if "CT0012" in path.name:
        theirs = theirs[::-1]  # its second frame lies lower, and comes first in a volume
    assert np.abs(ours.astype(float) - theirs).max() <= (1 if path.name.endswith(("4.50.dcm", "4.91.dcm")) else 0.01)


@needs_data
def test_twelve_bit_jpeg_is_near_what_it_was_made_of():
    path, = SYNTAXES.glob("*2_4*4.51.dcm")
    whole, = SYNTAXES.glob("CTImage*_1.2.840.10008.1.2.1.dcm")
    slope, intercept = (float(v) for v in only_case(path).facts["codings"][0][7:9])
    ours, truth = (opened(path).voxels[0] - intercept) / slope, pydicom.dcmread(whole).pixel_array.astype(float)
    inside = truth > -1900
    assert np.corrcoef(ours[inside], truth[inside])[0, 1] > 0.999


@pytest.mark.parametrize("syntax,frame", [
    ("4.57", lambda a: imagecodecs.ljpeg_encode(a, bitspersample=12)),
    ("4.70", lambda a: imagecodecs.ljpeg_encode(a, bitspersample=12)),
    ("4.80", imagecodecs.jpegls_encode), ("4.90", lambda a: imagecodecs.jpeg2k_encode(a, codecformat="J2K", reversible=True)),
    ("4.201", lambda a: imagecodecs.htj2k_encode(a, reversible=True)),
    ("4.202", lambda a: imagecodecs.htj2k_encode(a, reversible=True)),
    ("5", rle)])
def test_lossless_frames_come_back_as_they_were(tmp_path, syntax, frame):
    path = compressed(tmp_path / "a.dcm", GREY, T + syntax, [frame(GREY)], BitsStored=12, HighBit=11)
    assert np.array_equal(opened(path).pixels, GREY)


@pytest.mark.parametrize("syntax,frame", [
    ("4.80", imagecodecs.jpegls_encode), ("4.201", lambda a: imagecodecs.htj2k_encode(a, reversible=True)),
    ("4.90", lambda a: imagecodecs.jpeg2k_encode(a, codecformat="J2K", reversible=True)), ("5", rle)])
def test_signed_values_in_unsigned_streams(tmp_path, syntax, frame):
    stored = SIGNED.view(np.uint16) & 0xFFF
    path = compressed(tmp_path / "a.dcm", SIGNED, T + syntax, [frame(stored)], BitsStored=12, HighBit=11)
    assert np.array_equal(opened(path).pixels, SIGNED)


def test_lossy_ht_j2k_is_near_and_named(tmp_path):
    smooth = np.add.outer(np.arange(32) * 40, np.arange(48) * 50).astype(np.uint16) % 4096
    frame = imagecodecs.htj2k_encode(smooth, 0.001, reversible=False)
    path = compressed(tmp_path / "a.dcm", smooth, T + "4.203", [frame], BitsStored=12, HighBit=11)
    picture = opened(path)
    assert np.abs(picture.pixels.astype(int) - smooth).max() < 100
    assert any(doubt.what == "lossy" and "HTJ2K" in doubt.text for doubt in picture.doubts)


def test_twelve_bit_extended_jpeg(tmp_path):
    smooth = np.add.outer(np.arange(32) * 40, np.arange(48) * 50).astype(np.uint16) % 4096
    frame = imagecodecs.jpeg8_encode(smooth, 100, bitspersample=12)
    picture = opened(compressed(tmp_path / "a.dcm", smooth, T + "4.51", [frame], BitsStored=12, HighBit=11))
    assert np.abs(picture.pixels.astype(int) - smooth).max() <= 40 and picture.pixels.max() > 3000


@pytest.mark.parametrize("syntax,photometric,frame,off", [
    ("4.50", "YBR_FULL_422", lambda a: imagecodecs.jpeg8_encode(a, 98, subsampling="444"), 12),
    ("4.50", "YBR_FULL", lambda a: imagecodecs.jpeg8_encode(a, 98, subsampling="444"), 12),
    ("4.50", "RGB", lambda a: imagecodecs.jpeg8_encode(a, 98, colorspace="RGB", outcolorspace="RGB"), 12),
    ("4.50", "RGB", lambda a: imagecodecs.jpeg8_encode(a, 98, subsampling="444"), 12),  # the header lies, the stream does not
    ("4.80", "RGB", imagecodecs.jpegls_encode, 0), ("5", "RGB", rle, 0),
    ("4.90", "YBR_RCT", lambda a: imagecodecs.jpeg2k_encode(a, codecformat="J2K", reversible=True, mct=True), 0),
    ("4.90", "RGB", lambda a: imagecodecs.jpeg2k_encode(a, codecformat="J2K", reversible=True, mct=False), 0),
    ("4.91", "YBR_ICT", lambda a: imagecodecs.jpeg2k_encode(a, 60, codecformat="J2K", reversible=False, mct=True), 12),
    ("4.201", "YBR_RCT", lambda a: imagecodecs.htj2k_encode(a, rgb=True, reversible=True), 0)])
def test_colours_through_every_compression(tmp_path, syntax, photometric, frame, off):
    path = compressed(tmp_path / "a.dcm", PHOTO, T + syntax, [frame(PHOTO)], photometric)
    shown = opened(path).pixels.astype(int)
    assert np.abs(shown - PHOTO).max() <= off


def test_ybr_full_in_lossless_streams_is_converted(tmp_path):
    ybr = pydicom.pixels.convert_color_space(PHOTO, "RGB", "YBR_FULL")
    for syntax, frame in (("5", rle(ybr)), ("4.80", imagecodecs.jpegls_encode(ybr))):
        path = compressed(tmp_path / f"{syntax}.dcm", ybr, T + syntax, [frame], "YBR_FULL")
        assert np.abs(opened(path).pixels.astype(int) - PHOTO).max() <= 2


@pytest.mark.parametrize("offsets", [True, False])
@pytest.mark.parametrize("fragments", [1, 3])
def test_frames_in_fragments_with_and_without_an_offset_table(tmp_path, offsets, fragments):
    loop = np.stack([GREY, GREY[::-1], GREY[:, ::-1]])
    frames = [imagecodecs.jpegls_encode(frame) for frame in loop]
    path = compressed(tmp_path / "a.dcm", loop, T + "4.80", frames, offsets=offsets, fragments=fragments, BitsStored=12,
                      HighBit=11)
    assert np.array_equal(opened(path).frames, loop)


def test_an_extended_offset_table(tmp_path):
    loop = np.stack([GREY, GREY[::-1]])
    # In RLE nothing in the frames themselves tells where one begins; here each takes one fragment but for an odd one in between.
    data = dataset(loop, BitsStored=12, HighBit=11)
    data.file_meta.TransferSyntaxUID = T + "4.90"
    frames = [imagecodecs.jpeg2k_encode(frame, codecformat="J2K", reversible=True) for frame in loop]
    data.PixelData, data.ExtendedOffsetTable, data.ExtendedOffsetTableLengths = encapsulate_extended(frames)
    data["PixelData"].is_undefined_length = True
    data["PixelData"].VR = "OB"
    data.save_as(tmp_path / "a.dcm", enforce_file_format=True)
    assert np.array_equal(opened(tmp_path / "a.dcm").frames, loop)


def test_uncompressed_frames_in_a_capsule(tmp_path):
    loop = np.stack([GREY, GREY[::-1]])
    frames = [frame.astype("<u2").tobytes() for frame in loop]
    assert np.array_equal(opened(compressed(tmp_path / "a.dcm", loop, T + "1.98", frames)).frames, loop)


@pytest.mark.parametrize("syntax", [T + "2", T + "1.99", T + "1", "1.2.840.10008.1.2"])
@pytest.mark.parametrize("pixels,photometric", [
    (np.stack([GREY, GREY[::-1]]), "MONOCHROME2"), (PHOTO, "RGB"), (GREY.astype(np.uint8), "MONOCHROME2"),
    (np.stack([GREY, GREY]).astype(np.float32) / 7, "MONOCHROME2"), (GREY.astype(np.uint32) * 90000, "MONOCHROME2")])
def test_uncompressed_syntaxes(tmp_path, syntax, pixels, photometric):
    data = dataset(pixels, photometric)
    path = tmp_path / "a.dcm"
    data.file_meta.TransferSyntaxUID = syntax
    if syntax == T + "2" and "PixelData" in data and data.BitsAllocated > 8:
        data.PixelData = pixels.astype(pixels.dtype.newbyteorder(">")).tobytes()
    if syntax == T + "2" and "FloatPixelData" in data:
        data.FloatPixelData = pixels.astype(">f4").tobytes()
    pydicom.dcmwrite(path, data, enforce_file_format=True)
    picture = opened(path)
    shown = picture.pixels if picture.frames is None else picture.frames
    assert np.array_equal(shown, pixels)


def test_bytes_in_big_endian_words_stand_in_pairs(tmp_path):
    pixels = GREY.astype(np.uint8)
    data = dataset(pixels)
    data.file_meta.TransferSyntaxUID = T + "2"
    data.PixelData = np.frombuffer(pixels.tobytes(), "<u2").astype(">u2").tobytes()
    data["PixelData"].VR = "OW"
    data.save_as(tmp_path / "a.dcm", enforce_file_format=True)
    assert np.array_equal(opened(tmp_path / "a.dcm").pixels, pixels)


@pytest.mark.parametrize("syntax,word", [("4.100", "MPEG2"), ("4.102", "MPEG-4"), ("4.107", "HEVC"), ("4.53", "retired"),
                                         ("4.94", "JPIP")])
def test_what_cannot_be_decoded_is_refused_by_name(tmp_path, syntax, word):
    path = compressed(tmp_path / "a.dcm", GREY, T + syntax, [b"\0" * 64])
    outcome, = scanned(path)
    assert outcome.outcome == "refused" and (word in outcome.reason or "cannot decode" in outcome.reason)


def test_syntaxes_that_pydicom_does_not_know_have_names_too():
    assert "JPEG XL" in why_no_decoder("1.2.840.10008.1.2.4.110")
    assert why_no_decoder("1.2.840.10008.1.2.8.1") is None


def test_frames_that_are_deflated_one_by_one():
    machine = zlib.compressobj(wbits=-15)
    data = machine.compress(GREY.astype("<u2").tobytes()) + machine.flush()
    coding = Coding("1.2.840.10008.1.2.8.1", 1, "MONOCHROME2", 16, 12, 11, False, 1.0, 0.0)
    assert np.array_equal(decode_frame(data, coding, *GREY.shape), GREY)


def test_a_second_decoder_is_asked_where_the_first_gives_up():
    coding = Coding("1.2.840.10008.1.2.4.80", 1, "MONOCHROME2", 16, 12, 11, False, 1.0, 0.0)
    assert np.array_equal(decoded_otherwise(imagecodecs.jpegls_encode(GREY), coding, *GREY.shape), GREY)
    with pytest.raises(DICOM_DAMAGE):
        decode_frame(b"\xff\xd8 nothing of the kind", coding, *GREY.shape)
