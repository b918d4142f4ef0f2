"""DICOM pictures by values: palettes, colour models, tables, padding, overlays, depths, loops; referees pydicom and Pillow."""

from contextlib import suppress

import numpy as np
import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms
from pydicom.pixels import apply_color_lut, apply_modality_lut, convert_color_space

from fakes.dicom_picture import dataset, put_overlay, table, written
from fakes.dicom_series import Series, asymmetric
from fakes.door_ways import cases_of, filled, only_case, opened
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Silent
from graticule.formats import door
from graticule.formats.dicom import picture as picture_module
from graticule.formats.dicom.palette import coloured, palette_of
from graticule.presenters.windows import displayed, measured_windows
from graticule.render.grey import to_grey

RNG = np.random.default_rng(11)
RGB = RNG.integers(0, 256, (12, 16, 3)).astype(np.uint8)
GREY = (np.arange(12 * 16).reshape(12, 16) * 21).astype(np.uint16)


def saved(tmp_path, data, name="a.dcm"):
    data.save_as(tmp_path / name, enforce_file_format=True)
    return tmp_path / name


# --- colour -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("planar", [0, 1])
@pytest.mark.parametrize("photometric", ["RGB", "YBR_FULL"])
def test_colour_by_pixel_and_by_plane(tmp_path, planar, photometric):
    data = dataset(RGB, photometric, PlanarConfiguration=planar)
    if planar:
        data.PixelData = np.ascontiguousarray(np.moveaxis(RGB, -1, 0)).tobytes()
    shown = opened(saved(tmp_path, data)).pixels
    expected = RGB if photometric == "RGB" else convert_color_space(RGB, "YBR_FULL", "RGB")
    assert np.abs(shown.astype(int) - expected).max() <= 1


def test_halved_chroma_as_pydicom_reads_it(tmp_path):
    data = dataset(RGB, "YBR_FULL_422")
    data.PixelData = RNG.integers(0, 256, 12 * 16 * 2).astype(np.uint8).tobytes()
    path = saved(tmp_path, data)
    assert np.abs(opened(path).pixels.astype(int) - pydicom.dcmread(path).pixel_array).max() <= 255
    raw = pydicom.pixels.pixel_array(path, raw=True)
    assert np.abs(opened(path).pixels.astype(int) - convert_color_space(raw, "YBR_FULL_422", "RGB")).max() <= 1


def test_the_retired_partial_range(tmp_path):
    data = dataset(RGB, "YBR_PARTIAL_422")
    black_white = np.array([16, 235, 128, 128], np.uint8)
    data.PixelData = np.tile(black_white, 12 * 8).tobytes()
    shown = opened(saved(tmp_path, data)).pixels
    assert shown[:, 0::2].max() == 0 and shown[:, 1::2].min() == 255


def test_deep_colours_keep_their_whole_range_and_say_it(tmp_path):
    deep = (RGB.astype(np.uint16) << 4) | 15
    picture = opened(written(tmp_path / "a.dcm", deep, "RGB", BitsStored=12, HighBit=11))
    assert np.abs(picture.pixels.astype(int) - np.rint(deep / 4095 * 255)).max() <= 1
    assert any(doubt.what == "shallow" for doubt in picture.doubts)


def test_a_profile_is_brought_to_srgb_and_said(tmp_path):
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = dataset(RGB, "RGB", ICCProfile=lab + b"\0" * (len(lab) % 2))
    picture = opened(saved(tmp_path, data))
    assert np.abs(picture.pixels.astype(int) - RGB).max() <= 1
    assert ("Colour profile", "sRGB, shown as sRGB", "") in picture.signs
    broken = dataset(RGB, "RGB", ICCProfile=b"no profile at all")
    picture = opened(saved(tmp_path, broken, "b.dcm"))
    assert np.array_equal(picture.pixels, RGB) and any("unreadable" in text for _, text, _ in picture.signs)


def with_palette(indices, tables, first, bits, **tags):
    data = dataset(indices, "PALETTE COLOR", **tags)
    for colour, entries in zip(("Red", "Green", "Blue"), tables):
        vr = "SS" if first < 0 else "US"
        data.add_new(f"{colour}PaletteColorLookupTableDescriptor", vr, [len(entries) % 65536, first, bits])
        kind = np.uint8 if bits == 8 else "<u2"
        data.add_new(f"{colour}PaletteColorLookupTableData", "OW", np.asarray(entries).astype(kind).tobytes())
    return data


