import numpy as np
import pytest

from fakes.images import ISOTROPIC, SHAPE, THICK, opened_with, ramp_volume
from graticule.domain.elements import Region
from graticule.domain.volume import Doubt, Window
from graticule.presenters.image_view import Keys, ruler_for
from graticule.presenters.plane_view import PlaneView
from graticule.presenters.volume import GRID_LAYOUT, LayoutChanged, Part, ViewsChanged, VolumePresenter
from graticule.presenters.windows import CT_PRESETS, displayed, dragged, opening_window, presets_for


def presenter(volume=None, **more) -> VolumePresenter:
    volume = volume or ramp_volume()
    made = VolumePresenter(opened_with(volume, **more), volume)
    for view in made.views.values():
        view.resize(400, 300)
    return made


@pytest.mark.parametrize("affine", [ISOTROPIC, THICK, ISOTROPIC @ np.diag([-1.0, -1, 1, 1])])
def test_a_screen_position_and_its_patient_point_are_each_others_inverse_in_every_plane(affine) -> None:
    shown = presenter(ramp_volume(affine))
    for view in shown.views.values():
        view.zoom(2.3, (120, 40))
        view.pan(17, -9)
        pointer = view.pointer(133.0, 87.5, Keys())
        assert view.on_screen(pointer.at) == pytest.approx((133.0, 87.5))
        assert abs(float(view.plane.distance_mm(pointer.at))) < 1e-9


def test_zoom_keeps_what_lies_under_the_pointer() -> None:
    view = presenter().views["coronal"]
    before = view.pointer(311, 52, Keys()).at
    view.zoom(1.7, (311, 52))
    assert view.pointer(311, 52, Keys()).at == pytest.approx(before)


def test_panning_carries_the_image_with_the_hand() -> None:
    view = presenter().views["sagittal"]
    grabbed = view.pointer(100, 100, Keys()).at
    view.pan(30, -12)
    assert view.on_screen(grabbed) == pytest.approx((130, 88))


def test_letters_follow_the_radiological_convention() -> None:
    views = presenter().views
    assert views["axial"].letters() == ("R", "A", "L", "P")
    assert views["coronal"].letters() == ("R", "H", "L", "F")
    assert views["sagittal"].letters() == ("A", "H", "P", "F")


def test_letters_are_question_marks_when_the_file_does_not_say() -> None:
    volume = ramp_volume()
    object.__setattr__(volume.grid, "oriented", False)
    view = presenter(volume).views["axial"]
    assert view.letters() == ("?", "?", "?", "?")
    assert "L" not in view.read_out(view.pointer(200, 150, Keys()))


def test_the_cursor_links_the_planes_and_tells_only_what_changed() -> None:
    shown = presenter()
    told: list[ViewsChanged] = []
    shown._opened.bus.subscribe(ViewsChanged, told.append)
    axial = shown.views["axial"]
    assert len({view.index for view in shown.views.values()}) == 3
    axial.look_at(axial.pointer(260, axial.crosshair()[1], Keys()).at)
    assert {name for event in told if event.part is Part.PLANE for name in event.views} == {"sagittal"}
    shown.views["axial"].scroll(3)
    assert told[-2].views == {"axial"} and told[-2].part is Part.PLANE


def test_scrolling_stops_at_both_ends_and_goes_from_head_to_foot() -> None:
    axial = presenter().views["axial"]
    axial.scroll(-1000)
    assert axial.index == 0 and axial.acquired_k() == SHAPE[0] - 1
    assert axial.corners().top_right[:2] == (f"Slice 1 / {SHAPE[0]}", "H 23.0 mm")
    axial.scroll(1000)
    assert axial.index == SHAPE[0] - 1 and axial.corners().top_right[1] == "F 23.0 mm"


def test_a_thick_series_opens_as_its_own_plane_and_says_what_is_interpolated() -> None:
    shown = presenter(ramp_volume(THICK))
    assert shown.layout == "axial" and shown.views["axial"].axes.acquired
    assert shown.views["axial"].title == "Axial, as acquired"
    assert shown.views["axial"].slices.count == SHAPE[0]
    assert "interpolated" in shown.views["coronal"].corners().warnings[0]
    assert shown.views["coronal"].fidelity() == "Interpolated between slices"
    layouts: list[str] = []
    shown._opened.bus.subscribe(LayoutChanged, lambda event: layouts.append(event.layout))
    shown.toggle_layout()
    shown.toggle_layout()
    assert layouts == [GRID_LAYOUT, "axial"]


def test_each_acquired_slice_shows_its_own_voxels() -> None:
    shown = presenter(ramp_volume(THICK))
    view: PlaneView = shown.views["axial"]
    for index in range(view.slices.count):
        view.scroll(index - view.index)
        voxel = shown.volume.grid.voxel_at(view.pointer(200, 150, Keys()).at)
        assert voxel is not None and voxel[2] == view.acquired_k()


