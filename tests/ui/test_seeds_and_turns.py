"""The reader's real mouse and keys: seeds, suggestions, strokes seen on the series beside, and series taking turns."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fakes.company import beside, ct_case, pet, volume
from fakes.images import opened_with, ramp_volume
from fakes.relatives import relative
from graticule.domain.labels import SEEDS_AROUND, seeds_of
from graticule.presenters.desk_events import Trouble
from graticule.presenters.open_case import OpenCase
from graticule.ui.slice_view import SliceView
from graticule.ui.volume_page import VolumePage

LEFT, NONE, ALT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
PET = "c1:02"


class Room:
    def __init__(self, qtbot, opened: OpenCase, layout: str = "axial") -> None:
        self.page = VolumePage(opened)
        self.told: list[Trouble] = []
        opened.bus.subscribe(Trouble, self.told.append)
        self.page.resize(1000, 700)
        qtbot.addWidget(self.page, before_close_func=lambda page: page.shutdown())
        self.page.show()
        qtbot.waitExposed(self.page)
        self.page.presenter.set_layout(layout)
        self.page.segments.add_template(self.page.segments.templates()[0])
        QApplication.processEvents()

    @property
    def labels(self):
        return self.page.opened.workspace.labels

    def view(self, key: str = "axial") -> SliceView:
        found = self.page.reading.viewports()[key]
        assert isinstance(found, SliceView)
        return found

    def drag(self, view: SliceView, *way: tuple[float, float, float], keys=NONE, let_go: bool = True) -> None:
        """Through places of the patient, in the view's own space."""
        for number, mm in enumerate(way):
            self._mouse(view, QEvent.Type.MouseMove if number else QEvent.Type.MouseButtonPress, mm, keys, LEFT)
        if let_go:
            self._mouse(view, QEvent.Type.MouseButtonRelease, way[-1], keys, Qt.MouseButton.NoButton)
        QApplication.processEvents()

    def _mouse(self, view, kind, mm, keys, held) -> None:
        at = QPointF(*view.view.on_screen(mm))
        button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else LEFT
        QApplication.sendEvent(view, QMouseEvent(kind, at, view.mapToGlobal(at), button, held, keys))

    def key(self, key: Qt.Key, view: SliceView | None = None, held=NONE) -> None:
        QTest.keyClick(view or self.view(), key, held)
        QApplication.processEvents()

    def pixels(self, view: SliceView) -> np.ndarray:
        image = view.grab().toImage()
        image = image.convertToFormat(image.Format.Format_RGB32)
        rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
        return rows[:, :image.width(), :3][..., ::-1].astype(int)


@pytest.fixture
def room(qtbot) -> Iterator:
    def make(opened: OpenCase, layout: str = "axial") -> Room:
        return Room(qtbot, opened, layout)

    yield make


def alone() -> OpenCase:
    made = ramp_volume()
    made.voxels[:] = 40
    made.voxels[8:16, 14:26, 18:30] = 160
    return opened_with(made)


def pet_ct() -> OpenCase:
    return beside(ct_case(), volume(), [(relative(2, "PT"), pet())])


def slice_mm(room: Room, k: int) -> float:
    return float(room.page.presenter.volume.grid.to_patient(np.array([0, 0, k]))[2])


def test_seeds_are_planted_grown_and_taken_with_mouse_and_keys(room) -> None:
    here = room(alone())
    room_z = slice_mm(here, 12)
    here.page.presenter.move_cursor(np.array([0.0, 0, room_z]))
    here.key(Qt.Key.Key_E, held=Qt.KeyboardModifier.ShiftModifier)
    assert here.page.hand.tool.name == "seeds" and here.page.presenter.seeds_seen
    bare = here.pixels(here.view())
    here.drag(here.view(), (-3, 0, room_z), (3, 0, room_z))
    planted = here.labels.group(seeds_of("1"))
    assert planted.counts[1] and (here.pixels(here.view()) != bare).any() and here.page.bench.proposals.now is None
    here.drag(here.view(), (-30, -30, room_z), (30, -30, room_z), (30, 30, room_z), keys=ALT)
    assert planted.counts[SEEDS_AROUND] and here.page.bench.proposals.now is not None
    here.key(Qt.Key.Key_Escape)
    assert here.page.bench.proposals.now is None and planted.counts[1]
    here.key(Qt.Key.Key_Return)
    here.key(Qt.Key.Key_Return)
    assert here.labels.group("1").values[12, 14:26, 18:30].all()
    here.page.set_tool("brush")
    assert not here.page.presenter.seeds_seen and not here.page.presenter.seed_colours(seeds_of("1"))