@pytest.mark.parametrize("bits,first,dtype", [(8, 0, np.uint8), (16, 0, np.uint8), (16, 40, np.uint16), (16, -20, np.int16),
                                              (8, 100, np.uint16)])
def test_palettes_as_pydicom_looks_them_up(tmp_path, bits, first, dtype):
    tables = [RNG.integers(0, 1 << bits, 200) for _ in range(3)]
    indices = np.arange(-30 if first < 0 else 0, 162 if first < 0 else 192).reshape(12, 16).astype(dtype)
    path = saved(tmp_path, with_palette(indices, tables, first, bits))
    expected = apply_color_lut(indices, pydicom.dcmread(path)) >> (bits - 8)
    picture = opened(path)
    assert np.array_equal(picture.pixels, expected) and picture.photometric == "RGB"


def test_a_segmented_palette_of_16_bits_as_pydicom_unfolds_it(tmp_path):
    data = dataset(np.arange(192, dtype=np.uint8).reshape(12, 16), "PALETTE COLOR")
    # Three discrete values, a line of 97, a line of 100; then twice the second segment again, by its place.
    words = [0, 3, 500, 600, 700, 1, 97, 65535, 1, 100, 0]
    for colour in ("Red", "Green", "Blue"):
        data.add_new(f"{colour}PaletteColorLookupTableDescriptor", "US", [200, 0, 16])
        data.add_new(f"Segmented{colour}PaletteColorLookupTableData", "OW", np.array(words, "<u2").tobytes())
    path = saved(tmp_path, data)
    expected = apply_color_lut(pydicom.dcmread(path).pixel_array, pydicom.dcmread(path)) >> 8
    assert np.array_equal(opened(path).pixels, expected)


@pytest.mark.parametrize("way", [10, 5])  # in bytes, as the standard counts, and in entries, as some writers do
def test_a_palette_segment_that_is_repeated(way):
    data = dataset(np.zeros((2, 2), np.uint8), "PALETTE COLOR")
    words = [0, 3, 0, 0, 256 * 7, 1, 4, 256 * 11, 2, 1, way, 0]
    for colour in ("Red", "Green", "Blue"):
        data.add_new(f"{colour}PaletteColorLookupTableDescriptor", "US", [11, 0, 16])
        data.add_new(f"Segmented{colour}PaletteColorLookupTableData", "OW", np.array(words, "<u2").tobytes())
    first, rgb = palette_of(data)
    assert rgb[:, 0].tolist() == [0, 0, 7, 8, 9, 10, 11, 11, 11, 11, 11] and first == 0


def test_broken_palettes_are_no_picture(tmp_path):
    data = with_palette(np.zeros((4, 4), np.uint8), [np.arange(10)] * 3, 0, 16)
    data.GreenPaletteColorLookupTableDescriptor = [200, 0, 16]
    with pytest.raises(ValueError):
        palette_of(data)
    assert coloured(np.array([[-5, 99]]), (0, np.array([[1, 2, 3], [4, 5, 6]], np.uint8))).tolist() == [[[1, 2, 3], [4, 5, 6]]]


# --- values -----------------------------------------------------------------------------------------------------------


def test_a_modality_table_stands_for_the_rescale(tmp_path):
    entries = (np.arange(300) * 7 + 3) % 5000
    data = dataset(GREY % 400, ModalityLUTSequence=[table(50, entries, 16)])
    data.ModalityLUTSequence[0].ModalityLUTType = "OD"
    path = saved(tmp_path, data)
    assert np.array_equal(opened(path).pixels, apply_modality_lut(GREY % 400, pydicom.dcmread(path)))


def test_a_modality_table_in_a_series(tmp_path):
    entries = np.arange(1000)[::-1]
    voxels = asymmetric((3, 4, 5)) % 900
    Series(voxels).write(tmp_path, ModalityLUTSequence=[table(0, entries, 16)], RescaleSlope=None, RescaleIntercept=None)
    volume = opened(tmp_path)
    assert np.array_equal(volume.voxels, 999 - voxels)


