"""Photographs and slides: additions go, pixels keep every value, the way up and the colours stay."""

import io
import json
import struct

import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from formats.deidentify.making import copies
from graticule.formats.pictures.picture_file import read_picture_file, read_pixels
from real_data import DATA, needs_data

NAME = b"Sentinel"


@pytest.fixture
def picture():
    rng = np.random.default_rng(5)
    return Image.fromarray(rng.integers(0, 255, (48, 64, 3), dtype=np.uint8))


def exif(orientation=6):
    made = Image.Exif()
    made[0x0112], made[0x010F], made[0x013B], made[0x0110] = orientation, "Sentinel", "Sentinel", "Sentinel"
    made.get_ifd(0x8769)[0xA431] = "Sentinel serial"
    made.get_ifd(0x8769)[0x927C] = b"Sentinel maker note"
    made.get_ifd(0x8825)[1] = "N"
    made.get_ifd(0x8825)[29] = "Sentinel"
    return made.tobytes()


def only(found):
    assert len(found) == 1
    return next(iter(found.values()))


def same_picture(before, after):
    assert NAME not in after.read_bytes() and NAME.decode().encode("utf-16-le") not in after.read_bytes()
    assert read_picture_file(before).orientation == read_picture_file(after).orientation
    assert np.array_equal(read_pixels(before), read_pixels(after))


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"quality": 100, "subsampling": 0}, {"restart_marker_blocks": 2}])
def test_jpeg(tmp_path, picture, options):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    path = tmp_path / "Sentinel.jpg"
    picture.save(path, exif=exif(), icc_profile=profile, comment=b"Sentinel", **options)
    data = path.read_bytes()
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x>Sentinel</x>"
    iptc = b"Photoshop 3.0\0Sentinel"
    extra = b"".join(bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body
                     for marker, body in ((0xE1, xmp), (0xED, iptc)))
    path.write_bytes(data[:2] + extra + data[2:] + b"Sentinel behind the end")
    found, work, _ = copies([path], tmp_path / "out")
    same_picture(path, only(found))
    with Image.open(only(found)) as after:
        assert after.getexif()[0x0112] == 6 and dict(after.getexif()) == {0x0112: 6} and after.info["icc_profile"] == profile
    assert any("photograph" in sentence for sentence in work.findings.doubts)


def test_png(tmp_path, picture):
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "Sentinel")
    words.add_itxt("XML:com.adobe.xmp", "Sentinel", zip=True)
    path = tmp_path / "a.png"
    picture.save(path, pnginfo=words, exif=exif(3))
    path.write_bytes(path.read_bytes() + b"Sentinel")
    same_picture(path, only(copies([path], tmp_path / "out")[0]))


def test_webp(tmp_path, picture):
    path = tmp_path / "a.webp"
    picture.save(path, lossless=True, exif=exif(8), xmp=b"<x>Sentinel</x>")
    same_picture(path, only(copies([path], tmp_path / "out")[0]))


def test_bmp(tmp_path, picture):
    path = tmp_path / "a.bmp"
    picture.save(path)
    path.write_bytes(path.read_bytes() + b"Sentinel")
    same_picture(path, only(copies([path], tmp_path / "out")[0]))


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "jpeg"])
@pytest.mark.parametrize("big", [False, True])
def test_tiff(tmp_path, picture, compression, big):
    info = {270: "Sentinel describes", 315: "Sentinel", 305: "Sentinel soft", 306: "2020:01:01 00:00:00", 33432: "Sentinel",
            274: 1, 700: b"<x>Sentinel</x>"}
    path = tmp_path / "a.tif"
    others = [Image.fromarray(255 - np.asarray(picture))]
    picture.save(path, compression=compression, tiffinfo=info, save_all=True, append_images=others, big_tiff=big)
    path.write_bytes(path.read_bytes() + b"Sentinel in a gap")
    assert path.read_bytes().count(NAME) > 4
    after = only(copies([path], tmp_path / "out")[0])
    same_picture(path, after)
    assert np.array_equal(read_pixels(path, 1), read_pixels(after, 1)) and b"2020:01" not in after.read_bytes()


@needs_data
def test_a_slide_loses_label_and_macro_and_the_words_of_its_description(tmp_path):
    path = DATA / "imaging/pathology/CMU-1-Small-Region.svs"
    after = only(copies([path], tmp_path)[0])
    with Image.open(path) as one, Image.open(after) as two:
        assert two.n_frames == one.n_frames - 2 and two.size == one.size
        text = two.tag_v2[270]
        assert text.startswith("Aperio") and "MPP = 0.4990" in text and "AppMag" in text
        for word in ("Filename", "User", "Date", "Time", "ScanScope", "label", "macro"):
            assert word not in text
        box = (500, 500, 900, 900)
        assert np.array_equal(np.asarray(one.crop(box)), np.asarray(two.crop(box)))
        one.seek(2)
        label = one.tag_v2.get(273) and path.read_bytes()[one.tag_v2[273][0]:one.tag_v2[273][0] + 64]
    assert label and label not in after.read_bytes()
    for word in (b"ScanScope ID", b"b414003d", b"Filename"):
        assert word not in after.read_bytes()


@needs_data
def test_the_archives_words_beside_a_picture(tmp_path):
    inside = tmp_path / "in"
    inside.mkdir()
    for suffix in (".jpg", ".json"):
        (inside / f"ISIC_0000002{suffix}").write_bytes((DATA / f"imaging/skin/ISIC_0000002{suffix}").read_bytes())
    (inside / "ISIC_0000002.json").write_text(json.dumps({
        "isic_id": "Sentinel", "attribution": "Sentinel", "metadata": {"clinical": {
            "age_approx": 95, "sex": "female", "patient_id": "IP_1", "diagnosis_1": "Sentinel",
            "anatom_site_general": "Sentinel"},
            "acquisition": {"image_type": "dermoscopic"}}}))
    found, _, _ = copies(sorted(inside.iterdir()), tmp_path / "out")
    picture, sidecar = (found[inside / f"ISIC_0000002{suffix}"] for suffix in (".jpg", ".json"))
    said = json.loads(sidecar.read_text())
    assert sidecar == picture.with_suffix(".json") and "Sentinel" not in sidecar.read_text() and "IP_1" not in sidecar.read_text()
    assert said["age_approx"] == 90 and said["sex"] == "female" and said["image_type"] == "dermoscopic" and said["patient_id"]


@pytest.mark.parametrize("cut", range(20, 600, 97))
def test_a_cut_picture_is_refused_not_copied(tmp_path, picture, cut):
    for suffix in ("jpg", "png", "tif"):
        whole = io.BytesIO()
        picture.save(whole, {"jpg": "JPEG", "png": "PNG", "tif": "TIFF"}[suffix])
        path = tmp_path / f"a{cut}.{suffix}"
        path.write_bytes(whole.getvalue()[:cut])
        found, _, left = copies([path], tmp_path / "out")
        assert not found and left and "damaged" in left[0].reason
