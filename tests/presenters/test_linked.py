"""Series that move together: by patient position where that is known, by the reader's eye where they say so, else not at all."""

import numpy as np
import pytest

from fakes.images import ISOTROPIC, opened_with, ramp_volume
from graticule.domain.errors import GraticuleError
from graticule.domain.volume import Volume, Window
from graticule.imaging.rigid import Rigid
from graticule.imaging.ties import TieKind
from graticule.presenters.linked import Linked, LinksChanged
from graticule.presenters.volume import VolumePresenter

OWN, BESIDE = "c1:image", "c1:beside"


def series(frame: str = "", shift: tuple[float, float, float] = (0, 0, 0), step_mm: float = 2.0) -> VolumePresenter:
    affine = ISOTROPIC.copy()
    affine[2, 2] = step_mm
    affine[:3, 3] += shift
    volume = ramp_volume(affine)
    volume.frame_of_reference = frame
    return VolumePresenter(opened_with(volume), volume)


def pair(own: VolumePresenter, beside: VolumePresenter, registration: Rigid | None = None) -> Linked:
    linked = Linked(OWN, own, {(BESIDE, OWN): registration} if registration else {})
    linked.add(BESIDE, beside)
    return linked


def test_series_of_one_frame_of_reference_go_by_patient_position() -> None:
    own, beside = series("f"), series("f", (0, 0, 5), step_mm=1.0)
    linked = pair(own, beside)
    own.move_cursor(np.array([3.0, 4.0, 4.0]))
    assert np.allclose(beside.cursor, [3, 4, 4])
    assert beside.views["axial"].slices.position_mm(beside.views["axial"].index) == pytest.approx(-4, abs=0.5)
    beside.move_cursor(np.array([3.0, 4.0, -6.0]))
    assert np.allclose(own.cursor, [3, 4, -6])
    assert linked.words(BESIDE) == "Same frame of reference"


def test_series_of_other_frames_are_left_alone() -> None:
    own, beside = series("f"), series("g")
    linked, before = pair(own, beside), beside.cursor.copy()
    own.views["axial"].scroll(5)
    assert np.allclose(beside.cursor, before) and linked.tie(OWN, BESIDE) is None
    assert linked.words(BESIDE) == "Not linked: another frame of reference"
    assert not linked.point(BESIDE)


def test_unnamed_frames_are_not_taken_for_the_same() -> None:
    assert pair(series(""), series("")).tie(OWN, BESIDE) is None


def test_a_registration_carries_the_cursor_through_its_matrix() -> None:
    matrix = np.array([[0, -1, 0, 2.0], [1, 0, 0, -3], [0, 0, 1, 7], [0, 0, 0, 1]])
    own, beside = series("f"), series("g")
    linked = pair(own, beside, Rigid(matrix))
    own.move_cursor(np.array([6.0, 1.0, 9.0]))
    assert np.allclose(matrix @ [*beside.cursor, 1], [6, 1, 9, 1])
    assert linked.tie(OWN, BESIDE).kind is TieKind.REGISTERED and linked.words(BESIDE).startswith("Registered")


def test_a_link_by_eye_keeps_the_slices_side_by_side_and_says_what_it_is() -> None:
    own, beside = series("f"), series("g", (0, 0, 12.5))
    linked = pair(own, beside)
    told: list[LinksChanged] = []
    own.bus.subscribe(LinksChanged, told.append)
    own.move_cursor(np.array([0.0, 0, 1]))
    beside.move_cursor(np.array([30.0, 9, 13.5]))
    assert linked.link_here(own.views["axial"], BESIDE, beside.views["axial"]) == pytest.approx(-12.5)
    own.views["axial"].scroll(-3)
    assert np.allclose(beside.cursor, [30, 9, 19.5])
    assert linked.words(BESIDE) == linked.offset_words()[0] == "Linked by offset 12.5 mm, not registered"
    assert told and not linked.point(BESIDE)
    beside.views["axial"].scroll(2)
    assert own.cursor[2] == pytest.approx(3)
    linked.unlink(BESIDE)
    assert linked.tie(OWN, BESIDE) is None and linked.offset_words() == ()


def test_views_in_different_directions_are_not_linked_by_eye() -> None:
    own, beside = series("f"), series("g")
    with pytest.raises(GraticuleError):
        pair(own, beside).link_here(own.views["axial"], BESIDE, beside.views["coronal"])


def test_what_lies_in_the_same_space_needs_no_link_by_eye() -> None:
    own, beside = series("f"), series("f")
    with pytest.raises(GraticuleError):
        pair(own, beside).link_here(own.views["axial"], BESIDE, beside.views["axial"])


