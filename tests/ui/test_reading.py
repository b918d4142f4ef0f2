"""Several images side by side: ordinary Qt events go in; what stands where, what goes along and what is recorded come out."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from fakes.company import beside, ct_case, pet, picture_case, volume
from fakes.images import grey_picture
from fakes.relatives import radiograph, relative
from graticule.domain.elements import Region
from graticule.domain.errors import GraticuleError
from graticule.imaging.rigid import Rigid
from graticule.presenters.desk_events import Trouble
from graticule.presenters.layout import Place
from graticule.presenters.open_case import OpenCase
from graticule.ui.image_page import ImagePage
from graticule.ui.layout_menu import LayoutPopup
from graticule.ui.picture_page import PicturePage
from graticule.ui.place_frame import SERIES_MIME
from graticule.ui.viewport import Viewport
from graticule.ui.volume_page import VolumePage

PRIOR = {"study": "old", "taken": "2024-02-18"}


class Room:
    """A page on the screen."""

    def __init__(self, qtbot, page: ImagePage) -> None:
        self.page, self.reading = page, page.reading
        self.told: list[Trouble] = []
        page.opened.bus.subscribe(Trouble, self.told.append)
        page.resize(1000, 800)
        qtbot.addWidget(page, before_close_func=lambda page: page.shutdown())
        page.show()
        qtbot.waitExposed(page)
        QApplication.processEvents()

    def keys(self) -> list[str]:
        return [place.key for place in self.reading.layout_now.places]

    def head(self, at: int) -> str:
        frame = self.reading.wall.frames[at]
        return " | ".join(part for part in (frame._role.text(), frame._link.text()) if part)

    def wheel(self, key: str, steps: int) -> None:
        view = self.reading.viewports()[key]
        at = QPointF(view.width() / 2, view.height() / 2)
        turn = QPoint(0, 120 * steps)
        QApplication.sendEvent(view, QWheelEvent(at, view.mapToGlobal(at), QPoint(), turn, Qt.MouseButton.NoButton,
                                                 Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False))
        QApplication.processEvents()

    def drop(self, at: int, case_id: str) -> None:
        frame = self.reading.wall.frames[at]
        data = QMimeData()
        data.setData(SERIES_MIME, case_id.encode())
        QApplication.sendEvent(frame, QDragEnterEvent(QPoint(20, 20), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                                                      Qt.KeyboardModifier.NoModifier))
        QApplication.sendEvent(frame, QDropEvent(QPointF(20, 20), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                                                 Qt.KeyboardModifier.NoModifier))
        QApplication.processEvents()


@pytest.fixture
def room(qtbot) -> Iterator:
    def make(opened: OpenCase) -> Room:
        return Room(qtbot, (VolumePage if str(opened.case.kind) == "volume" else PicturePage)(opened))

    yield make


def ct_and_prior(frame: str = "other", **more) -> OpenCase:
    return beside(ct_case(), volume(), [(relative(2, "CT", **PRIOR), volume(frame, 12.0))], **more)


def pet_ct(**more) -> OpenCase:
    return beside(ct_case(), volume(), [(relative(2, "PT"), pet())], **more)


def test_a_prior_hangs_beside_the_case_and_says_what_it_is(room) -> None:
    here = room(ct_and_prior())
    assert here.keys() == ["axial", "axial of c1:02"]
    assert (here.head(0), here.head(1)) == ("Being labelled", "For comparison | Not linked")
    prior = here.reading.viewports()["axial of c1:02"]
    assert prior.isVisible() and "For comparison · Prior 1 · 92 days before" in prior.view.corners().top_left


def test_unrelated_series_do_not_scroll_together_until_the_reader_links_them(room) -> None:
    here = room(ct_and_prior())
    own, prior = here.page.presenter, here.reading.company.here["c1:02"].series
    before = prior.cursor.copy()
    here.wheel("axial", -3)
    assert np.allclose(prior.cursor, before)
    here.reading.places.link_here(here.reading.layout_now.places[1])
    here.wheel("axial", -2)
    assert prior.cursor[2] == pytest.approx(before[2] - 4)
    assert here.head(1).startswith("For comparison | Offset") and "not registered" in own.notes[0]
    assert "not registered" in here.reading.viewports()["axial of c1:02"].view.corners().top_left[-1]


def test_series_of_one_frame_scroll_together_both_ways(room) -> None:
    here = room(ct_and_prior(frame="1.2.826.0.1"))
    own, prior = here.page.presenter, here.reading.company.here["c1:02"].series
    here.wheel("axial", -3)
    assert np.allclose(own.cursor, prior.cursor)
    here.wheel("axial of c1:02", 2)
    assert np.allclose(own.cursor, prior.cursor)


def test_a_stored_registration_links_and_says_so(room) -> None:
    here = room(ct_and_prior())
    shift = np.eye(4)
    shift[2, 3] = -12.0
    here.reading.linked.set_registrations({("c1:02", "c1:image"): Rigid(shift, "rigid")})
    here.wheel("axial", -1)
    own, prior = here.page.presenter, here.reading.company.here["c1:02"].series
    assert np.allclose(prior.cursor - own.cursor, (0, 0, 12))
    assert here.head(1).startswith("For comparison | Registered")


def test_pet_ct_opens_fused_with_a_mip(room) -> None:
    here = room(pet_ct())
    assert here.keys() == ["axial", "axial of c1:02", "axial fused", "coronal of c1:02"]
    fused = here.reading.viewports()["axial fused"]
    here.page.presenter.move_cursor(np.array([2.0, 2.0, 2.0]))
    QApplication.processEvents()
    image = fused.grab().toImage()
    ratio = image.devicePixelRatio()
    x, y = (round(v * ratio) for v in fused.view.on_screen((0.5, 0.5, 2.0)))
    plain = here.reading.viewports()["axial"].grab().toImage()
    hot = image.pixelColor(x, y)
    assert hot.red() - hot.blue() > 40
    grey = plain.pixelColor(*(round(v * ratio) for v in here.reading.viewports()["axial"].view.on_screen((0.5, 0.5, 2.0))))
    assert abs(grey.red() - grey.blue()) < 4
    mip = here.reading.viewports()["coronal of c1:02"].view
    assert mip.slab is not None and mip.slab.words.startswith("MIP")


def test_an_overlay_is_refused_between_unrelated_series(room) -> None:
    here = room(ct_and_prior())
    here.reading.fuse("c1:02")
    assert "cannot lie over each other" in str(here.told[-1].error)
    assert here.keys() == ["axial", "axial of c1:02"] and here.reading.fusing.fusion is None


def test_an_overlay_comes_with_the_menu_and_goes_with_its_row(room) -> None:
    here = room(ct_and_prior(frame="1.2.826.0.1"))
    here.reading.fuse("c1:02")
    assert here.keys() == ["axial fused", "axial of c1:02"] and here.reading.fusion_bar.isVisible()
    here.reading.fusion_bar.removed.emit()
    assert here.keys() == ["axial", "axial of c1:02"] and not here.reading.fusion_bar.isVisible()


def test_a_companion_cannot_be_labelled(room) -> None:
    here = room(ct_and_prior())
    here.page.set_tool("brush")
    companion = here.reading.company.here["c1:02"]
    assert companion.hand.tool.group == "look" and companion.opened.workspace.locked
    with pytest.raises(GraticuleError):
        companion.opened.workspace.stage()
    view = here.reading.viewports()["axial of c1:02"]
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    QTest.mouseMove(view, QPoint(140, 130))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(140, 130))
    assert not here.page.opened.workspace.labels.groups and not here.page.opened.workspace.labels.of(Region)
    here.page.set_tool("zoom")
    assert companion.hand.tool.name == "zoom"


def test_a_series_dropped_on_the_only_view_of_the_case_does_not_hide_it(room) -> None:
    here = room(beside(ct_case(), volume(), [(relative(2, "MR"), volume(modality="MR", unit=None))]))
    here.reading.show_grid(1, 1)
    here.drop(0, "c1:02")
    assert sorted(here.keys()) == ["axial", "axial of c1:02"]


def test_dropping_a_series_replaces_what_stood_there(room) -> None:
    here = room(beside(ct_case(), volume(), [(relative(2, "MR"), volume(modality="MR", unit=None))]))
    here.drop(1, "c1:02")
    assert here.keys() == ["axial", "axial of c1:02", "coronal", "sagittal"]
    here.reading.close_companion("c1:02")
    assert here.keys() == ["axial", "", "coronal", "sagittal"] and not here.reading.company.here


def test_a_double_click_in_the_strip_lays_the_series_beside_the_slices(room) -> None:
    here = room(beside(ct_case(), volume(), [(relative(2, "MR"), volume(modality="MR", unit=None)),
                                             (relative(3, "MR"), volume(modality="MR", unit=None))]))
    assert here.reading.strip.isVisible() and here.reading.strip.count() == 3
    here.reading.strip.chosen.emit("c1:02")
    here.reading.strip.chosen.emit("c1:03")
    assert here.keys() == ["axial", "axial of c1:02", "axial of c1:03", ""]
    assert here.reading.bar.layout_button.text() == "2 × 2"


def test_the_layout_popup_takes_arrow_keys(room, qtbot) -> None:
    here = room(ct_and_prior())
    QTest.keyClick(here.page, Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    popup = here.reading.bar.findChild(LayoutPopup)
    QTest.keyClick(popup.grid, Qt.Key.Key_Down)
    QTest.keyClick(popup.grid, Qt.Key.Key_Return)
    assert (here.reading.layout_now.rows, here.reading.layout_now.columns) == (2, 2)
    assert here.keys()[:2] == ["axial", "axial of c1:02"]


def test_stages_go_by_comma_and_full_stop(room) -> None:
    here = room(ct_and_prior())
    QTest.keyClick(here.page, Qt.Key.Key_Period)
    assert here.page.presenter.window.name == here.reading.company.here["c1:02"].series.window.name == "Lung"
    QTest.keyClick(here.page, Qt.Key.Key_Comma)
    assert here.reading.hanging.where()[2] == 0


def test_double_click_fills_the_wall_with_a_companion_and_brings_all_back(room) -> None:
    here = room(ct_and_prior())
    here.page.set_tool("window")
    prior = here.reading.viewports()["axial of c1:02"]
    QTest.mouseDClick(prior, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    assert prior.isVisible() and not here.reading.viewports()["axial"].isVisible()
    QTest.mouseDClick(prior, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    assert prior.isVisible() and here.reading.viewports()["axial"].isVisible()


def test_the_viewing_record_names_the_companion(room, qtbot) -> None:
    here = room(ct_and_prior())
    qtbot.wait(400)
    here.wheel("axial", -1)
    here.page.note_looks()
    here.page.record.hide_all(10**15)
    assert {look.view for look in here.page.looks()} >= {"axial", "axial of c1:02"}


def test_the_wall_comes_back_with_the_case(room) -> None:
    first = room(pet_ct())
    first.reading.put(1, Place("sagittal", "c1:02"))
    first.reading.fusion_bar._blend.setValue(30)
    first.reading.linked.switches.window = True
    again = room(pet_ct(view_state=first.page.view_state()))
    assert again.keys() == first.keys() == ["axial", "sagittal of c1:02", "axial fused", "coronal of c1:02"]
    assert again.reading.fusing.fusion.look.blend == pytest.approx(0.3)
    assert again.reading.linked.switches.window and again.reading.hanging.where()[0] == ""


def test_a_companion_that_cannot_be_read_leaves_its_place_and_a_notice(room) -> None:
    opened = ct_and_prior()
    opened.companions.opener._contents.pop("c1:02")
    here = room(opened)
    assert here.keys() == ["axial", ""] and not here.reading.company.here


def test_leaving_the_case_puts_the_companions_away(room) -> None:
    here = room(ct_and_prior())
    here.page.shutdown()
    assert here.page.opened.companions.get("c1:02") is None and not here.reading.company.here


def test_memory_for_companions_is_bounded(room) -> None:
    size = volume().voxels.nbytes
    here = room(beside(ct_case(), volume(), [(relative(2, "CT", **PRIOR), volume()), (relative(3, "MR"), volume())],
                       most_bytes=size + 1))
    assert list(here.reading.company.here) == ["c1:02"]
    here.reading.close_companion("c1:02")
    here.reading.add_series("c1:03")
    assert list(here.reading.company.here) == ["c1:03"]
    here.reading.put(1, Place("axial", "c1:02"))
    assert len(here.reading.company.here) == 1


def test_frontal_and_lateral_radiographs_hang_side_by_side(room) -> None:
    here = room(beside(picture_case(), grey_picture(), [(radiograph(2, "LL"), grey_picture())]))
    assert here.keys() == ["picture", "picture of c1:02"]
    assert (here.head(0), here.head(1)) == ("Being labelled", "For comparison")
    view = here.reading.viewports()["picture of c1:02"]
    QTest.mouseMove(view, QPoint(50, 50))
    here.page.activate("picture of c1:02")
    companion, before = here.reading.company.here["c1:02"].presenter, here.page.presenter.window
    assert companion.window != companion.presets[0]
    QTest.keyClick(here.page, Qt.Key.Key_1)
    assert companion.window == companion.presets[0] and here.page.presenter.window == before


def test_a_series_dropped_on_the_view_that_fills_the_wall_comes_beside_it(room) -> None:
    here = room(beside(ct_case(), volume(), [(relative(2, "MR"), volume(modality="MR", unit=None))]))
    here.page.presenter.set_layout("sagittal")
    here.drop(3, "c1:02")
    assert here.keys() == ["sagittal", "axial of c1:02"]


def test_a_place_offers_the_planes_of_the_case_and_the_other_images(room) -> None:
    here = room(ct_and_prior())
    menu = QMenu(here.page)
    here.reading.places.fill(menu, 1)
    words = [action.text() for action in menu.actions() if action.text()]
    assert words == ["Being labelled", "Prior 1 · 92 days before · CT chest", "Link here: these slices go side by side",
                     "Close this image"]
    planes = {action.text(): action for action in menu.actions()[0].menu().actions()}
    assert {"Axial", "Coronal", "Sagittal", "3D"} <= set(planes)
    planes["Coronal"].trigger()
    assert here.keys() == ["axial", "coronal"]


def test_reference_lines_are_drawn_where_a_slice_of_another_series_cuts(room) -> None:
    here = room(ct_and_prior(frame="1.2.826.0.1"))
    here.reading.put(1, Place("coronal", "c1:02"))
    view = here.reading.viewports()["coronal of c1:02"]
    own = here.page.presenter.views["axial"]
    x, y = view.view.on_screen((0.0, 0.0, -own.slices.position_mm(own.index)))
    QApplication.processEvents()
    image = view.grab().toImage()
    near = [[image.pixelColor(column, round(y) + off) for column in range(round(x) - 60, round(x) + 60)] for off in (-1, 0, 1)]
    assert max(sum(colour.red() - colour.green() > 40 for colour in row) for row in near) > 20


def click(view: Viewport, at: tuple[float, float, float]) -> None:
    """Move there and click, with the left button."""
    pos = QPointF(*view.view.on_screen(at)).toPoint()
    QTest.mouseMove(view, pos)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=pos)
    QApplication.processEvents()


@pytest.mark.parametrize("first_beside", [False, True])
def test_a_distance_runs_from_the_case_to_a_companion_and_back(room, first_beside: bool) -> None:
    here = room(ct_and_prior(frame="1.2.826.0.1"))
    here.page.set_tool("distance")
    views = [here.reading.viewports()[key] for key in ("axial", "axial of c1:02")]
    level = float(here.page.presenter.cursor[2])
    places = [(-6.0, 2.0, level), (6.0, 7.0, level)]
    for at in ((1, 0) if first_beside else (0, 1)):
        click(views[at], places[at])
    mark, = here.page.opened.workspace.labels.of(Region)
    ends = np.array(mark.points) / 1000
    assert mark.shape == "distance" and np.allclose(ends[::-1] if first_beside else ends, places, atol=0.2)
    assert float(mark.value) == pytest.approx(13.0, abs=0.3)
    assert views[0].view.marks() and views[1].view.marks(), "drawn in both"
    here.page.opened.workspace.undo()
    assert not here.page.opened.workspace.labels.of(Region) and not views[1].view.marks()


def test_a_distance_to_an_unrelated_series_is_refused_and_a_registration_makes_it_possible(room) -> None:
    here = room(ct_and_prior())
    here.page.set_tool("distance")
    views = [here.reading.viewports()[key] for key in ("axial", "axial of c1:02")]
    own, prior = here.page.presenter, here.reading.company.here["c1:02"].series
    click(views[0], (-6.0, 2.0, float(own.cursor[2])))
    click(views[1], (6.0, 7.0, float(prior.cursor[2])))
    assert "different frames of reference" in str(here.told[-1].error) and not here.page.opened.workspace.labels.of(Region)
    shift = np.eye(4)
    shift[2, 3] = -12.0
    here.reading.linked.set_registrations({("c1:02", "c1:image"): Rigid(shift, "rigid")})
    click(views[0], (-6.0, 2.0, float(own.cursor[2])))
    click(views[1], (6.0, 7.0, float(prior.cursor[2])))
    mark, = here.page.opened.workspace.labels.of(Region)
    assert mark.points[1][2] / 1000 == pytest.approx(float(prior.cursor[2]) - 12, abs=0.6)
    assert any("registered" in outline.label for view in views for outline in view.view.marks())
    here.page.set_tool("brush")
    assert here.reading.company.here["c1:02"].hand.tool.name == "brush"  # what paints reaches the case from there, too