@pytest.mark.parametrize("bits,stored,high,signed", [
    (1, 1, 0, False), (8, 8, 7, True), (8, 5, 4, False), (16, 10, 9, False), (16, 12, 15, True), (16, 16, 15, False),
    (32, 32, 31, False), (32, 32, 31, True), (32, 20, 19, True)])
def test_every_depth_from_1_to_32_bits(tmp_path, bits, stored, high, signed):
    low, top = (-(1 << (stored - 1)), (1 << (stored - 1)) - 1) if signed else (0, (1 << stored) - 1)
    values = np.linspace(low, top, 12 * 16).round().astype(np.int64).reshape(12, 16)
    raw = (values & ((1 << stored) - 1)) << (high + 1 - stored)
    data = dataset(np.zeros((12, 16), np.uint8), BitsAllocated=bits, BitsStored=stored, HighBit=high,
                   PixelRepresentation=int(signed))
    packed = np.packbits(raw.astype(np.uint8), bitorder="little") if bits == 1 else raw.astype(f"<u{bits // 8}")
    data.PixelData = packed.tobytes()
    data["PixelData"].VR = "OB" if bits <= 8 else "OW"
    picture = opened(saved(tmp_path, data))
    assert np.array_equal(picture.pixels, values)


def test_twelve_bits_allocated(tmp_path):
    values = (np.arange(12 * 16) * 21 % 4096).astype(np.uint16)
    even, odd = values[0::2], values[1::2]
    packed = np.stack([even & 0xFF, even >> 8 | (odd & 0xF) << 4, odd >> 4], axis=1).astype(np.uint8)
    data = dataset(np.zeros((12, 16), np.uint8), BitsAllocated=12, BitsStored=12, HighBit=11)
    data.PixelData = packed.tobytes()
    assert np.array_equal(opened(saved(tmp_path, data)).pixels, values.reshape(12, 16))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_floating_point_pixels(tmp_path, dtype):
    values = np.linspace(-1.5e-3, 7e5, 192).astype(dtype).reshape(12, 16)
    values[0, 0] = np.nan
    path = written(tmp_path / "a.dcm", values, RescaleSlope=1, RescaleIntercept=0)
    picture = opened(path)
    assert picture.pixels.dtype == dtype and np.array_equal(picture.pixels, values, equal_nan=True)
    assert to_grey(picture.pixels, measured_windows(picture.pixels)[0])[0, 0] == 0


def test_padding_is_black_and_counts_for_nothing(tmp_path):
    pixels = GREY.copy()
    pixels[:3] = 60000
    data = dataset(pixels, "MONOCHROME1", PixelPaddingValue=60000, PixelPaddingRangeLimit=65000)
    picture = opened(saved(tmp_path, data))
    assert picture.blank == (60000, 65000)
    full, _ = measured_windows(picture.pixels, picture.blank)
    assert full.level + full.width / 2 == GREY[3:].max()
    for inverted in (False, True):
        shown = to_grey(picture.pixels, displayed(full, inverted, picture.blank))
        assert shown[:3].max() == 0 and shown[3:].max() == 255


def test_padding_is_rescaled_with_the_voxels_whatever_sign_it_was_written_with(tmp_path):
    voxels = asymmetric((2, 4, 4))
    voxels[:, 0] = -2000
    series = Series(voxels)
    for name, written_as in (("signed", -2000), ("unsigned", 63536)):
        data = series.slice(0, RescaleIntercept=-1024)
        data.add_new("PixelPaddingValue", "SS" if written_as < 0 else "US", written_as)
        (tmp_path / name).mkdir()
        data.save_as(tmp_path / name / "a.dcm", enforce_file_format=True)
        volume = opened(tmp_path / name)
        assert volume.blank == (-3024, -3024)


# --- overlays ---------------------------------------------------------------------------------------------------------


def test_overlays_lie_where_the_file_says(tmp_path):
    bits = np.zeros((5, 7), bool)
    bits[0, 0] = bits[4, 6] = bits[2, 1] = True
    data = dataset(GREY)
    put_overlay(data, bits, origin=(3, 10))
    put_overlay(data, np.ones((2, 2), bool), origin=(0, -0), group=0x6002)
    overlay = opened(saved(tmp_path, data)).overlay
    assert sorted(map(tuple, np.argwhere(overlay).tolist())) == [(0, 0), (2, 9), (4, 10), (6, 15)]