def test_doubts_and_headings_are_said_once() -> None:
    volume = ramp_volume()
    volume.doubts = (Doubt("lossy", "The image was compressed with loss (12:1)."),)
    shown = presenter(volume)
    assert shown.views["axial"].corners().top_left == ("Axial", "CT abdomen", "demo · protocol 3")
    assert shown.views["axial"].corners().warnings == ("The image was compressed with loss (12:1).",)
    assert shown.views["coronal"].corners().warnings == ()
    assert shown.views["axial"].fidelity().startswith("Lossy source.")


def test_fidelity_counts_the_screens_own_pixels() -> None:
    view = presenter().views["axial"]
    view.zoom(view._mm_per_pixel / 2.0, (0, 0))
    assert view.fidelity() == "Every pixel shown"
    view.device_ratio = 2.0
    assert view.fidelity() == "Every pixel shown, magnified 2.0×"
    view.device_ratio = 0.5
    assert view.fidelity() == "Reduced: 2.0 image pixels per screen pixel"


def test_a_line_is_shown_only_on_its_slice() -> None:
    shown = presenter()
    axial = shown.views["axial"]
    z = round(float(axial.plane.corner_mm[2]) * 1000)
    shown._opened.workspace.set("Measure", Region(id="r", shape="line", space="patient", points=((0, 0, z), (30000, 0, z)),
                                                   value="30.0", unit="mm"))
    assert [mark.label for mark in axial.marks()] == ["30.0 mm"]
    axial.scroll(1)
    assert [(mark.style, mark.label) for mark in axial.marks()] == [("faint", "")] and axial.regions() == []
    axial.scroll(1)
    assert axial.marks() == ()


def test_only_the_pixels_of_a_touched_box_are_asked_for() -> None:
    shown = presenter()
    axial = shown.views["axial"]
    k = axial.acquired_k()
    box = (slice(k, k + 1), slice(10, 14), slice(20, 26))
    x0, y0, x1, y1 = shown.rectangle_of(axial, box)
    for corner in ((20, 10), (25, 13)):
        x, y = axial.device_plane.to_screen(shown.volume.grid.to_patient(np.array([*corner, k], dtype=float)))
        assert x0 <= x <= x1 and y0 <= y <= y1
    assert (x1 - x0) * (y1 - y0) < 400 * 300 / 20
    assert shown.rectangle_of(axial, (slice(k + 1, k + 3), slice(10, 14), slice(20, 26))) is None


def test_what_is_stored_of_the_view_comes_back() -> None:
    shown = presenter()
    shown.preset(2)
    shown.views["axial"].scroll(4)
    shown.views["coronal"].zoom(2.0, (10, 10))
    shown.set_layout("coronal")
    again = presenter()
    again.restore(shown.state())
    assert (again.window, again.layout) == (CT_PRESETS[1], "coronal")
    assert again.views["axial"].index == shown.views["axial"].index
    assert again.views["coronal"].pointer(50, 60, Keys()).at == pytest.approx(shown.views["coronal"].pointer(50, 60, Keys()).at)


def test_a_view_state_of_another_volume_is_left_out() -> None:
    shown = presenter()
    shown.restore({"cursor": [9999.0, 0, 0], "layout": "spiral", "views": {"moon": {}}})
    assert shown.layout == GRID_LAYOUT and shown.views["axial"].index == presenter().views["axial"].index


def test_windows_by_modality() -> None:
    values = np.arange(1000, dtype=np.int16)
    assert [w.name for w in presets_for("CT", "HU", (), values)][:5] == ["Soft tissue", "Lung", "Liver", "Bone", "Brain"]
    assert [w.name for w in presets_for("MR", None, (Window(300, 150),), values)] == ["From file", "Full range", "2–98 %"]
    assert all(w.name not in {"Lung", "Bone"} for w in presets_for("CT", None, (), values))
    pet = presets_for("PT", "SUV", (Window(9, 4),), values)
    assert (pet[0].width, pet[0].level, pet[0].inverted) == (10, 5, True)
    assert opening_window("PT", "SUV", (Window(9, 4),), pet) == pet[0]
    assert opening_window("MR", None, (), presets_for("MR", None, (), values)).name == "2–98 %"


def test_dragging_the_window_changes_width_across_and_level_along() -> None:
    wide = dragged(Window(400, 40, "Soft tissue"), 30, 0)
    assert wide.width > 400 and wide.level == 40 and wide.name == ""
    assert dragged(Window(400, 40), 0, 30).level > 40
    assert dragged(Window(4, 2), -100000, 0).width > 0


def test_an_image_that_is_dark_where_high_is_drawn_the_other_way_round() -> None:
    assert displayed(Window(10, 5), True).inverted and not displayed(Window(10, 5, inverted=True), True).inverted


def test_rulers_are_round_numbers() -> None:
    assert ruler_for(0.5, 400).text == "5 cm" and ruler_for(0.5, 400).pixels == 100
    assert ruler_for(0.05, 400).text == "5 mm"


def test_the_read_out_names_place_voxel_value_and_unit() -> None:
    shown = presenter()
    text = shown.views["axial"].read_out(shown.views["axial"].pointer(*shown.views["axial"].crosshair(), Keys()))
    assert text == "L 1.0  P 1.0  H 1.0 mm   voxel 24, 20, 12   240 HU"
