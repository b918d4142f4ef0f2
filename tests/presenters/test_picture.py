import numpy as np
import pytest

from fakes.images import grey_picture, opened_with
from graticule.domain.elements import Region
from graticule.domain.picture import Picture
from graticule.domain.volume import Window
from graticule.presenters.image_view import Keys, region_near
from graticule.presenters.picture import PicturePresenter, halved


def presenter(picture: Picture | None = None) -> PicturePresenter:
    picture = picture or grey_picture()
    made = PicturePresenter(opened_with(picture), picture)
    made.resize(800, 600)
    return made


def test_the_picture_fits_and_zooms_at_the_pointer() -> None:
    shown = presenter()
    assert shown.on_screen((40.0, 30.0)) == pytest.approx((400, 300))
    before = shown.pointer(123, 456, Keys()).at
    shown.zoom(2.5, (123, 456))
    assert shown.pointer(123, 456, Keys()).at == pytest.approx(before)
    shown.actual_size()
    assert shown.scale == pytest.approx(1.0) and shown.fidelity() == "Every pixel shown"


def test_no_ruler_and_no_mm_without_a_pixel_size() -> None:
    assert presenter().ruler() is None
    assert "lengths are in pixels" in presenter().corners().warnings[0]
    assert presenter(grey_picture(pixel_mm=(0.5, 0.5), pixel_mm_source="PixelSpacing")).ruler().text == "1 cm"


def test_letters_only_where_the_file_says_them() -> None:
    assert presenter().letters() == ("?", "?", "?", "?")
    assert presenter(grey_picture(edge_letters=("R", "H", "L", "F"))).letters() == ("R", "H", "L", "F")
    photo = Picture(np.zeros((20, 30, 3), np.uint8), "DMS", "RGB")
    assert presenter(photo).letters() == ("", "", "", "")


def test_monochrome1_is_shown_the_other_way_round() -> None:
    shown = presenter(grey_picture(inverted=True, windows=(Window(600, 300, inverted=True),)))
    assert shown.display_window.inverted and shown.window.name == "From file"


def test_the_read_out_gives_pixel_and_value() -> None:
    shown = presenter()
    assert shown.read_out(shown.pointer(*shown.on_screen((12.5, 7.5)), Keys())) == "column 12   row 7   82"
    assert shown.read_out(shown.pointer(-500, 0, Keys())) == ""


def test_a_line_is_found_near_the_pointer() -> None:
    shown = presenter()
    line = Region(id="a", shape="line", space="image", points=((10000, 10000), (50000, 10000)), value="40", unit="px")
    shown._opened.workspace.set("Measure", line)
    x, y = shown.on_screen((30.0, 10.0))
    assert region_near(shown, x, y + 4) == line and region_near(shown, x, y + 30) is None


def test_the_view_comes_back() -> None:
    shown = presenter()
    shown.zoom(3.0, (100, 100))
    shown.preset(2)
    again = presenter()
    again.restore(shown.state())
    assert again.pointer(7, 9, Keys()).at == pytest.approx(shown.pointer(7, 9, Keys()).at)
    assert again.window == shown.window


def test_halving_takes_means() -> None:
    assert halved(np.array([[0, 2, 9], [4, 6, 9], [9, 9, 9]], dtype=np.uint16)).tolist() == [[3]]
    assert halved(np.full((4, 6, 3), 7, np.uint8)).shape == (2, 3, 3)