def test_an_overlay_in_unused_bits_is_taken_out_of_the_pixels(tmp_path):
    bits = RNG.integers(0, 2, (12, 16)).astype(bool)
    data = dataset(GREY | bits.astype(np.uint16) << 13, BitsStored=12, HighBit=11)
    for element, vr, value in ((0x0010, "US", 12), (0x0011, "US", 16), (0x0050, "SS", [1, 1]), (0x0100, "US", 16),
                               (0x0102, "US", 13)):
        data.add_new((0x6000, element), vr, value)
    picture = opened(saved(tmp_path, data))
    assert np.array_equal(picture.pixels, GREY) and np.array_equal(picture.overlay, bits)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 4), st.integers(1, 23), st.integers(1, 19))
def test_overlay_bits_as_pydicom_unpacks_them(frames, rows, columns):
    bits = np.random.default_rng(rows * columns).integers(0, 2, (frames, rows, columns)).astype(bool)
    data = dataset(np.zeros((frames, rows, columns), np.uint8))
    put_overlay(data, bits if frames > 1 else bits[0])
    from graticule.formats.dicom.overlays import overlay_on, overlay_planes
    planes = overlay_planes(data)
    mine = np.stack([overlay_on((rows, columns), planes, n) for n in range(frames)])
    assert np.array_equal(mine, data.overlay_array(0x6000).reshape(mine.shape)) and np.array_equal(mine, bits)


def test_overlays_of_a_loop_and_of_a_series(tmp_path):
    loop = np.stack([GREY] * 3)
    bits = RNG.integers(0, 2, (2, 12, 16)).astype(bool)
    data = dataset(loop)
    put_overlay(data, bits, first_frame=2)
    picture = opened(saved(tmp_path, data))
    assert not picture.overlay_of(0).any()
    assert np.array_equal(picture.overlay_of(1), bits[0]) and np.array_equal(picture.overlay_of(2), bits[1])
    folder = tmp_path / "series"
    folder.mkdir()
    series = Series(asymmetric((3, 4, 5)))
    for k in range(3):
        one = series.slice(k)
        put_overlay(one, np.arange(20).reshape(4, 5) == k)
        one.save_as(folder / f"{k}.dcm", enforce_file_format=True)
    volume = opened(folder)
    assert np.argwhere(volume.overlay).tolist() == [[0, 0, 0], [1, 0, 1], [2, 0, 2]]


# --- loops ------------------------------------------------------------------------------------------------------------


def test_a_loop_arrives_frame_by_frame_from_the_asked_one(tmp_path):
    loop = RNG.integers(0, 256, (6, 12, 16)).astype(np.uint8)
    case = only_case(written(tmp_path / "a.dcm", loop, modality="US", FrameTime=40.0, FrameIncrementPointer=0x00181063))
    assert case.title.endswith("· 6 frames")
    seen = []
    picture = filled(case, first=4, seen=seen)
    assert seen == [4, 5, 0, 1, 2, 3] and picture.count == 6 and picture.frame_ms == 40
    assert picture.frames.dtype == np.uint8 and np.array_equal(picture.frames, loop) and picture.arrived.all()
    assert ("Frames", "6, one every 40 ms", "") in picture.signs


def test_a_loop_of_colours_and_one_of_palette(tmp_path):
    loop = np.stack([RGB, RGB[::-1]])
    assert np.array_equal(opened(written(tmp_path / "a.dcm", loop, "RGB")).frames, loop)
    indices = np.stack([GREY % 200, GREY[::-1] % 200]).astype(np.uint8)
    tables = [RNG.integers(0, 65536, 200) for _ in range(3)]
    path = saved(tmp_path, with_palette(indices, tables, 0, 16), "b.dcm")
    expected = np.stack(tables, -1)[indices] >> 8
    assert np.array_equal(opened(path).frames, expected)


