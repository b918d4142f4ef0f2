"""Segments on pictures and cuts on the 3D view, by the mouse."""

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from fakes.images import opened_with, ramp_volume
from graticule.domain.elements import Segment
from graticule.domain.labels import AUTHOR_HAND
from graticule.domain.picture import Picture
from graticule.editing.proposal import Proposal, Proposed
from graticule.editing.tools.scissors import ScissorsOptions
from graticule.imaging.authorship import GROWN
from graticule.imaging.patch import Patch
from graticule.ui.picture_page import PicturePage
from graticule.ui.volume_page import VolumePage


def picture_page(qtbot, picture: Picture) -> PicturePage:
    page = PicturePage(opened_with(picture))
    page.resize(800, 600)
    qtbot.addWidget(page, before_close_func=lambda page: page.shutdown())
    page.show()
    qtbot.waitExposed(page)
    page.segments.add_template(page.segments.templates()[0])
    return page


def drag(page, *places: tuple[float, float]) -> None:
    points = [QPoint(*(round(v) for v in page.presenter.on_screen(place))) for place in places]
    QTest.mousePress(page.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, points[0])
    for point in points[1:]:
        QTest.mouseMove(page.view, point)
    QTest.mouseRelease(page.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, points[-1])


def colour(page, column: float, row: float) -> tuple[int, int, int]:
    x, y = (round(v) for v in page.presenter.on_screen((column, row)))
    found = page.view.grab().toImage().pixelColor(x, y)
    return found.red(), found.green(), found.blue()


def test_a_photograph_is_painted_by_mouse_and_keys(qtbot) -> None:
    page = picture_page(qtbot, Picture(np.full((60, 80, 3), 90, np.uint8), "DMS", "RGB"))
    QTest.keyClick(page.view, Qt.Key.Key_B)
    assert page.active_tool == "brush" and "px" in page.segments.rows()[0].amount
    drag(page, (20.5, 30.5), (40.5, 30.5))
    mask = page.opened.workspace.labels.group("1").values[0]
    assert mask[30, 15:46].all() and mask[30, 50:].max() == 0
    plain = (90, 90, 90)
    assert colour(page, 30.5, 30.5) != plain and colour(page, 60.5, 30.5) == plain
    QTest.keyPress(page.view, Qt.Key.Key_G)
    assert colour(page, 30.5, 30.5) == plain, "held, G shows the bare picture"
    QTest.keyRelease(page.view, Qt.Key.Key_G)
    QTest.keyClick(page.view, Qt.Key.Key_V)
    assert page.presenter.labels.label_look.outline_only and colour(page, 30.5, 30.5) == plain
    QTest.keyClick(page.view, Qt.Key.Key_V)
    page.presenter.labels.set_hidden({page.segments.active})
    assert colour(page, 30.5, 30.5) == plain
    page.presenter.labels.set_hidden(())
    QTest.keyClick(page.view, Qt.Key.Key_Z)
    assert not page.opened.workspace.labels.group("1").values.any() and colour(page, 30.5, 30.5) == plain


def test_a_turned_and_flipped_picture_shows_labels_where_they_are(qtbot) -> None:
    page = picture_page(qtbot, Picture(np.full((60, 80), 500, np.uint16), "CR", "MONOCHROME2", pixel_mm=(0.5, 0.25)))
    QTest.keyClick(page.view, Qt.Key.Key_B)
    drag(page, (12.5, 40.5))
    bare = colour(page, 60.5, 10.5)
    for key in (Qt.Key.Key_R, Qt.Key.Key_H, Qt.Key.Key_R):
        QTest.keyClick(page.view, key)
        assert colour(page, 12.5, 40.5) != bare and colour(page, 60.5, 10.5) == bare
        assert colour(page, 67.5, 40.5) == bare and colour(page, 12.5, 19.5) == bare, "not mirrored"


def test_labels_of_a_loop_belong_to_their_frame(qtbot) -> None:
    frames = np.full((5, 60, 80), 90, np.uint8)
    page = picture_page(qtbot, Picture(frames[0], "US", "MONOCHROME2", frames=frames, arrived=np.ones(5, bool)))
    page.presenter.show_frame(3)
    QTest.keyClick(page.view, Qt.Key.Key_B)
    bare = colour(page, 60.5, 10.5)
    drag(page, (30.5, 30.5))
    assert page.opened.workspace.labels.group("1").values.any(axis=(1, 2)).tolist() == [False] * 3 + [True, False]
    assert colour(page, 30.5, 30.5) != bare
    page.presenter.show_frame(2)
    assert colour(page, 30.5, 30.5) == bare


