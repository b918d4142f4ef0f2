import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fakes.images import grey_picture, opened_with
from graticule.domain.elements import Region
from graticule.domain.picture import Picture
from graticule.ui.picture_page import PicturePage


def shown(qtbot, picture: Picture) -> PicturePage:
    page = PicturePage(opened_with(picture))
    page.resize(800, 600)
    qtbot.addWidget(page, before_close_func=lambda page: page.shutdown())
    page.show()
    qtbot.waitExposed(page)
    return page


def brightness(page: PicturePage, x: int, y: int) -> int:
    return page.view.grab().toImage().pixelColor(x, y).lightness()


def test_the_picture_is_drawn_where_its_pixels_are(qtbot) -> None:
    pixels = np.zeros((60, 80), np.uint16)
    pixels[10:20, 50:70] = 900
    page = shown(qtbot, Picture(pixels, "CR", "MONOCHROME2"))
    QTest.keyClick(page.view, Qt.Key.Key_1)
    x, y = (round(v) for v in page.presenter.on_screen((60.0, 15.0)))
    assert brightness(page, x, y) > 200
    x, y = (round(v) for v in page.presenter.on_screen((20.0, 15.0)))
    assert brightness(page, x, y) < 50


def test_monochrome1_shows_high_values_dark(qtbot) -> None:
    pixels = np.zeros((60, 80), np.uint16)
    pixels[10:20, 50:70] = 900
    page = shown(qtbot, Picture(pixels, "CR", "MONOCHROME1", inverted=True))
    QTest.keyClick(page.view, Qt.Key.Key_1)
    x, y = (round(v) for v in page.presenter.on_screen((60.0, 15.0)))
    assert brightness(page, x, y) < 50


def test_a_photograph_keeps_its_colours_and_has_no_window(qtbot) -> None:
    pixels = np.zeros((40, 50, 3), np.uint8)
    pixels[...] = (200, 90, 30)
    page = shown(qtbot, Picture(pixels, "DMS", "RGB"))
    colour = page.view.grab().toImage().pixelColor(page.view.width() // 2, page.view.height() // 3)
    assert (colour.red(), colour.green(), colour.blue()) == (200, 90, 30)
    assert "window" not in {tool.name for tool in page.tools()} and page.preset_names() == []


def test_reduced_pictures_keep_their_mean(qtbot) -> None:
    pixels = np.zeros((1200, 1600), np.uint16)
    pixels[:, ::2] = 1000
    page = shown(qtbot, Picture(pixels, "CR", "MONOCHROME2"))
    QTest.keyClick(page.view, Qt.Key.Key_1)
    QApplication.processEvents()
    assert 110 < brightness(page, 300, 300) < 145


def test_a_length_is_measured_by_mouse(qtbot) -> None:
    page = shown(qtbot, grey_picture(pixel_mm=(0.5, 0.5), pixel_mm_source="PixelSpacing"))
    QTest.keyClick(page.view, Qt.Key.Key_D)
    assert page.active_tool == "length"
    one, two = (QPoint(*(round(v) for v in page.presenter.on_screen(at))) for at in ((20.0, 30.0), (60.0, 30.0)))
    QTest.mousePress(page.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, one)
    QTest.mouseMove(page.view, two)
    QTest.mouseRelease(page.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, two)
    line, = page.opened.workspace.labels.of(Region)
    assert (line.unit, abs(float(line.value) - 20.0) < 0.2) == ("mm", True)
    assert page.view_state()["tool"] == "length"