def test_a_loop_larger_than_the_memory_set_aside_is_cut_short_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(picture_module, "MOST_BYTES", 12 * 16 * 4)
    loop = RNG.integers(0, 256, (9, 12, 16)).astype(np.uint8)
    picture = opened(written(tmp_path / "a.dcm", loop))
    assert picture.count == 4 and np.array_equal(picture.frames, loop[:4])
    assert any("first 4 frames of 9" in doubt.text for doubt in picture.doubts)


def test_a_frame_that_cannot_be_decoded_does_not_hold_up_the_others(tmp_path):
    import imagecodecs

    from fakes.dicom_picture import compressed
    loop = np.stack([GREY % 4096] * 3)
    frames = [imagecodecs.jpegls_encode(frame) for frame in loop]
    frames[1] = frames[1][:40] + bytes(len(frames[1]) - 40)
    path = compressed(tmp_path / "a.dcm", loop, "1.2.840.10008.1.2.4.80", frames, BitsStored=12, HighBit=11)
    opening = door.open_case(only_case(path))
    with pytest.raises(Exception, match="1 of 3 frames"):
        opening.fill(Silent(), lambda n: None)
    assert opening.content.arrived.tolist() == [True, False, True]


def test_what_is_said_of_the_pixels(tmp_path):
    path = written(tmp_path / "a.dcm", GREY, "MONOCHROME1", modality="MG", sop_class="1.2.840.10008.5.1.4.1.1.1.2.1",
                   BitsStored=12, HighBit=11, LossyImageCompression="01", LossyImageCompressionRatio=[10, 5.5],
                   LossyImageCompressionMethod=["ISO_10918_1", "ISO_15444_1"], BurnedInAnnotation="YES", WindowWidth=400,
                   WindowCenter=40, VOILUTFunction="SIGMOID")
    picture = opened(path)
    rows = {name: (text, mark) for name, text, mark in picture.signs}
    assert rows["Bits stored"] == ("12 of 16", "")
    assert rows["Compression"] == ("with loss (2 times: JPEG, about 10 : 1; JPEG 2000, about 5.5 : 1)", "warn")
    assert rows["Intent"][1] == "bad" and rows["Text in the pixels"][1] == "warn"
    assert rows["Windows of the file"] == ("1 window (SIGMOID)", "")
    assert {doubt.what for doubt in picture.doubts} >= {"lossy", "for-processing", "burned-in", "no-scale"}


def test_real_dicom_photographs_match_pillow(tmp_path):
    photo = np.kron(RGB, np.ones((4, 4, 1), np.uint8))
    Image.fromarray(photo).save(tmp_path / "p.jpg", quality=95, subsampling=0)
    from fakes.dicom_picture import compressed
    data = (tmp_path / "p.jpg").read_bytes()
    path = compressed(tmp_path / "d" / "a.dcm", photo, "1.2.840.10008.1.2.4.50", [data], "YBR_FULL_422", modality="XC",
                      sop_class="1.2.840.10008.5.1.4.1.1.77.1.4")
    with Image.open(tmp_path / "p.jpg") as image:
        expected = np.asarray(image)
    assert np.abs(opened(path).pixels.astype(int) - expected).max() <= 1


def test_a_damaged_header_is_a_sentence_or_a_picture_never_anything_else(tmp_path):
    data = dataset(np.stack([GREY] * 2), "MONOCHROME1", modality="US", FrameTimeVector=[0, 3], CineRate=3,
                   VOILUTSequence=[table(0, range(64), 12)], ModalityLUTSequence=[table(0, range(64), 16)], PixelPaddingValue=3,
                   WindowWidth=[3, 4], WindowCenter=[3, 4], PixelAspectRatio=[1, 2], FrameIncrementPointer=0x00181065)
    put_overlay(data, np.ones((2, 12, 16), bool))
    whole = saved(tmp_path, data).read_bytes()
    random = np.random.default_rng(5)
    path = tmp_path / "damaged" / "a.dcm"
    path.parent.mkdir()
    for _ in range(80):
        damaged = bytearray(whole)
        for _ in range(random.integers(1, 6)):
            damaged[random.integers(132, 1800)] = random.integers(0, 256)
        path.write_bytes(damaged)
        for case in cases_of(path):
            with suppress(GraticuleError):
                filled(case)
