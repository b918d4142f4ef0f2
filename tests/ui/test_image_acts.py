"""What the reader does to the look of an image with keys, and to marks with the mouse and in the list."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from fakes.images import grey_picture, opened_with, ramp_volume
from graticule.domain.elements import Region
from graticule.domain.labels import Labels
from graticule.domain.picture import Picture
from graticule.domain.volume import Window
from graticule.presenters.image_view import Keys
from graticule.presenters.sender_look import SENDER_LOOKS
from graticule.settings import screens
from graticule.ui.calibration_dialog import CalibrationDialog
from graticule.ui.picture_page import PicturePage
from graticule.ui.volume_page import VolumePage

Key, Shift = Qt.Key, Qt.KeyboardModifier.ShiftModifier


def shown(qtbot, content):
    page = (PicturePage if isinstance(content, Picture) else VolumePage)(opened_with(content))
    page.resize(900, 700)
    qtbot.addWidget(page, before_close_func=lambda page: page.shutdown())
    page.show()
    qtbot.waitExposed(page)
    return page


def drag(view, *way, button=Qt.MouseButton.LeftButton) -> None:
    places = [QPoint(*(round(v) for v in place)) for place in way]
    QTest.mousePress(view, button, Qt.KeyboardModifier.NoModifier, places[0])
    for place in places[1:]:
        QTest.mouseMove(view, place)
    QTest.mouseRelease(view, button, Qt.KeyboardModifier.NoModifier, places[-1])


def brightness(view, at) -> int:
    return view.grab().toImage().pixelColor(*(round(v) for v in at)).lightness()


def marked_corner() -> Picture:
    pixels = np.zeros((60, 80), np.uint16)
    pixels[5:25, 5:25] = 900
    return Picture(pixels, "CR", "MONOCHROME2", edge_letters=("R", "H", "L", "F"))


def test_turning_and_flipping_carry_pixels_and_letters_together(qtbot) -> None:
    page = shown(qtbot, marked_corner())
    view, inside = page.view, (15.0, 15.0)
    QTest.keyClick(view, Key.Key_1)
    for key, modifier in ((Key.Key_R, None), (Key.Key_H, None), (Key.Key_R, Shift), (Key.Key_H, Shift)):
        QTest.keyClick(view, key, modifier or Qt.KeyboardModifier.NoModifier)
        assert brightness(view, page.presenter.on_screen(inside)) > 200
        assert brightness(view, page.presenter.on_screen((60.0, 45.0))) < 60
    # A quarter, a mirror, the quarter back and the other mirror: as it was.
    assert page.presenter.letters() == ("R", "H", "L", "F") and page.presenter.turn.plain


def test_inverting_and_colours_change_what_is_drawn(qtbot) -> None:
    page = shown(qtbot, marked_corner())
    QTest.keyClick(page.view, Key.Key_1)
    QTest.keyClick(page.view, Key.Key_I)
    assert brightness(page.view, page.presenter.on_screen((15.0, 15.0))) < 60
    QTest.keyClick(page.view, Key.Key_I)
    page.acts.colours("hot iron")
    page.presenter.set_window(Window(1800, 900))
    colour = page.view.grab().toImage().pixelColor(*(round(v) for v in page.presenter.on_screen((15.0, 15.0))))
    assert colour.red() > 230 and colour.green() < 60 and colour.blue() < 60


def test_an_ellipse_by_mouse_is_listed_and_renamed_and_deleted(qtbot) -> None:
    page = shown(qtbot, grey_picture(pixel_mm=(0.5, 0.5), pixel_mm_source="PixelSpacing"))
    QTest.keyClick(page.view, Key.Key_U)
    drag(page.view, page.presenter.on_screen((20, 20)), page.presenter.on_screen((40, 40)))
    qtbot.waitUntil(lambda: page.acts.panel._tree.topLevelItemCount() == 1)
    mark, = page.opened.workspace.labels.of(Region)
    assert mark.shape == "ellipse" and abs(float(mark.figures["area"]) - np.pi * 25) < 3 and mark.figures["area_unit"] == "mm²"
    assert page.acts.panel._tree.topLevelItemCount() == 1 and page.presenter.chosen_mark == mark.id
    page.acts.panel.rename(mark.id, "cyst")
    page.acts.panel.copy_all()
    assert QApplication.clipboard().text().startswith("1  cyst\tmean")
    x, y = page.presenter.on_screen((20, 30))
    QTest.mouseMove(page.view, QPoint(round(x), round(y)))
    QTest.keyClick(page.view, Key.Key_Delete)
    assert page.opened.workspace.labels.of(Region) == [] and page.opened.workspace.undo_title.startswith("Delete ellipse")


def test_a_loop_plays_scrolls_and_opens_as_tiles(qtbot) -> None:
    frames = np.stack([np.full((40, 50), 10 * n, np.uint8) for n in range(8)])
    page = shown(qtbot, Picture(frames[0], "US", "MONOCHROME2", frames=frames, frame_ms=20.0))
    QTest.keyClick(page.view, Key.Key_Down)
    assert page.presenter.index == 1 and page.acts.bar is not None
    QTest.keyClick(page.view, Key.Key_C)
    qtbot.waitUntil(lambda: page.presenter.index not in (1,), timeout=3000)
    QTest.keyClick(page.view, Key.Key_C)
    assert not page.acts.bar.playing
    QTest.keyClick(page.view, Key.Key_C, Shift)
    assert page.acts.tiles.shown == tuple(range(8))
    page.acts.tiles.go(5)
    assert page.presenter.index == 5 and page.acts.tiles is None


def test_the_glass_shows_the_pointed_place_larger(qtbot) -> None:
    page = shown(qtbot, marked_corner())
    QTest.keyClick(page.view, Key.Key_1)
    x, y = page.presenter.on_screen((27.0, 15.0))
    QTest.mouseMove(page.view, QPoint(round(x), round(y)))
    # Three columns left of the pointer lies the bright square; magnified, its edge stands further away.
    near = x - 3 * page.presenter.scale
    assert brightness(page.view, (near, y)) > 200
    QTest.keyPress(page.view, Key.Key_J)
    assert brightness(page.view, (near, y)) < 60
    QTest.keyRelease(page.view, Key.Key_J)
    assert page.view.glass is None and brightness(page.view, (near, y)) > 200


def test_a_click_on_a_truth_mark_opens_the_sheet(qtbot) -> None:
    page = shown(qtbot, grey_picture())
    page.set_tool("pan")
    page.view.grab()
    asked = []
    page.view.sheet_asked.connect(lambda: asked.append(True))
    QTest.mouseClick(page.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, page.view.overlays.truth_box.center())
    assert asked
    for widget in QApplication.topLevelWidgets():
        if widget.windowTitle() == "What this image is":
            widget.close()


def test_a_plane_is_flipped_in_colour_with_the_same_voxel_under_the_pointer(qtbot) -> None:
    page = shown(qtbot, ramp_volume())
    view = page.views["axial"]
    page.activate("axial")
    voxel = page.presenter.volume.grid.voxel_at(page.presenter.cursor)
    at = page.presenter.volume.grid.to_patient(voxel)
    QTest.keyClick(view, Key.Key_H)
    x, y = view.view.on_screen(tuple(at))
    pointer = view.view.pointer(x, y, Keys())
    assert page.presenter.volume.grid.voxel_at(pointer.at) == voxel and view.view.letters()[0] == "L"
    page.acts.colours("pet")
    assert page.presenter.colour_map == "pet" and not view.grab().toImage().isNull()
    QTest.keyClick(view, Key.Key_F, Shift)
    assert view.view.letters()[0] == "R" and page.presenter.colour_map == "grey"


def test_calibration_is_kept_for_this_screen(qtbot, tmp_path, monkeypatch) -> None:
    kept = tmp_path / "screens.json"
    monkeypatch.setattr("graticule.ui.screen_size.screens_path", lambda: kept)
    dialog = CalibrationDialog()
    qtbot.addWidget(dialog)
    dialog.set_pixel_mm(0.25)
    dialog.accept()
    (mm,) = screens.load_screens(kept).values()
    assert abs(mm * dialog.screen().devicePixelRatio() - 0.25) < 0.005
    page = shown(qtbot, grey_picture(pixel_mm=(0.5, 0.5), pixel_mm_source="PixelSpacing"))
    QTest.keyClick(page.view, Key.Key_U, Shift)
    assert any("True size" in text for text in page.presenter.corners().bottom_right)


def test_graphics_of_the_file_lie_over_their_own_slice(qtbot) -> None:
    volume = ramp_volume()
    volume.overlay = np.zeros(volume.voxels.shape, bool)
    volume.overlay[12, 10:14, 5:9] = True
    page = shown(qtbot, volume)
    page.presenter.move_cursor(volume.grid.to_patient([24, 20, 12]))
    page.presenter.set_window(Window(1, 32000))
    view = page.views["axial"]
    place = view.view.on_screen(tuple(volume.grid.to_patient([6.5, 11.5, 12])))
    assert brightness(view, place) > 200
    page.presenter.move_cursor(volume.grid.to_patient([24, 20, 14]))
    assert brightness(view, place) < 30


def test_a_series_takes_the_greys_that_its_sender_showed(qtbot) -> None:
    sent = Labels(None)
    sent.extra[SENDER_LOOKS] = [{"title": "BONE", "window": ["1500", "300"], "inverted": True}, {"title": "", "inverted": True}]
    opened = replace(opened_with(ramp_volume()), beside=(sent,))
    page = VolumePage(opened)
    qtbot.addWidget(page, before_close_func=lambda page: page.shutdown())
    page.show()
    before, menu = page.presenter.window, QMenu(page)
    page.acts.add_to_menu(menu)
    bone, bare = [action for action in menu.actions() if "sender" in action.text()]
    assert bone.text() == "Greys as the sender showed them: BONE"
    bare.trigger()
    assert page.presenter.window == replace(before, inverted=True)
    bone.trigger()
    window = page.presenter.window
    assert (window.width, window.level, window.inverted, window.name) == (1500.0, 300.0, True, "As sent")