def test_a_place_beyond_the_other_series_does_not_move_it_and_says_so() -> None:
    own, beside = series("f"), series("f", (0, 0, 30))
    linked = pair(own, beside)
    own.move_cursor(np.array([0.0, 0, 20]))
    own.move_cursor(np.array([0.0, 0, -20]))
    assert beside.cursor[2] == pytest.approx(20)
    assert linked.words(BESIDE) == "This place lies outside this series" and not linked.point(BESIDE)
    own.move_cursor(np.array([0.0, 0, 15]))
    assert linked.words(BESIDE) == "Same frame of reference"


def test_a_companion_that_comes_goes_to_the_cases_place_at_once() -> None:
    own, beside = series("f"), series("f")
    own.move_cursor(np.array([5.0, 6, 7]))
    pair(own, beside)
    assert np.allclose(beside.cursor, [5, 6, 7])


def test_two_companions_follow_each_other_through_the_case() -> None:
    own, one, other = series("f"), series("f"), series("g")
    linked = Linked(OWN, own, {("c1:other", OWN): Rigid(np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 4.0], [0, 0, 0, 1]]))})
    linked.add(BESIDE, one)
    linked.add("c1:other", other)
    one.move_cursor(np.array([1.0, 2, 3]))
    assert np.allclose(own.cursor, [1, 2, 3]) and np.allclose(other.cursor, [1, 2, -1])


def test_scrolling_apart_when_the_switch_is_off() -> None:
    own, beside = series("f"), series("f")
    linked = pair(own, beside)
    linked.switches.scroll = False
    own.move_cursor(np.array([1.0, 2, 3]))
    assert not np.allclose(beside.cursor, own.cursor)


def test_the_window_goes_along_only_when_asked_and_only_where_the_values_are_the_same_kind() -> None:
    own, beside = series("f"), series("f")
    linked = pair(own, beside)
    own.set_window(Window(80, 40))
    assert beside.window.width != 80
    linked.switches.window = True
    own.set_window(Window(90, 40))
    assert beside.window.width == 90
    beside.volume.unit = None
    own.set_window(Window(70, 40))
    assert beside.window.width == 90


def test_zoom_goes_along_with_the_same_millimetres_and_middle() -> None:
    own, beside = series("f"), series("f", (4, 0, 0))
    linked = pair(own, beside)
    linked.switches.zoom = True
    own.views["axial"].zoom(3.0, (100, 120))
    one, two = own.views["axial"], beside.views["axial"]
    assert two.pixels_per_unit() == pytest.approx(one.pixels_per_unit())
    assert two.on_screen((1, 2, 3)) == pytest.approx(one.on_screen((1, 2, 3)), abs=1e-6)


def test_reference_lines_cross_series_of_one_frame_where_the_slices_cut() -> None:
    own, beside = series("f"), series("f", (0, 0, 10))
    linked = pair(own, beside)
    line = linked.line(OWN, own.views["coronal"], BESIDE, beside.views["axial"])
    axial = beside.views["axial"]
    at = own.views["coronal"].plane.to_patient(line[:, 0], line[:, 1])
    assert np.allclose(-at[:, 2], axial.slices.position_mm(axial.index))
    assert sorted(at[:, 0]) == pytest.approx([-48, 48])
    assert linked.line(OWN, own.views["axial"], BESIDE, axial) is None


def test_no_reference_line_between_unrelated_series() -> None:
    own, beside = series("f"), series("g")
    assert pair(own, beside).line(OWN, own.views["coronal"], BESIDE, beside.views["axial"]) is None


def test_a_removed_series_neither_leads_nor_follows() -> None:
    own, beside = series("f"), series("f")
    linked = pair(own, beside)
    linked.remove(BESIDE)
    beside.move_cursor(np.array([1.0, 2, 3]))
    assert not np.allclose(own.cursor, [1, 2, 3])


def test_links_come_back_with_the_case() -> None:
    own, beside = series("f"), series("g", (0, 0, 12.5))
    linked = pair(own, beside)
    linked.link_here(own.views["axial"], BESIDE, beside.views["axial"])
    linked.switches.window = True
    again = pair(series("f"), series("g", (0, 0, 12.5)))
    again.restore(linked.state())
    assert again.words(BESIDE) == linked.words(BESIDE) and again.switches == linked.switches


def test_a_volume_is_linked_to_itself_by_nothing() -> None:
    own = series("f")
    assert isinstance(own.volume, Volume) and Linked(OWN, own).tie(OWN, "c1:none") is None