def test_a_proposal_is_seen_on_a_picture_and_taken_with_enter(qtbot) -> None:
    page = picture_page(qtbot, Picture(np.full((60, 80), 500, np.uint16), "CR", "MONOCHROME2"))
    bare = colour(page, 60.5, 10.5)
    patch = Patch((slice(0, 1), slice(20, 40), slice(20, 40)), np.ones((1, 20, 20), bool))
    page.bench.proposals.show(Proposal("Grow", (Proposed(page.segments.active, patch),), GROWN))
    assert colour(page, 30.5, 30.5) != bare and not page.opened.workspace.labels.group("1").values.any()
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    assert int((page.opened.workspace.labels.group("1").values != 0).sum()) == 400


def volume_page(qtbot) -> VolumePage:
    opened = opened_with(ramp_volume())
    labels = opened.workspace.labels
    k, j, i = np.indices(labels.grid_shape)
    mask = (i - 24) ** 2 + (j - 20) ** 2 + (k - 12) ** 2 < 64
    code = opened.ontology.search("liver")[0].code
    labels.put("segment", "a", Segment(id="a", group="1", value=1, colour="#e69f00", category=code, type=code, name="Ball"))
    group = labels.group("1")
    group.values[mask], group.authors[mask] = 1, AUTHOR_HAND
    group.counts[1], group.counts[0] = mask.sum(), group.counts[0] - mask.sum()
    group.grow_box(tuple(slice(0, n) for n in group.shape))
    page = VolumePage(opened)
    page.resize(1000, 800)
    qtbot.addWidget(page, before_close_func=lambda page: page.shutdown())
    page.show()
    qtbot.waitExposed(page)
    qtbot.waitUntil(lambda: page.view3d.scene is not None, timeout=20000)
    return page


def test_a_cut_on_the_3d_view_is_gone_in_the_slices_and_comes_back(qtbot) -> None:
    page = volume_page(qtbot)
    view, labels = page.view3d, page.opened.workspace.labels
    view.scene.camera.face("anterior")
    view.grab()
    page.set_tool("scissors")
    tool = page.hand.tool
    tool.options = ScissorsOptions(shape="box", reach="through")
    before = labels.group("1").values.copy()
    middle = page.opened.content.grid.to_patient((24, 20, 12))
    x, y = (round(v) for v in view.scene.camera.to_screen(middle, view.width(), view.height()))
    # The right half of the screen seen from the front is the patient's left: higher i.
    start, end = QPoint(x, 2), QPoint(view.width() - 2, view.height() - 2)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(view, QPoint((x + end.x()) // 2, y))
    QTest.mouseMove(view, end)
    assert np.array_equal(labels.group("1").values, before), "nothing goes before the hand lets go"
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)
    after = labels.group("1").values
    i = np.indices(after.shape)[2]
    assert not after[i > 24].any() and np.array_equal(after[i < 24], before[i < 24])
    assert page.opened.workspace.undo_title == "Cut Ball inside the outline in 3D"
    qtbot.waitUntil(lambda: "a" in view.scene.surfaces(), timeout=5000)
    page.opened.workspace.undo()
    assert np.array_equal(labels.group("1").values, before)


def test_escape_gives_up_an_outline_and_ctrl_turns_the_camera(qtbot) -> None:
    page = volume_page(qtbot)
    view = page.view3d
    page.set_tool("scissors")
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(20, 20))
    QTest.mouseMove(view, QPoint(200, 200))
    assert page.scissors3d.drawing
    QTest.keyClick(view, Qt.Key.Key_Escape)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(20, 200))
    assert not page.scissors3d.drawing and page.opened.workspace.undo_title is None
    eye = view.scene.camera.axes()[2]
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, QPoint(50, 50))
    QTest.mouseMove(view, QPoint(120, 50))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, QPoint(120, 50))
    assert not np.allclose(eye, view.scene.camera.axes()[2])
