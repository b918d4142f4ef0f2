import json
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms

from fakes.door_ways import filled, only_case, opened, scanned
from graticule.domain.case import Kind
from real_data import DATA, needs_data

ORIENTATION = 0x0112


def corner_photo():
    """A red corner top left, green top right, blue bottom left: no turn goes unseen."""
    pixels = np.full((48, 64, 3), 128, np.uint8)
    pixels[:16, :16], pixels[:16, -16:], pixels[-16:, :16] = (250, 0, 0), (0, 250, 0), (0, 0, 250)
    return pixels


# How a camera stores an upright picture under each EXIF orientation.
STORED = {1: lambda a: a, 2: np.fliplr, 3: lambda a: np.rot90(a, 2), 4: np.flipud, 5: lambda a: a.transpose(1, 0, 2),
          6: lambda a: np.rot90(a, 1), 7: lambda a: np.rot90(a.transpose(1, 0, 2), 2), 8: lambda a: np.rot90(a, -1)}


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("kind", ["png", "jpg", "tif", "webp"])
def test_exif_orientation_is_applied_exactly_once(tmp_path, orientation, kind):
    """A mark set on the red corner of the upright picture lies on the same skin, however the camera stored it."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    options = {"jpg": {"quality": 100, "subsampling": 0}, "webp": {"lossless": True}}.get(kind, {})
    path = tmp_path / f"p.{kind}"
    Image.fromarray(np.ascontiguousarray(STORED[orientation](corner_photo()))).save(path, exif=exif, **options)
    case = only_case(path)
    picture = filled(case)
    assert (picture.rows, picture.columns) == (48, 64)
    assert np.abs(picture.pixels.astype(int) - corner_photo()).max() <= (6 if kind == "jpg" else 0)
    assert picture.orientation_applied == case.facts["orientation"] == orientation
    column, row = 8, 8  # of the mark
    assert picture.pixels[row, column].argmax() == 0 and picture.pixels[row, column, 1:].max() < 20


def test_grey_pictures_keep_their_depth(tmp_path):
    deep = (np.arange(48 * 64).reshape(48, 64) * 20).astype(np.uint16)
    Image.fromarray(deep).save(tmp_path / "deep.png")
    Image.fromarray((deep >> 8).astype(np.uint8)).save(tmp_path / "shallow.png")
    assert np.array_equal(opened(tmp_path / "deep.png").pixels, deep)
    assert np.array_equal(opened(tmp_path / "shallow.png").pixels, deep >> 8)


def test_a_foreign_colour_profile_becomes_srgb_and_a_broken_one_is_ignored(tmp_path):
    photo = Image.fromarray(corner_photo())
    photo.save(tmp_path / "plain.png")
    photo.save(tmp_path / "srgb.png", icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    photo.save(tmp_path / "broken.png", icc_profile=b"no profile")
    plain, srgb, broken = (opened(tmp_path / f"{name}.png").pixels for name in ("plain", "srgb", "broken"))
    assert np.abs(srgb.astype(int) - plain).max() <= 1
    assert np.array_equal(broken, plain)


def test_transparency_and_palettes_become_colour(tmp_path):
    Image.fromarray(corner_photo()).convert("P").save(tmp_path / "palette.png")
    Image.fromarray(corner_photo()).convert("RGBA").save(tmp_path / "clear.png")
    assert opened(tmp_path / "palette.png").pixels.shape == (48, 64, 3)
    assert np.array_equal(opened(tmp_path / "clear.png").pixels, corner_photo())


def test_damaged_moving_and_many_paged_pictures_are_refused(tmp_path):
    Image.fromarray(corner_photo()).save(tmp_path / "whole.jpg")
    data = (tmp_path / "whole.jpg").read_bytes()
    (tmp_path / "whole.jpg").unlink()
    (tmp_path / "head.jpg").write_bytes(data[:30])
    (tmp_path / "text.png").write_text("not a picture at all")
    page = Image.fromarray(corner_photo())
    page.save(tmp_path / "pages.tiff", save_all=True, append_images=[page.resize((20, 30))])
    page.save(tmp_path / "moving.webp", save_all=True, append_images=[page.rotate(90), page.rotate(180)])
    outcomes = scanned(tmp_path)
    assert [outcome.outcome for outcome in outcomes] == ["refused"] * 4


def test_pages_of_one_size_are_frames(tmp_path):
    pages = [Image.fromarray(np.roll(corner_photo(), 7 * n, axis=1)) for n in range(3)]
    pages[0].save(tmp_path / "pages.tiff", save_all=True, append_images=pages[1:])
    picture = opened(tmp_path / "pages.tiff")
    assert picture.count == 3 and picture.arrived.all() and picture.frame_ms == 0
    assert np.array_equal(picture.frames, [np.asarray(page) for page in pages])
    deep = [Image.fromarray((np.arange(64, dtype=np.uint16) + 1000 * n * 30).reshape(8, 8)) for n in range(3)]
    deep[0].save(tmp_path / "deep.tiff", save_all=True, append_images=deep[1:])
    assert np.array_equal(opened(tmp_path / "deep.tiff").frames, [np.asarray(page) for page in deep])


@pytest.mark.parametrize("kind,values", [
    ("tif", np.arange(64, dtype=np.uint16).reshape(8, 8) * 1023), ("tif", np.linspace(-3, 9, 64, dtype=np.float32).reshape(8, 8)),
    ("tif", (np.arange(64, dtype=np.int32) * 30_000_001).reshape(8, 8)),
    ("png", np.arange(64, dtype=np.uint16).reshape(8, 8) * 1023),
    ("bmp", np.arange(64, dtype=np.uint8).reshape(8, 8))])
def test_grey_files_keep_every_value(tmp_path, kind, values):
    Image.fromarray(values).save(tmp_path / f"p.{kind}")
    assert np.array_equal(opened(tmp_path / f"p.{kind}").pixels, values)


def test_print_colours_are_converted(tmp_path):
    ink = np.zeros((16, 16, 4), np.uint8)
    ink[:8, :, 0], ink[8:, :, 3] = 255, 255
    Image.fromarray(ink, "CMYK").save(tmp_path / "ink.jpg", quality=100, subsampling=0)
    picture = opened(tmp_path / "ink.jpg")
    assert picture.pixels.shape == (16, 16, 3)
    assert np.abs(picture.pixels[0, 0].astype(int) - (0, 255, 255)).max() < 12 and picture.pixels[15, 15].max() < 12


def test_what_is_transparent_is_black_as_around_the_picture(tmp_path):
    clear = np.dstack([corner_photo(), np.full((48, 64), 255, np.uint8)])
    clear[20:, :, 3] = 0
    Image.fromarray(clear).save(tmp_path / "clear.png")
    pixels = opened(tmp_path / "clear.png").pixels
    assert np.array_equal(pixels[:20], corner_photo()[:20]) and pixels[20:].max() == 0


def test_another_profile_changes_the_colours_as_lcms_does(tmp_path):
    lab = Image.fromarray(corner_photo())
    wide = ImageCms.ImageCmsProfile(BytesIO(profile_with_swapped_red_and_green()))
    lab.save(tmp_path / "wide.png", icc_profile=wide.tobytes())
    expected = np.asarray(ImageCms.profileToProfile(lab, wide, ImageCms.createProfile("sRGB")))
    pixels = opened(tmp_path / "wide.png").pixels
    assert np.array_equal(pixels, expected) and pixels[0, 0].argmax() == 1


def profile_with_swapped_red_and_green():
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = data.index(b"rXYZ"), data.index(b"gXYZ")
    data[red:red + 4], data[green:green + 4] = b"gXYZ", b"rXYZ"
    return bytes(data)


def test_nothing_of_exif_is_kept_but_the_turn_and_the_time(tmp_path):
    exif = Image.Exif()
    exif[0x010F], exif[0x013B], exif[0x9286] = "Sentinel Camera", "Sentinel Patience", "Sentinel comment"
    exif.get_ifd(0x8769)[0x9003] = "2021:05:04 03:02:01"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    Image.fromarray(corner_photo()).save(tmp_path / "p.jpg", exif=exif)
    case = only_case(tmp_path)
    said = repr(case.facts) + case.title + repr(filled(case).facts) + repr(filled(case).signs)
    assert "Sentinel" not in said and "52" not in said
    assert case.facts["taken"] == "2021-05-04T03:02:01"


ISIC = {"_id": "1", "meta": {"clinical": {"benign_malignant": "malignant", "age_approx": 60, "sex": "female",
                                          "diagnosis": "melanoma", "diagnosis_confirm_type": "histopathology",
                                          "melanocytic": True,
                                          "anatom_site_general": "anterior torso", "lesion_id": "IL_1", "patient_id": "IP_7"},
                             "acquisition": {"image_type": "dermoscopic", "pixelsX": 64, "pixelsY": 48}}, "name": "x"}


@pytest.mark.parametrize("new", [False, True])
def test_an_archive_tells_of_a_picture_but_never_what_it_shows(tmp_path, new):
    said = {"isic_id": "x", "metadata": ISIC["meta"]} if new else ISIC
    Image.fromarray(corner_photo()).save(tmp_path / "x.jpg")
    (tmp_path / "x.json").write_text(json.dumps(said))
    outcomes = {outcome.path.suffix: outcome for outcome in scanned(tmp_path)}
    assert outcomes[".json"].outcome == "skipped" and "with that picture" in outcomes[".json"].reason
    case = outcomes[".jpg"].case
    assert case.modality == "DMS" and case.title == "Dermoscopy · 64 × 48"
    facts = case.facts
    assert facts["context"] == {"age": "about 60 years", "sex": "female", "site": "anterior torso"}
    assert (facts["acquisition"], facts["body_part"], facts["truth_kind"]) == ("dermoscopic", "anterior torso", "histopathology")
    assert facts["patient"].startswith("p-") and len(facts["patient"]) == 18 and facts["lesion"].startswith("l-")
    everything = (json.dumps(facts) + case.title + repr(case.warnings) + repr(filled(case))).lower()
    for secret in ("melanoma", "malignant", "melanocytic", "ip_7", "il_1"):
        assert secret not in everything


def test_strange_sidecars_tell_nothing(tmp_path):
    Image.fromarray(corner_photo()).save(tmp_path / "x.jpg")
    strange = '{"meta": {"clinical": {"age_approx": "old", "sex": ["f"], "image_type": {}}}}'
    for text in ("[1, 2]", "{", '{"meta": 5}', strange, "[" * 9999):
        (tmp_path / "x.json").write_text(text)
        case = only_case(tmp_path / "x.jpg")
        assert case.modality == "XC" and "context" not in case.facts and "patient" not in case.facts


def test_a_picture_of_gigantic_size_is_refused_in_one_sentence(tmp_path):
    Image.new("1", (30000, 30000)).save(tmp_path / "huge.png")
    outcome, = scanned(tmp_path)
    assert outcome.outcome == "refused" and "400 million" in outcome.reason


def test_what_is_said_of_a_picture(tmp_path):
    (tmp_path / "cxr").mkdir()
    Image.fromarray(corner_photo()[..., 0]).save(tmp_path / "cxr" / "a.jpg")
    radiograph = opened(tmp_path / "cxr")
    assert {doubt.what for doubt in radiograph.doubts} == {"lossy", "derived"}
    rows = {name: (text, mark) for name, text, mark in radiograph.signs}
    assert rows["Bits stored"] == ("8: reduced from the detector's", "warn")
    assert rows["Compression"][0].startswith("with loss (JPEG, about")
    assert rows["Pixel size"] == ("not stated, lengths are in pixels", "warn")


def test_titles_come_from_a_closed_list(tmp_path):
    folder = tmp_path / "Sentinel_Patience"
    folder.mkdir()
    Image.fromarray(corner_photo()).save(folder / "cxr_Patience_4711.png")
    case = only_case(folder)
    assert case.title == "Photograph · 64 × 48"
    Image.fromarray(corner_photo()[..., 0]).save(folder / "cxr_Patience_4711.png")
    assert (only_case(folder).modality, only_case(folder).title) == ("DX", "Radiograph · 64 × 48")


@needs_data
def test_real_pictures():
    skin = only_case(DATA / "imaging/skin/ISIC_0000002.jpg")
    assert (skin.kind, skin.modality) == (Kind.IMAGE, "DMS")
    assert filled(skin).pixels.shape == (767, 1022, 3)
    chest = only_case(DATA / "imaging/xray/nih/00001854_003.png")
    assert chest.modality == "DX"
    assert filled(chest).pixels.shape == (1024, 1024)


@needs_data
def test_nucleus_masks_are_not_taken_for_pictures():
    outcomes = scanned(DATA / "imaging/pathology/dsb2018/8f27ebc74164")
    assert sorted(outcome.outcome for outcome in outcomes) == ["case"] + ["skipped"] * 13
