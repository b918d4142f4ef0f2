"""A distance with one end in the case and the other in a series beside it: kept in the case's patient space, or refused."""

from itertools import count

import numpy as np
import pytest

from fakes.images import ISOTROPIC, opened_with, ramp_volume
from graticule.domain.elements import Region
from graticule.domain.errors import GraticuleError
from graticule.editing.tools.distance import DistanceTool
from graticule.editing.tools.pan import PanTool
from graticule.editing.tools.tool import Bench
from graticule.imaging.rigid import Rigid
from graticule.presenters.across import Way, give_distance
from graticule.presenters.hand import Hand
from graticule.presenters.image_view import Keys
from graticule.presenters.linked import Linked
from graticule.presenters.mark_words import details_of, label_of
from graticule.presenters.volume import VolumePresenter

OWN, BESIDE = "c1:image", "c1:beside"
# A quarter turn round z and a shift: companion → case.
TURNED = np.array([[0, -1, 0, 2.0], [1, 0, 0, -3], [0, 0, 1, 7], [0, 0, 0, 1]])


class Pair:
    """A case and a companion with a hand each."""

    def __init__(self, own: str, other: str, registration: Rigid | None = None) -> None:
        volumes = [ramp_volume(ISOTROPIC.copy()) for _ in range(2)]
        volumes[0].frame_of_reference, volumes[1].frame_of_reference = own, other
        self.opened, beside = (opened_with(volume) for volume in volumes)
        self.own, self.beside = VolumePresenter(self.opened, volumes[0]), VolumePresenter(beside, volumes[1])
        self.linked = Linked(OWN, self.own, {(BESIDE, OWN): registration} if registration else {})
        self.linked.add(BESIDE, self.beside)
        self.told: list[GraticuleError] = []
        numbers = count(1)
        bench = Bench(self.opened.workspace, volumes[0], self.opened.ontology, lambda: f"e-{next(numbers)}")
        self.hand = Hand([DistanceTool()], bench, self.told.append)
        self.other = Hand([PanTool()], Bench(beside.workspace, volumes[1], beside.ontology, str), self.told.append)
        self.way = Way(lambda: self.linked.tie(BESIDE, OWN), own)
        assert give_distance(self.hand, self.other, self.way)
        self.other.choose("distance")

    def click(self, at_mm: tuple[float, float, float], *, beside: bool) -> None:
        series, hand = (self.beside, self.other) if beside else (self.own, self.hand)
        self.linked.switches.scroll = False
        series.move_cursor(np.array(at_mm))
        view = series.views["axial"]
        view.resize(400, 400)
        pointer = view.pointer(*view.on_screen(at_mm), Keys())
        hand.hover(view, pointer)
        hand.press(view, pointer)
        hand.release(view, pointer)

    @property
    def marks(self) -> list[Region]:
        return self.opened.workspace.labels.of(Region)


def near(region: Region, *points: tuple[float, float, float]) -> bool:
    return np.allclose(np.array(region.points) / 1000, points, atol=0.01)


def test_within_one_frame_of_reference_the_ends_stand_where_they_were_clicked() -> None:
    pair = Pair("f", "f")
    pair.click((1, 2, 1), beside=False)
    assert pair.marks == []
    pair.click((4, 6, 1), beside=True)
    mark, = pair.marks
    assert mark.space == "patient" and near(mark, (1, 2, 1), (4, 6, 1)) and mark.value == "5.0" and mark.unit == "mm"
    assert mark.figures["across"] == "same frame of reference" and "registered" not in label_of(mark)
    pair.opened.workspace.undo()
    assert pair.marks == []


def test_a_registration_carries_the_end_into_the_case_and_is_said() -> None:
    pair = Pair("f", "g", Rigid(TURNED))
    there, here = (5.0, 4.0, -1.0), (-2.0, 2.0, 6.0)
    assert np.allclose(TURNED @ [*there, 1], [*here, 1])
    pair.click(there, beside=True)
    pair.click((1.0, 6.0, 5.0), beside=False)
    mark, = pair.marks
    assert near(mark, here, (1, 6, 5)) and mark.value == "5.1"
    assert "registered" in label_of(mark).split("\n") and ("Between series", "registered") in details_of(mark)


def test_the_mark_is_drawn_in_both_where_an_end_lies_in_the_slice() -> None:
    pair = Pair("f", "g", Rigid(TURNED))
    pair.click((1.0, 6.0, 1.0), beside=False)
    pair.click((5.0, 4.0, -1.0), beside=True)
    pair.beside.guests = lambda: pair.way.marks(pair.marks)
    dots = {side: [outline for outline in series.views["axial"].marks() if outline.style == "dot"]
            for side, series in (("own", pair.own), ("beside", pair.beside))}
    assert np.allclose(dots["own"][0].points[0], (1, 6, 1), atol=0.01)
    assert np.allclose(dots["beside"][0].points[0], (5, 4, -1), atol=0.01)
    assert all("registered" in dot.label for own in dots.values() for dot in own)
    pair.beside.move_cursor(np.array([5.0, 4.0, -9.0]))
    assert not pair.beside.views["axial"].marks()


def test_the_preview_follows_the_hand_in_the_companion() -> None:
    pair = Pair("f", "g", Rigid(TURNED))
    pair.click((5.0, 4.0, -1.0), beside=True)
    view = pair.beside.views["axial"]
    pair.other.hover(view, view.pointer(*view.on_screen((9.0, 7.0, -1.0)), Keys()))
    drawn, = pair.other.preview()
    assert np.allclose(drawn.points, [(5, 4, -1), (9, 7, -1)], atol=0.05) and drawn.label == "5.0 mm"


@pytest.mark.parametrize("first_beside", [False, True])
def test_unrelated_frames_are_refused_in_words(first_beside: bool) -> None:
    pair = Pair("f", "g")
    pair.click((1, 2, 1), beside=first_beside)
    pair.click((4, 6, 1), beside=not first_beside)
    assert len(pair.told) == 1 and "different frames of reference" in str(pair.told[0]) and pair.marks == []


def test_a_link_by_eye_is_not_enough() -> None:
    pair = Pair("f", "g")
    pair.linked.link_here(pair.own.views["axial"], BESIDE, pair.beside.views["axial"])
    pair.click((1, 2, 1), beside=False)
    pair.click((4, 6, 1), beside=True)
    assert "only linked by eye" in str(pair.told[-1]) and pair.marks == []
    pair.click((4, 6, 1), beside=False)
    assert pair.marks == []


def test_both_ends_in_the_companion_measure_nothing_of_the_case() -> None:
    pair = Pair("f", "f")
    pair.click((1, 2, 1), beside=True)
    pair.click((4, 6, 1), beside=True)
    assert pair.marks == [] and "Both ends" in str(pair.told[-1]) and not pair.other.preview()
