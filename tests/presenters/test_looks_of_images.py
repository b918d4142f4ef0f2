"""Turns, frames, cine, tiles, truth marks and true size of pictures and planes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.images import grey_picture, opened_with, ramp_volume
from graticule.domain.elements import Region
from graticule.domain.geometry import letters_for
from graticule.domain.picture import Calibrated, Picture
from graticule.domain.volume import Doubt, Window
from graticule.presenters.case_sheet import case_sheet
from graticule.presenters.cine import Cine, fps_of
from graticule.presenters.image_view import Keys
from graticule.presenters.mark_words import brief, copy_text, label_of
from graticule.presenters.measurements import Measurements
from graticule.presenters.picture import PicturePresenter
from graticule.presenters.tiling import Tiles
from graticule.presenters.turning import Turn
from graticule.presenters.volume import VolumePresenter

turns = st.builds(lambda flip, quarters: (Turn().flipped(left_right=True) if flip else Turn()).turned(quarters),
                  st.booleans(), st.integers(0, 3))


def shown(picture: Picture | None = None) -> PicturePresenter:
    picture = picture or grey_picture(edge_letters=("R", "H", "L", "F"))
    made = PicturePresenter(opened_with(picture), picture)
    made.resize(800, 600)
    return made


@given(turns, st.integers(0, 3))
def test_turns_undo_each_other_and_letters_stay_with_their_edge(turn: Turn, quarters: int) -> None:
    assert turn.turned(quarters).turned(4 - quarters) == turn
    assert turn.flipped(left_right=True).flipped(left_right=True) == turn
    assert turn.flipped(left_right=True).mirrored is not turn.mirrored
    # A letter stands where the matrix carries its edge.
    for name, (x, y) in {"R": (-1, 0), "H": (0, -1), "L": (1, 0), "F": (0, 1)}.items():
        to_x, to_y = turn.array @ (x, y)
        place = {(-1, 0): 0, (0, -1): 1, (1, 0): 2, (0, 1): 3}[(round(to_x), round(to_y))]
        assert turn.edges(("R", "H", "L", "F"))[place] == name


@given(turns, st.floats(0.5, 3.0))
def test_a_turned_picture_maps_there_and_back(turn: Turn, aspect: float) -> None:
    made = shown(grey_picture(pixel_mm=(0.3 * aspect, 0.3)))
    made.set_turn(turn)
    made.zoom(2.0, (100, 50))
    at = made.pointer(123, 456, Keys()).at
    assert made.on_screen(at) == pytest.approx((123, 456))


def test_a_quarter_turn_brings_the_head_to_the_right_and_a_flip_warns() -> None:
    made = shown()
    made.set_turn(made.turn.turned(1))
    assert made.letters() == ("F", "R", "H", "L") and made.corners().bottom_right[0] == "Turned 90°"
    assert not any("FLIPPED" in text for text in made.corners().warnings)
    made.set_turn(made.turn.flipped(left_right=True))
    assert made.letters() == ("H", "R", "F", "L")
    assert "letters burned into the image are mirrored" in made.corners().warnings[0]
    again = shown()
    again.restore(made.state())
    assert again.turn == made.turn
    made.reset()
    assert made.letters() == ("R", "H", "L", "F")


@pytest.mark.parametrize("name", ["axial", "coronal", "sagittal"])
@given(turn=turns)
def test_letters_of_a_turned_plane_are_those_of_its_final_directions(name: str, turn: Turn) -> None:
    volume = ramp_volume()
    made = VolumePresenter(opened_with(volume), volume)
    view = made.views[name]
    before = view.letters()
    view.set_turn(turn)
    assert view.letters() == turn.edges(before)
    right = np.subtract(view.plane.to_patient(10, 0), view.plane.to_patient(0, 0))
    assert view.letters()[2] == letters_for(right)
    at = view.pointer(33, 44, Keys()).at
    assert view.on_screen(at) == pytest.approx((33, 44))
    view.set_turn(Turn())
    assert view.letters() == before


def test_a_plane_keeps_its_slice_when_it_is_flipped_and_says_so() -> None:
    volume = ramp_volume()
    made = VolumePresenter(opened_with(volume), volume)
    view = made.views["axial"]
    before = view.index
    view.set_turn(view.turn.flipped(left_right=True))
    assert view.index == before and view.letters()[0] == "L" and "FLIPPED: shown in mirror image" in view.corners().warnings
    kept = VolumePresenter(opened_with(volume), volume)
    kept.restore(made.state())
    assert kept.views["axial"].letters() == view.letters()


def loop() -> Picture:
    frames = np.stack([np.full((40, 50), n, np.uint8) for n in range(6)])
    return Picture(frames[0], "US", "MONOCHROME2", frames=frames, frame_ms=40.0)


def test_frames_have_their_own_values_and_marks() -> None:
    made = shown(loop())
    made.scroll(3)
    pointer = made.pointer(*made.on_screen((12.5, 7.5)), Keys())
    assert pointer.at == pytest.approx((12.5, 7.5, 3.0)) and made.read_out(pointer).endswith("row 7   3")
    assert "Frame 4 / 6" in made.corners().top_right and made.look().where == 3
    line = Region(id="a", shape="line", space="image", points=((1000, 1000, 3000), (9000, 1000, 3000)))
    made._opened.workspace.set("Measure", line)
    assert len(made.marks()) == 1
    made.scroll(-99)
    assert made.index == 0 and made.marks() == ()
    made.go(np.array([5.0, 1.0, 3.0]))
    assert made.index == 3


def test_cine_follows_the_clock_and_bounces() -> None:
    assert [Cine(4, 10.0).frame_at(n / 10) for n in range(6)] == [0, 1, 2, 3, 0, 1]
    assert [Cine(4, 10.0, bounce=True).frame_at(n / 10) for n in range(8)] == [0, 1, 2, 3, 2, 1, 0, 1]
    assert fps_of(40.0) == 25.0 and fps_of(0.0) == 10.0 and Cine(1).frame_at(9.0) == 0


@given(st.integers(0, 200), st.integers(1, 201), st.integers(1, 5))
def test_tiles_show_the_slice_they_are_opened_at(index: int, count: int, step: int) -> None:
    index = min(index, count - 1)
    tiles = Tiles.around(index, count, 3, 4, step)
    assert len(tiles.shown) <= 12 and all(0 <= q < count for q in tiles.shown)
    assert step > 1 or index in tiles.shown
    assert tiles.scrolled(10**6).scrolled(-10**6).first == 0


def test_true_size_is_claimed_only_where_the_screen_was_measured() -> None:
    made = shown(grey_picture(pixel_mm=(0.5, 0.5), pixel_mm_source="ImagerPixelSpacing, at the detector"))
    assert not made.true_size() and "True size" not in str(made.corners())
    made.screen_mm, made.screen = 0.25, "0.2500 mm"
    assert made.true_size() and made.scale == pytest.approx(2.0)
    assert any("True size at the detector" in text for text in made.corners().bottom_right)
    assert made.look().screen == "0.2500 mm" and made.look().as_json()["screen"] == "0.2500 mm"
    made.zoom(1.1, (0, 0))
    assert "True size" not in str(made.corners())


def test_truth_marks_say_what_the_image_is() -> None:
    lossy = Doubt("lossy", "Compressed with loss (12 : 1).")
    picture = Picture(np.zeros((40, 50), np.uint8), "DX", "MONOCHROME2", doubts=(lossy,), overlay=np.ones((40, 50), bool))
    corners = shown(picture).corners()
    assert "Compressed with loss (12 : 1)." in corners.warnings and any("8-bit" in text for text in corners.warnings)
    assert any("Graphics of the file" in text for text in corners.notes) and any("Magnified" in text for text in corners.notes)
    sheet = case_sheet("DX", replace_signs(picture), ("Zoom 100 %",)).as_text()
    assert "! Rows: 40" in sheet and "Not for diagnosis" in sheet and "Compressed with loss" in sheet


def replace_signs(picture: Picture) -> Picture:
    picture.signs = (("Rows", "40", "warn"), ("Columns", "50", ""))
    return picture


def test_colour_and_windows_can_be_reset() -> None:
    made = shown()
    made.set_colour_map("hot iron")
    made.set_window(Window(5, 5))
    made.invert()
    assert made.window.inverted and made.state()["colour_map"] == "hot iron"
    made.reset()
    assert made.colour_map == "grey" and not made.window.inverted


def test_calibrated_regions_are_outlined_on_demand() -> None:
    doppler = Calibrated(40, 0, 80, 60, None, "Doppler", ("cm/s", "s"))
    made = shown(grey_picture(calibrated=(Calibrated(0, 0, 40, 60, (0.2, 0.2)), doppler)))
    assert made.marks() == ()
    made.toggle("regions")
    assert [mark.label for mark in made.marks()] == ["2D: 0.2 × 0.2 mm a pixel", "Doppler: s across, cm/s down"]
    assert made.ruler() is None
    made.look_at((10.0, 10.0))
    assert made.ruler() is not None


def test_the_list_of_marks_renames_copies_and_deletes() -> None:
    opened = opened_with(grey_picture())
    went: list = []
    marks = Measurements(opened, went.append)
    line = Region(id="a", shape="line", space="image", points=((0, 0), (40000, 0)), value="40", unit="px")
    opened.workspace.set("Measure", line)
    opened.workspace.set("Measure", replace(line, id="b", shape="arrow", number=2, value="", unit=""))
    assert [row.amount for row in marks.rows()] == ["40 px", ""] and marks.wants_name() == "b"
    marks.choose("a")
    assert went[0].tolist() == [20, 0] and marks.curve() is not None
    marks.rename("b", "  nodule? ")
    assert marks.name_of("b") == "nodule?" and marks.wants_name() == ""
    assert marks.copied().splitlines()[0].startswith("1  Length\t40 px")
    marks.delete("a")
    assert [row.id for row in marks.rows()] == ["b"] and marks.chosen == ""


def test_labels_beside_marks_are_short_and_have_units() -> None:
    area = Region(id="a", shape="ellipse", space="patient", points=((0, 0, 0),) * 4, value="43.1", unit="HU",
                  figures={"n": "532", "mean": "43.1", "sd": "12.0", "area": "314.2", "area_unit": "mm²"})
    assert label_of(area) == "mean 43.1 HU  SD 12.0\nn 532  314.2 mm²" and brief(area) == "mean 43.1 HU"
    two = replace(area, shape="bidirectional", value="34.2", unit="mm", figures={"long": "34.2", "short": "21.0"})
    assert label_of(two) == "34.2 × 21.0 mm" and "Long 34.2 mm" in copy_text(two)
    line = replace(two, shape="line", figures={"scale": "at the detector"}, name="Heart")
    assert label_of(line) == "Heart\n34.2 mm\nat the detector"
