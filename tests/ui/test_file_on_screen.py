"""What a file brings along, on the screen: loops that are still coming, and graphics over a slice."""

import time

import numpy as np
from PySide6.QtWidgets import QApplication

from fakes.dicom_picture import put_overlay, written
from fakes.dicom_series import Series
from fakes.door_ways import only_case
from fakes.images import opened_with
from graticule.domain.picture import Picture
from graticule.formats import door
from graticule.ui.picture_page import PicturePage
from graticule.ui.volume_page import VolumePage


def shown(qtbot, page):
    page.resize(700, 500)
    qtbot.addWidget(page, before_close_func=lambda page: page.shutdown())
    page.show()
    qtbot.waitExposed(page)
    return page


def test_a_loop_is_looked_at_while_it_is_still_coming(qtbot):
    frames = np.full((3, 40, 60), 200, np.uint8)
    picture = Picture(frames[0], "US", "MONOCHROME2", frames=frames, arrived=np.array([True, False, True]))
    page = shown(qtbot, PicturePage(opened_with(picture)))

    def middle():
        return page.view.grab().toImage().pixelColor(page.view.width() // 2, page.view.height() // 3).lightness()

    assert middle() > 100
    page.presenter.scroll(1)
    assert middle() < 60 and any("has not been decoded" in text for text in page.presenter.corners().warnings)
    picture.arrived[1] = True
    page._frame_came(1)
    assert middle() > 100


def test_a_written_loop_fills_the_page(qtbot, tmp_path):
    loop = np.full((4, 40, 60), 180, np.uint8)
    opening = door.open_case(only_case(written(tmp_path / "a.dcm", loop, modality="US", WindowWidth=256, WindowCenter=128)))
    opened = opened_with(opening.content)
    opened.opening = opening
    page = shown(qtbot, PicturePage(opened))
    qtbot.waitUntil(lambda: opening.content.arrived.all() and page.view.loading is None, timeout=5000)
    assert page.view.grab().toImage().pixelColor(page.view.width() // 2, page.view.height() // 3).lightness() > 120


def test_graphics_of_the_files_lie_over_their_slice_and_can_be_put_away(qtbot, tmp_path):
    series = Series(np.full((3, 40, 50), -1000, np.int16))
    for k in range(3):
        data = series.slice(k)
        put_overlay(data, np.ones((40, 50), bool))
        data.save_as(tmp_path / f"{k}.dcm", enforce_file_format=True)
    opening = door.open_case(only_case(tmp_path))
    opened = opened_with(opening.content)
    opened.opening = opening
    page = shown(qtbot, VolumePage(opened))
    page.presenter.set_layout(page.presenter.acquired_plane)
    qtbot.waitUntil(lambda: bool(opening.content.arrived.all()), timeout=5000)

    def middle():
        until = time.monotonic() + 0.2
        while time.monotonic() < until:
            QApplication.processEvents()
        view = page.current()
        return view.grab().toImage().pixelColor(view.width() // 2, view.height() // 3).lightness()

    assert middle() > 150
    page.presenter.toggle_overlay()
    assert middle() < 60