def test_what_lies_between_is_seen_with_the_brush_in_the_hand_and_taken_by_enter(room) -> None:
    here = room(alone())
    for k in (6, 10):
        here.page.presenter.move_cursor(np.array([0.0, 0, slice_mm(here, k)]))
        here.page.set_tool("brush")
        here.drag(here.view(), (0, 0, slice_mm(here, k)))
    here.page.presenter.move_cursor(np.array([0.0, 0, slice_mm(here, 8)]))
    bare = here.pixels(here.view())
    fill = here.page.hand.find("fill-between")
    here.page.set_tool("fill-between")
    assert (here.pixels(here.view()) != bare).any()
    fill.options = type(fill.options)(always=True)
    here.page.set_tool("brush")
    values = here.labels.group("1").values
    assert (here.pixels(here.view()) != bare).any() and not values[8].any()
    here.key(Qt.Key.Key_Return)
    assert values[8].any() and not values[7].any() and not values[9].any()
    here.key(Qt.Key.Key_Z, held=Qt.KeyboardModifier.ShiftModifier)
    assert values[7].any() and values[9].any()


def test_a_stroke_is_seen_on_the_series_beside_while_the_hand_moves_and_can_be_made_there(room) -> None:
    here = room(pet_ct(), "grid")
    other = here.view(f"axial of {PET}")
    here.page.set_tool("brush")
    here.page.presenter.move_cursor(np.array([0.0, 0, 3.0]))  # the PET's own slice, at 2 mm, cuts the voxels of this one
    bare, z = here.pixels(other), 3.0
    here.drag(here.view(), (0, 0, z), (8, 0, z), let_go=False)
    assert not here.page.opened.workspace.undo_title.startswith("Paint")
    changed = (here.pixels(other) != bare).any(axis=2)
    x, y = other.view.on_screen((4.0, 0.0, float(other.view._frame.cursor[2])))
    assert changed[round(y) - 3:round(y) + 4, round(x) - 3:round(x) + 4].mean() > 0.8  # all but the lines of the crosshair
    here.drag(here.view(), (8, 0, z))
    before = int(here.labels.group("1").counts[1])
    there = float(other.view._frame.cursor[2])
    here.drag(other, (-16, 8, there), (-8, 8, there))
    assert int(here.labels.group("1").counts[1]) > before and here.page.opened.workspace.undo_title.startswith("Paint")
    k, j, i = np.argwhere(here.labels.group("1").values).T
    at = here.page.presenter.volume.grid.to_patient(np.stack([i, j, k], axis=-1).astype(float))
    assert np.linalg.norm(at[:, :2] - (-16, 8), axis=1).min() < 2


def test_tab_shows_another_series_in_its_place_with_its_name_and_back(room) -> None:
    here = room(pet_ct())
    view = here.view()
    view.setFocus()
    scale, bare = view.view.pixels_per_unit(), here.pixels(view)
    here.key(Qt.Key.Key_Tab)
    assert view.view.instead is not None and view.view.instead.case_id == PET and here.page.window().focusWidget() is view
    assert "PT" in view.view.corners().top_left[1] and view.view.pixels_per_unit() == scale
    assert (here.pixels(view) != bare).any() and any("instead" in name for name, _ in here.page.named_viewports())
    here.key(Qt.Key.Key_Tab)
    assert view.view.instead is None and np.array_equal(here.pixels(view)[60:], bare[60:])


def test_tab_moves_the_focus_where_no_series_can_take_its_place(room) -> None:
    here = room(alone(), "grid")
    here.view().setFocus()
    here.key(Qt.Key.Key_Tab)
    assert here.page.window().focusWidget() is not here.view() and here.view().view.instead is None
    apart = room(beside(ct_case(), volume(), [(relative(2, "PT"), pet("another"))]))
    apart.view().setFocus()
    apart.key(Qt.Key.Key_Tab)
    assert apart.page.window().focusWidget() is not apart.view()


def test_a_series_of_the_study_that_is_not_open_yet_is_brought_for_its_turn(room) -> None:
    here = room(beside(ct_case(), volume(), [(relative(2, "MR"), volume(shift_mm=3.0)), (relative(3, "MR"), volume("another"))]))
    view = here.view()
    view.setFocus()
    for _ in range(3):
        here.key(Qt.Key.Key_Tab)
        if view.view.instead is not None:
            break
    assert view.view.instead is not None and view.view.instead.case_id == "c1:02"
    here.page.reading.close_companion("c1:02")
    assert view.view.instead is None
