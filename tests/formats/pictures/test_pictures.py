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
def test_exif_orientation_is_applied_exactly_once(tmp_path, orientation):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    Image.fromarray(np.ascontiguousarray(STORED[orientation](corner_photo()))).save(tmp_path / "p.png", exif=exif)
    picture = opened(tmp_path / "p.png")
    assert np.array_equal(picture.pixels, corner_photo())
    assert picture.orientation_applied == orientation
    assert (picture.rows, picture.columns) == (48, 64)


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
    page.save(tmp_path / "pages.tiff", save_all=True, append_images=[page])
    outcomes = scanned(tmp_path)
    assert [outcome.outcome for outcome in outcomes] == ["refused"] * 3


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
